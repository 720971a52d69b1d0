# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays the steps of one case between a phone and a server, over UDP or over TCP, and tells what arrived."""
import select
import socket
import struct

PHONE, NEIGHBOUR, SERVER, WAN = "192.168.1.10", "192.168.1.11", "198.51.100.10", "203.0.113.2"
SIP, NEXT = 5060, 5062
KEEP_ALIVE = b"\r\n\r\n"  # too short for an ALG to look at
WAIT = 3  # seconds for what must arrive
SYN, PUSH, ACK = 2, 8, 16
MSS_AND_SACK = bytes((2, 4, 5, 0xB4, 1, 1, 4, 2))
QUIET = "table ip quiet {\nchain out {\ntype filter hook output priority 0\ntcp flags rst drop\n}\n}\n"


class NotPlayed(Exception):
    """What every router lets through did not arrive."""


def outer_port(taken):
    return NEXT if taken else SIP


class Wire:
    """The sockets of both ends; what a step is comes from the subclass."""

    def __init__(self, taken):
        self.taken = taken

    def open(self, in_phone, in_server):
        with in_phone:
            self.phone, self.neighbour = self._socket(PHONE), self._socket(NEIGHBOUR)
        with in_server:
            self.server = self._socket(SERVER)


class Datagrams(Wire):
    """Each step is one datagram, and behind it a keep-alive: if that comes alone, the message was dropped."""
    protocol = "udp"
    rules = ""

    @staticmethod
    def _socket(address):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((address, SIP))
        one.settimeout(WAIT)
        return one

    def take_port(self):
        self.neighbour.sendto(KEEP_ALIVE, (SERVER, SIP))
        if self.server.recvfrom(64)[1] != (WAN, SIP):
            raise NotPlayed("the neighbour did not get port 5060")

    def play(self, steps):
        """What arrives for each step: octets, or None if nothing does."""
        nat, arrived = (WAN, outer_port(self.taken)), []
        for way, octets in steps:
            sender, receiver, to = (self.phone, self.server, (SERVER, SIP)) if way == "out" else (self.server, self.phone, nat)
            for datagram in (octets, KEEP_ALIVE):
                sender.sendto(datagram, to)
            got, source = receiver.recvfrom(65535)
            if got != KEEP_ALIVE:
                receiver.recvfrom(64)
            if way == "out" and source != nat:
                raise NotPlayed(f"sent from {source}, not from {nat}")
            arrived.append(None if got == KEEP_ALIVE else got)
        return arrived

    @staticmethod
    def shown(arrived):
        return ["(nothing)"] if arrived is None else arrived.decode("latin-1").replace("\r", "\\r").split("\n")

    @staticmethod
    def reached(arrived, steps):
        """Whether the last step arrived, and whether it was changed."""
        return arrived[-1] is not None, arrived[-1] not in (None, steps[-1][1])


