#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The program as a shell meets it: exit codes, streams, typos, colours. usage: command_test.py SOURCE_DIR VIADUCT ..."""
import json
import os
import pty
import subprocess
import sys
import tempfile
import unittest

VIADUCT = sys.argv[2]
GOOD = (b"OPTIONS sip:a@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKc\r\nMax-Forwards: 70\r\n"
        b"From: <sip:b@example.org>;tag=1\r\nTo: <sip:a@example.org>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
        b"Content-Length: 0\r\n\r\n")
BAD = GOOD.replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE")


def run(*arguments, octets=b""):
    return subprocess.run([VIADUCT, *arguments], input=octets, capture_output=True)


def on_terminal(environment):
    """Standard output of `viaduct message -` when it is a terminal."""
    master, slave = pty.openpty()
    # The terminal must be read while the program writes, so the program gets its input first.
    process = subprocess.Popen([VIADUCT, "message", "-"], stdin=subprocess.PIPE, stdout=slave,
                               env={"PATH": os.environ["PATH"], "TERM": "xterm", **environment})
    process.stdin.write(GOOD)
    process.stdin.close()
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        shown += piece
    process.wait()
    os.close(master)
    return shown


class Command(unittest.TestCase):
    def test_exit_codes(self):
        self.assertEqual(run("message", "-", octets=GOOD).returncode, 0)
        self.assertEqual(run("message", "-", octets=BAD).returncode, 1)
        self.assertEqual(run("message", "-", octets=b"").returncode, 1)
        self.assertEqual(run("message").returncode, 2)
        self.assertEqual(run().returncode, 2)
        self.assertEqual(run("message", "/nowhere/at/all").returncode, 3)
        self.assertEqual(run("message", "/").returncode, 3)

    def test_unreadable_file_does_not_hide_the_others(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(BAD)
            file.flush()
            both = run("message", "/nowhere", file.name)
            self.assertEqual(both.returncode, 3)
            self.assertIn(b"method_mismatch", both.stdout)
            self.assertEqual(both.stderr, b"viaduct message: cannot read /nowhere: No such file or directory\n")
            listed = json.loads(run("message", "--json", "/nowhere", file.name).stdout)
            self.assertEqual([r["file"] for r in listed], [file.name])

    def test_full_disk_is_no_success(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([VIADUCT, "message", "-"], input=GOOD, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"cannot write the report", done.stderr)

    def test_typos_get_a_suggestion(self):
        cases = {("mesage", "x"): (b"viaduct: unknown command 'mesage'", b"did you mean 'message'?"),
                 ("message", "--jsno", "x"): (b"viaduct message: unknown option '--jsno'", b"did you mean '--json'?"),
                 ("--verson",): (b"viaduct: unknown option '--verson'", b"did you mean '--version'?")}
        for arguments, (problem, suggestion) in cases.items():
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertEqual(done.stderr.splitlines()[:2], [problem, suggestion])

    def test_nothing_near_gets_no_suggestion(self):
        done = run("qqqqqq")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, b"viaduct: unknown command 'qqqqqq'\ntry: viaduct --help\n")

    def test_version_and_help(self):
        self.assertRegex(run("--version").stdout, rb"^viaduct \d+\.\d+\.\d+\n$")
        for arguments in (["--help"], ["message", "--help"]):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b"Examples:", done.stdout)

    def test_colours_on_a_terminal_only(self):
        self.assertNotIn(b"\x1b", run("message", "-", octets=GOOD).stdout)
        self.assertIn(b"\x1b[1m", on_terminal({}))
        self.assertIn(b"\x1b[1m", on_terminal({"NO_COLOR": ""}))
        self.assertNotIn(b"\x1b", on_terminal({"NO_COLOR": "1"}))
        self.assertNotIn(b"\x1b", on_terminal({"TERM": "dumb"}))

    def test_json_of_one_is_an_object_and_of_several_an_array(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(GOOD)
            file.flush()
            one = json.loads(run("message", "--json", file.name).stdout)
            self.assertEqual((one["valid"], one["kind"], one["method"], one["call_id"], one["cseq"], one["problems"]),
                             (True, "request", "OPTIONS", "c", 1, []))
            two = json.loads(run("message", "--json", file.name, "-", octets=BAD).stdout)
            self.assertEqual([r["file"] for r in two], [file.name, "stdin"])
            self.assertEqual([(p["code"], p["offset"]) for p in two[1]["problems"]],
                             [("method_mismatch", BAD.index(b"INVITE"))])

    def test_no_netfilter_library_is_linked(self):
        libraries = subprocess.run(["ldd", VIADUCT], check=True, capture_output=True, text=True).stdout
        for name in ("nftables", "nftnl", "libmnl", "netfilter"):
            self.assertNotIn(name, libraries)


unittest.main(argv=sys.argv[:1])
