#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same SIP messages through the Linux kernel's own SIP ALG and through `viaduct faults run --family linux`.

usage: compare.py VIADUCT [--verbose] [NAME...]

Each message goes through a fresh conntrack table and a fresh box; what arrives must be the same octets: once with
the outer port equal to the inner one, and once with port 5060 taken by a neighbour, so that both translate it. How
many arrive and how many of them are changed is counted and held to: nothing is equal to nothing too. Differences
that are meant stand in messages.EXPLAINED with the reason, and must still be there. Needs root.
Exit codes: 0 as expected, 1 an unexplained difference, 3 cannot run here.
"""
import contextlib
import ctypes
import difflib
import os
import pathlib
import select
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from messages import EXPLAINED, messages  # noqa: E402

INSIDE, OUTSIDE, WAN, OWN = "192.168.1.10", "198.51.100.10", "203.0.113.2", "192.168.1.1"
NEIGHBOUR = "192.168.1.11"
SIP, NEXT = 5060, 5062
REACH, REACH_TAKEN = (207, 205), (207, 203)  # messages that the kernel lets through, and those of them that it changes
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
RULES = """
table inet alg {
  ct helper sip { type "sip" protocol udp
    l3proto ip
  }
  chain prerouting { type filter hook prerouting priority 0
    udp dport 5060 ct helper set "sip"
  }
  chain postrouting { type nat hook postrouting priority srcnat
    %s
    oifname "wan0" masquerade
  }
}
"""


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"kernel_alg: {' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


@contextlib.contextmanager
def inside_of(space):
    """Sockets made in here belong to the namespace."""
    with open("/proc/self/ns/net") as own, open(f"/run/netns/{space}") as other:
        if LIBC.setns(other.fileno(), CLONE_NEWNET):
            raise SystemExit(f"kernel_alg: enter namespace {space}: {os.strerror(ctypes.get_errno())}")
        try:
            yield
        finally:
            LIBC.setns(own.fileno(), CLONE_NEWNET)


class Path:
    """A phone, a router and a server; what the router is comes from the subclass."""

    def __init__(self, prefix, taken):
        self.taken = taken
        self.spaces = {name: f"{prefix}-{name}" for name in ("phone", "router", "server")}

    def __enter__(self):
        phone, router, server = self.spaces.values()
        for space in self.spaces.values():
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "link", "add", "name", "eth0", "netns", phone, "type", "veth", "peer", "name", "lan0", "netns", router)
        run("ip", "link", "add", "name", "eth0", "netns", server, "type", "veth", "peer", "name", "wan0", "netns", router)
        run("ip", "-n", phone, "addr", "add", f"{NEIGHBOUR}/24", "dev", "eth0")
        for space, address, gateway in ((phone, f"{INSIDE}/24", OWN), (server, f"{OUTSIDE}/24", None)):
            run("ip", "-n", space, "addr", "add", address, "dev", "eth0")
            run("ip", "-n", space, "link", "set", "eth0", "up")
            if gateway:
                run("ip", "-n", space, "route", "add", "default", "via", gateway)
        run("ip", "-n", server, "route", "add", f"{WAN}/32", "dev", "eth0")
        for link in ("lan0", "wan0"):
            run("ip", "-n", router, "link", "set", link, "up")
        self.router = router
        with inside_of(phone):
            self.phone_socket, self.neighbour_socket = self.open_socket(INSIDE), self.open_socket(NEIGHBOUR)
        with inside_of(server):
            self.server_socket = self.open_socket(OUTSIDE)
        self.prepare()
        return self

    def __exit__(self, *_):
        self.finish()
        for space in self.spaces.values():
            subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)

    @staticmethod
    def open_socket(address):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((address, SIP))
        return one

    def finish(self):
        pass

    def play(self, steps):
        """What arrives for each step: octets, or None if nothing does."""
        self.refresh()
        if self.taken:
            self.neighbour_socket.sendto(b"\r\n\r\n", (OUTSIDE, SIP))
            if not select.select([self.server_socket], [], [], 2)[0] or self.server_socket.recvfrom(64)[1] != (WAN, SIP):
                raise SystemExit("kernel_alg: the neighbour did not get port 5060")
        arrived = []
        nat = (WAN, NEXT if self.taken else SIP)
        for direction, octets in steps:
            out = direction == "out"
            sender, receiver = (self.phone_socket, self.server_socket) if out else (self.server_socket, self.phone_socket)
            sender.sendto(octets, (OUTSIDE, SIP) if out else nat)
            if select.select([receiver], [], [], 0.15)[0]:
                got, source = receiver.recvfrom(65535)
                arrived.append(got)
                if out and source != nat:
                    raise SystemExit(f"kernel_alg: sent from {source}, not from {nat}")
            else:
                arrived.append(None)
        return arrived


class Kernel(Path):
    def prepare(self):
        run("ip", "-n", self.router, "addr", "add", f"{OWN}/24", "dev", "lan0")
        run("ip", "-n", self.router, "addr", "add", f"{WAN}/32", "dev", "wan0")
        run("ip", "-n", self.router, "route", "add", "198.51.100.0/24", "dev", "wan0")
        run("ip", "netns", "exec", self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        # The kernel would choose a port by chance; this is the one that the box takes.
        rule = f'oifname "wan0" ip saddr {INSIDE} udp sport {SIP} snat ip to {WAN}:{NEXT}' if self.taken else ""
        run("ip", "netns", "exec", self.router, "nft", "-f", "-", stdin=RULES % rule)

    def refresh(self):
        for table in ("expect", "conntrack"):
            subprocess.run(["ip", "netns", "exec", self.router, "conntrack", "-F", table], capture_output=True, check=False)


class Box(Path):
    process = None

    def __init__(self, prefix, taken, program):
        super().__init__(prefix, taken)
        self.program = program

    def prepare(self):
        run("ip", "netns", "exec", self.router, "sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.disable_ipv6=1")

    def refresh(self):
        self.finish()
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.router, self.program, "faults", "run", "--inside", "lan0", "--outside", "wan0",
             "--inside-address", f"{OWN}/24", "--outside-address", f"{WAN}/32", "--gateway", OUTSIDE, "--family", "linux"],
            stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline().startswith("ready:"):
            raise SystemExit("kernel_alg: the box did not start")

    def finish(self):
        if self.process:
            self.process.terminate()
            self.process.communicate()
            self.process = None


def shown(octets):
    return ["(nothing)"] if octets is None else octets.decode("latin-1").replace("\r", "\\r").split("\n")


def moved(steps):
    """The same steps for an outer port that is not the inner one: what comes in names that."""
    return [(way, octets if way == "out" else octets.replace(f"{WAN}:{SIP}".encode(), f"{WAN}:{NEXT}".encode())
             .replace(f"rport={SIP}".encode(), f"rport={NEXT}".encode())) for way, octets in steps]


def show_difference(steps, theirs, ours):
    for step, (a, b) in enumerate(zip(theirs, ours)):
        sys.stdout.writelines(line + "\n" for line in difflib.unified_diff(
            shown(a), shown(b), f"kernel, step {step}", f"box, step {step}", lineterm="", n=0))


def compare(program, cases, taken):
    """Number of messages that are not as expected, of those that arrived, and of those that arrived changed."""
    unexpected, arrived, changed = 0, 0, 0
    with Kernel(f"vk{os.getpid()}", taken) as kernel, Box(f"vb{os.getpid()}", taken, program) as box:
        for name, steps in cases:
            steps = moved(steps) if taken else steps
            theirs, ours = kernel.play(steps), box.play(steps)
            same = theirs == ours
            arrived += theirs[-1] is not None
            changed += theirs[-1] not in (None, steps[-1][1])
            if same == (name in EXPLAINED):
                unexpected += 1
                print(f"{name}: " + ("explained, but there is no difference" if same else "different"))
            if not same and ("--verbose" in sys.argv or name not in EXPLAINED):
                show_difference(steps, theirs, ours)
    return unexpected, arrived, changed


def main():
    arguments = [a for a in sys.argv[1:] if a != "--verbose"]
    if os.geteuid() or not arguments:
        print("kernel_alg: needs root, and the viaduct program as its first argument", file=sys.stderr)
        return 3
    program, wanted = arguments[0], set(arguments[1:])
    cases = [case for case in messages() if not wanted or case[0] in wanted]
    wrong = 0
    for taken, expected in ((False, REACH), (True, REACH_TAKEN)):
        begin = time.monotonic()
        unexpected, *reach = compare(program, cases, taken)
        wrong += unexpected
        if not wanted and reach != list(expected):
            wrong += 1
            print(f"{reach[0]} arrived and {reach[1]} were changed, not {expected[0]} and {expected[1]}")
        print(f"port {SIP} {'taken' if taken else 'free'}: {len(cases)} messages, {reach[0]} arrived, {reach[1]} changed, {unexpected} not as expected; "
              f"{time.monotonic() - begin:.0f} s")
    return 1 if wrong else 0


sys.exit(main())
