# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's pcap reader, SIP reader, stream join and message pairing, on bytes made by hand."""
import pathlib
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from lab import capture, messages, rtp, sip  # noqa: E402
from lab.detect import octets  # noqa: E402

A, D = "192.168.1.10", "198.51.100.30"


def ipv4(source, target, segment, place=0, identity=7, tos=0, protocol=17):
    def octets(text):
        return bytes(map(int, text.split(".")))
    return (b"\0" * 12 + b"\x08\x00" + struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(segment), identity, place, 64, protocol, 0)
            + octets(source) + octets(target) + segment)


def udp(source_port, target_port, payload):
    return struct.pack("!HHHH", source_port, target_port, 8 + len(payload), 0) + payload


def pcap(frames, order="<"):
    data = struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for time, frame in frames:
        data += struct.pack(order + "IIII", int(time), round(time % 1 * 1e6), len(frame), len(frame)) + frame
    file = tempfile.NamedTemporaryFile(suffix=".pcap")
    file.write(data)
    file.flush()
    return file


def rtp_packet(sequence, ssrc=0xABCD, payload=b"\xff" * 20):
    return struct.pack("!BBHII", 0x80, 0, sequence, 160 * sequence, ssrc) + payload


def stream(times, target=(D, 20000), first=0):
    return [capture.Packet(time, (A, 10000), target, rtp_packet(first + n), 0) for n, time in enumerate(times)]


class Capture(unittest.TestCase):
    def test_reads_both_byte_orders_and_dscp(self):
        for order in "<>":
            with pcap([(1.25, ipv4(A, D, udp(5060, 5061, b"hello"), tos=46 << 2))], order) as file:
                self.assertEqual(capture.read(file.name), [capture.Packet(1.25, (A, 5060), (D, 5061), b"hello", 46)])

    def test_reassembles_fragments_in_any_order(self):
        whole = udp(5060, 5060, b"x" * 56)
        first, last = ipv4(A, D, whole[:32], place=0x2000), ipv4(A, D, whole[32:], place=4)
        for frames in ([first, last], [last, first]):
            with pcap(list(enumerate(frames, 1))) as file:
                self.assertEqual([p.payload for p in capture.read(file.name)], [b"x" * 56])

    def test_reads_tcp_payload_once(self):
        def segment(sequence, payload):
            return ipv4(A, D, struct.pack("!HHIIBBHHH", 5060, 5061, sequence, 0, 5 << 4, 24, 0, 0, 0) + payload, protocol=6)
        with pcap(list(enumerate([segment(1, b""), segment(1, b"one"), segment(4, b"one"), segment(1, b"one")], 1))) as file:
            self.assertEqual([(p.time, p.payload) for p in capture.read(file.name, capture.TCP)], [(2, b"one"), (3, b"one")])
            self.assertEqual(capture.read(file.name), [])

    def test_reads_ipv6_and_skips_what_is_not_udp(self):
        segment = udp(1, 2, b"six")
        six = b"\0" * 12 + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(segment), 17, 64) + b"\x20\x01" + b"\0" * 13 + b"\x01" + b"\0" * 15 + b"\x02" + segment
        arp = b"\0" * 12 + b"\x08\x06" + b"\0" * 28
        with pcap([(1, six), (2, arp)]) as file:
            self.assertEqual([(p.source, p.target, p.payload) for p in capture.read(file.name)], [(("2001::1", 1), ("::2", 2), b"six")])

    def test_a_missing_file_is_an_empty_capture_and_another_format_an_error(self):
        self.assertEqual(capture.read("/nonexistent.pcap"), [])
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\x0a\x0d\x0d\x0a" + b"\0" * 40)
            file.flush()
            self.assertRaises(capture.LabError, capture.read, file.name)


