# SPDX-License-Identifier: GPL-2.0-or-later
"""Just enough SIP and SDP to measure and to script calls. It shares no code with the product on purpose."""
import re
from typing import NamedTuple

START = re.compile(rb"^(?:SIP/2\.0 \d{3} |[A-Z]+ \S+ SIP/2\.0\r\n)")
COMPACT = {"v": "via", "f": "from", "t": "to", "m": "contact", "i": "call-id", "c": "content-type", "l": "content-length"}


class Message(NamedTuple):
    time: float
    source: tuple
    target: tuple
    raw: bytes
    method: str   # of the CSeq
    status: int   # 0 for a request
    headers: list  # (lower-case name, value) in order
    body: str

    def get(self, name):
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name):
        return [value for key, value in self.headers if key == name]

    def tag(self, name):
        found = re.search(r";\s*tag=([^;\s>]+)", self.get(name))
        return found[1] if found else ""

    @property
    def call_id(self):
        return self.get("call-id")

    @property
    def cseq(self):
        return int(self.get("cseq").split()[0])

    @property
    def uri(self):
        """Request-URI, empty in a response."""
        return "" if self.status else self.raw.split(b" ", 2)[1].decode()

    def name(self):
        return f"{self.status} to {self.method}" if self.status else self.method


def parse(raw, time=0.0, source=None, target=None):
    """A Message, or None when the datagram is not SIP."""
    if not START.match(raw):
        return None
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            headers.append((COMPACT.get(name, name), value.strip()))
    status = int(lines[0][8:11]) if lines[0].startswith("SIP/2.0 ") else 0
    cseq = next((value for name, value in headers if name == "cseq"), "0 NONE").split()
    return Message(time, source, target, raw, cseq[-1], status, headers, body.decode("utf-8", "replace"))


def messages(packets):
    """All SIP messages among the packets, in order."""
    found = (parse(packet.payload, packet.time, packet.source, packet.target) for packet in packets if packet.payload[:1].isalpha())
    return [message for message in found if message]


class Media(NamedTuple):
    address: str
    port: int
    rtcp: int
    direction: str


def media(body):
    """First audio stream of an SDP, or None: address, RTP port, RTCP port (a=rtcp or +1), direction."""
    line = re.search(r"^m=audio (\d+)", body, re.M)
    where = re.findall(r"^c=IN IP[46] (\S+)", body, re.M)
    if not line or not where:
        return None
    rtcp = re.search(r"^a=rtcp:(\d+)", body, re.M)
    direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)", body, re.M)
    return Media(where[-1], int(line[1]), int(rtcp[1]) if rtcp else int(line[1]) + 1, direction[1] if direction else "sendrecv")
