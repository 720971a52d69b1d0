#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Files whose reading would take minutes if its time grew with the square of anything in them; ctest's timeout is the
judge. What is expected is that each is read to its end. usage: heavy_test.py SOURCE_DIR VIADUCT ..."""
import json
import subprocess
import sys
import unittest

VIADUCT = sys.argv[2]
SIZE = 1 << 20
SDP = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"


def filled(piece):
    return piece * (SIZE // len(piece))


def numbered(piece):
    return "".join(piece % n for n in range(SIZE // len(piece % 99999)))


def message(headers="", body="", content_type="application/sdp"):
    head = ("OPTIONS sip:a@example.org SIP/2.0\r\nMax-Forwards: 70\r\nFrom: <sip:b@example.org>;tag=1\r\n"
            "To: <sip:a@example.org>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n")
    via = "" if "Via:" in headers else "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKc\r\n"
    kind = f"Content-Type: {content_type}\r\n" if body else ""
    return (head + via + headers + kind + f"Content-Length: {len(body)}\r\n\r\n" + body).encode()


def nested(depth, inner):
    """A multipart in a multipart in a multipart, each with the same octets to search."""
    body = inner
    for level in range(depth, 1, -1):
        body = f"--b{level}\r\nContent-Type: multipart/mixed;boundary=b{level + 1}\r\n\r\n{body}\r\n--b{level}--\r\n"
    return f"--b1\r\nContent-Type: multipart/mixed;boundary=b2\r\n\r\n{body}\r\n--b1--\r\n"


VIA = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKc"
SHAPES = {
    "Via parameters": message(VIA + numbered(";p%d=1") + "\r\n"),
    "URI parameters": message("Contact: <sip:a@192.0.2.1" + numbered(";p%d=1") + ">\r\n"),
    "Via values": message(VIA + filled(", SIP/2.0/UDP h;branch=z9hG4bKc") + "\r\n"),
    "Contact values": message("Contact: <sip:a@192.0.2.1>" + filled(", <sip:a@192.0.2.1>") + "\r\n"),
    "open brackets": message("Contact: " + filled("<") + "\r\n"),
    "open comments": message("Contact: " + filled("(") + "\r\n"),
    "open comments in values": message("Contact: " + filled("(,") + "\r\n"),
    "open quotes": message("Contact: " + filled('"\\') + "\r\n"),
    "credentials": message("Authorization: Digest " + numbered('p%d="1",') + "\r\n"),
    "one value of every header": message("".join("Contact: " + filled("<,")[:SIZE // 100] + "\r\n" for _ in range(100))),
    "bad escapes": message("Contact: <sip:" + filled("%") + "@h>\r\n"),
    "a= lines": message(body=SDP + filled("a=sendrecv\r\n")),
    "bad a= lines": message(body=SDP + filled("a=\r\n")),
    "candidates": message(body=SDP + filled("a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\n")),
    "session a= lines": message(body=SDP.replace("m=", filled("a=mid:1\r\n") + "m=") + filled("m=audio 1 RTP/AVP 0\r\n")[:20 * 21]),
    "unknown lines": message(body=SDP + filled("Q\n")),
    "parts": message(body=filled("--b\r\n\r\n"), content_type="multipart/mixed;boundary=b"),
    "parts of SDP": message(body=filled("--b\r\nContent-Type: application/sdp\r\n\r\nx\r\n"),
                            content_type="multipart/mixed;boundary=b"),
    "hyphens": message(body=filled("-"), content_type="multipart/mixed;boundary=" + "-" * 70),
    "nested multiparts": message(body=nested(6, filled("--b7\n-")), content_type="multipart/mixed;boundary=b1"),
    "line ends": message(VIA + filled("\r\n ") + "\r\n"),
}


class Heavy(unittest.TestCase):
    def test_every_shape_is_read_to_its_end(self):
        for name, octets in SHAPES.items():
            for option in ([], ["--json"]):
                with self.subTest(name, option=option):
                    done = subprocess.run([VIADUCT, "message", *option, "-"], input=octets, capture_output=True)
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    self.assertEqual(done.stderr, b"")
                    if option:
                        report = json.loads(done.stdout)
                        self.assertEqual(report["octets"], len(octets))
                    else:
                        self.assertIn(f"OPTIONS request, {len(octets)} octets".encode(), done.stdout[:200])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