class Streams(unittest.TestCase):
    def test_counts_what_arrived_and_the_longest_gap(self):
        sent = stream([0.00, 0.02, 0.04, 0.06, 0.08])
        got = [p._replace(time=p.time + 0.010) for n, p in enumerate(sent) if n != 2]
        self.assertEqual(rtp.audio(sent, A, got, D, (0, 1), {20000}), rtp.Audio(5, 4, 40, 10.0, 20))

    def test_silence_at_the_end_is_a_gap_too(self):
        sent = stream([0.02 * n for n in range(50)])
        self.assertEqual(rtp.audio(sent, A, sent[:10], D, (0, 1), {20000}).gap_ms, 800)

    def test_a_wrong_port_is_not_heard_and_another_stream_does_not_count(self):
        sent = stream([0.0, 0.02])
        self.assertEqual(rtp.audio(sent, A, sent, D, (0, 1), {20002}).received, 0)
        other = [p._replace(payload=rtp_packet(n, ssrc=1)) for n, p in enumerate(sent)]
        self.assertEqual(rtp.audio(sent, A, other, D, (0, 1), {20000}).received, 0)

    def test_a_packet_that_arrives_twice_counts_once(self):
        sent = stream([0.0, 0.02])
        self.assertEqual(rtp.audio(sent, A, sent + sent, D, (0, 1), {20000}).received, 2)

    def test_nothing_sent_does_not_flow(self):
        self.assertFalse(rtp.audio([], A, [], D, (0, 1), {20000}).flows())

    def test_audio_at_a_host_without_known_ports_is_an_error(self):
        sent = stream([0.0, 0.02])
        self.assertRaises(capture.LabError, rtp.audio, sent, A, sent, D, (0, 1), set())
        self.assertEqual(rtp.audio(sent, A, [], D, (0, 1), set()).received, 0)

    def test_a_hole_of_the_path_is_noticed_and_one_of_the_sender_is_not(self):
        alone = rtp.Audio(75, 75, 25, 0.1, 25)
        self.assertTrue(rtp.Audio(75, 75, 60, 0.1, 25).undisturbed(alone))
        self.assertFalse(rtp.Audio(75, 75, 61, 0.1, 25).undisturbed(alone))
        self.assertTrue(rtp.Audio(75, 75, 140, 0.1, 130).undisturbed(alone))
        self.assertTrue(rtp.Audio(75, 75, 80, 0.1, 25).undisturbed(alone._replace(gap_ms=40)))
        self.assertFalse(rtp.Audio(75, 74, 25, 0.1, 25).undisturbed(alone))
        self.assertFalse(rtp.Audio(0, 0, 0, 0.0).undisturbed(alone))

    def test_rtcp_is_not_rtp(self):
        report = struct.pack("!BBHI", 0x80, 201, 1, 5) + b"\0" * 8
        self.assertTrue(rtp.is_rtcp(report))
        self.assertFalse(rtp.is_rtp(report))


INVITE = (b"INVITE sip:b@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK1\r\nf: <sip:a@example.org>;tag=x1\r\n"
          b"To: <sip:b@example.org>\r\ni: 1@192.168.1.10\r\nCSeq: 7 INVITE\r\nContact: <sip:a@192.168.1.10:5060>\r\nl: 97\r\n\r\n"
          b"v=0\r\no=- 1 1 IN IP4 192.168.1.10\r\ns=-\r\nc=IN IP4 192.168.1.10\r\nt=0 0\r\nm=audio 40001 RTP/AVP 0\r\na=rtcp:40003\r\n")