def checksum(octets):
    total = sum(struct.unpack(f"!{len(octets + bytes(len(octets) % 2)) // 2}H", octets + bytes(len(octets) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class End:
    """One end of a connection, without a TCP of its own: it sends the segments it is told to, and acknowledges what it got."""

    def __init__(self, raw, own, peer, first):
        self.raw, self.own, self.peer, self.next, self.expected, self.ahead = raw, own, peer, first, 0, []

    def send(self, flags, octets=b"", options=b"", sequence=None):
        sequence = self.next if sequence is None else sequence
        head = struct.pack("!HHIIBBHHH", self.own[1], self.peer[1], sequence, self.expected, (20 + len(options)) << 2, flags, 65000, 0, 0) + options
        pseudo = socket.inet_aton(self.own[0]) + socket.inet_aton(self.peer[0]) + struct.pack("!HH", 6, len(head) + len(octets))
        summed = checksum(pseudo + head + octets)
        self.raw.sendto(head[:16] + struct.pack("!H", summed) + head[18:] + octets, (self.peer[0], 0))

    def advance(self, octets):
        self.next += len(octets)

    def acknowledge(self):
        """With one block of selective acknowledgement (RFC 2018) for what came too early."""
        block = bytes((1, 1, 5, 10)) + struct.pack("!II", *self.ahead[0]) if self.ahead else b""
        self.send(ACK, options=block)

    def receive(self):
        """(source, sequence, acknowledgement, flags, options, octets) of the next segment of this connection."""
        while select.select([self.raw], [], [], WAIT)[0]:
            packet, source = self.raw.recvfrom(65535)
            segment = packet[(packet[0] & 15) * 4:]
            ports = struct.unpack("!HH", segment[:4])
            if ports[1] != self.own[1]:
                continue
            pseudo = packet[12:20] + struct.pack("!HH", 6, len(segment))
            # The kernel leaves the sum over the octets to the card, and there is none.
            if checksum(pseudo + segment) and segment[16:18] != struct.pack("!H", ~checksum(pseudo) & 0xFFFF):
                raise NotPlayed("a checksum is wrong")
            sequence, acknowledgement, length, flags = struct.unpack("!IIBB", segment[4:14])
            got = ((source[0], ports[0]), sequence, acknowledgement, flags, segment[20:length >> 2], segment[length >> 2:])
            self._take(sequence, got[5])
            return got
        raise NotPlayed("a segment without a message did not arrive")

    def _take(self, sequence, octets):
        if not octets:
            return
        self.ahead.append((sequence, sequence + len(octets)))
        for begin, end in sorted(self.ahead):
            if begin <= self.expected:
                self.expected = max(self.expected, end)
        self.ahead = [block for block in self.ahead if block[1] > self.expected]


class Segments(Wire):
    """A connection made by hand. Each step is one segment, and behind it an acknowledgement without octets: what came before that
    one arrived. Then the receiver acknowledges. At the end both ends send a keep-alive. All sequence numbers are compared."""
    protocol = "tcp"
    rules = QUIET  # the ends' own TCP knows of no connection

    @staticmethod
    def _socket(address):
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        raw.bind((address, 0))
        return raw

    def take_port(self):
        End(self.neighbour, (NEIGHBOUR, SIP), (SERVER, SIP), 77).send(SYN)
        if End(self.server, (SERVER, SIP), (WAN, SIP), 0).receive()[0] != (WAN, SIP):
            raise NotPlayed("the neighbour did not get port 5060")

    def play(self, steps):
        """What arrives for each step: a list of segments; and at the end for the two keep-alives."""
        for raw in (self.phone, self.neighbour, self.server):
            while select.select([raw], [], [], 0)[0]:
                raw.recv(65535)
        phone, server = End(self.phone, (PHONE, SIP), (SERVER, SIP), 1000), End(self.server, (SERVER, SIP), (WAN, outer_port(self.taken)), 9000)
        self._connect(phone, server)
        ends, sent = {"out": (phone, server), "in": (server, phone)}, []
        arrived = []
        for way, octets, *kind in [*steps, ("out", KEEP_ALIVE), ("in", KEEP_ALIVE)]:
            sender, receiver = ends[way]
            if kind == ["again"]:
                sequence = next(place for place, known in sent if known == octets)
            else:
                sent.append((sender.next, octets))
                sequence = sender.next
                sender.advance(octets)
            arrived.append([] if kind == ["lost"] else self._step(sender, receiver, octets, sequence))
        return arrived

    def _connect(self, phone, server):
        phone.send(SYN, options=MSS_AND_SACK)
        source, sequence = server.receive()[:2]
        if source != server.peer:
            raise NotPlayed(f"sent from {source}, not from {server.peer}")
        phone.next, server.expected = 1001, sequence + 1
        server.send(SYN | ACK, options=MSS_AND_SACK)
        phone.expected = phone.receive()[1] + 1
        server.next = 9001
        phone.send(ACK)
        server.receive()

    @staticmethod
    def _step(sender, receiver, octets, sequence):
        sender.send(PUSH | ACK, octets, sequence=sequence)
        sender.send(ACK)
        got = [receiver.receive()]
        while got[-1][5]:
            got.append(receiver.receive())
        receiver.acknowledge()
        return [*got, sender.receive()]

    @staticmethod
    def shown(arrived):
        lines = []
        for _, sequence, acknowledgement, flags, options, octets in arrived:
            lines.append(f"segment {sequence}/{acknowledgement} flags {flags} options {options.hex()}")
            lines += octets.decode("latin-1").replace("\r", "\\r").split("\n") if octets else []
        return lines or ["(not sent)"]

    @staticmethod
    def reached(arrived, steps):
        octets = b"".join(segment[5] for segment in arrived[len(steps) - 1][:-1])
        return bool(octets), octets not in (b"", steps[-1][1])
