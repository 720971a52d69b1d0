# SPDX-License-Identifier: GPL-2.0-or-later
"""A row of the table with what is expected in each column, and the cell that a judge makes of a record."""
from typing import NamedTuple

from lab import rtp, sip
from lab.messages import unexpected
from lab.scene import COLUMNS

NOT_APPLICABLE = "-"


class Row(NamedTuple):
    name: str
    title: str
    expect: str  # one word per column in the order of scene.COLUMNS: ok, fail, any (shown, not judged), - (not played)

    def expected(self, column):
        """The negative controls are expected to read as no ALG."""
        words = dict(zip(COLUMNS, self.expect.split(), strict=True))
        return words.get(column, words["none"])


class Cell(NamedTuple):
    verdict: str   # ok or fail: does the call get what it needs
    text: str      # for the table
    numbers: dict = {}

    def contradicts(self, expected):
        return expected in ("ok", "fail") and self.verdict != expected


def cell(good, text, **numbers):
    return Cell("ok" if good else "fail", text, numbers)


def audio_cell(audio, **limits):
    return cell(audio.flows(**limits), str(audio), **audio._asdict())


def fields_cell(found):
    """Whether the documented edits explain every changed byte."""
    others = unexpected(found)
    lines = ", ".join(sorted({text.split(": ")[1] for text in others}))
    return cell(found and not others, f"also {lines}" if others else "no other", unexpected=others)


def own_ports(record, point, address):
    """UDP ports that the host at `point` named in its own SDP: what it listens to."""
    media = (sip.media(m.body) for m in record.messages(point) if m.source[0] == address and m.body)
    return {m.port for m in media if m}


def audio(record, sender, source, receiver, target, window):
    """rtp.audio between two hosts, counted only at ports the receiver listens to."""
    ports = own_ports(record, receiver, target)
    return rtp.audio(record.packets(sender), source, record.packets(receiver), target, record.window(*window), ports)


def reinvites(record, point, address, start, end):
    """(sent, answered with 200) of the re-INVITEs that the host at `point` sent."""
    seen = record.messages(point, start, end)
    sent = {(m.call_id, m.cseq) for m in seen if m.method == "INVITE" and not m.status and m.tag("to") and m.source[0] == address}
    answered = {(m.call_id, m.cseq) for m in seen if m.method == "INVITE" and m.status == 200 and m.target[0] == address}
    return len(sent), len(sent & answered)
