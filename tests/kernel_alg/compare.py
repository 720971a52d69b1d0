#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same SIP messages through the Linux kernel's own SIP ALG and through `viaduct faults run --family linux`.

usage: compare.py VIADUCT [--verbose] [NAME...]

Each message goes through a fresh conntrack table and a fresh box, over UDP and over TCP; what arrives must be the same
octets, and over TCP the same segments: each once with the outer port equal to the inner one, and once with port 5060
taken by a neighbour, so that both translate it. How many arrive and how many of them are changed is counted and held to:
nothing is equal to nothing too. Differences that are meant stand in messages.EXPLAINED with the reason, which is printed,
and must still be there. Needs root.
Exit codes: 0 as expected, 1 an unexplained difference, 3 cannot run here.
"""
import concurrent.futures
import contextlib
import ctypes
import difflib
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from messages import EXPLAINED, messages, tcp_messages  # noqa: E402
from wire import NEIGHBOUR, NEXT, PHONE, SERVER, SIP, WAN, Datagrams, NotPlayed, Segments  # noqa: E402

OWN = "192.168.1.1"
# Of each pass: messages that the kernel lets through, and those of them that it changes.
PASSES = ((Datagrams, False, (207, 205)), (Datagrams, True, (207, 203)), (Segments, False, (231, 222)), (Segments, True, (231, 220)))
CLONE_NEWNET = 0x40000000
NETLINK_NETFILTER = 12
CONNTRACK_DELETE, EXPECT_DELETE = 0x0102, 0x0202  # subsystem and message type of nfnetlink
LIBC = ctypes.CDLL(None, use_errno=True)
RULES = """
table inet alg {
  ct helper sip-udp { type "sip" protocol udp
    l3proto ip
  }
  ct helper sip-tcp { type "sip" protocol tcp
    l3proto ip
  }
  chain prerouting { type filter hook prerouting priority 0
    udp dport 5060 ct helper set "sip-udp"
    tcp dport 5060 ct helper set "sip-tcp"
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
    with open("/proc/thread-self/ns/net") as own, open(f"/run/netns/{space}") as other:
        if LIBC.setns(other.fileno(), CLONE_NEWNET):
            raise SystemExit(f"kernel_alg: enter namespace {space}: {os.strerror(ctypes.get_errno())}")
        try:
            yield
        finally:
            LIBC.setns(own.fileno(), CLONE_NEWNET)


class Path:
    """A phone, a router and a server; what the router is comes from the subclass."""

    def __init__(self, prefix, wire):
        self.wire = wire
        self.spaces = {name: f"{prefix}-{name}" for name in ("phone", "router", "server")}
        self.router = self.spaces["router"]

    def __enter__(self):
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _build(self):
        phone, router, server = self.spaces.values()
        for space in self.spaces.values():
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "link", "add", "name", "eth0", "netns", phone, "type", "veth", "peer", "name", "lan0", "netns", router)
        run("ip", "link", "add", "name", "eth0", "netns", server, "type", "veth", "peer", "name", "wan0", "netns", router)
        run("ip", "-n", phone, "addr", "add", f"{NEIGHBOUR}/24", "dev", "eth0")
        for space, address, gateway in ((phone, f"{PHONE}/24", OWN), (server, f"{SERVER}/24", None)):
            run("ip", "-n", space, "addr", "add", address, "dev", "eth0")
            run("ip", "-n", space, "link", "set", "eth0", "up")
            if gateway:
                run("ip", "-n", space, "route", "add", "default", "via", gateway)
            if self.wire.rules:
                run("ip", "netns", "exec", space, "nft", "-f", "-", stdin=self.wire.rules)
        run("ip", "-n", server, "route", "add", f"{WAN}/32", "dev", "eth0")
        for link in ("lan0", "wan0"):
            run("ip", "-n", router, "link", "set", link, "up")
        self.wire.open(inside_of(phone), inside_of(server))
        self.prepare()

    def __exit__(self, *_):
        self.finish()
        for space in self.spaces.values():
            subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)

    def finish(self):
        pass

    def play(self, steps):
        self.refresh()
        if self.wire.taken:
            self.wire.take_port()
        return self.wire.play(steps)


class Kernel(Path):
    def prepare(self):
        run("ip", "-n", self.router, "addr", "add", f"{OWN}/24", "dev", "lan0")
        run("ip", "-n", self.router, "addr", "add", f"{WAN}/32", "dev", "wan0")
        run("ip", "-n", self.router, "route", "add", "198.51.100.0/24", "dev", "wan0")
        run("ip", "netns", "exec", self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        # The kernel would choose a port by chance; this is the one that the box takes.
        rule = f'oifname "wan0" ip saddr {PHONE} {self.wire.protocol} sport {SIP} snat ip to {WAN}:{NEXT}' if self.wire.taken else ""
        run("ip", "netns", "exec", self.router, "nft", "-f", "-", stdin=RULES % rule)
        with inside_of(self.router):
            self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)

    def refresh(self):
        """Empties the tables of expectations and of connections."""
        for kind in (EXPECT_DELETE, CONNTRACK_DELETE):
            self.netlink.send(struct.pack("=IHHII", 20, kind, 5, 1, 0) + struct.pack("!BBH", socket.AF_INET, 0, 0))
            error = struct.unpack("=i", self.netlink.recv(4096)[16:20])[0]
            if error:
                raise SystemExit(f"kernel_alg: empty the conntrack table: {os.strerror(-error)}")


