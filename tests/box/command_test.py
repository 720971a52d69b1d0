#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `viaduct faults` and `viaduct explain` print, and what they say of wrong usage.
usage: command_test.py SOURCE_DIR VIADUCT"""
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

SOURCE, VIADUCT = pathlib.Path(sys.argv[1]), sys.argv[2]
PATH = ["faults", "run", "--inside", "lan0", "--outside", "wan0", "--outside-address", "203.0.113.2/28"]


def viaduct(*arguments):
    return subprocess.run([VIADUCT, *arguments], capture_output=True, text=True, check=False)


class Documents(unittest.TestCase):
    def check(self, schema, *arguments):
        run = viaduct(*arguments, "--json")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((SOURCE / "docs/schema" / schema).read_text()))
        return document

    def test_list(self):
        document = self.check("faults-list.json", "faults", "list")
        ids = [b["id"] for b in document["behaviours"]]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual([f["name"] for f in document["families"]], ["linux", "broadcom", "quicksec", "fortinet", "proxy-type"])
        self.assertGreaterEqual(sum(b["reproduced"] for b in document["behaviours"]), 30)
        self.assertEqual({f["name"]: f["set"] for f in document["families"] if f["set"]}, {"fortinet": ["A19.known=all", "A20.octets=998"]})
        for family in document["families"]:
            self.assertLessEqual(set(family["behaviours"]), {b["id"] for b in document["behaviours"] if b["reproduced"]})

    def test_explain_says_what_the_list_says(self):
        for behaviour in self.check("faults-list.json", "faults", "list")["behaviours"]:
            explained = self.check("explain.json", "explain", behaviour["id"].lower())
            self.assertEqual(explained.pop("schema"), "viaduct-explain-1")
            self.assertEqual(explained, behaviour)

    def test_explain_lists_everything(self):
        listed = self.check("explain-list.json", "explain", "--list")
        self.assertEqual([b["id"] for b in listed["behaviours"]],
                         [b["id"] for b in self.check("faults-list.json", "faults", "list")["behaviours"]])
        for rule in listed["rules"]:
            explained = self.check("explain.json", "explain", rule["id"])
            self.assertEqual({key: explained[key] for key in rule}, rule)


class Usage(unittest.TestCase):
    def check(self, expected, *arguments):
        run = viaduct(*arguments)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (2, "", expected))

    def test_wrong_options(self):
        again = "\ntry: viaduct faults run --help\n"
        for option, value, what in (
                ("--behaviour", "Z99", "there is none called 'Z99'; see viaduct faults list"),
                ("--family", "windows", "there is none called 'windows'; see viaduct faults list"),
                ("--set", "period=1s", "none of the chosen behaviours has a parameter 'period'; see viaduct faults list"),
                ("--mapping", "cone", "'cone' is none of endpoint-independent, address, address-and-port"),
                ("--up", "loss=120%", "'120' is no share from 0% to 100%"),
                ("--up", "loss=nan", "'nan' is no share from 0% to 100%"),
                ("--up", "delay=3000000h", "'3000000h' is longer than 100 years"),
                ("--up", "reorder=10%", "reorder needs a delay or jitter: packets overtake those that wait"),
                ("--down", "speed=1M", "there is no 'speed'; known are loss, burst, delay, jitter, reorder, rate, queue"),
                ("--sip-timeout", "soon", "'soon' is no duration; write 500ms, 30s, 2m or 1h"),
                ("--port-range", "9", "'9' is no range; write 1024-65535"),
                ("--inside-address", "fe80::1/64", "'fe80::1/64' is no IPv4 address with a prefix length")):
            with self.subTest(option, value=value):
                self.check(f"viaduct faults run: {option}: {what}{again}", *PATH, option, value)

    def test_what_a_family_or_behaviour_sets_cannot_be_typed(self):
        for chosen, option, value in (("--family=linux", "--udp-timeout", "60s"), ("--family=linux", "--udp-timeout", "300s"),
                                      ("--behaviour=C15", "--ports", "preserve"), ("--behaviour=C15", "--mapping", "address")):
            with self.subTest(option, value=value):
                self.check(f"viaduct faults run: {option}: the chosen family or behaviours set this themselves; leave it or them out\n"
                           "try: viaduct faults run --help\n", *PATH, chosen, option, value)

    def test_wrong_value_of_a_parameter(self):
        self.check("viaduct faults run: --set A04: mode: 'eat' is none of strip|fill\ntry: viaduct faults run --help\n",
                   *PATH, "--behaviour", "a04", "--set", "mode=eat")
        self.check("viaduct faults run: --set A19: known: 'some' is none of rfc3261|all\ntry: viaduct faults run --help\n",
                   *PATH, "--family", "fortinet", "--set", "a19.known=some")

    def test_unknown_behaviour(self):
        self.check("viaduct explain: there is no behaviour and no rule 'b2'\ndid you mean 'B02'?\ntry: viaduct explain --list\n", "explain", "b2")


unittest.main(argv=[sys.argv[0], "-v"])
