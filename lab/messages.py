# SPDX-License-Identifier: GPL-2.0-or-later
"""The same SIP message before and after the router: found, counted, and shown side by side."""
import difflib
import html
import re
from typing import NamedTuple

from lab import sip
from lab.topology import NEW_WAN, SECOND_WAN, SHARED, WAN

LAN = ("192.168.1.", "2001:db8:1:")
OUTER = (WAN["r1"], NEW_WAN, SECOND_WAN, SHARED)  # whichever r1 has in the shape at hand
LIMIT = 8.0  # seconds a message may take through the router: one that waits for a daemon to come back takes three to five


class Pair(NamedTuple):
    before: sip.Message
    after: sip.Message  # None: it did not come out
    outbound: bool

    def changes(self):
        return changes(self.before.raw, self.after.raw) if self.after else []

    def changed_bytes(self):
        return sum(max(len(old), len(new)) for _, old, new in self.changes())


def identity(message):
    """Never the Call-ID or the branch: an ALG may rewrite them."""
    return message.method, message.status, message.cseq, message.tag("from")


def pairs(inside, outside, lan, wan):
    """Joins what enters a router with what leaves it, by method, status, CSeq, From tag and time.

    inside, outside: messages at the two sides; lan(address): belongs to the inner network; wan: the router's outer addresses."""
    def outer(address):
        return address in wan or lan(address)  # the second without NAT, IPv6
    ways = ((True, [m for m in inside if lan(m.source[0]) and not lan(m.target[0])], [m for m in outside if outer(m.source[0])]),
            (False, [m for m in outside if outer(m.target[0])], [m for m in inside if lan(m.target[0]) and not lan(m.source[0])]))
    found = []
    for outbound, entering, leaving in ways:
        after = joined(entering, leaving)
        found += [Pair(before, after.get(number), outbound) for number, before in enumerate(entering)]
    return sorted(found, key=lambda pair: pair.before.time)


def branch(message):
    """Of the topmost Via."""
    found = re.search(r";\s*branch=([^;,\s]+)", message.get("via"))
    return found[1] if found else ""


def joined(entering, leaving):
    """{index in entering: message of leaving}: the nearest in time first; where branches of a fork look alike, those that kept their branch before others."""
    alike = [(branch(before) != branch(after), after.time - before.time, number, place)
             for number, before in enumerate(entering) for place, after in enumerate(leaving)
             if identity(after) == identity(before) and 0 <= after.time - before.time < LIMIT]
    found, used = {}, set()
    for _, _, number, place in sorted(alike):
        if number not in found and place not in used:
            found[number] = leaving[place]
            used.add(place)
    return found


def common(old, new):
    """Length of the common prefix."""
    return next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))


def changes(before, after):
    """[(offset in before, old bytes, new bytes)]: line by line, then cut to what differs within the line."""
    old, new = before.split(b"\r\n"), after.split(b"\r\n")
    found = []
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line) + 2)
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if kind == "replace" and b - a == d - c:
            spans = [(starts[a + i], old[a + i], new[c + i]) for i in range(b - a)]
        else:
            spans = [(starts[a], b"\r\n".join(old[a:b]), b"\r\n".join(new[c:d]))]
        for offset, left, right in spans:
            head = common(left, right)
            tail = common(left[head:][::-1], right[head:][::-1])
            found.append((offset + head, left[head:len(left) - tail], right[head:len(right) - tail]))
    return found


def place(raw, offset):
    """Name of the header or SDP line that holds the offset: "Contact", "c=", "Request-URI"."""
    start = raw.rfind(b"\r\n", 0, offset + 1) + 2 if b"\r\n" in raw[:offset + 1] else 0
    line = raw[start:].split(b"\r\n", 1)[0].decode("utf-8", "replace")
    if start == 0:
        return "start line"
    return line[:2] if offset > raw.find(b"\r\n\r\n") else line.split(":", 1)[0]


class Changed(NamedTuple):
    """What a router did to the messages of a scene."""
    messages: int
    lost: int
    touched: int
    octets: int
    places: dict  # header or SDP line: number of messages in which it was changed
    body_octets: int

    @property
    def none(self):
        """Nothing was changed, and there was something to change."""
        return self.messages > 0 and not self.octets

    def __str__(self):
        where = ", ".join(f"{name} {count}" for name, count in sorted(self.places.items(), key=lambda item: -item[1]))
        mean = f" ({self.octets / self.messages:.0f} per message)" if self.octets else ""
        return f"{self.octets} B in {self.touched}/{self.messages}{mean}" + (f": {where}" if where else "")


def count(found):
    """Sums up the pairs."""
    places, octets, body, touched = {}, 0, 0, 0
    for pair in found:
        touched += bool(pair.changes())
        border = pair.before.raw.find(b"\r\n\r\n")
        for name in {place(pair.before.raw, offset) for offset, _, _ in pair.changes()}:
            places[name] = places.get(name, 0) + 1
        for offset, old, new in pair.changes():
            octets += max(len(old), len(new))
            body += max(len(old), len(new)) if offset > border else 0
    return Changed(len(found), sum(not pair.after for pair in found), touched, octets, places, body)


