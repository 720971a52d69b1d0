# SPDX-License-Identifier: GPL-2.0-or-later
"""Network namespaces of one lab: two sites behind NAT routers, an internet, a platform, a public phone.

    a  192.168.1.10 --+                                        +-- p  198.51.100.10 literal, .11 aware, .12 proxy
                      +-- r1 203.0.113.2 --+                   |
    b  192.168.1.11 --+                    +-- net (10 Mbit/s) +-- d  198.51.100.30 phone, .20 media host
    c  192.168.2.10 ----- r2 203.0.113.18 -+

The internet drops private addresses, as a real one does. IPv6 has the same shape, without NAT.
A scenario may ask for another shape: r1 with two WANs, or with a provider's NAT (cgn) before its only one.
"""
import contextlib
import ctypes
import json
import os
import signal
import socket
from typing import NamedTuple

from lab.process import LIBC, Child, LabError, ignore_signals, run, wait_for

CLONE_NEWNET = 0x40000000
HOSTS = {"a": "192.168.1.10", "b": "192.168.1.11", "c": "192.168.2.10", "d": "198.51.100.30"}
HOSTS6 = {"a": "2001:db8:1::10", "b": "2001:db8:1::11", "c": "2001:db8:2::10", "d": "2001:db8:100::30"}
WAN = {"r1": "203.0.113.2", "r2": "203.0.113.18"}
NEW_WAN = "203.0.113.3"  # what r1 gets when its address changes
SECOND_WAN = "203.0.113.34"  # r1's other link, in the shape two-wans
SHARED = "100.64.0.2"  # r1's WAN address in the shape cgn (RFC 6598); the provider's router then has WAN["r1"]
INSIDE = {"r1": ("192.168.1.0/24", "2001:db8:1::/64"), "r2": ("192.168.2.0/24", "2001:db8:2::/64")}
PLATFORM = {"literal": "198.51.100.10", "aware": "198.51.100.11", "proxy": "198.51.100.12", "trusting": "198.51.100.13"}
PLATFORM6 = "2001:db8:100::10"
MEDIA_HOST = "198.51.100.20"
SINK = "198.51.100.40"  # takes floods; not in the captures, they would be nothing else
LINE_MEGABITS = 10  # once it is throttled
CLOSED_PORT = 7
SPACES = ("a", "b", "c", "d", "p", "r1", "r2", "net")

# (namespace, interface, peer namespace, peer interface)
LINKS = (("a", "eth0", "r1", "port1"), ("b", "eth0", "r1", "port2"), ("c", "eth0", "r2", "lan0"), ("r1", "wan0", "net", "to1"),
         ("r2", "wan0", "net", "to2"), ("p", "eth0", "net", "port1"), ("d", "eth0", "net", "port2"))
BRIDGES = (("r1", "lan0", ("port1", "port2")), ("net", "core0", ("port1", "port2")))
ADDRESSES = (
    ("a", "eth0", "192.168.1.10/24", "2001:db8:1::10/64"), ("b", "eth0", "192.168.1.11/24", "2001:db8:1::11/64"),
    ("c", "eth0", "192.168.2.10/24", "2001:db8:2::10/64"), ("d", "eth0", "198.51.100.30/24", "2001:db8:100::30/64"),
    ("d", "eth0", "198.51.100.20/24", None), ("d", "eth0", "198.51.100.40/24", None), ("p", "eth0", "198.51.100.10/24", "2001:db8:100::10/64"),
    ("p", "eth0", "198.51.100.11/24", None), ("p", "eth0", "198.51.100.12/24", None), ("p", "eth0", "198.51.100.13/24", None),
    ("r1", "lan0", "192.168.1.1/24", "2001:db8:1::1/64"), ("r1", "wan0", "203.0.113.2/28", "2001:db8:a::2/64"),
    ("r2", "lan0", "192.168.2.1/24", "2001:db8:2::1/64"), ("r2", "wan0", "203.0.113.18/28", "2001:db8:b::2/64"),
    ("net", "to1", "203.0.113.1/28", "2001:db8:a::1/64"), ("net", "to2", "203.0.113.17/28", "2001:db8:b::1/64"),
    ("net", "core0", "198.51.100.1/24", "2001:db8:100::1/64"))
GATEWAYS = (("a", "192.168.1.1", "2001:db8:1::1"), ("b", "192.168.1.1", "2001:db8:1::1"), ("c", "192.168.2.1", "2001:db8:2::1"),
            ("d", "198.51.100.1", "2001:db8:100::1"), ("p", "198.51.100.1", "2001:db8:100::1"),
            ("r1", "203.0.113.1", "2001:db8:a::1"), ("r2", "203.0.113.17", "2001:db8:b::1"))


class Shape(NamedTuple):
    """What another shape has besides, or instead of, the plain one."""
    spaces: tuple = ()
    links: tuple = ()
    addresses: tuple = ()
    gateways: tuple = ()
    routes: dict = {}  # namespace: lines for `ip -batch`
    without: tuple = ()  # spaces of the plain one that it does not have
    kernel_nat: bool = True  # False: r1 has no addresses and forwards nothing; a box in user space does, and connect() is for its owner


