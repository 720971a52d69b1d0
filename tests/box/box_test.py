# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct faults run` without behaviours, running between interfaces: a NAT by RFC 4787, 5382 and 5508 as real sockets see it.

usage: box_test.py VIADUCT [unittest arguments]"""
import contextlib
import errno
import hashlib
import json
import os
import pathlib
import pwd
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.dont_write_bytecode = True

from lab.fault.stage import A, B, BOX, D, OUTER  # noqa: E402
from lab.process import run  # noqa: E402
from lab.topology import MEDIA_HOST, PLATFORM, Topology  # noqa: E402

P, P2 = PLATFORM["literal"], PLATFORM["aware"]
VIADUCT = ""
TUN_ADDRESS = "203.0.113.3"
IP_RECVERR, IP_MTU, IP_MTU_DISCOVER, PMTUDISC_DO, PMTUDISC_DONT = 11, 14, 10, 2, 0


def setUpModule():
    global NET
    home = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(home.cleanup)
    NET = Topology(f"vt{os.getpid()}", pathlib.Path(home.name), shape="box")
    unittest.addModuleCleanup(NET.close)
    NET.__enter__()


def checksum(octets):
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def fragments(source, target, ports, payload, cut):
    """One UDP datagram (without checksum) as two IPv4 packets."""
    whole = struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload
    found = []
    for piece, place in ((whole[:cut], 0x2000), (whole[cut:], cut // 8)):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(piece), 4711, place, 64, 17, 0, socket.inet_aton(source), socket.inet_aton(target))
        found.append(head[:10] + struct.pack("!H", checksum(head)) + head[12:] + piece)
    return found


class Sockets(unittest.TestCase):
    """A box of its own for each test, with the arguments that it asks for."""

    @contextlib.contextmanager
    def box(self, *arguments, attach=BOX):
        child = NET.start("r1", VIADUCT, "faults", "run", *attach, *arguments, log=f"{self.id()}.log")
        try:
            child.wait_for_text("ready", 10)
            NET.connect([("a", A, P), ("b", B, P)])
            yield child
            self.assertTrue(child.running(), child.text())
        finally:
            child.stop()

    def udp(self, space, address, port=0):
        sock = NET.udp(space, address, port)
        sock.settimeout(1)
        self.addCleanup(sock.close)
        return sock

    def arrives(self, sender, target, receiver, text=b"x"):
        """Sends a datagram; the source that the receiver sees, None if it sees nothing."""
        sender.sendto(text, target)
        try:
            got, source = receiver.recvfrom(65535)
        except TimeoutError:
            return None
        self.assertEqual(got, text)
        return source


class Mapping(Sockets):
    def ports(self):
        """Outer ports of one inner endpoint towards two ports of one host, and towards another host."""
        inner = self.udp("a", A, 7000)
        return [self.arrives(inner, (host, port), self.udp("p", host, port)) for host, port in ((P, 7100), (P, 7200), (P2, 7100))]

    def test_is_independent_of_the_endpoint_and_preserves_ports(self):
        with self.box():
            self.assertEqual(self.ports(), [(OUTER, 7000)] * 3)

    def test_by_address(self):
        with self.box("--mapping", "address", "--ports", "random"):
            first, second, third = self.ports()
            self.assertEqual(first, second)
            self.assertNotEqual(first, third)

    def test_by_address_and_port(self):
        with self.box("--mapping", "address-and-port", "--ports", "random"):
            self.assertEqual(len(set(self.ports())), 3)

    def test_keeps_parity_when_a_port_is_taken(self):
        with self.box():
            far = self.udp("p", P, 7100)
            for port in (7000, 7001):
                self.assertEqual(self.arrives(self.udp("a", A, port), (P, 7100), far), (OUTER, port))
            for port in (7000, 7001):
                other = self.arrives(self.udp("b", B, port), (P, 7100), far)
                self.assertNotEqual(other[1], port)
                self.assertEqual(other[1] % 2, port % 2)


class Filtering(Sockets):
    def let_in(self):
        """Who gets in, after the inside has spoken with one endpoint: that one, its host from another port, another host."""
        inner, known = self.udp("a", A, 7000), self.udp("d", D, 7100)
        outer = self.arrives(inner, (D, 7100), known)
        others = (known, self.udp("d", D, 7200), self.udp("d", MEDIA_HOST, 7100))
        return [self.arrives(sender, outer, inner) is not None for sender in others]

    def test_by_address(self):
        with self.box():
            self.assertEqual(self.let_in(), [True, True, False])

    def test_by_address_and_port(self):
        with self.box("--filtering", "address-and-port"):
            self.assertEqual(self.let_in(), [True, False, False])

    def test_not_at_all(self):
        with self.box("--filtering", "endpoint-independent"):
            self.assertEqual(self.let_in(), [True, True, True])

    def test_nothing_without_mapping(self):
        with self.box():
            inner = self.udp("a", A, 7000)
            self.assertIsNone(self.arrives(self.udp("d", D), (OUTER, 7000), inner))


class Hairpin(Sockets):
    def speak(self):
        a, b, far = self.udp("a", A, 7000), self.udp("b", B, 7002), self.udp("p", P, 7100)
        outer = {sock: self.arrives(sock, (P, 7100), far) for sock in (a, b)}
        b.sendto(b"first", outer[a])  # opens the way: filtering is by address
        return a, b, outer

    def test_shows_the_outer_source(self):
        with self.box():
            a, b, outer = self.speak()
            self.assertEqual(a.recvfrom(100)[1] if self.ready(a) else None, None)  # a has not yet spoken with that address
            self.assertEqual(self.arrives(a, outer[b], b), outer[a])
            self.assertEqual(self.arrives(b, outer[a], a), outer[b])

    def ready(self, sock):
        sock.settimeout(0.3)
        try:
            return bool(sock.recv(100, socket.MSG_PEEK))
        except TimeoutError:
            return False
        finally:
            sock.settimeout(1)

    def test_can_be_off(self):
        with self.box("--no-hairpin"):
            a, b, outer = self.speak()
            self.assertIsNone(self.arrives(a, outer[b], b))


class Refresh(Sockets):
    """With mappings that live for 2 s: four packets of one direction, one a second, then one from outside."""

    def lives(self, outbound):
        inner, far = self.udp("a", A, 7000), self.udp("p", P, 7100)
        outer = self.arrives(inner, (P, 7100), far)
        for _ in range(4):
            time.sleep(1)
            (inner.sendto(b"o", (P, 7100)) if outbound else far.sendto(b"i", outer))
        time.sleep(0.2)
        inner.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while inner.recv(100):
                pass
        inner.settimeout(1)
        return self.arrives(far, outer, inner) is not None

    def test_outbound_packets_keep_a_mapping(self):
        with self.box("--udp-timeout", "2s"):
            self.assertTrue(self.lives(outbound=True))

    def test_inbound_packets_do_not(self):
        with self.box("--udp-timeout", "2s"):
            self.assertFalse(self.lives(outbound=False))

    def test_inbound_packets_do_if_asked(self):
        with self.box("--udp-timeout", "2s", "--inbound-refresh"):
            self.assertTrue(self.lives(outbound=False))


class Fragments(Sockets):
    def test_both_ways(self):
        with self.box():
            inner, far, text = self.udp("a", A, 7000), self.udp("p", P, 7100), os.urandom(5000)
            outer = self.arrives(inner, (P, 7100), far, text)
            self.assertEqual(outer, (OUTER, 7000))
            self.assertEqual(self.arrives(far, outer, inner, text), (P, 7100))

    def test_in_any_order(self):
        with self.box():
            far, text = self.udp("p", P, 7100), os.urandom(1200)
            self.udp("a", A, 7000)  # so that the host answers for the port
            with NET.inside("a"):
                raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            self.addCleanup(raw.close)
            for order in (1, -1):
                for piece in fragments(A, P, (7000, 7100), text, 800)[::order]:
                    raw.sendto(piece, (P, 0))
                self.assertEqual(far.recvfrom(65535), (text, (OUTER, 7000)))


class Errors(Sockets):
    """ICMP errors reach the socket that caused them."""

    def error(self, sock):
        with self.assertRaises(OSError) as caught:
            for _ in range(20):
                sock.send(b"x" * self.size)
                time.sleep(0.05)
        return caught.exception.errno

    def connected(self, space, own, to, size=1):
        self.size = size
        sock = self.udp(space, *own)
        sock.connect(to)
        return sock

    def test_closed_port_outside(self):
        with self.box():
            self.assertEqual(self.error(self.connected("a", (A, 0), (P, 7999))), errno.ECONNREFUSED)

    def test_closed_port_inside(self):
        with self.box():
            far = self.udp("p", P, 7100)
            inner = self.udp("a", A, 7000)
            outer = self.arrives(inner, (P, 7100), far)
            inner.close()
            far.connect(outer)
            self.size = 1
            self.assertEqual(self.error(far), errno.ECONNREFUSED)

    def test_time_exceeded(self):
        with self.box():
            for hops in (1, 2):  # in the box, and behind it
                sock = self.connected("a", (A, 0), (P, 7999))
                sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
                self.assertEqual(self.error(sock), errno.EHOSTUNREACH)

    def test_too_big(self):
        with self.box("--mtu", "1400"):
            sock = self.connected("a", (A, 0), (P, 7999), size=1450)
            sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_DO)
            self.assertEqual(self.error(sock), errno.EMSGSIZE)
            self.assertEqual(sock.getsockopt(socket.IPPROTO_IP, IP_MTU), 1400)
        NET.exec("a", "ip", "route", "flush", "cache")

    def test_too_big_for_an_interface(self):
        NET.exec("r1", "ip", "link", "set", "wan0", "mtu", "1400")
        try:
            with self.box():
                sock = self.connected("a", (A, 0), (P, 7999), size=1450)
                sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_DO)
                self.assertEqual(self.error(sock), errno.EMSGSIZE)
                self.assertEqual(sock.getsockopt(socket.IPPROTO_IP, IP_MTU), 1400)
                whole, far = self.udp("a", A), self.udp("p", P, 7100)
                whole.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_DONT)
                self.assertIsNotNone(self.arrives(whole, (P, 7100), far, b"y" * 1450))
        finally:
            NET.exec("r1", "ip", "link", "set", "wan0", "mtu", "1500")
        NET.exec("a", "ip", "route", "flush", "cache")


def tcp(space, address, port):
    with NET.inside(space):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.settimeout(20)
        return sock


class Tcp(Sockets):
    SIZE = 10_000_000

    def exchange(self, outer):
        """Ten million octets each way at once; the digests of what was sent and of what arrived."""
        listener, caller = tcp("p", P, 7100), tcp("a", A, 7000)
        listener.listen(1)
        text, digests = os.urandom(self.SIZE), {}

        def read(name, sock):
            digest, left = hashlib.sha256(), self.SIZE
            while left and (data := sock.recv(1 << 16)):
                digest.update(data)
                left -= len(data)
            digests[name] = digest.hexdigest()
        with listener, caller:
            caller.connect((P, 7100))
            accepted, source = listener.accept()
            self.assertEqual(source[0], outer)
            with accepted:
                accepted.settimeout(20)
                threads = [threading.Thread(target=read, args=("up", accepted)), threading.Thread(target=read, args=("down", caller)),
                           threading.Thread(target=caller.sendall, args=(text,)), threading.Thread(target=accepted.sendall, args=(text,))]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        self.assertEqual(digests, dict.fromkeys(("up", "down"), hashlib.sha256(text).hexdigest()))

    def test_carries_ten_megabytes_each_way(self):
        with self.box():
            self.exchange(OUTER)

    def test_lets_no_connection_in(self):
        with self.box():
            with tcp("a", A, 7000) as listener, tcp("d", D, 0) as caller:
                listener.listen(1)
                caller.settimeout(1)
                self.assertRaises((TimeoutError, ConnectionRefusedError), caller.connect, (OUTER, 7000))

    def test_its_counters_follow_their_schema(self):
        done = subprocess.run(["ip", "netns", "exec", NET.name("r1"), VIADUCT, "faults", "run", *BOX, "--json", "--duration", "100ms"],
                              capture_output=True, text=True, timeout=10, check=True)
        counted = json.loads(done.stdout.partition("\n")[2])
        jsonschema.validate(counted, json.loads((ROOT / "docs/schema/faults-run.json").read_text()))
        self.assertEqual((counted["mappings"], counted["forgotten_contacts"]), (0, 0))

    def test_the_ready_line_tells_what_a_family_sets_and_what_was_set_over_it(self):
        with self.box("--family", "fortinet", "--set", "known=rfc3261") as child:
            self.assertIn("; fortinet, A19 known=rfc3261, A20 octets=998\n", child.text())

    def test_over_tun_interfaces(self):
        """The kernel routes into one TUN interface and out of the other; the box's address is one of its own."""
        router, internet = NET.name("r1"), NET.name("net")
        attach = ("--inside", "tunin", "--outside", "tunout", "--outside-address", f"{TUN_ADDRESS}/32")
        before = ["addr add 192.168.1.1/24 dev lan0", "addr add 203.0.113.2/28 dev wan0", "route add default via 203.0.113.1"]
        after = [f"route add {TUN_ADDRESS}/32 dev tunout", "route add default dev tunin table 10", "rule add iif lan0 lookup 10"]
        undo = ["rule del iif lan0 lookup 10", "route del default", "addr flush dev lan0", "addr flush dev wan0"]
        for key in ("all", "default", "lan0", "wan0"):
            NET.sysctl("r1", f"net/ipv4/conf/{key}/rp_filter", 0)
        NET.sysctl("r1", "net/ipv4/ip_forward", 1)
        run("ip", "-n", router, "-batch", "-", stdin="\n".join(before) + "\n")
        run("ip", "-n", internet, "route", "add", f"{TUN_ADDRESS}/32", "via", OUTER)
        child = NET.start("r1", VIADUCT, "faults", "run", *attach, log="tun.log")
        try:
            child.wait_for_text("ready", 10)
            run("ip", "-n", router, "-batch", "-", stdin="\n".join(after) + "\n")
            NET.connect([("a", A, P)])
            inner, far = self.udp("a", A, 7000), self.udp("p", P, 7100)
            outer = self.arrives(inner, (P, 7100), far)
            self.assertEqual(outer, (TUN_ADDRESS, 7000))
            self.assertEqual(self.arrives(far, outer, inner), (P, 7100))
            self.exchange(TUN_ADDRESS)
        finally:
            child.stop()
            run("ip", "-n", router, "-force", "-batch", "-", stdin="\n".join(undo) + "\n", check=False)
            run("ip", "-n", internet, "route", "del", f"{TUN_ADDRESS}/32", check=False)
            NET.sysctl("r1", "net/ipv4/ip_forward", 0)


