#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls of captures of other people, extracted as they are and with masks: tshark sees as many frames, the same SIP and
the same RTP streams in both, the analysis says the same of both, and nothing that names somebody in the first is in the
second. usage: masked_corpus_test.py VIADUCT CORPUS [WORD: captures with it in their names alone]"""
import ipaddress
import json
import pathlib
import re
import subprocess
import sys
import tempfile

VIADUCT, CORPUS = sys.argv[1], pathlib.Path(sys.argv[2])
MOST_CALLS = 3  # of one capture
NAMES = ("sip.from.user", "sip.to.user", "sip.from.host", "sip.to.host", "sip.contact.user", "sip.contact.host", "sip.r-uri.user",
         "sip.r-uri.host", "sip.display.info", "sip.auth.username", "sip.auth.realm", "sip.auth.nonce", "sip.auth.digest.response",
         "sip.Via.sent-by.address", "sdp.connection_info.address", "sdp.owner.address", "sdp.owner.username", "sip.pai.user",
         "sip.pai.host", "sip.call_id_generated")
# What a name may be without naming anybody: words of protocols that stay, and what stands in every message.
COMMON = {"sip", "invite", "bye", "user", "phone", "anonymous", "unknown", "audio", "tcp", "udp", "transport", "reason",
          "fe80", "fec0"}  # networks that a mask stays in


def tshark(file, *arguments):
    run = subprocess.run(["tshark", "-n", "-r", file, *arguments], capture_output=True)
    return run.stdout.decode(errors="replace").splitlines()


def seen(file):
    """Frames; SIP by method and status; RTP streams by SSRC with packets and loss."""
    sip = tshark(file, "-Y", "sip.Method || sip.Status-Code", "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "sip.CSeq")
    return {"frames": len(tshark(file, "-T", "fields", "-e", "frame.number")), "sip": sip, "streams": rtp_rows(file)}


def rtp_rows(file):
    rows = []
    for line in tshark(file, "-q", "-z", "rtp,streams"):
        match = re.search(r"(0x[0-9A-Fa-f]{8})\s+(.*?)\s+(\d+)\s+(-?\d+) \(", line)
        if match:
            rows.append((match[1], match[3], match[4]))
    return sorted(rows)


def judged(file):
    run = subprocess.run([VIADUCT, "analyze", "--json", file], capture_output=True, timeout=120)
    document = json.loads(run.stdout)
    findings = sorted((f["rule"], f["verdict"], f["cause"]) for f in document["findings"])
    streams = sorted((s["ssrc"], s["packets"], s["lost"], "".join(g["class"] for g in s["gaps"])) for s in document["streams"])
    return {"verdict": document["verdict"], "findings": findings, "streams": streams,
            "calls": sorted((c["cause"]["name"], c["ending"]) for c in document["calls"])}


def secrets(file):
    """Octets that must be gone: addresses as text and in headers, MAC addresses, names."""
    found = set()
    fields = [*NAMES, "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "eth.src", "eth.dst", "sll.src.eth"]
    for line in tshark(file, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|", *sum((["-e", f] for f in fields), [])):
        for field, cell in zip(fields, line.split("\t")):
            for value in filter(None, cell.split("|")):
                if field.startswith(("eth", "sll")):
                    octets = bytes.fromhex(value.replace(":", ""))
                    found |= {octets} if octets.strip(b"\0") and octets != b"\xff" * 6 else set()
                elif field.startswith("ip"):
                    found |= of_address(value)
                elif len(value.strip('"')) > 4 and value.strip('"').lower() not in COMMON and not re.match(r"\w+/\d+", value.strip('"')):
                    try:
                        found |= of_address(value)
                    except ValueError:
                        if field != "sip.call_id_generated":  # its letters may stay, what it names may not
                            found.add(value.strip('"').encode())
    return found


def of_address(value):
    address = ipaddress.ip_address(value)
    if address.is_unspecified or address.is_loopback or address.is_multicast:
        return set()
    return {str(address).encode(), address.packed}


def check(capture, call_id, folder):
    plain, masked = folder / "plain.pcap", folder / "masked.pcap"
    for path, more in ((plain, []), (masked, ["--anonymise"])):
        run = subprocess.run([VIADUCT, "analyze", *more, "--extract", call_id, path, capture], capture_output=True, timeout=120)
        if run.returncode not in (0, 1):
            return [f"ended with {run.returncode}: {run.stderr[:200]}"]
    problems = []
    hep = capture.name.startswith("hep")  # is taken off, and tshark does not look into it
    for what, look in (("tshark", seen), ("analyze", judged)):
        before, after = look(plain), look(masked)
        problems += [f"{what}: {key}: {str(before[key])[:600]} became {str(after[key])[:600]}" for key in before
                     if before[key] != after[key] and not (hep and key == "sip")]
    octets = masked.read_bytes().lower()
    # Of what is shorter a mask may have made another one.
    left = [secret for secret in sorted(secrets(plain)) if len(secret) >= (6 if secret.isdigit() else 4)
            and re.search(re.escape(secret.lower()) + (rb"(?!\d)" if secret[-1:].isdigit() else b""), octets)]
    problems += [f"{secret} is left" for secret in left]
    return problems


def main():
    problems, calls = [], 0
    with tempfile.TemporaryDirectory() as name:
        for capture in sorted((CORPUS / "pcap").iterdir()):
            if sys.argv[3:] and sys.argv[3] not in capture.name:
                continue
            run = subprocess.run([VIADUCT, "analyze", "--json", capture], capture_output=True, timeout=120)
            if run.returncode not in (0, 1):
                continue
            for call_id in sorted({call["call_id"] for call in json.loads(run.stdout)["calls"]})[:MOST_CALLS]:
                calls += 1
                problems += [f"{capture.name}: {call_id}: {problem}" for problem in check(capture, call_id, pathlib.Path(name))]
    if problems:
        sys.exit("\n".join(problems))
    if calls == 0:
        sys.exit("there are no calls")
    print(f"{calls} calls with masks are what they were without")


main()
