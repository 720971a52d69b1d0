#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct analyze --filter`, `--from` and `--to`: what is left out appears in no finding, also not in those that look
at more than one call: the signs of an ALG that one point sees, and the other side of a router.
usage: filter_test.py VIADUCT"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import capture

VIADUCT = sys.argv[1]
SERVER, SERVER_MEDIA = ("198.51.100.20", 5060), ("198.51.100.20", 50000)


def call(name, number, outside, begin, media_port=40000):
    """A call of a phone 192.168.1.10 as the platform sees it, behind a router that writes `outside` into SDP and keeps a
    copy of o= in an i= line. RTP comes from port 40000."""
    phone = (outside, 5060)
    def sip(start_line, cseq, body=""):
        head = [start_line, f"Via: SIP/2.0/UDP {outside}:5060;branch=z9hG4bK{name}{cseq.replace(' ', '')}", "Max-Forwards: 70",
                f"From: <sip:{number}@example.org>;tag={name}", "To: <sip:bob@example.net>" + (";tag=b" if cseq != "1 INVITE" else ""),
                f"Call-ID: {name}@phone", f"CSeq: {cseq}", "User-Agent: Phone 1.0"]
        if start_line.startswith(("INVITE", "ACK", "BYE")):
            head.append(f"Contact: <sip:{number}@{outside}:5060>")
        if body:
            head.append("Content-Type: application/sdp")
        return "\r\n".join([*head, f"Content-Length: {len(body)}", "", body]).encode()
    offer = (f"v=0\r\no=- 1 1 IN IP4 {outside}\r\ns=-\r\ni=(o=IN IP4 192.168.1.10)\r\nc=IN IP4 {outside}\r\nt=0 0\r\n"
             f"m=audio {media_port} RTP/AVP 8\r\n")
    for at, source, destination, octets in (
            (0.0, phone, SERVER, sip("INVITE sip:bob@example.net SIP/2.0", "1 INVITE", offer)),
            (1.0, SERVER, phone, sip("SIP/2.0 200 OK", "1 INVITE", capture.sdp(SERVER_MEDIA))),
            (1.1, phone, SERVER, sip("ACK sip:bob@example.net SIP/2.0", "1 ACK")),
            (8.0, phone, SERVER, sip("BYE sip:bob@example.net SIP/2.0", "2 BYE")),
            (8.1, SERVER, phone, sip("SIP/2.0 200 OK", "2 BYE"))):
        yield capture.BEGIN + begin + at, capture.udp(source, destination, octets)
    yield from capture.talk((outside, 40000), SERVER_MEDIA, 0xa1, begin + 1.1, begin + 8)
    yield from capture.talk(SERVER_MEDIA, (outside, 40000), 0xa2, begin + 1.1, begin + 8)


ONE, OTHER = "203.0.113.2", "203.0.113.77"


