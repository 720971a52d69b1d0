# SPDX-License-Identifier: GPL-2.0-or-later
"""A router whose kernel edits SIP, what `viaduct audit --this-host` says on it, its script, and the same flow before and after it."""
import contextlib
import json
import os
import pathlib
import subprocess
from typing import NamedTuple

from lab.capture import Captures, read
from lab.endpoint import CRLF, offer, token
from lab.process import LabError
from lab.topology import HOSTS, Topology

A, D = HOSTS["a"], HOSTS["d"]
SETTING = "net/netfilter/nf_conntrack_helper"
NFT_RULES = """
table inet alg {
  ct helper sip4 {
    type "sip" protocol udp
    l3proto ip
  }
  chain prerouting {
    type filter hook prerouting priority filter;
    udp dport 5060 ct helper set "sip4"
  }
}
"""


def by_iptables(program):
    return lambda topology: topology.exec("r1", program, "-t", "raw", "-A", "PREROUTING", "-p", "udp", "--dport", "5060", "-j", "CT", "--helper", "sip")


# How the helper gets hold of flows.
VARIANTS = {
    "nft": lambda topology: topology.nft("r1", NFT_RULES),
    "iptables-nft": by_iptables("iptables-nft"),
    "iptables-legacy": by_iptables("iptables-legacy"),
    "automatic": lambda topology: topology.sysctl("r1", SETTING, 1),
}


def kernel_has(variant):
    """Kernels since 6.0 assign no helper by themselves."""
    return variant != "automatic" or pathlib.Path("/proc/sys", SETTING).exists()


class Answer(NamedTuple):
    """What audit said: its exit code, its document, its text."""
    exit: int
    document: dict
    text: str

    @property
    def sip(self):
        return self.document["devices"][0]["sip"]

    def on(self):
        """Names of features that are on."""
        return [feature["name"] for feature in self.document["devices"][0]["features"] if feature["state"] == "on"]


class Passed(NamedTuple):
    """A request and its answer as they were sent and as they arrived, by the captures at both ends."""
    request: tuple
    answer: tuple

    def edited(self):
        """Octets of SIP that changed on the way: of messages that have another length, all that follow the first."""
        changed = 0
        for sent, arrived in self:
            pairs = zip(sent, arrived)
            same = next((i for i, (one, other) in enumerate(pairs) if one != other), min(len(sent), len(arrived)))
            changed += 0 if sent == arrived else max(len(sent), len(arrived)) - same
        return changed


class Mending:
    """A phone behind r1 (a), one outside (d), and the helper on r1 as `variant` says; everything is captured at both phones."""

    def __init__(self, viaduct, variant, out, prefix):
        self.viaduct, self.variant, self.out = str(viaduct), variant, pathlib.Path(out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.topology = Topology(prefix, self.out)
        self.sent = []
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.topology)
            VARIANTS[self.variant](self.topology)
            self.captures = Captures(self.topology)
            self.far = stack.enter_context(self.topology.udp("d", D, 5060))
            self.old = stack.enter_context(self.topology.udp("a", A, 5060))
            self.fresh = stack.enter_context(self.topology.udp("a", A, 5061))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *failure):
        return self.stack.__exit__(*failure)

    def pass_invite(self, socket):
        """An INVITE from inside by that socket and a 200 to where it came from, both with SDP; its Call-ID."""
        call_id, port = token(), socket.getsockname()[1]
        head = [f"Via: SIP/2.0/UDP {A}:{port};branch=z9hG4bK{token()};rport", f"From: <sip:alice@{D}>;tag=1", f"To: <sip:dave@{D}>",
                f"Call-ID: {call_id}", "CSeq: 1 INVITE"]

        def message(first, contact, body):
            lines = [first, *head, f"Contact: <{contact}>", "Content-Type: application/sdp", f"Content-Length: {len(body)}", "", body]
            return CRLF.join(lines).encode()
        socket.settimeout(3), self.far.settimeout(3)
        socket.sendto(message(f"INVITE sip:dave@{D} SIP/2.0", f"sip:alice@{A}:{port}", offer(A, 40000)), (D, 5060))
        try:
            _, source = self.far.recvfrom(4096)
            self.far.sendto(message("SIP/2.0 200 OK", f"sip:dave@{D}:5060", offer(D, 40002)), source)
            socket.recvfrom(4096)
        except TimeoutError as error:
            raise LabError(f"{self.variant}: an INVITE or its answer did not arrive") from error
        return call_id

    def passed(self, call_ids):
        """Ends the captures; what they have of each Call-ID."""
        self.captures.stop()
        inside, outside = (read(self.out / f"phone-{space}.pcap") for space in "ad")

        def payload(packets, call_id, begin):
            found = [p.payload for p in packets if p.payload.startswith(begin) and call_id.encode() in p.payload]
            if len(found) != 1:
                raise LabError(f"{self.variant}: {len(found)} messages of {call_id} in a capture")
            return found[0]
        return [Passed((payload(inside, one, b"INVITE"), payload(outside, one, b"INVITE")), (payload(outside, one, b"SIP"), payload(inside, one, b"SIP")))
                for one in call_ids]

    def in_router(self, *command):
        """Runs it on the router; (exit code, output, errors)."""
        done = subprocess.run(["ip", "netns", "exec", self.topology.name("r1"), *map(str, command)], capture_output=True, text=True, check=False,
                              cwd=self.out)
        return done.returncode, done.stdout, done.stderr

    def audit(self, *options):
        code, document, errors = self.in_router(self.viaduct, "audit", "--this-host", "--json", *options)
        if code > 1:
            raise LabError(f"{self.variant}: viaduct audit: exit {code}: {errors}")
        _, text, _ = self.in_router(self.viaduct, "audit", "--this-host")
        return Answer(code, json.loads(document), text)

    def script(self, folder):
        """Has the script written; its path. There is one device, so there is one script."""
        self.in_router(self.viaduct, "audit", "--this-host", "--json", "--fix-script", folder)
        names = os.listdir(self.out / folder)
        if len(names) != 1:
            raise LabError(f"{self.variant}: {len(names)} scripts were written")
        path = self.out / folder / names[0]
        # The router is a namespace: what it writes to /etc and what it does to modules would be the whole machine's.
        lines = [f"# {line}" if "> /etc/" in line or line.startswith("modprobe ") else line for line in path.read_text().splitlines()]
        path.write_text("\n".join(lines) + "\n")
        return path

    def type(self, script):
        """Runs a script on the router; what it said."""
        _, output, errors = self.in_router("sh", script)
        return output + errors