SHAPES = {
    "plain": Shape(),
    # B goes by the second link, everybody else by the first.
    "two-wans": Shape(
        links=(("r1", "wan1", "net", "to3"),), addresses=(("r1", "wan1", f"{SECOND_WAN}/28", None), ("net", "to3", "203.0.113.33/28", None)),
        routes={"r1": ("route add 192.168.1.0/24 dev lan0 table 2", "route add default via 203.0.113.33 dev wan1 table 2",
                       f"rule add from {HOSTS['b']} lookup 2", f"rule add from {SECOND_WAN} lookup 2")}),
    "cgn": Shape(
        spaces=("cgn",), links=(("r1", "wan0", "cgn", "lan0"), ("cgn", "wan0", "net", "to1")),
        addresses=(("r1", "wan0", f"{SHARED}/24", "2001:db8:c::2/64"), ("cgn", "lan0", "100.64.0.1/24", "2001:db8:c::1/64"),
                   ("cgn", "wan0", "203.0.113.2/28", "2001:db8:a::2/64")),
        gateways=(("r1", "100.64.0.1", "2001:db8:c::1"), ("cgn", "203.0.113.1", "2001:db8:a::1")),
        routes={"cgn": ("route add 2001:db8:1::/64 via 2001:db8:c::2",)}),
    # `viaduct faults run` is the router of the only site; IPv4 alone.
    "box": Shape(without=("c", "r2"), kernel_nat=False),
}


def instead(plain, own, width):
    """The plain rows without those that `own` has under the same first `width` columns, and then `own`."""
    replaced = {row[:width] for row in own}
    return [row for row in plain if row[:width] not in replaced] + list(own)


# What every home router does: masquerade, and refuse what nobody inside asked for. `forward` is the firewall row.
ROUTER_RULES = """
table inet router {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    meta nfproto ipv4 oifname "wan*" masquerade
  }
  chain input {
    type filter hook input priority filter;
    iifname "wan*" ct state established,related accept
    iifname "wan*" meta l4proto { icmp, icmpv6 } accept
    iifname "wan*" drop
  }
  chain forward {
    type filter hook forward priority filter; policy %s;
    ct state established,related accept
    iifname "lan0" accept
    meta l4proto icmpv6 accept
  }
}
"""
# The kernel's own ALG as a firewall attaches it; `detached` leaves out the one rule that assigns it.
KERNEL_ALG = """
table inet alg {
  ct helper sip4 {
    type "sip" protocol udp
    l3proto ip
  }
  ct helper sip4tcp {
    type "sip" protocol tcp
    l3proto ip
  }
  ct helper sip6 {
    type "sip" protocol udp
    l3proto ip6
  }
  chain prerouting {
    type filter hook prerouting priority filter;
%s
  }
}
"""
ATTACH = """    meta nfproto ipv4 udp dport 5060 ct helper set "sip4"
    meta nfproto ipv4 tcp dport 5060 ct helper set "sip4tcp"
    meta nfproto ipv6 udp dport 5060 ct helper set "sip6"
"""


