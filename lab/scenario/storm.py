# SPDX-License-Identifier: GPL-2.0-or-later
"""While A and D talk, a host of A's LAN pours unanswered INVITEs, garbage, giant messages and broken fragments through the router."""
import itertools
import json
import random
import socket
import struct
import threading
import time

from lab.cell import Row, audio, cell, reinvites
from lab.endpoint import CRLF, offer
from lab.scene import MODES
from lab.topology import HOSTS, SINK

A, B, D = HOSTS["a"], HOSTS["b"], HOSTS["d"]
ROWS = [Row("storm", "INVITE flood, garbage, giants, fragments: the live call", "ok ok ok ok ok")]
PER_SECOND, AT_LEAST = 2000, 1000  # poured when the machine can; below the second there was no storm
# Before fragments are put together, and after.
COUNT = f"""
table ip flood {{
  chain in {{
    type filter hook prerouting priority -450;
    iifname "lan0" ip daddr {SINK} counter
  }}
  chain out {{
    type filter hook postrouting priority 500;
    oifname "wan0" ip daddr {SINK} counter
  }}
}}
"""


def play(scene):
    # Only assist can make the call work at all on the literal platform; the others need one that is aware.
    registrar = scene.platform("literal" if scene.column == "assist" else "aware")
    sink, stop = scene.topology.udp("d", SINK, 5060), threading.Event()
    a, d = scene.phone("a", "alice", registrar), scene.phone("d", "dave", registrar)
    a.registered(), d.registered()
    a.dial("dave")
    a.wait("CALL_ESTABLISHED", 4)
    time.sleep(0.5)
    scene.topology.nft("r1", COUNT)
    scene.notes["before"] = counted(scene)
    scene.mark("storm")
    attack = threading.Thread(target=pour, args=(scene, stop))
    attack.start()
    time.sleep(2.5)
    scene.mark("hold")
    a.hold()
    time.sleep(0.8)
    a.resume()
    time.sleep(0.7)
    scene.mark("resumed")
    time.sleep(2)
    scene.mark("end")
    stop.set()
    attack.join()
    sink.close()
    scene.notes["after"] = counted(scene)
    a.hangup()
    time.sleep(0.3)


def counted(scene):
    """Packets of the flood as r1 got them and as it sent them on, and what the gateway says that it read or let pass."""
    told = json.loads(scene.topology.exec("r1", "nft", "-j", "list", "table", "ip", "flood"))["nftables"]
    counts = [statement["counter"]["packets"] for entry in told for statement in entry.get("rule", {}).get("expr", []) if "counter" in statement]
    gateway = scene.gateways["r1"].counters() if "r1" in scene.gateways else {}
    return {"in": counts[0], "out": counts[1], "gateway": sum(gateway.get(name, 0) for name in ("messages", "not_sip", "not_udp", "queue_passed_unread"))}


def pour(scene, stop):
    """Datagrams of all kinds from B to an address that answers nothing, at a steady rate."""
    with scene.topology.inside("b"):
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    plain = scene.topology.udp("b", B, 5060)
    kinds = itertools.cycle((invite, invite, garbage, invite, giant, invite, lonely_fragment))
    due, poured = time.monotonic(), 0
    while not stop.is_set():
        for _ in range(20):
            kind = next(kinds)
            try:
                (raw.sendto(kind(), (SINK, 0)) if kind is lonely_fragment else plain.sendto(kind(), (SINK, 5060)))
            except OSError:
                pass  # ICMP errors of earlier datagrams
            poured += 1
        due += 20 / PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
    raw.close()
    plain.close()
    scene.notes["poured"] = poured


def invite(extra=""):
    number, body = f"{random.randrange(1 << 60):x}", offer(B, 10000 + 2 * random.randrange(20000))
    lines = [f"INVITE sip:{number}@{SINK} SIP/2.0", f"Via: SIP/2.0/UDP {B}:5060;branch=z9hG4bK{number};rport", "Max-Forwards: 70",
             f"From: <sip:b@{SINK}>;tag={number}", f"To: <sip:{number}@{SINK}>", f"Call-ID: {number}", "CSeq: 1 INVITE",
             f"Contact: <sip:b@{B}:5060>", *([extra] if extra else []), "Content-Type: application/sdp", f"Content-Length: {len(body)}"]
    return CRLF.join([*lines, "", body]).encode()


def garbage():
    return b"INVITE sip:x SIP/2.0\r\n" + random.randbytes(random.randrange(1, 1200))


def giant():
    """Leaves as six fragments."""
    return invite("X-Filler: " + "x" * 8000)


def lonely_fragment():
    """The first fragment of a datagram whose rest never comes."""
    payload = struct.pack("!HHHH", 5060, 5060, 4000, 0) + b"INVITE sip:x@example.org SIP/2.0\r\n".ljust(792, b"x")
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), random.randrange(1 << 16), 0x2000, 64, 17, 0,
                       socket.inet_aton(B), socket.inet_aton(SINK)) + payload


def judge(record):
    def ways(start, end):
        return audio(record, "phone-a", A, "phone-d", D, (start, end)), audio(record, "phone-d", D, "phone-a", A, (start, end))
    begin, end = record.window("storm", "end")
    flood = {key: record.notes["after"][key] - record.notes["before"][key] for key in ("in", "out", "gateway")}
    least = AT_LEAST * (end - begin)
    reads = record.column.split("-")[0] in MODES
    if flood["in"] < least or flood["out"] < 0.5 * least or (reads and flood["gateway"] < 0.5 * least):
        return {}  # no storm at the router, or none at the gateway: that nothing broke shows nothing
    during, after = ways("storm", "hold"), ways("resumed", "end")
    asked, answered = reinvites(record, "phone-a", A, "hold", "resumed")
    took = f", gateway took {flood['gateway']}" if reads else ""
    text = "; ".join(f"{name} {way}" for name, way in zip(("A>B", "B>A", "then A>B", "B>A"), (*during, *after)))
    return {"storm": cell(all(way.flows() for way in (*during, *after)) and asked == answered == 2,
                          f"{flood['in'] / (end - begin):.0f}/s in{took}; {text}; re-INVITE {answered}/{asked}", poured=record.notes["poured"], **flood)}
