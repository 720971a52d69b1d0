# SPDX-License-Identifier: GPL-2.0-or-later
"""tcpdump at named points, and the lab's own reader of the files it leaves (Ethernet, IPv4/IPv6, UDP, fragments, TCP in order)."""
import ipaddress
import re
import signal
import struct
import time
from typing import NamedTuple

from lab.process import LabError, wait_for
from lab.topology import SINK

# point: (namespace, interface); what a reader of the captures needs to know is in README.md
POINTS = {"phone-a": ("a", "eth0"), "phone-b": ("b", "eth0"), "phone-c": ("c", "eth0"), "phone-d": ("d", "eth0"), "platform": ("p", "eth0"),
          "platform-inner": ("p", "lo"),  # Kamailio to the media server beside it
          "r1-inside": ("r1", "lan0"), "r1-outside": ("r1", "wan0"), "r1-outside2": ("r1", "wan1"), "cgn-outside": ("cgn", "wan0"),
          "r2-inside": ("r2", "lan0"), "r2-outside": ("r2", "wan0")}


class Packet(NamedTuple):
    time: float
    source: tuple  # (address text, port)
    target: tuple
    payload: bytes
    dscp: int


class Captures:
    """All capture points that a topology has; stop() before reading."""

    def __init__(self, topology):
        self.running = {}
        for point, (space, nic) in POINTS.items():
            if nic not in topology.interfaces(space):
                continue
            self.running[point] = topology.start(
                space, "tcpdump", "-i", nic, "-n", "-U", "-s", "0", "-B", "4096", "--immediate-mode", "-Z", "root",
                "-w", str(topology.out / f"{point}.pcap"), f"(udp or tcp) and not host {SINK}", log=f"tcpdump-{point}.log")
        for child in self.running.values():
            child.wait_for_text("listening on", 10)

    def stop(self):
        """Ends the captures; a capture that lost packets would make every number doubtful, so that is an error."""
        wait_for(self._written, 5)
        for child in self.running.values():
            child.send(signal.SIGINT)
        for point, child in self.running.items():
            child.stop(signal.SIGINT)
            lost = re.findall(r"(\d+) packets dropped by kernel", child.text())
            if not lost or int(lost[-1]):
                raise LabError(f"capture {point} is not complete: {child.text()[-200:]}")

    def _written(self):
        """On a busy machine a tcpdump may not yet have run for what it has received. SIGUSR1 makes it tell both numbers."""
        # The loopback interface is left out: there the kernel counts a packet where it leaves and where it arrives.
        before = {child: len(child.text()) for point, child in self.running.items() if POINTS[point][1] != "lo"}
        for child in before:
            child.send(signal.SIGUSR1)
        time.sleep(0.05)
        told = [re.search(r"(\d+) packets? captured, (\d+) packets? received", child.text()[length:]) for child, length in before.items()]
        return all(counts and int(counts[1]) + LATE >= int(counts[2]) for counts in told)


LATE = 2  # packets that may come while the numbers are written: calls may go on
UDP, TCP = 17, 6


def read(path, protocol=UDP):
    """Packets of a pcap file in order; [] when it does not exist (a point that was not captured). Of TCP, segments with payload that were not
    seen before."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return []
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}.get(data[:4])
    if order is None or struct.unpack_from(order + "I", data, 20)[0] != 1:
        raise LabError(f"{path}: not a microsecond Ethernet pcap")
    packets, fragments, offset, record, seen = [], {}, 24, struct.Struct(order + "IIII"), set()
    while offset + 16 <= len(data):
        seconds, micros, length, original = record.unpack_from(data, offset)
        frame = data[offset + 16:offset + 16 + length]
        offset += 16 + length
        if length == original and len(frame) == length:
            packet = decode(seconds + micros / 1e6, frame, fragments, protocol)
            if not packet or (protocol == TCP and is_repeated(frame, packet, seen)):
                continue
            packets.append(packet)
    return packets


def is_repeated(frame, packet, seen):
    """A TCP segment (IPv4) that brings nothing new; remembers it."""
    at = 14 + (frame[14] & 15) * 4 + 4
    key = packet.source, packet.target, frame[at:at + 4]
    if not packet.payload or key in seen:
        return True
    seen.add(key)
    return False


def decode(time, frame, fragments, wanted=UDP):
    kind = int.from_bytes(frame[12:14], "big")
    if kind == 0x0800:
        header, total = (frame[14] & 15) * 4, int.from_bytes(frame[16:18], "big")
        protocol, dscp = frame[23], frame[15] >> 2
        source, target = str(ipaddress.IPv4Address(frame[26:30])), str(ipaddress.IPv4Address(frame[30:34]))
        place = int.from_bytes(frame[20:22], "big")
        segment = frame[14 + header:14 + total]
        if place & 0x3FFF:
            segment = reassemble(fragments, (source, target, protocol, frame[18:20]), (place & 0x1FFF) * 8, bool(place & 0x2000), segment)
    elif kind == 0x86DD:
        protocol, dscp = frame[20], (int.from_bytes(frame[14:16], "big") >> 6) & 63
        source, target = str(ipaddress.IPv6Address(frame[22:38])), str(ipaddress.IPv6Address(frame[38:54]))
        segment = frame[54:54 + int.from_bytes(frame[18:20], "big")]
    else:
        return None
    if protocol != wanted or segment is None or len(segment) < (8 if wanted == UDP else 20):
        return None
    ports = struct.unpack_from("!HH", segment)
    payload = segment[8:int.from_bytes(segment[4:6], "big")] if wanted == UDP else segment[(segment[12] >> 4) * 4:]
    return Packet(time, (source, ports[0]), (target, ports[1]), payload, dscp)


def reassemble(fragments, key, offset, more, piece):
    """The whole datagram once its last missing fragment is here, else None."""
    pieces = fragments.setdefault(key, {})
    pieces[offset] = (piece, more)
    whole, at = b"", 0
    while at in pieces:
        part, follows = pieces[at]
        whole += part
        at += len(part)
        if not follows:
            del fragments[key]
            return whole
    return None
