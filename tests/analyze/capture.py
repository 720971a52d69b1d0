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


def re_invite(at, description, answer=None):
    """Bob's answer stays what it was, or is `answer`."""
    yield message(at, ALICE, BOB, "INVITE sip:bob@example.net SIP/2.0", "2 INVITE", description)
    yield message(at + 0.1, BOB, ALICE, "SIP/2.0 200 OK", "2 INVITE", answer or sdp(BOB_MEDIA))
    yield message(at + 0.15, ALICE, BOB, "ACK sip:bob@example.net SIP/2.0", "2 ACK")


def frames():
    """(time, frame), not in order."""
    yield from dialogue()
    yield from talk(ALICE_MEDIA, BOB_MEDIA, 0xa11ce, 1.06, 21.06)
    yield from talk(BOB_MEDIA, ALICE_MEDIA, 0xb0b, 1.065, 21.065, 65000, HOLE)


OUTER = "203.0.113.9"  # of the router before Alice


def translated(frame):
    """A frame as it is outside: the header names the router for Alice. SIP stays as it is."""
    alice, outer = socket.inet_aton(ALICE[0]), socket.inet_aton(OUTER)
    ends = frame[26:30].replace(alice, outer) + frame[30:34].replace(alice, outer)
    return frame[:26] + ends + frame[34:]


def both_sides(passes=lambda at, frame: True, edit=lambda octets: octets):
    """The call of frames() as a router before Alice sees it on all interfaces: a millisecond from one side to the other.
    What `passes` is false of is seen where it came from alone."""
    for at, frame in frames():
        outbound = frame[26:30] == socket.inet_aton(ALICE[0])
        inner, outer = frame, edit(translated(frame))
        before, after = (inner, outer) if outbound else (outer, inner)
        yield at, before
        if passes(at - BEGIN, frame):
            yield at + 0.001, after


def routed(passes=lambda at, frame: True):
    """The call of frames() as a router that translates nothing sees it on both sides: the second copy is a hop on."""
    for at, frame in frames():
        yield at, frame
        if passes(at - BEGIN, frame):
            yield at + 0.001, frame[:22] + bytes([frame[22] - 1]) + frame[23:]


def relayed(passes=lambda at, frame: True, beyond=lambda frame: frame):
    """The two sides of a proxy with a relay between Alice and Bob, as two lists: what it sends has addresses of its own."""
    alice, bob, near, far = (socket.inet_aton(host) for host in (ALICE[0], BOB[0], "192.0.2.99", "203.0.113.99"))
    as_seen = lambda frame, of, by: frame[:26] + frame[26:34].replace(of, by) + frame[34:]
    both = sorted(frames(), key=lambda pair: pair[0])
    return ([(at, as_seen(frame, bob, near)) for at, frame in both],
            [(at + 0.001, beyond(as_seen(frame, alice, far))) for at, frame in both if passes(at - BEGIN, frame)])


def by_another_clock(both, ahead):
    """The same where what captured outside had a clock `ahead` of the one inside, as mergecap puts the two together."""
    for at, frame in both:
        yield at + (ahead if socket.inet_aton(OUTER) in (frame[26:30], frame[30:34]) else 0), frame


def second_invite(attempts, answer=None):
    """An INVITE of another call that is outside alone, each of `attempts` (seconds), and what the router itself says inside."""
    other = lambda octets: octets.replace(b"call-1@", b"call-2@").replace(b"tag=alice", b"tag=alice2")
    invite = other(message(0, ALICE, BOB, "INVITE sip:bob@example.net SIP/2.0", "1 INVITE", sdp(ALICE_MEDIA))[1])
    for at in attempts:
        yield BEGIN + at, translated(invite)
    if answer:
        yield BEGIN + attempts[0] - 0.001, invite
        yield BEGIN + attempts[0] + 0.01, other(message(0, BOB, ALICE, answer, "1 INVITE")[1])


def cooked(frame):
    """An Ethernet frame as Linux captures it on all interfaces (LINKTYPE_LINUX_SLL)."""
    return struct.pack("!HHH8s2s", 0, 1, 6, b"\2\0\0\0\0\1\0\0", frame[12:14]) + frame[14:]