# What `assist` says of itself that it may change, by direction; in a response to the phone that is the Contacts of the 200 to its REGISTER.
TO_PLATFORM = {"Contact", "Content-Length", "o=", "c=", "m=", "a="}
OUR_ENDPOINT = re.compile(rb"(?:%s)(?::\d+)?" % b"|".join(re.escape(prefix.encode()) + rb"\d+" for prefix in (LAN[0], "203.0.113.", "100.64.0.")))
MEDIA_PORT = re.compile(rb"^(m=audio |a=rtcp:)\d+")


def may_change(pair):
    """Names of the lines that a documented edit may touch in this message."""
    if pair.outbound:
        return TO_PLATFORM
    if not pair.before.status:
        return {"start line"}
    return {"Contact"} if (pair.before.method, pair.before.status) == ("REGISTER", 200) else set()


def unexpected(found):
    """What the documented edits do not explain: another line, or more of an allowed one than an address with its port. Sorted texts."""
    told = set()
    for pair in found:
        if not pair.after:
            told.add(f"{pair.before.name()}: lost")
            continue
        old, new = pair.before.raw.split(b"\r\n"), pair.after.raw.split(b"\r\n")
        if len(old) != len(new):
            told.add(f"{pair.before.name()}: lines")
        offset = 0
        for left, right in zip(old, new):
            name = place(pair.before.raw, offset)
            if left != right and not (name in may_change(pair) and explained(name, left, right, pair.after)):
                told.add(f"{pair.before.name()} {'out' if pair.outbound else 'in'}: {name}")
            offset += len(left) + 2
    return sorted(told)


def explained(name, left, right, after):
    if name == "Content-Length":
        return right.split(b":")[1].strip() == str(len(after.raw.partition(b"\r\n\r\n")[2])).encode()
    old, new = (MEDIA_PORT.sub(rb"\1", OUR_ENDPOINT.sub(b"", line)) for line in (left, right))
    return old == new


def at_router(record):
    """The pairs of router r1 in a record."""
    outside = sorted(record.messages("r1-outside") + record.messages("r1-outside2"), key=lambda message: message.time)
    return pairs(record.messages("r1-inside"), outside, lambda address: address.startswith(LAN), OUTER)


STYLE = """body{font:14px sans-serif;margin:1em}table{border-collapse:collapse;width:100%;table-layout:fixed;margin-bottom:1.5em}
td{vertical-align:top;border:1px solid #bbb;padding:4px;width:50%}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:12px}
mark{background:#ffd54d}h3{margin:0 0 4px;font-size:14px}.same{color:#666}.lost{color:#b00020}"""


def page(sections):
    """One self-contained HTML page; sections: [(title, [Pair])]."""
    parts = ["<!doctype html><meta charset=utf-8><title>SIP before and after the router</title>", f"<style>{STYLE}</style>",
             "<h1>SIP messages before and after the router</h1>",
             "<p>Left: as it reached router r1. Right: as it left it. Changed bytes are marked.</p><ul>"]
    parts += [f'<li><a href="#s{number}">{html.escape(title)}</a></li>' for number, (title, _) in enumerate(sections)]
    parts.append("</ul>")
    for number, (title, found) in enumerate(sections):
        parts.append(f'<h2 id="s{number}">{html.escape(title)}</h2>')
        start = found[0].before.time if found else 0
        parts += [row(pair, start) for pair in found]
    return "\n".join(parts) + "\n"


def row(pair, start):
    way = "to the platform" if pair.outbound else "to the phone"
    octets = pair.changed_bytes()
    state = f"{octets} bytes changed" if octets else '<span class="same">unchanged</span>'
    if not pair.after:
        state = '<span class="lost">did not come out</span>'
    head = f"<h3>+{pair.before.time - start:.3f} s {html.escape(pair.before.name())} {way}: {state}</h3>"
    if pair.after and not octets:
        return f"{head}<details><summary>show</summary><pre>{html.escape(pair.before.raw.decode('utf-8', 'replace'))}</pre></details>"
    left = marked(pair.before.raw, [(offset, len(old)) for offset, old, _ in pair.changes()])
    right = marked(pair.after.raw, [(offset, len(old)) for offset, old, _ in changes(pair.after.raw, pair.before.raw)]) if pair.after else ""
    return f"{head}<table><tr><td><pre>{left}</pre></td><td><pre>{right}</pre></td></tr></table>"


def marked(raw, spans):
    out, at = [], 0
    for offset, length in spans:
        out += [html.escape(raw[at:offset].decode("utf-8", "replace")), "<mark>",
                html.escape(raw[offset:offset + length].decode("utf-8", "replace")), "</mark>"]
        at = offset + length
    return "".join(out) + html.escape(raw[at:].decode("utf-8", "replace"))