class Box(Path):
    process = None

    def __init__(self, prefix, wire, program):
        super().__init__(prefix, wire)
        self.program = program

    def prepare(self):
        run("ip", "netns", "exec", self.router, "sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.disable_ipv6=1")

    def refresh(self):
        self.finish()
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.router, self.program, "faults", "run", "--inside", "lan0", "--outside", "wan0",
             "--inside-address", f"{OWN}/24", "--outside-address", f"{WAN}/32", "--gateway", SERVER, "--family", "linux"],
            stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline().startswith("ready:"):
            raise SystemExit("kernel_alg: the box did not start")

    def finish(self):
        if self.process:
            self.process.terminate()
            self.process.communicate()
            self.process = None


def moved(steps):
    """The same steps for an outer port that is not the inner one: what comes in names that."""
    return [(way, octets if way == "out" else octets.replace(f"{WAN}:{SIP}".encode(), f"{WAN}:{NEXT}".encode())
             .replace(f"rport={SIP}".encode(), f"rport={NEXT}".encode()), *kind) for way, octets, *kind in steps]


def difference(wire, theirs, ours):
    lines = []
    for step, (a, b) in enumerate(zip(theirs, ours)):
        lines += difflib.unified_diff(wire.shown(a), wire.shown(b), f"kernel, step {step}", f"box, step {step}", lineterm="", n=0)
    return lines


class Pass:
    """All cases over one transport, with the port free or taken."""

    def __init__(self, number, program, wanted):
        kind, taken, self.expected = PASSES[number]
        self.number, self.program = number, program
        self.wires = kind(taken), kind(taken)
        self.name = f"{kind.protocol.upper()}, port {SIP} {'taken' if taken else 'free'}"
        cases = messages() if kind is Datagrams else tcp_messages()
        self.cases = [(name, moved(steps) if taken else steps) for name, steps in cases if not wanted or name in wanted]
        self.lines, self.wrong, self.arrived, self.changed, self.explained = [], 0, 0, 0, 0

    def compare(self):
        begin, prefix = time.monotonic(), f"{os.getpid()}-{self.number}"
        with Kernel(f"vk{prefix}", self.wires[0]) as kernel, Box(f"vb{prefix}", self.wires[1], self.program) as box:
            for name, steps in self.cases:
                played = []
                for path in (kernel, box):
                    try:
                        played.append(path.play(steps))
                    except NotPlayed as error:
                        raise SystemExit(f"kernel_alg: {self.name}: {name}: {type(path).__name__}: {error}") from error
                self._judge(name, steps, *played)
        self.lines.append(f"{self.name}: {len(self.cases)} messages, {self.arrived} arrived, {self.changed} changed, {self.explained} explained, "
                          f"{self.wrong} not as expected; {time.monotonic() - begin:.0f} s")
        return self

    def _judge(self, name, steps, theirs, ours):
        arrived, changed = self.wires[0].reached(theirs, steps)
        self.arrived, self.changed = self.arrived + arrived, self.changed + changed
        step, reason = EXPLAINED.get((self.wires[0].protocol, name), (None, None))
        expected = [step] if reason else []
        found = [number for number, (a, b) in enumerate(zip(theirs, ours, strict=True)) if a != b]
        self.explained += bool(reason)
        if found != expected:
            self.wrong += 1
            self.lines.append(f"{self.name}: {name}: differs in steps {found}, expected {expected}")
        elif reason:
            self.lines.append(f"{self.name}: {name}: {reason}")
        if found and ("--verbose" in sys.argv or found != expected):
            self.lines += difference(self.wires[0], theirs, ours)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--verbose"]
    if os.geteuid() or not arguments:
        print("kernel_alg: needs root, and the viaduct program as its first argument", file=sys.stderr)
        return 3
    program, wanted = arguments[0], set(arguments[1:])
    known = {(kind.protocol, name) for kind, cases in ((Datagrams, messages), (Segments, tcp_messages)) for name, _ in cases()}
    unknown = (wanted - {name for _, name in known}) | {name for protocol, name in EXPLAINED if (protocol, name) not in known}
    if unknown:
        print(f"kernel_alg: no message is called {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(len(PASSES)) as pool:
        for done in pool.map(lambda number: Pass(number, program, wanted).compare(), range(len(PASSES))):
            wrong += done.wrong
            print("\n".join(done.lines))
            if not wanted and (done.arrived, done.changed) != done.expected:
                wrong += 1
                print(f"{done.name}: {done.arrived} arrived and {done.changed} were changed, not {done.expected[0]} and {done.expected[1]}")
    return 1 if wrong else 0


sys.exit(main())