def second_call():
    """The call of frames(), and another one beside it: +49301234567 calls Carol."""
    carol, media = ("192.0.2.30", 5060), ("192.0.2.30", 41000)
    bob_media = (BOB_MEDIA[0], 51000)
    yield from frames()
    for at, source, destination, what, cseq, body in (
            (2.0, BOB, carol, "INVITE sip:carol@example.org SIP/2.0", "1 INVITE", sdp(bob_media)),
            (3.0, carol, BOB, "SIP/2.0 200 OK", "1 INVITE", sdp(media)),
            (3.05, BOB, carol, "ACK sip:carol@example.org SIP/2.0", "1 ACK", ""),
            (13.1, BOB, carol, "BYE sip:carol@example.org SIP/2.0", "2 BYE", ""),
            (13.2, carol, BOB, "SIP/2.0 200 OK", "2 BYE", "")):
        octets = sip(what, cseq, body).replace(b"call-1@", b"call-2@").replace(b"sip:bob@example.net>", b"sip:carol@example.org>")
        octets = octets.replace(b"<sip:alice@example.org>", b"<sip:+49301234567@example.net>")
        yield BEGIN + at, udp(source, destination, octets, 24)
    yield from talk(media, bob_media, 0xc01, 3.06, 13.06)
    yield from talk(bob_media, media, 0xc02, 3.07, 13.07)


def with_line(line):
    """The SDP of Alice with a line more."""
    return sdp(ALICE_MEDIA) + line + "\r\n"


def fax():
    """call-3: Alice offers video, which Bob refuses, and goes over to fax."""
    offer = with_line("m=video 40002 RTP/AVP 99")
    for at, frame in (*dialogue(), *re_invite(8, with_line("m=audio 0 RTP/AVP 8\r\nm=image 40000 udptl t38"),
                                              sdp(BOB_MEDIA) + "m=image 50000 UDPTL t38\r\n")):
        if b"INVITE sip:" in frame and b"1 INVITE" in frame:
            at, frame = message(0.0, ALICE, BOB, "INVITE sip:bob@example.net SIP/2.0", "1 INVITE", offer)
        yield at, frame.replace(b"call-1@", b"call-3@")
    yield from talk(ALICE_MEDIA, BOB_MEDIA, 0xfa1, 1.06, 8)
    yield from talk(BOB_MEDIA, ALICE_MEDIA, 0xfa2, 1.06, 8)


def in_parts():
    """The signalling of one call: an INVITE in two fragments, its answer in two TCP segments."""
    whole = udp(ALICE, BOB, sip("INVITE sip:bob@example.net SIP/2.0", "1 INVITE", sdp(ALICE_MEDIA)))
    ethernet, header, datagram = whole[:14], whole[14:34], whole[34:]
    for at, part, more in ((0, datagram[:160], 0x2000), (0.001, datagram[160:], 0)):
        field = struct.pack("!HHH", 20 + len(part), 7, more | (0 if more else 20))
        yield BEGIN + at, ethernet + header[:2] + field + header[8:] + part
    answer, at = sip("SIP/2.0 200 OK", "1 INVITE", sdp(BOB_MEDIA)).replace(b"/UDP", b"/TCP"), 0
    for part in (answer[:100], answer[100:]):
        segment = struct.pack("!HHIIBBHHH", BOB[1], ALICE[1], 1 + at, 0, 0x50, 0x18, 1000, 0, 0) + part
        packet = udp(BOB, ALICE, b"")[:23] + b"\x06" + udp(BOB, ALICE, b"")[24:34] + segment
        yield BEGIN + 1 + at / 1000, packet[:16] + struct.pack("!H", len(packet) - 14) + packet[18:]
        at += len(part)


def pcap(of=None, link=1, nanoseconds=False):
    out = [struct.pack("<IHHiIII", 0xa1b23c4d if nanoseconds else 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)]
    unit = 1_000_000_000 if nanoseconds else 1_000_000
    for time, frame in sorted(of or frames(), key=lambda pair: pair[0]):
        ticks = round(time * 1e6) * 1000 + 7 if nanoseconds else round(time * 1e6)
        out.append(struct.pack("<IIII", ticks // unit, ticks % unit, len(frame), len(frame)) + frame)
    return b"".join(out)
