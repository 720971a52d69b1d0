# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct analyze -i` on a call that passes an interface now. Needs root, for a network namespace of its own.
usage: live_test.py VIADUCT"""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

import capture

VIADUCT = sys.argv[1]
PACKETS = 50  # of each direction


def send_call(hole=range(0)):
    """What capture.dialogue() and talk() have in files, through real sockets, in a second and a half; packets of Bob
    with a number in `hole` are left out."""
    places = {}
    for end in (capture.ALICE, capture.BOB, capture.ALICE_MEDIA, capture.BOB_MEDIA):
        places[end] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        places[end].bind(end)
    def send(source, destination, payload):
        places[source].sendto(payload, destination)
    send(capture.ALICE, capture.BOB, capture.sip("INVITE sip:bob@example.net SIP/2.0", "1 INVITE", capture.sdp(capture.ALICE_MEDIA)))
    send(capture.BOB, capture.ALICE, capture.sip("SIP/2.0 200 OK", "1 INVITE", capture.sdp(capture.BOB_MEDIA)))
    send(capture.ALICE, capture.BOB, capture.sip("ACK sip:bob@example.net SIP/2.0", "1 ACK"))
    for i in range(PACKETS):
        send(capture.ALICE_MEDIA, capture.BOB_MEDIA, capture.rtp(i, 160 * i, 1))
        if i not in hole:
            send(capture.BOB_MEDIA, capture.ALICE_MEDIA, capture.rtp(i, 160 * i, 2))
        time.sleep(0.02)
    send(capture.ALICE, capture.BOB, capture.sip("BYE sip:bob@example.net SIP/2.0", "3 BYE"))
    send(capture.BOB, capture.ALICE, capture.sip("SIP/2.0 200 OK", "3 BYE"))
    for place in places.values():
        place.close()


class Live(unittest.TestCase):
    def run_beside_a_call(self, *arguments, end=None, hole=range(0)):
        process = subprocess.Popen([VIADUCT, "analyze", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        sender = threading.Thread(target=send_call, args=(hole,))
        sender.start()
        sender.join()
        if end:
            process.send_signal(end)
        out, error = process.communicate(timeout=60)
        self.assertEqual(error, b"")
        self.assertIn(process.returncode, (0, 1))
        return out

    def check(self, document):
        self.assertEqual([call["call_id"] for call in document["calls"]], ["call-1@example.org"])
        self.assertEqual([(s["ssrc"], s["packets"], s["lost"]) for s in document["streams"]],
                         [("0x00000001", PACKETS, 0), ("0x00000002", PACKETS, 0)])

    def test_until_a_time(self):
        document = json.loads(self.run_beside_a_call("-i", "lo", "--duration", "4s", "--json"))
        self.check(document)
        self.assertEqual(document["inputs"][0]["path"], "interface lo")

    def test_on_all_interfaces_until_an_interrupt(self):
        self.check(json.loads(self.run_beside_a_call("-i", "any", "--json", end=signal.SIGINT)))

    def test_calls_are_told_before_the_report(self):
        first, second = self.run_beside_a_call("-i", "lo", end=signal.SIGTERM).decode().splitlines()[:2]
        self.assertRegex(first, r"^\d\d:\d\d:\d\d\.\d{3}  call-1@example\.org  sip:alice@example\.org -> "
                                r"sip:bob@example\.net  \d\.\d+ s, BYE of the caller$")
        self.assertTrue(second.startswith("verdict"))

    def test_findings_are_told_behind_their_call(self):
        lines = self.run_beside_a_call("-i", "lo", end=signal.SIGTERM, hole=range(10, 35)).decode().splitlines()
        begin = next(i for i, line in enumerate(lines) if line.startswith("verdict"))
        self.assertIn("  call-1@example.org  sip:alice@example.org -> ", lines[0])
        self.assertEqual({line.split()[1] for line in lines[1:begin]}, {"drop-outs"})
        for line in lines[1:begin]:
            self.assertRegex(line, r"^\d\d:\d\d:\d\d\.\d{3}    [a-z-]+  major  call-1@example\.org  unknown: 1 drop-out, ")


def main():
    if os.environ.get("VIADUCT_LIVE_TEST") != "inside":
        inside = os.environ | {"VIADUCT_LIVE_TEST": "inside"}
        os.execvpe("unshare", ["unshare", "--net", sys.executable, "-B", __file__, VIADUCT], inside)
    for command in (["link", "set", "lo", "up"], ["address", "add", capture.ALICE[0] + "/32", "dev", "lo"],
                    ["address", "add", capture.BOB[0] + "/32", "dev", "lo"]):
        subprocess.run(["ip", *command], check=True)
    unittest.main(argv=sys.argv[:1])


main()
