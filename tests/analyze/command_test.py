#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct analyze` as a shell meets it: a call with a hole of 2 s, whole reports, broken and missing input.
usage: command_test.py SOURCE_DIR VIADUCT
       command_test.py SOURCE_DIR VIADUCT --regold: writes expected/ anew; only tools/regold does that"""
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema

import capture

SOURCE, VIADUCT = pathlib.Path(sys.argv[1]), sys.argv[2]
EXPECTED = SOURCE / "tests/analyze/expected"
GOLDENS = {"call.txt": ["--calls", "--streams"], "call.json": ["--json"], "call-ladder.txt": ["--follow", "call-1@example.org"],
           "call-streams.csv": ["--csv", "streams"], "call-gaps.csv": ["--csv", "gaps"],
           "call-calls.csv": ["--csv", "calls"]}


class Analyze(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.put("call.pcap", capture.pcap())

    def put(self, name, octets):
        (pathlib.Path(self.folder.name) / name).write_bytes(octets)

    def run_on(self, *arguments, octets=b""):
        return subprocess.run([VIADUCT, "analyze", *arguments], cwd=self.folder.name, input=octets,
                              capture_output=True, timeout=60)

    def document(self, *arguments, octets=b"", exit=0):
        run = self.run_on("--json", *arguments, octets=octets)
        self.assertEqual(run.returncode, exit, run.stderr)
        document = json.loads(run.stdout)
        schema = json.loads((SOURCE / "docs/result-schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(document)
        return document

    def reports(self):
        for name, arguments in GOLDENS.items():
            run = self.run_on(*arguments, "call.pcap")
            self.assertEqual((run.returncode, run.stderr), (0, b""), arguments)
            text = run.stdout.decode()
            yield name, re.sub(r'("version":\s*")[^"]*', r"\1VERSION", text) if name == "call.json" else text

    def test_reports(self):
        for name, text in self.reports():
            with self.subTest(name):
                self.assertEqual(text, (EXPECTED / name).read_bytes().decode())

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
                           ["destination 192.0.2.10:40000 -> 192.0.2.10:40002", "re-INVITE", "media moved"]),
                          ("0x00000001", "callee to caller", 150, 0, "", [])])

    def test_media_from_another_source(self):
        other = (capture.BOB_MEDIA[0], 50999)
        self.assertEqual(self.told([*capture.dialogue(),
                                    *capture.talk(capture.BOB_MEDIA, capture.ALICE_MEDIA, 1, 1, 5),
                                    *capture.talk(other, capture.ALICE_MEDIA, 1, 8, 9, 350)])[0][4:],
                         ("X", ["source 198.51.100.20:50000 -> 198.51.100.20:50999"]))

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
            self.assertIn(run.returncode, (0, 3), (seed, run.stderr))

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
                          ["--follow", "other", "call.pcap"]):
            run = self.run_on(*arguments)
            self.assertEqual((run.returncode, run.stdout), (2, b""), arguments)
            self.assertIn(b"\ntry: viaduct analyze --", run.stderr)

    def test_page(self):
        run = self.run_on("--html", "report.html", "call.pcap")
        self.assertEqual(run.returncode, 0, run.stderr)
        page = (pathlib.Path(self.folder.name) / "report.html").read_text()
        self.assertIn("call-1@example.org", page)
        self.assertIn("hard hole", page)
        self.assertNotIn("<script", page)
        self.assertEqual(self.run_on("--html", "no/such/folder.html", "call.pcap").returncode, 3)

    def test_anonymise(self):
        self.run_on("--anonymise", "--html", "masked.html", "call.pcap")
        page = (pathlib.Path(self.folder.name) / "masked.html").read_text()
        ladder = self.run_on("--anonymise", "--follow", "call-1@example.org", "call.pcap")
        self.assertEqual(ladder.returncode, 0, ladder.stderr)
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