class Topology:
    """Creates the namespaces on entry; on exit stops what runs in them, newest first, and deletes them."""

    def __init__(self, prefix, out, firewall=False, shape="plain"):
        self.prefix, self.out, self.firewall, self.shape = prefix, out, firewall, SHAPES[shape]
        self.spaces = tuple(space for space in SPACES + self.shape.spaces if space not in self.shape.without)
        self.links = [row for row in instead(LINKS, self.shape.links, 2) if row[0] in self.spaces and row[2] in self.spaces]
        self.children = []

    def name(self, space):
        return f"{self.prefix}-{space}"

    def interfaces(self, space):
        """Names of the links and bridges of a namespace."""
        names = {nic for row in self.links for owner, nic in (row[:2], row[2:]) if owner == space}
        return names | {bridge for owner, bridge, _ in BRIDGES if owner == space} | ({"lo"} if space in self.spaces else set())

    def wans(self, router):
        return sorted(nic for nic in self.interfaces(router) if nic.startswith("wan"))

    def __enter__(self):
        try:
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        ignore_signals()
        for child in self.children:
            child.send(signal.SIGTERM)
        while self.children:
            self.children.pop().stop(grace=0.5)
        for space in self.spaces:
            run("ip", "netns", "del", self.name(space), check=False)

    def _build(self):
        routers = ("r1", "r2", *self.shape.spaces) if self.shape.kernel_nat else ()
        for space in self.spaces:
            run("ip", "netns", "add", self.name(space))
        run("ip", "-batch", "-", stdin="".join(
            f"link add {nic} netns {self.name(space)} type veth peer name {peer_nic} netns {self.name(peer)}\n"
            for space, nic, peer, peer_nic in self.links))
        for space in self.spaces:
            run("ip", "-n", self.name(space), "-batch", "-", stdin=self._addresses(space))
        for space in (*routers, "net"):
            self.sysctl(space, "net/ipv4/ip_forward", 1)
            self.sysctl(space, "net/ipv6/conf/all/forwarding", 1)
            self.sysctl(space, "net/bridge/bridge-nf-call-iptables", 0, optional=True)
            self.sysctl(space, "net/bridge/bridge-nf-call-ip6tables", 0, optional=True)
        for router in routers:
            self.nft(router, ROUTER_RULES % ("drop" if self.firewall else "accept"))
        if not self.shape.kernel_nat:
            return
        self.connect([row for host in ("a", "b", "c", "d") for row in ((host, HOSTS[host], PLATFORM["literal"]), (host, HOSTS6[host], PLATFORM6))])
        for router in routers:
            self.exec(router, "conntrack", "-F")

    def _addresses(self, space):
        lines = ["link set lo up"]
        for owner, bridge, ports in BRIDGES:
            if owner == space:
                lines.append(f"link add {bridge} type bridge forward_delay 0")
                lines += [f"link set {port} master {bridge}" for port in ports] + [f"link set {port} up" for port in ports]
        for owner, nic, four, six in instead(ADDRESSES, self.shape.addresses, 2):
            if owner == space and nic in self.interfaces(space):
                lines += [f"link set {nic} up"]
                if self.shape.kernel_nat or space != "r1":
                    lines += [f"addr add {four} dev {nic}"] + ([f"addr add {six} dev {nic} nodad"] if six else [])
        for owner, four, six in instead(GATEWAYS, self.shape.gateways, 1):
            if owner == space and (self.shape.kernel_nat or space != "r1"):
                lines += [f"route add default via {four}", f"route add default via {six}"]
        if space == "net":
            lines += ["route add blackhole 192.168.0.0/16", "route add blackhole 10.0.0.0/8", "route add blackhole 100.64.0.0/10",
                      "route add 2001:db8:1::/64 via 2001:db8:a::2"]
            lines += ["route add 2001:db8:2::/64 via 2001:db8:b::2"] if "r2" in self.spaces else []
        lines += self.shape.routes.get(space, ())
        return "\n".join(lines) + "\n"

    def connect(self, ways):
        """Waits until every host reaches the platform: new links need a second. A datagram to a closed port must come back as an ICMP error.

        ways: (namespace, own address, address to reach)"""
        self.sysctl("p", "net/ipv4/icmp_ratelimit", 0)
        self.sysctl("p", "net/ipv6/icmp/ratelimit", 0)
        for host, own, platform in ways:
            wait_for(lambda: self._reaches(host, own, platform), 10, f"the way from {own} to {platform}")

    def _reaches(self, host, own, platform):
        with self.udp(host, own, 0) as probe:
            probe.connect((platform, CLOSED_PORT))
            probe.settimeout(0.1)
            try:
                probe.send(b"")
                probe.recv(1)
            except ConnectionRefusedError:
                return True
            except OSError:  # a timeout, or no route yet
                pass
            return False

    def sysctl(self, space, key, value, optional=False):
        with self.inside(space):
            try:
                with open(f"/proc/sys/{key}", "w", encoding="ascii") as file:
                    file.write(str(value))
            except FileNotFoundError:
                if not optional:
                    raise

    def nft(self, space, rules):
        return run("ip", "netns", "exec", self.name(space), "nft", "-f", "-", stdin=rules)

    def attach_kernel_alg(self, attached=True):
        for router in ("r1", "r2"):
            self.nft(router, KERNEL_ALG % (ATTACH if attached else ""))

    def move_wan(self):
        """r1's first WAN gets another address, as from a provider that renumbers."""
        router = self.name("r1")
        run("ip", "-n", router, "addr", "del", f"{WAN['r1']}/28", "dev", "wan0")  # takes the default route with it
        run("ip", "-n", router, "addr", "add", f"{NEW_WAN}/28", "dev", "wan0")
        run("ip", "-n", router, "route", "add", "default", "via", "203.0.113.1")

    def throttle(self, buffer=312500):
        """Makes the way from the sites to the platform a modem: a fixed rate before one deep, stupid queue."""
        run("tc", "-n", self.name("net"), "qdisc", "replace", "dev", "core0", "root", "tbf", "rate", f"{LINE_MEGABITS}mbit", "burst", "15k", "limit", str(buffer))

    def line_octets(self):
        """What the throttled line has carried so far."""
        told = json.loads(run("tc", "-n", self.name("net"), "-s", "-j", "qdisc", "show", "dev", "core0", "root"))
        return told[0]["bytes"]

    def exec(self, space, *command, check=True):
        return run("ip", "netns", "exec", self.name(space), *command, check=check)

    def start(self, space, *command, log):
        child = Child(self.name(space), list(command), self.out / log, cwd=self.out)
        self.children.append(child)
        return child

    @contextlib.contextmanager
    def inside(self, space):
        """The calling thread is in the namespace; a socket made there stays there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.name(space)}", os.O_RDONLY)
        try:
            enter(there)
            yield
        finally:
            enter(home)
            os.close(home)
            os.close(there)

    def udp(self, space, address, port):
        with self.inside(space):
            sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            sock.bind((address, port))
            return sock


def enter(descriptor):
    if LIBC.setns(descriptor, CLONE_NEWNET):
        raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")