class Refusals(unittest.TestCase):
    """What it says when it cannot run: exit code and the whole of standard error."""

    def refused(self, *arguments, user=None):
        command = ["ip", "netns", "exec", NET.name("r1"), VIADUCT, "faults", "run", *arguments]
        if user:
            command[4:4] = ["setpriv", f"--reuid={user}", "--clear-groups"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
        self.assertEqual(done.stdout, "")
        return done.returncode, done.stderr

    def test_without_privileges(self):
        code, text = self.refused(*BOX, user=pwd.getpwnam("nobody").pw_uid)
        self.assertEqual((code, text), (3, "viaduct faults run: open a packet socket: Operation not permitted. Run as root or give CAP_NET_RAW.\n"))

    def test_interface_missing_and_none_may_be_made(self):
        self.assertEqual(self.refused("--inside", "lan7", *BOX[2:], user=pwd.getpwnam("nobody").pw_uid), (
            3, "viaduct faults run: open /dev/net/tun: Permission denied. Run as root or give CAP_NET_ADMIN.\n"))

    def test_unknown_behaviour(self):
        self.assertEqual(self.refused(*BOX, "--behaviour", "Z99"), (
            2, "viaduct faults run: --behaviour: there is none called 'Z99'; see viaduct faults list\ntry: viaduct faults run --help\n"))

    def test_interface_of_another_kind(self):
        self.assertEqual(self.refused("--inside", "lo", *BOX[2:]), (
            3, "viaduct faults run: use interface lo: not supported by this kernel or build. It is no Ethernet interface.\n"))

    def test_interface_name_too_long(self):
        self.assertEqual(self.refused("--inside", "an-interface-of-the-house", *BOX[2:]), (
            3, "viaduct faults run: make interface an-interface-of-the-house: over a limit. At most 15 octets.\n"))

    def test_interface_not_given(self):
        self.assertEqual(self.refused(*BOX[2:]), (2, "viaduct faults run: --inside is required\ntry: viaduct faults run --help\n"))


if __name__ == "__main__":
    VIADUCT = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
