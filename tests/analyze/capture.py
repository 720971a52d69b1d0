# SPDX-License-Identifier: GPL-2.0-or-later
"""One SIP call with a G.711 stream in each direction, as a pcap file. Nothing of it is code under test."""
import socket
import struct

ALICE = ("192.0.2.10", 5060)
BOB = ("198.51.100.20", 5060)
ALICE_MEDIA = ("192.0.2.10", 40000)
BOB_MEDIA = ("198.51.100.20", 50000)
BEGIN = 1_700_000_000.0
HOLE = (8.0, 10.0)  # seconds after the answer in which Bob's packets are lost


def udp(source, destination, payload, dscp=0):
    datagram = struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0) + payload
    header = struct.pack("!BBHHHBBH4s4s", 0x45, dscp << 2, 20 + len(datagram), 0, 0x4000, 64, 17, 0,
                         socket.inet_aton(source[0]), socket.inet_aton(destination[0]))
    return b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0" + header + datagram


def sdp(media):
    return (f"v=0\r\no=- 1 1 IN IP4 {media[0]}\r\ns=-\r\nc=IN IP4 {media[0]}\r\nt=0 0\r\n"
            f"m=audio {media[1]} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n")


def sip(start_line, cseq, body=""):
    to_tag = "" if start_line.startswith("INVITE") and cseq == "1 INVITE" else ";tag=bob"
    head = [start_line, f"Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK{cseq.replace(' ', '')}",
            "Max-Forwards: 70", "From: <sip:alice@example.org>;tag=alice", f"To: <sip:bob@example.net>{to_tag}",
            "Call-ID: call-1@example.org", f"CSeq: {cseq}", "Contact: <sip:x@example.org>"]
    if body:
        head.append("Content-Type: application/sdp")
    return ("\r\n".join([*head, f"Content-Length: {len(body)}", "", body])).encode()


def rtp(sequence, timestamp, ssrc):
    return struct.pack("!BBHII", 0x80, 8, sequence & 0xffff, timestamp, ssrc) + b"\x2a\x9c" * 80


def sender_report(ssrc, ntp, packets):
    """`ntp`: the middle 32 bits of the time."""
    return struct.pack("!BBHIIIIII", 0x80, 200, 6, ssrc, ntp >> 16, (ntp & 0xffff) << 16, 0, packets, 160 * packets)


def receiver_report(sender, ssrc, fraction, lost, jitter, answers=0, waited=0.0):
    return struct.pack("!BBHIIIIIII", 0x81, 201, 7, sender, ssrc, fraction << 24 | lost, 0, jitter, answers,
                       round(waited * 65536))


def voip_metrics(sender, ssrc, loss, discard, rating, score):
    """RFC 3611 4.7; 127 is what was not measured."""
    return struct.pack("!BBHIBBHIBBBBHHHHbbBBBBBBBBHHH", 0x80, 207, 10, sender, 7, 0, 8, ssrc, loss, discard, 0, 0, 0, 0, 0,
                       40, 127, 127, 127, 16, rating, 127, score, 127, 0, 0, 60, 80, 120)


def message(at, source, destination, *what, **more):
    return BEGIN + at, udp(source, destination, sip(*what, **more), 24)


def talk(source, destination, ssrc, begin, end, sequence=0, hole=None):
    """One packet each 20 ms, but for those that `hole` (seconds from `begin`) swallows."""
    for i in range(round((end - begin) * 50)):
        if hole is None or not hole[0] <= i * 0.02 < hole[1]:
            yield BEGIN + begin + i * 0.02, udp(source, destination, rtp(sequence + i, 160 * i, ssrc), 46)


def dialogue(alice_media=ALICE_MEDIA, bob_media=BOB_MEDIA):
    yield message(0.0, ALICE, BOB, "INVITE sip:bob@example.net SIP/2.0", "1 INVITE", sdp(alice_media))
    yield message(0.1, BOB, ALICE, "SIP/2.0 180 Ringing", "1 INVITE")
    yield message(1.0, BOB, ALICE, "SIP/2.0 200 OK", "1 INVITE", sdp(bob_media))
    yield message(1.05, ALICE, BOB, "ACK sip:bob@example.net SIP/2.0", "1 ACK")
    yield message(21.1, ALICE, BOB, "BYE sip:bob@example.net SIP/2.0", "3 BYE")
    yield message(21.2, BOB, ALICE, "SIP/2.0 200 OK", "3 BYE")


def re_invite(at, description):
    """Bob's answer stays what it was."""
    yield message(at, ALICE, BOB, "INVITE sip:bob@example.net SIP/2.0", "2 INVITE", description)
    yield message(at + 0.1, BOB, ALICE, "SIP/2.0 200 OK", "2 INVITE", sdp(BOB_MEDIA))
    yield message(at + 0.15, ALICE, BOB, "ACK sip:bob@example.net SIP/2.0", "2 ACK")


def frames():
    """(time, frame), not in order."""
    yield from dialogue()
    yield from talk(ALICE_MEDIA, BOB_MEDIA, 0xa11ce, 1.06, 21.06)
    yield from talk(BOB_MEDIA, ALICE_MEDIA, 0xb0b, 1.065, 21.065, 65000, HOLE)


def pcap(of=None):
    out = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)]
    for time, frame in sorted(of or frames(), key=lambda pair: pair[0]):
        ticks = round(time * 1e6)
        out.append(struct.pack("<IIII", ticks // 1_000_000, ticks % 1_000_000, len(frame), len(frame)) + frame)
    return b"".join(out)
