#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures whose pages are looked at. usage: captures.py FOLDER
call.pcap: a call with a hole of 2 s. hostile.pcap: a call for each text of TEXTS, which stands wherever SIP and SDP have
room for one. harmless.pcap: the same calls with a word instead."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "analyze"))
import capture  # noqa: E402

TEXTS = ["<script>hacked()</script>", '"><img/src=x/onerror=hacked()>', "</title></style></svg><script>hacked()</script>",
         "javascript:hacked()", "<svg/onload=hacked()><set/attributeName=href/to=javascript:hacked()>",
         "</text><foreignObject><iframe/src=//outside.example></foreignObject>",
         "--n:9;background:url(//outside.example/x)}*{display:none", "</style><link/rel=stylesheet/href=//outside.example>",
         "<base/href=//outside.example><meta/http-equiv=refresh/content=0>", "'onfocus='hacked()'autofocus='",
         "&lt;b&gt;&#x3c;b&#62;&amp;", "<!--", "]]><![CDATA[", "{{7*7}}${7*7}<%=7*7%>",
         "\u202egnp.exe\u2066\u200b\ufeff", "\x1b[2J\x07\x08\x00\x7f", "\xc2\x85\x9b\xff\xfe", "tel:+49301234567,,,1"]


def hostile(message, text):
    """The message with more headers, and `text` where the words of the harmless one stand."""
    head = message.replace(b"Max-Forwards: 70\r\n", b"Max-Forwards: 70\r\nUser-Agent: WORD\r\nServer: WORD\r\n"
                           b"Subject: WORD\r\nReason: SIP;cause=200;text=\"WORD\"\r\n")
    head = head.replace(b"From: <sip:alice@", b"From: \"WORD\" <sip:WORD@").replace(b"To: <sip:bob@", b"To: WORD <sip:WORD@")
    head = head.replace(b"call-1@example.org", b"WORD").replace(b"s=-", b"s=WORD\r\ni=WORD").replace(b"PCMA/8000", b"WORD/8000")
    return head.replace(b"WORD", text)


def with_length(message):
    """Content-Length as the body came to be."""
    head, body = message.split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def calls(texts):
    """One call after the other, each with media of its own that has a hole."""
    for number, text in enumerate(texts):
        shift = 30 * number
        alice, bob = ("192.0.2.10", 40000 + 2 * number), ("198.51.100.20", 50000 + 2 * number)
        for time, frame in capture.dialogue(alice, bob):
            ends, message = ((capture.ALICE, capture.BOB) if frame[26:30] == b"\xc0\x00\x02\x0a" else
                             (capture.BOB, capture.ALICE)), frame[42:]
            message = message.replace(b"branch=z9hG4bK", b"branch=z9hG4bK%d" % number)
            yield time + shift, capture.udp(*ends, with_length(hostile(message, text)))
        yield from ((time + shift, frame) for time, frame in capture.talk(bob, alice, 0xb0b + number, 1.1, 21.0, 0, (8, 10)))


def octets(text):
    """Code points below 256 are octets where they are no UTF-8 of anything."""
    return text.encode("latin-1") if all(ord(c) < 256 for c in text) else text.encode()


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "call.pcap").write_bytes(capture.pcap())
    (folder / "hostile.pcap").write_bytes(capture.pcap(list(calls([octets(text) + b"%d" % i for i, text in enumerate(TEXTS)]))))
    (folder / "harmless.pcap").write_bytes(capture.pcap(list(calls([b"word%d" % i for i in range(len(TEXTS))]))))


main()
