# SPDX-License-Identifier: GPL-2.0-or-later
"""RTP measured where it was sent and where it arrived, joined by SSRC, sequence number and timestamp."""
from typing import NamedTuple

from lab.process import LabError


class Audio(NamedTuple):
    sent: int
    received: int
    gap_ms: int     # longest time without a packet at the receiver while the sender was sending
    p99_ms: float   # one-way delay, 99th percentile of what arrived
    pause_ms: int = 0  # longest time in which the sender itself sent nothing

    @property
    def lost(self):
        return self.sent - self.received

    def flows(self, gap_limit_ms=400):
        """Audible as a call: nearly all there and no hole; the rest of the numbers are for the reader."""
        return self.sent > 0 and self.lost <= 0.03 * self.sent and self.gap_ms <= gap_limit_ms

    def undisturbed(self, control):
        """Nobody noticed: nothing lost, and no longer hole than in `control` (the same call, left alone) or than the sender itself made."""
        return self.sent > 0 and not self.lost and self.gap_ms <= max(60, 2 * control.gap_ms, self.pause_ms + 20)

    def __str__(self):
        return f"{self.received}/{self.sent}, gap {self.gap_ms} ms" if self.received else f"0/{self.sent}"


def key(payload):
    return payload[8:12] + payload[2:8]


def is_rtp(payload):
    return len(payload) >= 12 and payload[0] >> 6 == 2 and not is_rtcp(payload)


def is_rtcp(payload):
    return len(payload) >= 8 and payload[0] >> 6 == 2 and 192 <= payload[1] <= 223


def audio(sender, source, receiver, target, window, ports):
    """Audio from host `source` (seen in capture `sender`) to host `target` (seen in capture `receiver`) within window.

    `ports`: UDP ports at which the receiver listens; what arrives elsewhere is not heard and does not count.
    Packets of the stream at a host whose ports are not known cannot be judged, and that is an error."""
    start, end = window
    sent = {key(p.payload): p.time for p in sender if start <= p.time <= end and p.source[0] == source and is_rtp(p.payload)}
    got = {}
    for packet in receiver:
        if packet.target[0] != target or not is_rtp(packet.payload) or key(packet.payload) not in sent:
            continue
        if not ports:
            raise LabError(f"RTP reaches {target}, and no port is known at which it listens")
        if packet.target[1] in ports:
            got.setdefault(key(packet.payload), packet.time)
    if not sent:
        return Audio(0, 0, 0, 0.0)
    gap = longest([min(sent.values())] + sorted(got.values()) + [max(sent.values())])
    delays = sorted(time - sent[packet] for packet, time in got.items())
    p99 = delays[min(len(delays) - 1, int(0.99 * len(delays)))] * 1000 if delays else 0.0
    return Audio(len(sent), len(got), round(gap * 1000), round(p99, 1), round(longest(sorted(sent.values())) * 1000))


def longest(moments):
    return max((after - before for before, after in zip(moments, moments[1:])), default=0.0)
