# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the analyser lists every octet that a router changed: the lab's own pairing and comparison of messages against the exhibits."""
import difflib
import pathlib
import re
import tempfile
from typing import NamedTuple

from lab import capture, messages, sip
from lab.detect.analysis import analyse

TABLE = "All that was changed"
WORD = re.compile(rb"[0-9A-Za-z.]+|[^0-9A-Za-z.]")


class Check(NamedTuple):
    """Own count beside what was said."""
    messages: int        # that passed, by the lab's own pairing
    changed: int         # of these
    octets: int          # that differ, by the lab's own comparison
    listed: int          # octets of the fields in the analyser's table
    problems: tuple = ()  # texts: where both do not agree

    def __str__(self):
        return f"{self.octets} octets differ in {self.changed} of {self.messages} messages, {self.listed} octets of fields are listed"


def frames(path):
    """[(message, records)]: each SIP message over UDP of a capture with the records of the file that carried it; and the file's header."""
    data = path.read_bytes()
    capture.read(path)  # complains about a file of another kind
    order = "little" if data[0] == 0xD4 else "big"
    found, fragments, carried, at = [], {}, {}, 24
    while at + 16 <= len(data):
        seconds, micros, length = (int.from_bytes(data[at + place:at + place + 4], order) for place in (0, 4, 8))
        record, frame = data[at:at + 16 + length], data[at + 16:at + 16 + length]
        at += 16 + length
        key = (frame[18:20], frame[26:34])
        carried.setdefault(key, []).append(record)
        packet = capture.decode(seconds + micros / 1e6, frame, fragments)
        message = packet and sip.parse(packet.payload, packet.time, packet.source, packet.target)
        if message:
            found.append((message, carried[key]))
        if not int.from_bytes(frame[20:22], "big") & 0x3FFF or packet:
            del carried[key]
    return data[:24], found


def spoilt(exhibit, before, after):
    """What is wrong with a shown difference: text, or empty. The octets outside the marked ranges must be the same, and nothing left out."""
    if (exhibit["before"], exhibit["after"]) != tuple(raw.decode("utf-8", "replace") for raw in (before, after)):
        return "shows other octets than were captured"
    if exhibit["left_out"]:
        return "leaves changes out"
    at_old = at_new = 0
    for change in [*exhibit["changes"], None]:
        old, new = (change["before"], change["after"]) if change else ({"offset": len(before), "length": 0}, {"offset": len(after), "length": 0})
        if before[at_old:old["offset"]] != after[at_new:new["offset"]]:
            return "octets differ that are not marked"
        if change and before[old["offset"]:old["offset"] + old["length"]] == after[new["offset"]:new["offset"] + new["length"]]:
            return "octets are marked that do not differ"
        at_old, at_new = old["offset"] + old["length"], new["offset"] + new["length"]
    return ""


def differing(pair):
    """Octets of the words that are not the same, a word being letters, digits and dots: an address is one, a port is another."""
    total = 0
    for left, right in zip(*aligned(pair.before.raw, pair.after.raw)):
        old, new = WORD.findall(left), WORD.findall(right)
        for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            total += 0 if kind == "equal" else max(sum(map(len, old[a:b])), sum(map(len, new[c:d])))
    return total


def aligned(before, after):
    """Lines of both, line by line if they are as many."""
    old, new = before.split(b"\r\n"), after.split(b"\r\n")
    return (old, new) if len(old) == len(new) else ([before], [after])


class Slices:
    """Captures that have one message each, before and after the router."""

    def __init__(self, viaduct, inside, outside):
        self.viaduct, self.known = viaduct, {}
        self.sides = [self._records([inside]), self._records(outside)]

    @staticmethod
    def _records(paths):
        found = {}
        for path in paths:
            header, carried = frames(path)
            found |= {(message.time, message.source, message.raw): (header, records) for message, records in carried}
        return found

    def exhibit(self, pair):
        """How the analyser shows the difference of a pair when it gets this pair alone; None: it shows none."""
        key = pair.before.raw, pair.after.raw, pair.outbound
        if key not in self.known:
            self.known[key] = self._ask(pair)
        return self.known[key]

    def _ask(self, pair):
        inner, outer = (pair.before, pair.after) if pair.outbound else (pair.after, pair.before)
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for name, side, message in (("inside", self.sides[0], inner), ("outside", self.sides[1], outer)):
                header, records = side[message.time, message.source, message.raw]
                files.append(pathlib.Path(folder) / f"{name}.pcap")
                files[-1].write_bytes(header + b"".join(records))
            finding = analyse(self.viaduct, files[:1], files[1:]).finding("alg-rewrites")
        return next((exhibit for exhibit in finding["exhibits"] if exhibit["kind"] == "byte_diff"), None)


def width(exhibit):
    return sum(max(change["before"]["length"], change["after"]["length"]) for change in exhibit["changes"])


def check(viaduct, record, inside, outside, answer):
    """Compares an answer for both sides with the lab's own view of the same captures."""
    passed = [pair for pair in messages.at_router(record) if pair.after]
    changed = [pair for pair in passed if pair.changes()]
    slices, problems, shown = Slices(viaduct, inside, outside), set(), 0
    for pair in changed:
        exhibit = slices.exhibit(pair)
        wrong = spoilt(exhibit, pair.before.raw, pair.after.raw) if exhibit else "no difference is shown"
        if wrong:
            problems.add(f"{pair.before.name()}: {wrong}")
        shown += width(exhibit) if exhibit else 0
    tables = answer.tables("alg-rewrites", TABLE)
    listed = sum(int(row[4]) for table in tables for row in table["rows"])
    said = answer.changed_messages()
    if changed and (not said or said[0] != len(changed)):
        problems.add(f"{len(changed)} messages are changed, {said[0] if said else 0} are said to be")
    if not changed and said:
        problems.add(f"no message is changed, {said[0]} are said to be")
    if shown != listed:
        problems.add(f"the changed fields of the messages one by one have {shown} octets, the table has {listed}")
    if any(table["left_out"] for table in tables):
        problems.add("the table leaves rows out")
    return Check(len(passed), len(changed), sum(differing(pair) for pair in changed), listed, tuple(sorted(problems)))
