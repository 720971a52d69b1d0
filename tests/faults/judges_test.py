#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene of lab/faults in which nobody registered, called or spoke is neither the symptom nor its absence."""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from lab.fault.cases import all_cases  # noqa: E402


class Nothing:
    """A record whose captures are empty."""

    def __init__(self, marks):
        self.marks = marks

    def packets(self, point, protocol=None):
        return []

    def messages(self, point, start=None, end=None):
        return []

    def window(self, start, end):
        return self.marks[start], self.marks[end]


class Marks(dict):
    """Every moment was reached."""

    def __contains__(self, name):
        return True

    def __missing__(self, name):
        return 60.0 if name.startswith("end") else 0.0

    def get(self, name, fallback=None):
        return fallback if name is None else self[name]


class Judges(unittest.TestCase):
    def judged(self, marks):
        return {case.key: case.judge(Nothing(marks)).state for case in all_cases()}

    def test_no_call(self):
        self.assertEqual(self.judged({}), {case.key: "not played" for case in all_cases()})

    def test_a_call_in_which_nothing_is_seen(self):
        self.assertEqual(self.judged(Marks()), {case.key: "not played" for case in all_cases()})


unittest.main()