class Filter(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def put(self, name, frames):
        (pathlib.Path(self.folder.name) / name).write_bytes(capture.pcap(frames))

    def findings(self, *arguments):
        run = subprocess.run([VIADUCT, "analyze", "--json", *arguments], cwd=self.folder.name, capture_output=True, timeout=60)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        self.text = run.stdout.decode()
        return {found["rule"]: found for found in json.loads(run.stdout)["findings"]}

    def two_customers(self, **more):
        self.put("two.pcap", [*call("c1", "4930111111", ONE, 0, **more), *call("c2", "4930222222", OTHER, 20, **more)])

    def test_signs_of_an_alg(self):
        self.two_customers()
        both = self.findings("two.pcap")["alg-fingerprint"]
        self.assertEqual(both["verdict"], "fail")
        self.assertIn(f"{ONE}, {OTHER}", both["statement"])
        for text in ("c2@phone", "4930222222", "+49 30 222222", OTHER, "203.0.113.64/26"):
            found = self.findings("--filter", text, "two.pcap")["alg-fingerprint"]
            self.assertEqual(found["verdict"], "fail", text)
            self.assertNotIn(ONE, self.text, text)
            self.assertNotIn("4930111111", self.text, text)
        for window in (["--from", "+15"], ["--from", "+15", "--to", "+40"]):
            self.assertEqual(self.findings(*window, "two.pcap")["alg-fingerprint"]["verdict"], "fail")
            self.assertNotIn(ONE, self.text)

    def test_a_register_of_the_number_is_evidence(self):
        register = capture.sip("REGISTER sip:example.org SIP/2.0", "1 REGISTER").replace(b"alice@", b"4930222222@")
        register = register.replace(b"call-1@example.org", b"r1@phone").replace(b"sip:bob@example.net>;tag=bob", b"sip:4930222222@example.org>")
        register = register.replace(b"Via: SIP/2.0/UDP 192.0.2.10:5060;", f"Via: SIP/2.0/UDP {OTHER}:5060;received={OTHER};".encode())
        self.put("two.pcap", [(capture.BEGIN + 19, capture.udp((OTHER, 5060), SERVER, register)),
                              *call("c1", "4930111111", ONE, 0), *call("c2", "4930222222", OTHER, 20)])
        sign = "the only Via of a request has received"
        for text, there in (("c2@phone", False), ("4930222222", True), (OTHER, True), ("4930111111", False)):
            self.findings("--filter", text, "two.pcap")
            self.assertEqual(sign in self.text, there, text)

    def test_media_from_another_port_is_a_sign_only_beside_others(self):
        sign = "media comes from another port than SDP names"
        self.two_customers()
        self.findings("two.pcap")
        self.assertNotIn(sign, self.text)
        self.two_customers(media_port=40010)
        found = self.findings("two.pcap")["alg-fingerprint"]
        self.assertEqual(found["verdict"], "fail")
        self.assertIn(sign, self.text)
        # A phone that uses STUN behind a symmetric NAT: nothing else shows an edit, so nobody is accused.
        plain = [(at, frame.replace(b"i=(o=IN IP4 192.168.1.10)", b"i=call of a kind of phone")) for at, frame in
                 call("c1", "4930111111", ONE, 0, media_port=40010)]
        self.put("stun.pcap", plain)
        self.assertNotEqual(self.findings("stun.pcap")["alg-fingerprint"]["verdict"], "fail")

    def other_side(self, *arguments):
        """The router writes its own addresses for those of two phones, and keeps the BYE of c1."""
        self.put("inside.pcap", [*call("c1", "4930111111", "192.168.1.10", 0), *call("c2", "4930222222", "192.168.1.77", 20)])
        outside = [*call("c1", "4930111111", ONE, 2), *call("c2", "4930222222", OTHER, 22)]
        self.put("outside.pcap", [(at, frame) for at, frame in outside if not (b"c1@phone" in frame and b"2 BYE" in frame)])
        return self.findings("inside.pcap", "--other-side", "outside.pcap", *arguments)

    def check_alone(self, found, there, other, drops):
        self.assertEqual((found["alg-rewrites"]["verdict"], found["alg-rewrites"]["calls"]), ("fail", [0]))
        self.assertEqual(found["alg-drops-message"]["verdict"] == "fail", drops)
        self.assertIn(there, self.text)
        for name in other:
            self.assertNotIn(name, self.text)

    def test_the_other_side(self):
        whole = self.other_side()
        self.assertEqual((whole["alg-rewrites"]["calls"], whole["alg-drops-message"]["verdict"]), ([0, 1], "fail"))
        one, other = (ONE, "4930111111", "c1@phone", "192.168.1.10:"), (OTHER, "4930222222", "c2@phone", "192.168.1.77")
        for text in ("c1@phone", "4930111111", "192.168.1.10"):
            self.check_alone(self.other_side("--filter", text), ONE, other, True)
        for text in ("c2@phone", "4930222222", "192.168.1.77"):
            self.check_alone(self.other_side("--filter", text), OTHER, one, False)
        self.check_alone(self.other_side("--to", "+15"), ONE, other, True)
        self.check_alone(self.other_side("--from", "+15"), OTHER, one, False)
        # At the edge of the time: what is on both sides is no loss.
        self.assertEqual(self.other_side("--from", "+20.0005", "--to", "+28.05")["alg-drops-message"]["verdict"], "pass")


unittest.main(argv=sys.argv[:1])
