#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct analyze` as a shell meets it: a call with a hole of 2 s, whole reports, broken and missing input.
usage: command_test.py SOURCE_DIR VIADUCT
       command_test.py SOURCE_DIR VIADUCT --regold: writes expected/ anew; only tools/regold does that"""
import gzip
import json
import os
import pathlib
import pty
import re
import socket
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

import capture

SOURCE, VIADUCT = pathlib.Path(sys.argv[1]), sys.argv[2]
EXPECTED = SOURCE / "tests/analyze/expected"
GOLDENS = {"call.txt": ["--calls", "--streams"], "call.json": ["--json"], "call-ladder.txt": ["--follow", "call-1@example.org"],
           "fax-ladder.txt": ["--follow", "call-3@example.org", "fax.pcap"],
           "call-streams.csv": ["--csv", "streams"], "call-gaps.csv": ["--csv", "gaps"],
           "call-calls.csv": ["--csv", "calls"],
           "window.txt": ["--streams", "--from", "+5", "--to", "22:13:32"],
           "filter.txt": ["--calls", "--filter", "030 1234567", "two.pcap"],
           "sites.csv": ["--csv", "calls", "--site", "berlin=two.pcap"]}


class Analyze(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.put("call.pcap", capture.pcap())
        self.put("two.pcap", capture.pcap(capture.second_call()))
        self.put("fax.pcap", capture.pcap(capture.fax()))

    def put(self, name, octets):
        (pathlib.Path(self.folder.name) / name).write_bytes(octets)

    def run_on(self, *arguments, octets=b"", once=False):
        """`once`: there is no room to keep what does not come from a file."""
        environment = os.environ | ({"TMPDIR": "/dev/null"} if once else {})
        return subprocess.run([VIADUCT, "analyze", *arguments], cwd=self.folder.name, input=octets,
                              capture_output=True, timeout=60, env=environment)

    def document(self, *arguments, octets=b"", exit=None, once=False):
        run = self.run_on("--json", *arguments, octets=octets, once=once)
        document = json.loads(run.stdout)
        verdict = 0 if document["verdict"] == "clean" else 1
        self.assertEqual(run.returncode, verdict if exit is None else exit, run.stderr)
        schema = json.loads((SOURCE / "docs/result-schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(document)
        return document

    def reports(self):
        for name, arguments in GOLDENS.items():
            run = self.run_on(*arguments, "call.pcap")
            self.assertIn(run.returncode, (0, 1))
            self.assertEqual(run.stderr, b"", arguments)
            text = run.stdout.decode()
            yield name, re.sub(r'("version":\s*")[^"]*', r"\1VERSION", text) if name == "call.json" else text

    def test_reports(self):
        for name, text in self.reports():
            with self.subTest(name):
                self.assertEqual(text, (EXPECTED / name).read_bytes().decode())

    def test_what_is_not_judged_is_said_so(self):
        call, = self.document("fax.pcap", exit=1)["calls"]
        self.assertEqual(call["not_judged"], ["T.38 fax"])  # Bob wanted no video
        self.assertIn("T.38 fax: not judged, in 1 of these calls", self.run_on("fax.pcap").stdout.decode())
        self.assertTrue(self.run_on("--csv", "calls", "fax.pcap").stdout.endswith(b",T.38 fax\r\n"))

    def other_side(self, edit=lambda octets: octets):
        """The findings that fail where the frames of a call came out of a router as `edit` has them, 2 s later by its clock."""
        self.put("outside.pcap", capture.pcap([(at + 2, edit(frame)) for at, frame in capture.frames()]))
        document = self.document("call.pcap", "--other-side", "outside.pcap", exit=1)
        self.assertEqual([entry["site"] for entry in document["inputs"]], ["", "other side"])
        self.assertEqual((len(document["calls"]), len(document["streams"])), (1, 2))
        return {found["rule"]: found for found in document["findings"]}

    def test_the_other_side_of_a_router_that_changes_nothing(self):
        found = self.other_side()
        self.assertEqual((found["alg-rewrites"]["verdict"], found["alg-rewrites"]["statement"]),
                         ("pass", "6 messages and 1885 RTP packets were compared between both sides; no octet of SIP differs."))
        self.assertEqual(found["alg-framing"]["verdict"], "pass")

    def test_the_other_side_of_a_router_that_edits(self):
        found = self.other_side(lambda octets: octets.replace(b"sip:x@example.org", b"sip:x@example.net"))["alg-rewrites"]
        self.assertEqual((found["verdict"], found["cause"], found["calls"]), ("fail", "sip-alg", [0]))
        self.assertIn("Contact host", found["statement"])

    BRIDGED = ("packets of {} are in this capture more than once, as a bridge and its ports show them: the copies count as "
               "duplicates and for nothing else")

    def both_sides(self, frames, link=1, exit=1, clocks="", more=()):
        """The document of one capture of both sides of a router, and its findings."""
        self.put("both.pcap", capture.pcap(list(frames), link=link))
        document = self.document("both.pcap", exit=exit)
        self.assertEqual((len(document["calls"]), len(document["streams"])), (1, 2))
        self.assertEqual(document["inputs"][0]["problems"],
                         ["both sides of a router are in this capture: calls and streams are those of the inner side, "
                          "compared with the outer one" + clocks, *more])
        return document, {found["rule"]: found for found in document["findings"]}

    def test_one_capture_of_both_sides_of_a_router(self):
        document, found = self.both_sides(capture.both_sides())
        alone = self.document("call.pcap")
        self.assertEqual([(s["source"], s["expected"], s["lost"], len(s["gaps"])) for s in document["streams"]],
                         [(s["source"], s["expected"], s["lost"], len(s["gaps"])) for s in alone["streams"]])
        self.assertEqual((found["alg-rewrites"]["verdict"], found["alg-rewrites"]["statement"]),
                         ("pass", "6 messages and 1884 RTP packets were compared between both sides; no octet of SIP differs."))
        self.assertEqual(found["alg-drops-message"]["verdict"], "pass")

    def test_one_capture_of_both_sides_of_an_alg(self):
        _, found = self.both_sides(capture.both_sides(edit=lambda frame: frame.replace(b"sip:x@example.org", b"sip:x@example.net")))
        self.assertEqual((found["alg-rewrites"]["verdict"], found["alg-rewrites"]["cause"], found["alg-rewrites"]["calls"]),
                         ("fail", "sip-alg", [0]))
        self.assertIn("Contact host", found["alg-rewrites"]["statement"])

    def test_both_sides_by_clocks_that_are_apart(self):
        change = lambda frame: frame.replace(b"sip:x@example.org", b"sip:x@example.net")
        told = lambda found: [(rule, entry["verdict"]) for rule, entry in found.items()]
        expected = told(self.both_sides(capture.both_sides(edit=change))[1])
        for ahead, text in ((-1.2, ""), (1.2, ""), (2.5, "2.50"), (-5, "5.00"), (30, "30.0"), (-3600, "3600.0")):
            with self.subTest(ahead=ahead):
                frames = capture.by_another_clock(capture.both_sides(edit=change), ahead)
                _, found = self.both_sides(frames, clocks=f"; their clocks are {text} s apart" if text else "")
                self.assertEqual(told(found), expected)

    def test_a_side_that_was_captured_later_is_no_late_audio(self):
        for later in (True, False):
            frames = [(at, frame) for at, frame in capture.both_sides()
                      if at > capture.BEGIN + 8 or (socket.inet_aton(capture.OUTER) in (frame[26:30], frame[30:34])) != later]
            document = self.document("-", octets=capture.pcap(frames), exit=1, once=True)
            self.assertEqual([entry["verdict"] for entry in document["findings"] if entry["rule"] == "late-media"], ["pass"])
            document = self.document("-", octets=capture.pcap(frames), exit=1)
            self.assertNotIn("fail", [entry["verdict"] for entry in document["findings"] if entry["rule"] == "late-media"])

    def test_one_capture_of_both_sides_sees_copies_of_a_bridge(self):
        both = list(capture.both_sides())
        _, found = self.both_sides([*both, *((at + 0.0001, frame) for at, frame in both if frame[26:34].find(b"\xcb\0\x71") < 0)],
                                   more=[self.BRIDGED.format("2 streams")])
        self.assertEqual([found[rule]["verdict"] for rule in ("alg-rewrites", "alg-drops-message", "path-loses-media")],
                         ["pass"] * 3)

    def test_a_bridge_shows_each_packet_twice(self):
        frames = [(at, capture.cooked(frame)) for at, frame in capture.frames()]
        self.put("once.pcap", capture.pcap(frames, link=113))
        self.put("twice.pcap", capture.pcap([(at + later, frame) for at, frame in frames for later in (0, 0.00002)], link=113))
        once, twice = (self.document(name, exit=1) for name in ("once.pcap", "twice.pcap"))
        self.assertEqual((once["inputs"][0]["problems"], twice["inputs"][0]["problems"]), ([], [self.BRIDGED.format("2 streams")]))
        figures = lambda document: [(s["expected"], s["packets"] - s["duplicates"], s["lost"], len(s["gaps"])) for s in document["streams"]]
        self.assertEqual(figures(twice), figures(once))
        self.assertEqual([s["duplicates"] for s in twice["streams"]], [1000, 900])
        told = lambda document: [(found["rule"], found["verdict"]) for found in document["findings"]]
        self.assertEqual(told(twice), told(once))

    def test_media_that_a_router_does_not_pass(self):
        alice = b"\xc0\0\x02\x0a"
        stays = lambda at, frame: not (len(frame) == 214 and frame[26:30] == alice)
        frames = [(at, capture.cooked(frame)) for at, frame in capture.both_sides(passes=stays)]
        _, found = self.both_sides(frames, link=113)
        self.assertEqual(found["path-loses-media"]["verdict"], "fail")
        self.assertIn("1 stream was seen on the inner side of the router and never on its outer side.",
                      found["path-loses-media"]["statement"])

    def test_media_that_a_router_does_not_pass_in_one_pass(self):
        """Its SDP names a private address, inside and outside, and what goes there arrives."""
        alice = b"\xc0\0\x02\x0a"
        stays = lambda at, frame: not (len(frame) == 214 and frame[26:30] == alice)
        private = lambda frame: frame.replace(b"192.0.2.10", b"10.0.0.100").replace(alice, socket.inet_aton("10.0.0.100"))
        frames = [(at, private(frame)) for at, frame in capture.both_sides(passes=stays)]
        document = self.document("-", octets=capture.pcap(frames), exit=1, once=True)
        self.assertNotIn("configuration", [found["cause"] for found in document["findings"]])
        self.assertEqual([(found["verdict"], found["calls"]) for found in document["findings"] if found["rule"] == "path-loses-media"],
                         [("inconclusive", [0])])

    def test_a_side_that_was_captured_not_as_long_is_no_end_of_audio(self):
        ended = lambda at, frame: not (at > 8 and len(frame) == 214)
        outside = lambda frame: socket.inet_aton(capture.OUTER) in (frame[26:30], frame[30:34])
        frames = [(at, frame) for at, frame in capture.both_sides() if ended(at - capture.BEGIN, frame) or not outside(frame)]
        document = self.document("-", octets=capture.pcap(frames), exit=1, once=True)
        told = {found["rule"]: found["verdict"] for found in document["findings"]}
        self.assertEqual((told["audio-ends"], told["one-way-audio"], told["path-loses-media"]), ("pass", "pass", "inconclusive"))

    def test_media_that_stays_inside_is_missed_by_nobody_in_one_pass(self):
        """The call is set up through the router, and its media goes to another phone."""
        near = lambda frame: frame.replace(b"IN IP4 198.51.100.20", b"IN IP4 10.20.30.40")
        private = lambda frame: frame.replace(b"192.0.2.10", b"10.0.0.100").replace(socket.inet_aton("192.0.2.10"), socket.inet_aton("10.0.0.100"))
        frames = [(at, private(near(frame))) for at, frame in capture.both_sides() if len(frame) != 214]
        phones = (("10.0.0.100", 40000), ("10.20.30.40", 50000))
        frames += [*capture.talk(*phones, 1, 1.06, 21.06), *capture.talk(*reversed(phones), 2, 1.06, 21.06)]
        document = self.document("-", octets=capture.pcap(frames), once=True)
        self.assertEqual((document["verdict"], len(document["streams"])), ("clean", 2))

    def test_both_sides_in_one_pass_are_good_where_both_are_whole(self):
        document = self.document("-", octets=capture.pcap(list(capture.both_sides())), exit=1, once=True)
        told = {found["rule"]: found["verdict"] for found in document["findings"]}
        self.assertEqual((told["audio-ends"], told["one-way-audio"], told["path-loses-media"]), ("pass", "pass", "not_applicable"))

    def test_what_is_not_translated_is_told_once_where_clocks_are_apart(self):
        other = lambda frame: (frame.replace(b"192.0.2.10", b"192.0.2.40").replace(b"198.51.100.20", b"198.51.100.40")
                               .replace(b"call-1@", b"call-5@").replace(b"tag=a", b"tag=x").replace(b"tag=b", b"tag=y").replace(socket.inet_aton("192.0.2.10"), socket.inet_aton("192.0.2.40"))
                               .replace(socket.inet_aton("198.51.100.20"), socket.inet_aton("198.51.100.40")))
        for ahead in (-3600, 3600):
            frames = [*capture.by_another_clock(capture.both_sides(), ahead),
                      *((at + later, other(frame)) for at, frame in capture.frames() for later in (0, ahead))]
            self.put("both.pcap", capture.pcap(frames))
            document = self.document("both.pcap", exit=1)
            self.assertEqual([(call["call_id"], call["start"][:19], len(call["streams"])) for call in document["calls"]],
                             [(f"call-{n}@example.org", "2023-11-14T22:13:20", 2) for n in (1, 5)])

    RETRANSMITTED = (1.5, 2, 3, 5, 9, 13, 17, 21)  # Timer A of RFC 3261 17.1.1.2, as far as the capture goes

    def outer_findings(self, frames, **more):
        """What is told of the outer side alone: (rule, verdict, cause, Call-IDs) and the statement; and all calls, with their sites."""
        self.put("both.pcap", capture.pcap(list(frames), **more))
        document = self.document("both.pcap", exit=1)
        calls = [(call["call_id"], call["site"]) for call in document["calls"]]
        outer = [((found["rule"], found["verdict"], found["cause"], [calls[index][0] for index in found["calls"]]), found["statement"])
                 for found in document["findings"] if found["statement"].startswith("On the outer side: ")]
        return outer, calls

    def test_a_call_that_is_on_the_outer_side_alone(self):
        frames = [*capture.both_sides(), *capture.second_invite(self.RETRANSMITTED)]
        outer, calls = self.outer_findings(frames)
        self.assertEqual(calls, [("call-1@example.org", ""), ("call-2@example.org", "outer side")])
        self.assertEqual([told for told, _ in outer], [("nothing-answers", "fail", "unknown", ["call-2@example.org"])])
        self.assertIn("INVITE from 203.0.113.9:5060 to 198.51.100.20:5060 was sent 8 times", outer[0][1])
        piped = self.document("-", octets=capture.pcap(frames), exit=1, once=True)
        self.assertEqual([found["verdict"] for found in piped["findings"] if found["rule"] == "nothing-answers"], ["pass", "fail"])

    def test_an_invite_from_outside_that_the_router_drops(self):
        invite = capture.sip("INVITE sip:alice@203.0.113.9 SIP/2.0", "1 INVITE", capture.sdp(capture.BOB_MEDIA))
        for mine, theirs in ((b"call-1@", b"call-2@"), (b"tag=alice", b"tag=bob2"), (b"UDP 192.0.2.10", b"UDP 198.51.100.20")):
            invite = invite.replace(mine, theirs)
        coming = [(capture.BEGIN + at, capture.udp(capture.BOB, (capture.OUTER, 5060), invite)) for at in self.RETRANSMITTED]
        outer = socket.inet_aton(capture.OUTER)
        hops = lambda frame: frame[:22] + (b"\x3f" if frame[26:30] == outer else b"\x41") + frame[23:]  # a router is one
        frames = [*capture.both_sides(edit=hops), *coming]
        self.put("both.pcap", capture.pcap([(at, capture.cooked(frame)) for at, frame in frames], link=113))
        document = self.document("both.pcap", exit=1)
        call, = (call for call in document["calls"] if call["call_id"] == "call-2@example.org")
        dropped, = (found for found in document["findings"] if (found["rule"], found["verdict"]) == ("alg-drops-message", "fail"))
        self.assertEqual((dropped["calls"], call["cause"]["name"]), ([document["calls"].index(call)], dropped["cause"]))
        self.assertIn("INVITE inbound was sent 8 times and never arrived", dropped["statement"])

    def test_the_other_side_has_an_invite_that_nobody_answers(self):
        def invites(call, to):
            invite = capture.sip("INVITE sip:alice@203.0.113.9 SIP/2.0", "1 INVITE", capture.sdp(capture.BOB_MEDIA))
            for mine, theirs in ((b"call-1@", call), (b"tag=alice", b"tag=bob2"), (b"UDP 192.0.2.10", b"UDP 198.51.100.20")):
                invite = invite.replace(mine, theirs)
            return [(capture.BEGIN + at, capture.udp(capture.BOB, to, invite)) for at in self.RETRANSMITTED]
        outer = socket.inet_aton(capture.OUTER)
        hops = lambda frame: frame[:22] + (b"\x3f" if frame[26:30] == outer else b"\x41") + frame[23:]  # a router is one
        hole = lambda at, frame: not (len(frame) == 214 and frame[26:30] == b"\xc0\0\x02\x0a" and 12 < at < 16)
        outside = [(at, frame) for at, frame in capture.both_sides(passes=hole, edit=hops) if outer in (frame[26:30], frame[30:34])]
        others = invites(b"call-3@", ("203.0.113.77", 5060)) + invites(b"call-4@", (capture.OUTER, 6060))
        for coming in ([], invites(b"call-2@", (capture.OUTER, 5060))):
            self.put("outside.pcap", capture.pcap([*outside, *others, *coming]))
            document = self.document("call.pcap", "--other-side", "outside.pcap", exit=1)
            calls = [(call["call_id"], call["site"]) for call in document["calls"]]
            told = [(found["rule"], found["verdict"], found["calls"]) for found in document["findings"]
                     if found["statement"].startswith("On the outer side: ")]
            self.assertEqual(calls, [("call-1@example.org", "")] + [("call-2@example.org", "outer side")] * bool(coming))
            self.assertEqual(told, [("nothing-answers", "fail", [1])] * bool(coming))
            self.assertEqual({stream["input"] for stream in document["streams"]}, {0})

    def beyond(self, inside, outside, side="other side"):
        """The document of two captures, and what is told of the other one by itself."""
        self.put("inside.pcap", capture.pcap(inside))
        self.put("outside.pcap", capture.pcap(outside))
        document = self.document("inside.pcap", "--other-side", "outside.pcap", exit=1)
        return document, [(found["rule"], [document["calls"][call]["call_id"] for call in found["calls"]])
                          for found in document["findings"] if found["statement"].startswith(f"On the {side}: ")]

    FROM_ALICE = staticmethod(lambda at, frame: len(frame) == 214 and frame[50:54] == b"\0\x0a\x11\xce" and 12 < at < 16)

    def test_what_is_wrong_behind_a_relay(self):
        self.assertEqual(self.beyond(*capture.relayed())[1], [])
        document, told = self.beyond(*capture.relayed(lambda at, frame: not self.FROM_ALICE(at, frame)))
        self.assertIn(("drop-outs", ["call-1@example.org"]), told)
        self.assertEqual([(call["call_id"], call["cause"]["name"]) for call in document["calls"]], [("call-1@example.org", "unknown")])

    def test_what_is_lost_of_media_of_which_both_ends_are_translated(self):
        bob, private = socket.inet_aton(capture.BOB[0]), socket.inet_aton("10.0.0.20")
        media = lambda frame: frame[:26] + frame[26:34].replace(bob, private) + frame[34:] if len(frame) == 214 else frame
        inside = sorted(capture.frames(), key=lambda pair: pair[0])
        outer = socket.inet_aton(capture.OUTER)
        hop = lambda frame: frame[:22] + (b"\x3f" if frame[26:30] == outer else b"\x41") + frame[23:]
        outside = [(at + 0.001, hop(media(capture.translated(frame)))) for at, frame in inside]
        self.assertEqual(self.beyond(inside, outside, "outer side")[1], [])
        lost = [(at, frame) for at, frame in outside if not self.FROM_ALICE(at - capture.BEGIN, frame)]
        document, told = self.beyond(inside, lost, "outer side")
        self.assertIn(("drop-outs", ["call-1@example.org"]), told)
        self.assertEqual([found["verdict"] for found in document["findings"] if found["rule"] == "path-loses-media"], ["inconclusive"])

    def test_what_is_wrong_behind_a_user_agent_that_calls_anew(self):
        def anew(frame):
            for mine, theirs in ((b"call-1@", b"call-7@"), (b"tag=alice", b"tag=annex"), (b"tag=bob", b"tag=rob")):
                frame = frame.replace(mine, theirs)
            return frame[:50] + b"\x77" + frame[51:] if len(frame) == 214 else frame
        inside, outside = capture.relayed(beyond=anew)
        document, told = self.beyond(inside, outside)
        self.assertEqual([(call["call_id"], call["site"]) for call in document["calls"]],
                         [("call-1@example.org", ""), ("call-7@example.org", "other side")])
        self.assertIn(("drop-outs", ["call-7@example.org"]), told)
        quiet = lambda frames: [(at, frame) for at, frame in frames if len(frame) != 214]
        self.assertEqual(self.beyond(quiet(inside), quiet(outside))[0]["verdict"], "inconclusive")

    def test_one_capture_of_both_sides_of_a_router_that_translates_nothing(self):
        _, found = self.both_sides(capture.routed())
        self.assertEqual(found["path-loses-media"]["verdict"], "pass")
        document, found = self.both_sides(capture.routed(lambda at, frame: not self.FROM_ALICE(at, frame)))
        self.assertEqual((found["path-loses-media"]["verdict"], found["path-loses-media"]["calls"]), ("fail", [0]))
        piped = self.document("-", octets=capture.pcap(capture.routed(lambda at, frame: at < 8)), exit=1, once=True)
        self.assertEqual([found["verdict"] for found in piped["findings"] if found["rule"] == "path-loses-media"], ["inconclusive"])

    def test_what_the_router_answers_itself_and_nobody_outside(self):
        outer, calls = self.outer_findings([*capture.both_sides(), *capture.second_invite(self.RETRANSMITTED, "SIP/2.0 486 Busy Here")])
        self.assertEqual(calls, [("call-1@example.org", ""), ("call-2@example.org", "")])
        self.assertEqual([told for told, _ in outer], [("nothing-answers", "fail", "unknown", ["call-2@example.org"])])

    def test_media_that_is_missing_on_the_outer_side_alone(self):
        alice = b"\xc0\0\x02\x0a"
        hole = lambda at, frame: not (len(frame) == 214 and frame[26:30] == alice and 12 < at < 16)
        outer, _ = self.outer_findings(capture.both_sides(passes=hole))
        self.assertIn(("drop-outs", "fail", "unknown", ["call-1@example.org"]), [told for told, _ in outer])

    def test_nothing_is_told_of_an_outer_side_that_is_as_the_inner_one(self):
        self.assertEqual(self.outer_findings(capture.both_sides())[0], [])

    def test_both_sides_from_the_standard_input(self):
        octets = capture.pcap(list(capture.both_sides(edit=lambda frame: frame.replace(b"sip:x@example.org", b"sip:x@example.net"))))
        self.put("both.pcap", octets)
        expected = json.loads(json.dumps(self.document("both.pcap", exit=1)).replace('"both.pcap"', '"stdin"'))
        self.assertEqual(self.document("-", octets=octets, exit=1), expected)

    def test_both_sides_from_a_standard_input_that_there_is_no_room_for(self):
        document = self.document("-", octets=capture.pcap(list(capture.both_sides())), exit=1, once=True)
        self.assertEqual(document["inputs"][0]["problems"],
                         ["both sides of a router are in this capture; give it as a file to see what the router changed"])
        places = [(s["source"]["address"], s["destination"]["address"], s["seen_again"]["source"]["address"],
                   s["seen_again"]["destination"]["address"], len(s["gaps"])) for s in document["streams"]]
        alice, bob, outer = capture.ALICE[0], capture.BOB[0], capture.OUTER
        self.assertEqual(places, [(alice, bob, outer, bob, 0), (outer, bob, alice, bob, 0),
                                  (bob, outer, bob, alice, 1), (bob, alice, bob, outer, 0)])
        text = self.run_on("--streams", "-", octets=capture.pcap(list(capture.both_sides())), once=True).stdout.decode()
        self.assertIn("Seen on both sides of a router", text)

    def hints(self, frames, *arguments, octets=b"", once=False):
        """What each input says of both sides."""
        self.put("hint.pcap", capture.pcap(list(frames)))
        document = json.loads(self.run_on("--json", *arguments, octets=octets, once=once).stdout)
        return [[text.removeprefix("both sides of a router are in this capture") for text in entry["problems"]
                 if text.startswith("both sides")] for entry in document["inputs"]]

    def test_both_sides_of_an_alg_that_are_read_in_one_pass_are_told_of(self):
        frames = list(capture.both_sides(edit=lambda frame: frame.replace(b"call-1@", b"call-9@")))
        self.assertEqual(self.hints(frames, "-", octets=capture.pcap(frames), once=True),
                         [["; give it as a file to see what the router changed"]])

    def test_both_sides_that_nothing_tells_apart(self):
        spoken = list(capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 1, 1.06, 21))
        frames = [*capture.dialogue(), *spoken, *((at + 0.001, capture.translated(frame)) for at, frame in spoken)]
        self.assertEqual(self.hints(frames, "hint.pcap"),
                         [[", and nothing in it tells them apart; give a capture of each, one of them with --other-side, "
                           "to see what the router changed"]])
        self.assertEqual(self.hints(frames, "hint.pcap", "--other-side", "call.pcap"),
                         [[", and nothing in it tells them apart; give a capture of one side of it to see what the router changed"], []])

    def test_both_sides_beside_another_side_or_site(self):
        self.assertEqual(self.hints(capture.both_sides(), "hint.pcap", "--other-side", "call.pcap"),
                         [["; give it without --other-side to see what the router changed"], []])
        self.assertEqual(self.hints(capture.both_sides(), "--site", "a=hint.pcap", "--site", "b=call.pcap"),
                         [["; give it alone to see what the router changed"], []])
        self.assertEqual(self.hints(capture.both_sides(), "call.pcap"), [[]])

    def through_a_pipe(self, octets, *arguments, name="pipe"):
        """What is said of `octets` that come once, through a FIFO."""
        path = pathlib.Path(self.folder.name) / name
        os.mkfifo(path)
        writer = subprocess.Popen([sys.executable, "-c", "import sys; octets = sys.stdin.buffer.read(); open(sys.argv[1], 'wb').write(octets)",
                                   path], stdin=subprocess.PIPE)
        self.addCleanup(writer.kill)
        writer.stdin.write(octets)
        writer.stdin.close()
        document = self.document(*arguments, name, exit=1)
        self.assertEqual(writer.wait(timeout=60), 0)
        return document

    def test_both_sides_through_a_pipe_are_told_apart(self):
        octets = capture.pcap(list(capture.both_sides()))
        expected = self.document("-", octets=octets, exit=1)
        self.assertEqual(len(expected["streams"]), 2)
        given_as = lambda path: json.loads(json.dumps(expected).replace('"stdin"', json.dumps(path)))
        self.assertEqual(self.document("/dev/stdin", octets=octets, exit=1), given_as("/dev/stdin"))
        self.assertEqual(self.through_a_pipe(octets), given_as("pipe"))

    def test_both_sides_from_a_file_that_is_the_standard_input(self):
        self.put("both.pcap", capture.pcap(list(capture.both_sides())))
        with open(pathlib.Path(self.folder.name) / "both.pcap", "rb") as file:
            run = subprocess.run([VIADUCT, "analyze", "--json", "/dev/stdin"], stdin=file, capture_output=True, timeout=60)
        self.assertEqual(len(json.loads(run.stdout)["streams"]), 2)

    def test_extract_from_a_pipe_is_refused(self):
        os.mkfifo(pathlib.Path(self.folder.name) / "pipe")
        for path in ("pipe", "/dev/stdin"):
            run = self.run_on("--extract", "call-1@example.org", "out.pcap", path, octets=capture.pcap())
            self.assertEqual((run.returncode, run.stdout), (2, b""))
            self.assertIn(b"--extract reads its input twice, which the standard input and pipes cannot", run.stderr)

    def test_what_is_missing_is_told_once_where_inputs_are_read_twice(self):
        both = sorted(capture.both_sides(), key=lambda pair: pair[0])
        self.put("gone.pcap", capture.pcap(both))
        document = self.document("missing.pcap", "gone.pcap", exit=3)
        self.assertEqual(len(document["streams"]), 2)
        run = self.run_on("missing.pcap", "gone.pcap")
        self.assertEqual(run.stderr, b"viaduct analyze: cannot read missing.pcap: No such file or directory\n")

    def test_the_hole_is_found_where_it_is(self):
        streams = {stream["ssrc"]: stream for stream in self.document("call.pcap")["streams"]}
        figures = sorted((s["expected"], s["packets"], s["lost"], len(s["gaps"])) for s in streams.values())
        self.assertEqual(figures, [(1000, 900, 100, 1), (1000, 1000, 0, 0)])
        gap, = (gap for stream in streams.values() for gap in stream["gaps"])
        self.assertEqual(gap["class"], "L")
        self.assertAlmostEqual(gap["length"], 2.0, delta=0.05)

    def told(self, frames):
        """Of each stream: SSRC, direction, packets, lost, and the classes of its gaps with what stood near them."""
        self.put("case.pcap", capture.pcap(list(frames)))
        document = self.document("case.pcap")
        indices = sorted(index for call in document["calls"] for index in call["streams"])
        of_calls = [index for index, stream in enumerate(document["streams"]) if stream["direction"]]
        self.assertEqual(indices, of_calls)
        return [(s["ssrc"], s["direction"], s["packets"], s["lost"],
                 "".join(gap["class"] for gap in s["gaps"]),
                 [near["what"] for gap in s["gaps"] for near in gap["nearby"]]) for s in document["streams"]]

    def test_media_before_the_answer_and_after_the_bye_belong_to_the_call(self):
        early = capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 1, 0.5, 40.5)
        self.assertEqual(self.told([*capture.dialogue(), *early]),
                         [("0x00000001", "caller to callee", 2000, 0, "", [])])

    def test_audio_that_never_comes_back_is_a_gap_to_the_end_of_the_call(self):
        self.put("tail.pcap", capture.pcap([*capture.dialogue(), *capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 1, 1, 21),
                                            *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 2, 1, 9)]))
        document = self.document("tail.pcap", exit=1)
        self.assertEqual((document["verdict"], document["calls"][0]["cause"]["name"]), ("inconclusive", "unknown"))
        gap, = (gap for stream in document["streams"] for gap in stream["gaps"])
        self.assertEqual((gap["class"], gap["onset"], round(gap["length"], 2)), ("-", "2023-11-14T22:13:29.000000Z", 12.1))

    def test_without_a_bye_a_call_lasts_as_long_as_its_media(self):
        self.put("open.pcap", capture.pcap([*list(capture.dialogue())[:4],
                                            *capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 1, 1, 16)]))
        call, = self.document("open.pcap", exit=1)["calls"]
        self.assertAlmostEqual(call["duration"], 14.98, places=2)

    def test_signalling_that_cannot_be_read(self):
        octets = capture.pcap([*capture.dialogue(), *capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 1, 1, 5)])
        cut, at = [octets[:24]], 24
        while at < len(octets):
            length = int.from_bytes(octets[at + 8:at + 12], "little")
            cut.append(octets[at:at + 8] + struct.pack("<I", min(60, length)) + octets[at + 12:at + 16 + min(60, length)])
            at += 16 + length
        self.put("cut.pcap", b"".join(cut))
        document = self.document("cut.pcap", exit=1)
        self.assertEqual(document["verdict"], "inconclusive")
        self.assertIn("Nothing can be said of the calls", document["sentence"])

    def test_without_signalling_what_shows_to_be_rtp_is_told(self):
        stray = [(capture.BEGIN + i, capture.udp(("192.0.2.77", 9000 + i), capture.BOB_MEDIA,
                                                 capture.rtp(7 * i, 0, i))) for i in range(50)]
        stream = capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 1, 0, 2)
        self.assertEqual(self.told([*stray, *stream]), [("0x00000001", "", 100, 0, "", [])])

    def test_media_that_moves_at_a_re_invite(self):
        moved = ("192.0.2.10", 40002)
        self.assertEqual(self.told([*capture.dialogue(), *capture.re_invite(5, capture.sdp(moved)),
                                    *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 1, 1, 5),
                                    *capture.talk(capture.BOB_MEDIA, moved, 1, 6, 9, 200)]),
                         [("0x00000001", "callee to caller", 200, 0, "R",
                           ["another destination follows 192.0.2.10:40000", "re-INVITE", "media moved"]),
                          ("0x00000001", "callee to caller", 150, 0, "-", ["last packet of the stream"])])

    def test_media_from_another_source(self):
        other = (capture.BOB_MEDIA[0], 50999)
        self.assertEqual(self.told([*capture.dialogue(),
                                    *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 1, 1, 5),
                                    *capture.talk(other, capture.ALICE_MEDIA, 1, 8, 9, 350)])[0][4:],
                         ("X", ["source 198.51.100.20:50000 -> 198.51.100.20:50999"]))
        stream = self.document("case.pcap")["streams"][0]
        self.assertEqual((stream["ssrc_changes"], stream["port_changes"], stream["dscp_changes"], stream["clock_guessed"]),
                         (0, 1, 0, False))
        self.assertIsNone(stream["gaps"][0]["receiver_quiet"])  # Alice sends nothing here

    def test_what_rtcp_says_of_a_stream(self):
        def control(at, source, destination, *packets):
            return capture.BEGIN + at, capture.udp((source[0], source[1] + 1), (destination[0], destination[1] + 1),
                                                   b"".join(packets))
        alice, bob = capture.ALICE_MEDIA, capture.BOB_MEDIA
        self.put("rtcp.pcap", capture.pcap([
            *capture.dialogue(), *capture.talk(alice, bob, 0xa11ce, 1.06, 21.06), *capture.talk(bob, alice, 0xb0b, 1.06, 21.06),
            control(6, alice, bob, capture.sender_report(0xa11ce, 0x12345678, 250)),
            control(7.05, bob, alice, capture.receiver_report(0xb0b, 0xa11ce, 64, 40, 80, 0x12345678, 1.0),
                    capture.voip_metrics(0xb0b, 0xa11ce, 32, 64, 70, 36)),
            # SRTCP: an index and a tag behind what looks like a report
            control(8, bob, alice, capture.receiver_report(0xb0b, 0xa11ce, 255, 9999, 9999), bytes(14))]))
        streams = {stream["ssrc"]: stream["rtcp"] for stream in self.document("rtcp.pcap")["streams"]}
        self.assertIsNone(streams["0x00000b0b"])
        self.assertEqual(streams["0x000a11ce"], {
            "reports": 1, "fraction_lost_mean": 0.25, "fraction_lost_max": 0.25, "lost": 40,
            "jitter": {"mean_ms": 10.0, "max_ms": 10.0}, "round_trip": {"min_ms": 50.0, "mean_ms": 50.0, "max_ms": 50.0},
            "sender_reports": 1, "sent": 250,
            "voip": {"loss": 0.125, "discard": 0.25, "burst_density": 0.0, "gap_density": 0.0, "burst_ms": 0.0, "gap_ms": 0.0,
                     "round_trip_ms": None, "end_system_delay_ms": 40.0, "buffer_ms": 60.0, "r": 70, "mos_lq": 3.6,
                     "mos_cq": None}})
        self.assertIn("What RTCP says of them", self.run_on("--streams", "rtcp.pcap").stdout.decode())

    def test_audio_that_ends_while_its_sender_counts_on(self):
        alice, bob = capture.ALICE_MEDIA, capture.BOB_MEDIA

        def judged(*counts):
            reports = [(capture.BEGIN + at, capture.udp((bob[0], bob[1] + 1), (alice[0], alice[1] + 1),
                                                        capture.sender_report(0xb0b, 1, packets)))
                       for at, packets in counts]
            self.put("counts.pcap", capture.pcap([
                *capture.dialogue(), *reports, *capture.talk(alice, bob, 0xa11ce, 1.06, 21.06),
                *capture.talk(bob, alice, 0xb0b, 1.06, 7.06)]))
            found = [finding for finding in self.document("counts.pcap")["findings"] if finding["rule"] == "audio-ends"]
            return [(finding["verdict"], finding["severity"], [proof["text"] for proof in finding["evidence"]])
                    for finding in found]
        last = "last packet towards the caller, 6.06 s after the answer; none for another 14.0 s"
        self.assertEqual(judged((5.5, 222), (20.5, 300)), [("inconclusive", "major", [last])])
        self.assertEqual(judged((5.5, 222), (20.5, 972)),
                         [("fail", "critical", [last, "sender report: 972 packets sent"])])

    def test_hold_is_a_pause_of_the_sender(self):
        hold = capture.sdp(capture.ALICE_MEDIA) + "a=sendonly\r\n"
        self.assertEqual(self.told([*capture.dialogue(), *capture.re_invite(5, hold),
                                    *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 1, 1, 5),
                                    *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 1, 9, 12, 200)])[0][4],
                         "S")

    def test_more_streams_than_there_is_room_for(self):
        flood = ((capture.BEGIN + 2e-4 * i + 1e-4 * part, capture.udp((f"10.{i >> 8}.{i & 255}.1", 9000), capture.BOB_MEDIA,
                                                            capture.rtp(part, 0, 1)))
                 for i in range(33000) for part in range(2))
        self.put("flood.pcap", capture.pcap(list(flood)))
        document = json.loads(self.run_on("--json", "flood.pcap").stdout)  # too long to hold to the schema, too
        self.assertEqual(len(document["streams"]), 32768)
        self.assertEqual(document["inputs"][0]["problems"],
                         ["464 packets of streams that there was no room to follow"])

    def test_compressed_and_from_the_standard_input(self):
        whole = self.document("call.pcap")
        for octets in (capture.pcap(), gzip.compress(capture.pcap())):
            piped = self.document("-", octets=octets)
            self.assertEqual(piped["streams"], whole["streams"])
            self.assertEqual(piped["calls"], whole["calls"])

    def test_two_files_are_one_capture(self):
        octets = capture.pcap()
        at = 24
        while at < len(octets) // 2:
            at += 16 + int.from_bytes(octets[at + 8:at + 12], "little")
        self.put("one.pcap", octets[:at])
        self.put("two.pcap", octets[:24] + octets[at:])
        both = self.document("one.pcap", "two.pcap")
        self.assertEqual([len(both[part]) for part in ("inputs", "calls", "streams")], [2, 1, 2])
        self.assertEqual(sorted(stream["lost"] for stream in both["streams"]), [0, 100])

    def test_a_directory_is_the_captures_in_it(self):
        whole = self.document("call.pcap")
        octets, at = capture.pcap(), 24
        while at < len(octets) // 2:
            at += 16 + int.from_bytes(octets[at + 8:at + 12], "little")
        (pathlib.Path(self.folder.name) / "day/b").mkdir(parents=True)
        self.put("day/z", gzip.compress(octets[:at]))  # the first part by its time, not by its name
        self.put("day/b/a.pcap", octets[:24] + octets[at:])
        self.put("day/notes.txt", b"nothing\n")
        run = self.run_on("--json", "day")
        self.assertEqual(run.stderr, b"viaduct analyze: skipped day/notes.txt: this is neither pcap nor pcapng\n")
        document = json.loads(run.stdout)
        self.assertEqual([one["path"] for one in document["inputs"]], ["day/z", "day/b/a.pcap"])
        for part in ("calls", "streams"):
            self.assertEqual(len(document[part]), len(whole[part]))
        self.assertEqual([s["lost"] for s in document["streams"]], [s["lost"] for s in whole["streams"]])
        (pathlib.Path(self.folder.name) / "empty").mkdir()
        self.assertEqual(self.run_on("empty").returncode, 2)

    def test_sites_have_calls_of_their_own(self):
        document = self.document("call.pcap", "--site", "paris=two.pcap", "--site", "berlin=call.pcap")
        self.assertEqual([(one["path"], one["site"]) for one in document["inputs"]],
                         [("call.pcap", ""), ("two.pcap", "paris"), ("call.pcap", "berlin")])
        self.assertEqual(sorted((call["site"], call["call_id"]) for call in document["calls"]),
                         [("", "call-1@example.org"), ("berlin", "call-1@example.org"),
                          ("paris", "call-1@example.org"), ("paris", "call-2@example.org")])
        self.assertEqual({len(call["streams"]) for call in document["calls"]}, {2})

    def test_a_time_in_all_its_spellings(self):
        for window in (["--from", "+5", "--to", "+12.5"], ["--from", "22:13:25", "--to", "22:13:32.5"],
                       ["--from", "2023-11-14T22:13:25Z", "--to", "2023-11-14T23:13:32.5+01:00"]):
            document = self.document(*window, "call.pcap")
            self.assertEqual([s["expected"] for s in document["streams"]], [375, 375], window)
            self.assertEqual(sorted(s["lost"] for s in document["streams"]), [0, 100])
            self.assertRegex(document["inputs"][0]["problems"][0], "^[0-9]+ frames are from another time")
        minute = self.document("--to", "22:14", "call.pcap")
        self.assertEqual(minute["inputs"][0]["problems"], [])

    def test_filter(self):
        for text in ("call-2@example.org", "+49301234567", "030/1234567", "1234567", "carol", "192.0.2.30", "192.0.2.28/30"):
            document = self.document("--filter", text, "two.pcap")
            self.assertEqual([call["call_id"] for call in document["calls"]], ["call-2@example.org"], text)
            self.assertEqual([s["ssrc"] for s in document["streams"]], ["0x00000c01", "0x00000c02"], text)
            self.assertEqual(document["verdict"], "clean", text)  # the other call has the hole
        self.assertEqual(self.run_on("--filter", "234567", "two.pcap").returncode, 2)

    def figures(self, path, call_id):
        """What is told of one call, without what says where in the file it stood."""
        document = self.document(path)
        calls = [call for call in document["calls"] if call["call_id"] == call_id]
        streams = [document["streams"][i] for call in calls for i in call["streams"]]
        return [(s["ssrc"], s["first"], s["last"], s["packets"], s["lost"], s["jitter"],
                 [(gap["onset"], gap["length"], gap["class"]) for gap in s["gaps"]]) for s in streams]

    def test_extract(self):
        for call_id in ("call-1@example.org", "call-2@example.org"):
            for name in ("out.pcap", "out.pcapng"):
                run = self.run_on("--extract", call_id, name, "two.pcap")
                self.assertIn(run.returncode, (0, 1), run.stderr)
                self.assertRegex(run.stderr.decode(), f"^viaduct analyze: [0-9]+ frames written to {name}\n$")
                self.assertEqual([call["call_id"] for call in self.document(name)["calls"]], [call_id])
                self.assertEqual(self.figures(name, call_id), self.figures("two.pcap", call_id))

    def test_extract_leaves_what_the_next_call_sends_from_the_same_ports(self):
        later = [(time + 23, frame.replace(b"call-1@", b"call-2@")) for time, frame in capture.dialogue()]
        next_call = [*later, *capture.talk(capture.ALICE_MEDIA, capture.BOB_MEDIA, 0xa22, 24.06, 44.06),
                     *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 0xb22, 24.065, 44.065),
                     (capture.BEGIN + 24.5, capture.udp(capture.ALICE_MEDIA, capture.BOB_MEDIA, capture.sender_report(0xa22, 1, 20)))]
        self.put("row.pcap", capture.pcap([*capture.frames(), *next_call]))
        run = self.run_on("--extract", "call-1@example.org", "out.pcap", "row.pcap")
        self.assertEqual(run.stderr, b"viaduct analyze: %d frames written to out.pcap\n" % len(list(capture.frames())))
        self.run_on("--extract", "call-2@example.org", "out.pcap", "row.pcap")
        self.assertEqual(self.figures("out.pcap", "call-2@example.org"), self.figures("row.pcap", "call-2@example.org"))

    def test_extract_takes_all_parts_of_a_message(self):
        self.put("parts.pcap", capture.pcap(capture.in_parts(), nanoseconds=True))
        run = self.run_on("--extract", "call-1@example.org", "out.pcap", "parts.pcap")
        self.assertEqual(run.stderr, b"viaduct analyze: 4 frames written to out.pcap\n")
        written = (pathlib.Path(self.folder.name) / "out.pcap").read_bytes()
        self.assertEqual(written[40:], (pathlib.Path(self.folder.name) / "parts.pcap").read_bytes()[40:])
        self.assertEqual(int.from_bytes(written[28:32], "little"), 7)  # nanoseconds

    def test_extract_of_several_link_types(self):
        frames = sorted(capture.frames(), key=lambda pair: pair[0])
        self.put("raw.pcap", capture.pcap([(at, frame[14:]) for at, frame in frames[900:]], link=101))
        self.put("ethernet.pcap", capture.pcap(frames[:900]))
        run = self.run_on("--extract", "call-1@example.org", "out.pcap", "ethernet.pcap", "raw.pcap")
        self.assertEqual(run.stderr, b"viaduct analyze: %d frames written to out.pcap, as pcapng: "
                                     b"they have several link types\n" % len(frames))
        self.assertEqual(self.figures("out.pcap", "call-1@example.org"), self.figures("call.pcap", "call-1@example.org"))

    def test_page_spares_its_input(self):
        before = pathlib.Path(self.folder.name, "call.pcap").read_bytes()
        for arguments in (["--html", "./call.pcap", "call.pcap"],
                          ["--html", "other.pcap", "call.pcap", "--other-side", "other.pcap"]):
            pathlib.Path(self.folder.name, "other.pcap").write_bytes(before)
            run = self.run_on(*arguments)
            self.assertEqual((run.returncode, b"is being read" in run.stderr), (2, True))
        self.assertEqual(pathlib.Path(self.folder.name, "other.pcap").read_bytes(), before)
        self.assertEqual(pathlib.Path(self.folder.name, "call.pcap").read_bytes(), before)

    def test_extract_spares_its_input(self):
        before = (pathlib.Path(self.folder.name) / "call.pcap").read_bytes()
        run = self.run_on("--extract", "call-1@example.org", "./call.pcap", "call.pcap")
        self.assertEqual((run.returncode, run.stderr), (3, b"viaduct analyze: ./call.pcap is being read\n"))
        self.assertEqual((pathlib.Path(self.folder.name) / "call.pcap").read_bytes(), before)

    def test_progress_is_for_terminals(self):
        head, frames = capture.pcap()[:24], capture.pcap()[24:]
        rounds = 0  # of frames until a terminal sees how far it is, a second behind the start however late that is
        for terminal in (True, False):
            ours, theirs = pty.openpty()
            self.addCleanup(os.close, ours)
            process = subprocess.Popen([VIADUCT, "analyze", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=theirs if terminal else subprocess.PIPE)
            os.close(theirs)
            process.stdin.write(head)
            written, begin = 0, time.monotonic()
            while not select.select([ours], [], [], 0.05)[0] if terminal else written < rounds:
                self.assertLess(time.monotonic() - begin, 40, "no progress is told")
                process.stdin.write(frames)
                process.stdin.flush()
                written += 1
                if not terminal:
                    time.sleep(0.05)
            rounds = max(rounds, written)
            out, error = process.communicate(timeout=60)
            if terminal:
                told = b""
                while not told.endswith(b"\r\x1b[K") or told.count(b"\r") < 2:
                    told += os.read(ours, 4096)
                self.assertRegex(told, rb"^\r\x1b\[Kstdin: [0-9]+ frames, [0-9]+ MB.*\r\x1b\[K$")
            else:
                self.assertEqual(error, b"")
            self.assertTrue(out.startswith(b"verdict"))

    @unittest.skipIf(os.geteuid() != 0, "only root can become nobody")
    def test_live_without_privilege(self):
        with tempfile.TemporaryDirectory() as folder:  # the build may lie where nobody may go
            os.chmod(folder, 0o755)
            program = shutil.copy(VIADUCT, folder)
            run = subprocess.run([program, "analyze", "-i", "lo", "--duration", "1s"], capture_output=True, user=65534,
                                 group=65534, extra_groups=[])
        self.assertEqual((run.returncode, run.stdout), (3, b""))
        self.assertEqual(run.stderr, b"viaduct analyze: capture on lo: Operation not permitted. "
                                     b"Run as root or give CAP_NET_RAW.\n")

    def test_live_where_there_is_nothing(self):
        run = self.run_on("-i", "nowhere0")
        self.assertEqual((run.returncode, run.stderr), (3, b"viaduct analyze: find interface nowhere0: No such device\n"))

    def test_a_cut_capture_is_read_up_to_the_cut(self):
        octets = capture.pcap()
        for size in (25, 40, 500, 3000, len(octets) // 2, len(octets) - 1):
            self.put("cut.pcap", octets[:size])
            if size < 600:  # not one frame
                self.assertEqual(self.run_on("cut.pcap").returncode, 3, size)
                continue
            document = self.document("cut.pcap")
            self.assertRegex(document["inputs"][0]["problems"][0], r"^read up to octet \d+: ")
            self.assertEqual(len(document["calls"]), 1, size)

    def test_broken_octets(self):
        octets = bytearray(capture.pcap())
        for seed in range(20):
            broken = bytearray(octets)
            for i in range(24 + seed, len(broken), 997 + 13 * seed):
                broken[i] ^= 1 << (seed % 8)
            self.put("broken.pcap", broken)
            run = self.run_on("--json", "broken.pcap")
            self.assertIn(run.returncode, (0, 1, 3), (seed, run.stderr))

    def test_what_cannot_be_read(self):
        run = self.run_on("missing.pcap")
        self.assertEqual((run.returncode, run.stdout), (3, b""))
        self.assertEqual(run.stderr, b"viaduct analyze: cannot read missing.pcap: No such file or directory\n")
        self.put("text.pcap", b"not a capture at all, but a text")
        run = self.run_on("text.pcap")
        self.assertEqual((run.returncode, run.stdout), (3, b""))
        self.assertTrue(run.stderr.startswith(b"viaduct analyze: cannot read text.pcap: "), run.stderr)
        document = self.document("missing.pcap", "call.pcap", exit=3)
        self.assertEqual(document["inputs"][0]["problems"], ["cannot be read: No such file or directory"])
        self.assertEqual(len(document["calls"]), 1)

    def test_usage(self):
        for arguments in ([], ["--json", "--csv", "gaps", "call.pcap"], ["--csv", "all", "call.pcap"],
                          ["--follow", "other", "call.pcap"], ["--filter", "other", "call.pcap"],
                          ["--extract", "other", "out.pcap", "call.pcap"],
                          ["--extract", "call-1@example.org", "out.pcap", "-"],
                          ["--from", "noon", "call.pcap"], ["--to", "24:00", "call.pcap"], ["--site", "call.pcap"],
                          ["--from", "+5", "--to", "+1", "call.pcap"], ["--from", "12:00", "--to", "11:00", "call.pcap"],
                          ["--filter", "", "call.pcap"],
                          ["--duration", "1s", "call.pcap"], ["-i", "lo", "call.pcap"],
                          ["-i", "lo", "--duration", "soon"]):
            run = self.run_on(*arguments)
            self.assertEqual((run.returncode, run.stdout), (2, b""), arguments)
            self.assertIn(b"\ntry: viaduct analyze --", run.stderr)

    def test_page(self):
        run = self.run_on("--html", "report.html", "call.pcap")
        self.assertIn(run.returncode, (0, 1), run.stderr)
        page = (pathlib.Path(self.folder.name) / "report.html").read_text()
        self.assertIn("call-1@example.org", page)
        self.assertIn("hard hole", page)
        self.assertNotIn("<script", page)
        self.assertEqual(self.run_on("--html", "no/such/folder.html", "call.pcap").returncode, 3)

    def test_a_followed_call_is_the_only_one_shown_beside_a_page(self):
        other = [(time, frame.replace(b"call-1@", b"call-2@").replace(b"z9hG4bK", b"z9hG4bX")) for time, frame in capture.dialogue()]
        self.put("two.pcap", capture.pcap([*capture.dialogue(), *other]))
        alone = self.run_on("--follow", "call-2@example.org", "two.pcap").stdout
        self.assertIn(b"INVITE", alone)
        self.assertEqual(self.run_on("--html", "two.html", "--follow", "call-2@example.org", "two.pcap").stdout, alone)
        masked = self.run_on("--anonymise", "--html", "two.html", "--follow", "call-2@example.org", "two.pcap").stdout
        self.assertEqual(len(masked.splitlines()), len(alone.splitlines()))

    def test_anonymise(self):
        self.run_on("--anonymise", "--html", "masked.html", "call.pcap")
        page = (pathlib.Path(self.folder.name) / "masked.html").read_text()
        ladder = self.run_on("--anonymise", "--follow", "call-1@example.org", "call.pcap")
        self.assertIn(ladder.returncode, (0, 1), ladder.stderr)
        text = json.dumps(self.document("--anonymise", "call.pcap")) + page + ladder.stdout.decode()
        for name in ("alice@", "bob@", "192.0.2.10", "198.51.100.20", "call.pcap", "example.org"):
            self.assertNotIn(name, text)


def regold():
    case = Analyze()
    case.setUp()
    for name, text in case.reports():
        (EXPECTED / name).write_bytes(text.encode())
    case.doCleanups()


if sys.argv[3:] == ["--regold"]:
    regold()
else:
    unittest.main(argv=sys.argv[:1])