class Messages(unittest.TestCase):
    def test_reads_compact_names_and_sdp(self):
        message = sip.parse(INVITE)
        self.assertEqual((message.method, message.status, message.cseq, message.tag("from"), message.call_id), ("INVITE", 0, 7, "x1", "1@192.168.1.10"))
        self.assertEqual(sip.media(message.body), sip.Media("192.168.1.10", 40001, 40003, "sendrecv"))

    def test_finds_exactly_the_changed_bytes(self):
        after = INVITE.replace(b"c=IN IP4 192.168.1.10", b"c=IN IP4 203.0.113.2").replace(b"a@192.168.1.10:5060", b"a@203.0.113.2:1024")
        self.assertEqual([(old, new) for _, old, new in messages.changes(INVITE, after)],
                         [(b"192.168.1.10:5060", b"203.0.113.2:1024"), (b"192.168.1.10", b"203.0.113.2")])
        self.assertEqual([messages.place(INVITE, offset) for offset, _, _ in messages.changes(INVITE, after)], ["Contact", "c="])
        self.assertEqual(messages.changes(INVITE, INVITE), [])

    def test_names_the_start_line_and_a_removed_line(self):
        after = INVITE.replace(b"sip:b@example.org SIP", b"sip:b@example.net SIP").replace(b"a=rtcp:40003\r\n", b"")
        found = messages.changes(INVITE, after)
        self.assertEqual([messages.place(INVITE, offset) for offset, _, _ in found], ["start line", "a="])

    def test_pairs_by_direction_and_shows_what_did_not_come_out(self):
        def seen(raw, time, source, target):
            return sip.parse(raw, time, source, target)
        again = INVITE.replace(b"CSeq: 7", b"CSeq: 8")
        inside = [seen(INVITE, 1.0, (A, 5060), (D, 5060)), seen(again, 2.0, (A, 5060), (D, 5060))]
        outside = [seen(INVITE.replace(b"192.168.1.10", b"203.0.113.2"), 1.001, ("203.0.113.2", 5060), (D, 5060))]
        found = messages.pairs(inside, outside, lambda address: address.startswith("192.168.1."), ("203.0.113.2",))
        self.assertEqual([(pair.before.cseq, pair.after is not None, pair.outbound) for pair in found], [(7, True, True), (8, False, True)])
        summary = messages.count(found)
        self.assertEqual((summary.messages, summary.lost, summary.touched), (2, 1, 1))
        self.assertEqual(summary.places, {"Via": 1, "i": 1, "Contact": 1, "o=": 1, "c=": 1})

    def test_pairs_the_branch_that_came_out_and_copies_by_time(self):
        def seen(raw, time):
            return sip.parse(raw, time, (A, 5060), (D, 5060))
        other = INVITE.replace(b"branch=", b"branch=z9hG4bKother")
        found = messages.joined([seen(other, 1.0), seen(INVITE, 1.1), seen(INVITE, 1.6)], [seen(INVITE, 1.101), seen(INVITE, 1.601)])
        self.assertEqual({number: after.time for number, after in found.items()}, {1: 1.101, 2: 1.601})

    def test_a_shown_difference_must_mark_each_octet_that_differs_and_no_other(self):
        after = INVITE.replace(b"c=IN IP4 192.168.1.10", b"c=IN IP4 203.0.113.2").replace(b"CSeq: 7", b"CSeq: 8")
        offset, sequence = INVITE.index(b"c=IN IP4 ") + 9, INVITE.index(b"CSeq: 7") + 6
        both = [{"before": {"offset": sequence, "length": 1}, "after": {"offset": sequence, "length": 1}},
                {"before": {"offset": offset, "length": 12}, "after": {"offset": offset, "length": 11}}]

        def spoilt(changes, left_out=0):
            return octets.spoilt({"before": INVITE.decode(), "after": after.decode(), "changes": changes, "left_out": left_out}, INVITE, after)
        self.assertEqual(spoilt(both), "")
        self.assertEqual(spoilt(both[:1]), "octets differ that are not marked")
        self.assertEqual(spoilt(both[1:]), "octets differ that are not marked")
        same = {"before": {"offset": 0, "length": 6}, "after": {"offset": 0, "length": 6}}
        self.assertEqual(spoilt([same, *both]), "octets are marked that do not differ")
        self.assertEqual(spoilt(both, 1), "leaves changes out")
        self.assertEqual(octets.differing(messages.Pair(sip.parse(INVITE), sip.parse(after), True)), 1 + 12)

    def test_tells_what_the_documented_edits_do_not_explain(self):
        def told(after, before=INVITE, outbound=True):
            return messages.unexpected([messages.Pair(sip.parse(before), after and sip.parse(after), outbound)])
        contact = INVITE.replace(b"a@192.168.1.10:5060", b"a@203.0.113.2:1024")
        self.assertEqual(told(INVITE), [])
        self.assertEqual(told(contact), [])
        self.assertEqual(told(INVITE.replace(b"audio 40001", b"audio 30001").replace(b"rtcp:40003", b"rtcp:30003")), [])
        self.assertEqual(told(contact, outbound=False), ["INVITE in: Contact"])
        self.assertEqual(told(INVITE.replace(b"UDP 192.168.1.10:5060", b"UDP 203.0.113.2:5060")), ["INVITE out: Via"])
        self.assertEqual(told(INVITE.replace(b"<sip:a@192.168.1.10:5060>", b"<sip:b@203.0.113.2:5060>")), ["INVITE out: Contact"])
        self.assertEqual(told(INVITE.replace(b"l: 97", b"l: 98")), ["INVITE out: l"])
        self.assertEqual(told(INVITE.replace(b"a=rtcp:40003\r\n", b"")), ["INVITE out: a=", "INVITE: lines"])
        self.assertEqual(told(None), ["INVITE: lost"])

    def test_an_empty_capture_does_not_count_as_nothing_changed(self):
        self.assertFalse(messages.count([]).none)
        message = sip.parse(INVITE, 1.0, (A, 5060), (D, 5060))
        self.assertTrue(messages.count([messages.Pair(message, message, True)]).none)
        self.assertFalse(messages.count([messages.Pair(message, message._replace(raw=INVITE[:-1] + b"x"), True)]).none)


if __name__ == "__main__":
    unittest.main()
