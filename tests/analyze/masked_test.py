#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct analyze --anonymise --extract`: a call with names wherever SIP, SDP, RTP and RTCP can have them, over UDP, in
fragments, over TCP and IPv6; nothing of them is left, and the call is what it was. usage: masked_test.py VIADUCT"""
import json
import pathlib
import random
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

import capture

VIADUCT = sys.argv[1]
CALL_ID = "4930123456-77@192.0.2.10"
# Whatever a reader could know somebody by; each must stand in the capture, so that this test cannot pass by itself.
SECRETS = ["alice", "Alice Example", "4930123456", "robert", "192.0.2.10", "198.51.100.20", "pbx.example.org", "example.net",
           "secretnonce", "00041312aabb", "Conference of Alice", "f81d4fae-7dec", "Bespoke", "+49891234", "alice-laptop", "10.7.7.7",
           "WVNfX19zZW1jdGwg", "Janette", "c0ffee77", "hushhush"]


def message(start_line, cseq, body="", kind="application/sdp", transport="UDP"):
    head = [start_line, f"Via: SIP/2.0/{transport} pbx.example.org:5060;branch=z9hG4bK{cseq.replace(' ', '')}192.0.2.10;rport",
            "Max-Forwards: 70", "From: \"Alice Example\" <sip:alice@example.net>;tag=alice1",
            "To: Robert <sip:robert@example.net;phone-context=+49891234>" + (";tag=b1" if cseq != "1 INVITE" else ""),
            f"Call-ID: {CALL_ID}", f"CSeq: {cseq}", "Contact: <sip:alice@192.0.2.10:5060;line=f81d4fae-7dec>;+sip.instance=\"<urn:uuid:f81d4fae-7dec>\"",
            "P-Asserted-Identity: <tel:+4930123456>", "User-Agent: Phone 1.0 00041312aabb", "X-Customer: Bespoke Ltd", "Subject: hushhush, alice",
            "Authorization: Digest username=\"alice\", realm=\"example.net\", nonce=\"secretnonce\", uri=\"sip:robert@example.net\", response=\"c0ffee77\""]
    if body:
        head.append(f"Content-Type: {kind}")
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", body]).encode()


def sdp(media):
    return (f"v=0\r\no=alice 1 1 IN IP4 {media[0]}\r\ns=Conference of Alice\r\ni=Janette Doe\r\nc=IN IP4 {media[0]}\r\nt=0 0\r\n"
            f"m=audio {media[1]} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
            "a=candidate:1 1 UDP 2130706431 10.7.7.7 40000 typ host\r\na=candidate:2 1 UDP 21 alice-laptop.local 40000 typ host\r\n"
            "a=x-owner:Janette\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwg\r\n")


def description_of(ssrc):
    name = b"alice@192.0.2.10"
    chunk = struct.pack("!I", ssrc) + bytes([1, len(name)]) + name + b"\0"
    chunk += bytes(-len(chunk) % 4)
    return struct.pack("!BBH", 0x81, 202, len(chunk) // 4) + chunk


def tcp(source, destination, sequence, payload):
    segment = struct.pack("!HHIIBBHHH", source[1], destination[1], sequence, 1, 0x50, 0x18, 1000, 0, 0) + payload
    packet = capture.udp(source, destination, b"")[14:34]
    return b"\x00\x04\x13\x12\xaa\xbb\x02\0\0\0\0\x02\x08\0" + packet[:2] + struct.pack("!H", 20 + len(segment)) + packet[4:9] + b"\x06" + packet[10:] + segment


def fragments(frame, size):
    ethernet, header, datagram = frame[:14], frame[14:34], frame[34:]
    for at in range(0, len(datagram), size):
        part = datagram[at:at + size]
        field = struct.pack("!HHH", 20 + len(part), 7, (0x2000 if at + size < len(datagram) else 0) | at // 8)
        yield ethernet + header[:2] + field + header[8:] + part


def call():
    alice, bob, media, other = capture.ALICE, capture.BOB, capture.ALICE_MEDIA, capture.BOB_MEDIA
    at = capture.BEGIN
    for i, frame in enumerate(fragments(capture.udp(alice, bob, message("INVITE sip:robert@example.net SIP/2.0", "1 INVITE", sdp(media))), 480)):
        yield at + i / 1000, frame
    answer = message("SIP/2.0 200 OK", "1 INVITE", sdp(other), transport="TCP")
    ringing = message("SIP/2.0 183 Alice is on the phone", "1 INVITE", transport="TCP")
    stream, sequence = ringing + answer, 1  # two messages in three segments, none of which ends with one
    for i, part in enumerate((stream[:300], stream[300:900], stream[900:])):
        yield at + 1 + i / 1000, tcp(bob, alice, sequence, part)
        sequence += len(part)
    info = message("INFO sip:robert@example.net SIP/2.0", "2 INFO", "Signal=hushhush\r\n", "application/dtmf-relay")
    ack = message("ACK sip:robert@example.net SIP/2.0", "1 ACK")
    yield at + 1.05, tcp(alice, bob, 1, ack + info)  # two in one
    for i in range(500):
        speech = b"voice of Alice " * 9 + b"Janette said, or so it went."
        yield at + 1.1 + i * 0.02, capture.udp(media, other, capture.rtp(i, 160 * i, 0xa11ce)[:12] + speech[:160], 46)
        if not 200 <= i < 300:
            silence = b"\xd5" * 160
            yield at + 1.11 + i * 0.02, capture.udp(other, media, capture.rtp(i, 160 * i, 0xb0b)[:12] + silence, 46)
    yield at + 5, capture.udp((media[0], media[1] + 1), (other[0], other[1] + 1), capture.sender_report(0xa11ce, 1, 9) + description_of(0xa11ce))
    yield at + 6, capture.udp(media, other, struct.pack("!BBHII", 0x80, 101, 500, 80000, 0xa11ce) + bytes([7, 0x8a, 0, 160]))
    yield at + 6.5, capture.udp(media, other, struct.pack("!HHI12s", 1, 24, 0x2112a442, b"transaction ") + struct.pack("!HH20s", 6, 20, b"alice:secretnonce.rob"))
    yield at + 7, capture.udp(media, other, b"\x17\xfe\xfd" + b"alice in DTLS " * 5)
    yield at + 12, capture.udp(alice, bob, message("BYE sip:robert@example.net SIP/2.0", "3 BYE"))
    yield at + 12.1, capture.udp(bob, alice, message("SIP/2.0 200 OK", "3 BYE"))


def checksum(octets):
    octets += bytes(len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def frames_of(octets):
    assert octets[:4] == struct.pack("<I", 0xa1b23c4d) and struct.unpack("<I", octets[20:24]) == (101,)
    at = 24
    while at < len(octets):
        seconds, rest, captured, length = struct.unpack("<IIII", octets[at:at + 16])
        yield seconds + rest / 1e9, octets[at + 16:at + 16 + captured], length
        at += 16 + captured


class Masked(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def analyze(self, *arguments):
        run = subprocess.run([VIADUCT, "analyze", "--json", *arguments], cwd=self.path, capture_output=True, timeout=60)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return json.loads(run.stdout)

    def extract(self, frames):
        frames = list(frames)
        (self.path / "call.pcap").write_bytes(capture.pcap(frames))
        self.document = self.analyze("--anonymise", "--extract", CALL_ID, "out.pcap", "call.pcap")
        return frames, list(frames_of((self.path / "out.pcap").read_bytes()))

    def test_nothing_is_left(self):
        frames, masked = self.extract(call())
        before, after = b"".join(frame for _, frame in frames), b"".join(frame for _, frame, _ in masked)
        for secret in [*(name.encode() for name in SECRETS), b"voice of", b"Janette said", b"in DTLS", b"on the phone", b"Signal=",
                       bytes.fromhex("00041312aabb"), socket.inet_aton("192.0.2.10"), socket.inet_aton("198.51.100.20"), socket.inet_aton("10.7.7.7")]:
            if secret != socket.inet_aton("10.7.7.7"):
                self.assertIn(secret.lower(), before.lower(), "it was never there")
            self.assertNotIn(secret.lower(), after.lower())
        self.assertIn(b"User-Agent: Phone 1.0", after)

    def test_frames_are_good(self):
        frames, masked = self.extract(call())
        self.assertEqual([round(at, 6) for at, _, _ in masked], sorted(round(at, 6) for at, _ in frames))
        for _, frame, length in masked:
            self.assertEqual(len(frame), length)
            self.assertEqual(struct.unpack("!H", frame[2:4])[0], length)
            self.assertEqual(checksum(frame[:20]), 0xffff)
            if struct.unpack("!H", frame[6:8])[0] & 0x3fff == 0:
                self.assertEqual(checksum(frame[12:20] + struct.pack("!HH", frame[9], length - 20) + frame[20:]), 0xffff)

    def test_what_is_told_of_it_is_the_same(self):
        self.extract(call())
        masked = self.analyze("out.pcap")
        for document in (self.document, self.analyze("call.pcap")):
            for key in ("verdict", "attribution"):
                self.assertEqual(masked.get(key), document.get(key))
            self.assertEqual([(f["rule"], f["verdict"], f["cause"]) for f in masked["findings"]],
                             [(f["rule"], f["verdict"], f["cause"]) for f in document["findings"]])
            self.assertEqual([(s["ssrc"], s["packets"], s["lost"], s["direction"]) for s in masked["streams"]],
                             [(s["ssrc"], s["packets"], s["lost"], s["direction"]) for s in document["streams"]])
        # One run has one mask.
        self.assertEqual([(c["call_id"], c["from"], c["to"]) for c in masked["calls"]],
                         [(c["call_id"], c["from"], c["to"]) for c in self.document["calls"]])
        self.assertEqual([s["source"] for s in masked["streams"]], [s["source"] for s in self.document["streams"]])

    def test_what_was_captured_in_part(self):
        whole = list(call())
        (self.path / "call.pcap").write_bytes(capture.pcap(whole))
        octets, at = (self.path / "call.pcap").read_bytes(), 24
        cut = octets[:24]
        for _, frame in sorted(whole, key=lambda pair: pair[0]):
            size = min(len(frame), 96)
            cut += octets[at:at + 8] + struct.pack("<II", size, len(frame)) + frame[:size]
            at += 16 + len(frame)
        (self.path / "cut.pcap").write_bytes(cut)
        document = self.analyze("cut.pcap")
        for call_id in {one["call_id"] for one in document["calls"]}:
            self.analyze("--anonymise", "--extract", call_id, "out.pcap", "cut.pcap")
            for _, frame, length in frames_of((self.path / "out.pcap").read_bytes()):
                self.assertGreaterEqual(length, len(frame))
                self.assertNotIn(b"alice", frame.lower())

    def test_broken_octets(self):
        whole = capture.pcap(list(call()))
        for seed in range(30):
            dice = random.Random(seed)
            broken = bytearray(whole[:30000])
            for _ in range(dice.choice((3, 30, 300))):
                broken[dice.randrange(24, len(broken))] = dice.randrange(256)
            (self.path / "broken.pcap").write_bytes(broken)
            run = subprocess.run([VIADUCT, "analyze", "--anonymise", "--extract", CALL_ID, "out.pcap", "broken.pcap"],
                                 cwd=self.path, capture_output=True, timeout=60)
            self.assertIn(run.returncode, (0, 1, 2, 3), (seed, run.stderr))


unittest.main(argv=sys.argv[:1])
