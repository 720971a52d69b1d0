#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct-simulate` and `accuracy` as a shell meets them.
usage: command_test.py VIADUCT_SIMULATE VIADUCT"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SIMULATE, VIADUCT = sys.argv[1:3]
PARAMS = """
[common]
lines = 2
calls = 1
length = 20
[[scenario]]
name = "good"
sites = 2
[[scenario]]
name = "alg-one-way"
"""


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.params = self.folder / "params.toml"
        self.params.write_text(PARAMS)

    def run_it(self, *arguments):
        return subprocess.run([SIMULATE, "--params", str(self.params), *arguments], capture_output=True, timeout=60)

    def made(self, name, *arguments):
        run = self.run_it("--out", str(self.folder / name), *arguments)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        return {path.name: path.read_bytes() for path in (self.folder / name).iterdir()}

    def test_a_site_alone_is_the_same_as_among_others(self):
        everything, third, of_name = self.made("a"), self.made("b", "--site", "2"), self.made("c", "--only", "alg-one-way")
        self.assertEqual(set(everything), {"good-0000.pcap", "good-0001.pcap", "alg-one-way-0000.pcap", "labels.jsonl",
                                           "sites.jsonl"})
        for part in (third, of_name):
            self.assertEqual(set(part), {"alg-one-way-0000.pcap", "labels.jsonl", "sites.jsonl"})
            self.assertEqual(part["alg-one-way-0000.pcap"], everything["alg-one-way-0000.pcap"])
            self.assertTrue(everything["labels.jsonl"].endswith(part["labels.jsonl"]))
        self.assertEqual(self.run_it("--sites").stdout, b"3\n")

    def test_another_seed_is_another_world(self):
        one, two = self.made("a", "--seed", "1"), self.made("b", "--seed", "2")
        self.assertTrue(all(one[name] != two[name] for name in one))
        ids = [json.loads(line)["call_id"] for made in (one, two) for line in made["labels.jsonl"].splitlines()]
        self.assertEqual(len(ids), len(set(ids)))

    def test_mistakes_are_told(self):
        for arguments, said in ((("--site", "7", "--out", "x"), "there are 3 sites"), ((), "--out is missing")):
            run = self.run_it(*arguments)
            self.assertEqual((run.returncode, run.stderr.decode()), (3, f"viaduct-simulate: {said}\n"))
        self.params.write_text("[[scenario]]\nname = \"bad\"\n")
        run = self.run_it("--sites")
        self.assertEqual(run.returncode, 3)
        self.assertIn("no scenario has the name 'bad'", run.stderr.decode())

    def test_accuracy_judges_each_call(self):
        command = [sys.executable, "-B", str(HERE / "accuracy"), SIMULATE, VIADUCT, "--params", str(self.params),
                   "--misjudged", str(self.folder / "misjudged")]
        run = subprocess.run(command, capture_output=True, timeout=120, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        labels = [json.loads(line) for line in self.made("a")["labels.jsonl"].splitlines()]
        self.assertIn(f"\n{len(labels)} calls, ", run.stdout)
        for line in (self.folder / "misjudged").read_text().splitlines():
            call = json.loads(line)
            self.assertNotIn(call["said"], call["accepted"])
            self.assertNotEqual(call["said"], "absent")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
