# SPDX-License-Identifier: GPL-2.0-or-later
"""Kind B: rewriting of SDP and bodies."""
import re
import time

from lab import rtp, sip
from lab.endpoint import offer
from lab.fault.case import NO_CALL, Case, Finding, deaf, heard, lines, lost_invite, refused, requests
from lab.fault.signalling import OCTETS, SEQUENTIAL, outgoing
from lab.fault.stage import A, D, FAR_MEDIA, NEAR_MEDIA, OUTER
from lab.rtp import is_rtcp, is_rtp
from lab.topology import PLATFORM

BANDWIDTH = "b=AS:64\r\n"
CANDIDATES = (f"a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\na=candidate:1 1 UDP 2130706431 {A} {NEAR_MEDIA} typ host\r\n"
              f"a=candidate:1 2 UDP 2130706430 {A} {NEAR_MEDIA + 1} typ host\r\n")
NEAR_SCREEN, FAR_SCREEN = 40014, 20014  # ports of the fourth m= line
PIDF = '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:alice@voip.example"/>\r\n'


def outbound(stage, seconds=2, platform="trusting", body="", far=(), **options):
    """Alice calls Dave, both speak. The call, or None."""
    registrar, body = stage.platform(platform), body or offer(A, NEAR_MEDIA)
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    stage.far(registrar, far_stream, **dict(far))
    call = stage.near(registrar, **options).invite("dave", body, wait=4)
    if call:
        stage.talk(call, near_stream, far_stream, seconds)
    return call


def call(stage):
    outbound(stage)


def call_latched(stage):
    """Dave's side answers to where media comes from if the offer names a private address, as SBCs do, and believes a public one."""
    registrar = stage.platform("literal")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()

    def answer(call, invite):
        media = sip.media(invite.body)
        far_stream.latch = media.address == A
        if not far_stream.latch:
            far_stream.aim(media)
        return [(0, 200, offer(D, FAR_MEDIA))]
    stage.far(registrar, answer=answer)
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if call:
        stage.talk(call, near_stream, far_stream, 2)


def call_public(stage):
    """A phone that has asked a server for the outer address of its media, as with STUN, and names it."""
    registrar = stage.platform("literal")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    with stage.topology.udp("p", PLATFORM["literal"], 3478) as server:
        server.settimeout(2)
        near_stream.rtp.sendto(b"what is my address?", (PLATFORM["literal"], 3478))
        address, port = server.recvfrom(64)[1]
    stage.far(registrar, far_stream)
    call = stage.near(registrar).invite("dave", offer(address, port), wait=4)
    if call:
        stage.talk(call, near_stream, far_stream, 2)


def hold_by_address(stage):
    """Alice calls and holds as RFC 2543 had it, with c=0.0.0.0. Dave's phone takes another o= for another session (RFC 3264 8)."""
    known = {}

    def same_session(call, request):
        return 488 if origin_of(request.body) != known[call.id] else 200

    def answer(call, invite):
        known[call.id] = origin_of(invite.body)
        return [(0, 200, offer(D, FAR_MEDIA))]
    registrar = stage.platform("literal")
    stage.far(registrar, answer=answer, reoffer=same_session)
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if call:
        stage.mark("hold")
        call.request("INVITE", offer(A, NEAR_MEDIA, version=2).replace(f"c=IN IP4 {A}", "c=IN IP4 0.0.0.0"), wait=2)
        time.sleep(0.3)


def origin_of(body):
    """o= without its version: what tells one session from another."""
    words = body.split("\r\n")[1].split()
    return " ".join(words[:2] + words[3:])


def reinvite(stage, far=(), body=None):
    """Alice's phone refreshes the call after 1.5 s with the same media, and Dave's follows what the offer says."""
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    follow = dict(far).get("reoffer", lambda call, request: far_stream.aim(sip.media(request.body)))
    stage.far(registrar, far_stream, reoffer=lambda call, request: follow(call, request) and far_stream.aim(sip.media(request.body)))
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if not call:
        return
    stage.talk(call, near_stream, far_stream, 1.5)
    stage.mark("reinvite")
    call.request("INVITE", body or offer(A, NEAR_MEDIA, version=2), wait=2)
    time.sleep(2.5)
    stage.mark("end")


def reinvite_strict(stage):
    """Dave's phone reads an SDP again only when the version in its o= has changed (RFC 3264 8)."""
    known = {}

    def newer(call, request):
        version = request.body.split("\r\n")[1].split()[2]
        known.setdefault(call.id, "1")
        changed, known[call.id] = known[call.id] != version, version
        return changed
    reinvite(stage, far={"reoffer": newer})


def reinvite_followed(stage):
    reinvite(stage, far={"reoffer": lambda call, request: True})


def strict_call(stage, wrong, status, **options):
    """Dave's phone refuses an offer that is `wrong(invite)`."""
    registrar = stage.platform("trusting")
    stage.far(registrar, answer=lambda call, invite: [(0, status, "") if wrong(invite) else (0, 200, offer(D, FAR_MEDIA))])
    stage.near(registrar).invite("dave", wait=3, **options)
    time.sleep(0.3)


def call_bandwidth(stage):
    """A parser that knows b=<type>:<number> alone."""
    strict_call(stage, lambda invite: re.search(r"^b=(?!\S+:\d)", invite.body, re.M), 488, body=offer(A, NEAR_MEDIA, BANDWIDTH))


def call_measured(stage):
    """A datagram that ends before its body should is an error (RFC 3261 18.3)."""
    def short(invite):
        told, there = lengths(invite)
        return told > there
    strict_call(stage, short, 400, body=offer(A, NEAR_MEDIA))


def call_needs_ice(stage):
    """Dave's phone is a browser: it takes no offer without candidates."""
    strict_call(stage, lambda invite: "a=candidate" not in invite.body, 488, body=offer(A, NEAR_MEDIA, CANDIDATES))


def lengths(invite):
    """What Content-Length says, and how many octets of body there are."""
    return int(invite.get("content-length")), len(invite.raw.partition(b"\r\n\r\n")[2])


def call_ice(stage):
    """Dave's phone answers as RFC 8839 4.2.5 asks when c= and m= are none of the candidates: a=ice-mismatch."""
    def answer(call, invite):
        media = sip.media(invite.body)
        known = f"{media.address} {media.port} " in invite.body
        return [(0, 200, offer(D, FAR_MEDIA, "a=ice-ufrag:9uB6\r\na=ice-pwd:YH75Fviy6338Vbrhrlp8Yh\r\n" if known else "a=ice-mismatch\r\n"))]
    registrar = stage.platform("literal")
    stage.far(registrar, answer=answer)
    stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA, CANDIDATES), wait=3)
    time.sleep(0.2)


def call_trickle(stage):
    outgoing(stage, body=offer(A, 9))


def call_named(stage):
    outgoing(stage, body=offer(A, NEAR_MEDIA).replace(f"c=IN IP4 {A}", "c=IN IP4 media.voip.example"))


def call_odd_port(stage):
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream(40001, rtcp=40003)
    stage.far(registrar, far_stream)
    call = stage.near(registrar).invite("dave", offer(A, 40001, "a=rtcp:40003\r\n"), wait=4)
    if not call:
        return
    near_stream.aim(call.media())
    near_stream.report()  # opens the way for RTCP, as its RTP does for RTP
    stage.mark("talk")
    near_stream.start()
    far_stream.start()
    for _ in range(5):
        time.sleep(0.3)
        near_stream.report()
        far_stream.report()
    stage.mark("end")


def call_rtcp_apart(stage):
    """RTCP on a port of its own that a=rtcp names; Alice hears Dave's reports before she sends one."""
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream(rtcp=NEAR_MEDIA + 3)
    stage.far(registrar, far_stream)
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA, f"a=rtcp:{NEAR_MEDIA + 3}\r\n"), wait=4)
    if not call:
        return
    near_stream.aim(call.media())
    stage.mark("talk")
    near_stream.start()
    far_stream.start()
    for _ in range(5):
        time.sleep(0.3)
        far_stream.report()
    stage.mark("end")


def videos(address, port):
    """Two cameras and a shared screen, each with its own c=."""
    return "".join(f"m=video {port + 2 * n} RTP/AVP 96\r\nc=IN IP4 {address}\r\na=rtpmap:96 VP8/90000\r\n" for n in range(3))


def places(body):
    """(address, port) of each m=, which has a c= of its own."""
    return [(address, int(port)) for port, address in re.findall(r"^m=\w+ (\d+) .*?^c=IN IP4 (\S+)", body, re.M | re.S)]


class Latch:
    """Dave's side latches all its streams for the length of a call if the first c= of the call is private, as SBCs do, and else believes SDP."""

    def __init__(self, streams):
        self.streams, self.private = streams, None

    def follow(self, targets):
        if self.private is None:
            self.private = targets[0][0] == A
        for stream, (address, port) in zip(self.streams, targets):
            stream.latch = self.private
            if not self.private:
                stream.aim(sip.Media(address, port, port + 1, "sendrecv"))


def call_four_media(stage):
    """Audio, two videos and a shared screen; the first and the last are sent both ways."""
    registrar = stage.platform("literal")
    far = [stage.stream("d", D, port) for port in (FAR_MEDIA, FAR_SCREEN)]
    near = [stage.near_stream(port) for port in (NEAR_MEDIA, NEAR_SCREEN)]
    latch = Latch(far)

    def answer(call, invite):
        named = places(invite.body)
        latch.follow([named[0], named[3]])
        return [(0, 200, offer(D, FAR_MEDIA, f"c=IN IP4 {D}\r\n") + videos(D, FAR_SCREEN - 4))]
    stage.far(registrar, answer=answer)
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA, f"c=IN IP4 {A}\r\n") + videos(A, NEAR_SCREEN - 4), wait=4)
    if not call:
        return
    for stream, (address, port) in zip(near, [(D, FAR_MEDIA), (D, FAR_SCREEN)]):
        stream.aim(sip.Media(address, port, port + 1, "sendrecv"))
    stage.mark("talk")
    for stream in (*near, *far):
        stream.start()
    time.sleep(2)
    stage.mark("end")


def call_fax(stage):
    """Both speak, then a re-INVITE to T.38. Its packets are the same ones here: what arrives where is what counts."""
    fax = offer(A, NEAR_MEDIA, version=2).partition("m=audio")[0] + f"m=image {NEAR_MEDIA} udptl t38\r\na=T38FaxVersion:0\r\n"
    registrar = stage.platform("literal")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    latch = Latch([far_stream])

    def place(body):
        return [(re.search(r"^c=IN IP4 (\S+)", body, re.M)[1], int(re.search(r"^m=\w+ (\d+)", body, re.M)[1]))]

    def answer(call, invite):
        latch.follow(place(invite.body))
        return [(0, 200, offer(D, FAR_MEDIA))]
    stage.far(registrar, answer=answer, reoffer=lambda call, request: latch.follow(place(request.body)))
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if not call:
        return
    stage.talk(call, near_stream, far_stream, 1.5)
    call.request("INVITE", fax, wait=2)
    stage.mark("fax")
    time.sleep(1.5)
    stage.mark("faxed")


def call_multipart(stage):
    """SDP, and behind it where the caller is, as an emergency call has it. Dave is the centre, which asks for what it cannot read (RFC 6442 4.3)."""
    parts = [("application/sdp", offer(A, NEAR_MEDIA)), ("application/pidf+xml", PIDF)]
    body = "".join(f"--cut\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts) + "--cut--\r\n"
    strict_call(stage, lambda invite: b"--cut--" not in invite.raw.partition(b"\r\n\r\n")[2][:lengths(invite)[0]], 424,
                headers=["Content-Type: multipart/mixed;boundary=cut"], body=body)


def hold(stage):
    """Alice calls, holds and resumes; nobody speaks meanwhile. Dave's phone goes on where it sent before."""
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    stage.far(registrar, far_stream, reoffer=lambda call, request: None)
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if not call:
        return
    stage.talk(call, near_stream, far_stream, 1.5)
    near_stream.pause()
    far_stream.pause()
    stage.mark("hold")
    call.request("INVITE", offer(A, NEAR_MEDIA, version=2, direction="inactive"), wait=2)
    time.sleep(0.5)
    call.request("INVITE", offer(A, NEAR_MEDIA, version=3), wait=2)
    stage.mark("resumed")
    near_stream.start()
    far_stream.start()
    time.sleep(1.5)
    stage.mark("end")


def offers(record):
    """SDPs that Dave's phone got in requests."""
    return [m for m in requests(record, "phone-d", "INVITE", D) if m.body]


def ports(record):
    return list(dict.fromkeys(sip.media(m.body).port for m in offers(record) if sip.media(m.body)))


def first_offer(record):
    return (offers(record) or [None])[0]


def hold_refused(record):
    if "hold" not in record.marks:
        return NO_CALL
    told = [m.status for m in record.messages("phone-a", "hold") if m.method == "INVITE" and m.status >= 200 and m.target[0] == A and m.cseq > 1]
    seen = list(dict.fromkeys(origin_of(m.body) for m in offers(record)))
    return Finding(488 in told, f"o= at Dave's phone: {', then '.join(seen)}; the hold is answered with {told[0] if told else 'nothing'}",
                   bool(told) and told[0] == 200)


def dead_after_refresh(record):
    if "reinvite" not in record.marks:
        return NO_CALL
    before, after = heard(record, ("talk", "reinvite"))[1], heard(record, ("reinvite", "end"))[1]
    versions = [m.body.split("\r\n")[1].split()[2] for m in offers(record)]
    return Finding(before.flows() and after.lost > 0.5 * after.sent, f"audio to Alice before the re-INVITE {before}; after it {after}; ports {ports(record)}, "
                   f"o= versions {versions} at Dave's phone", before.flows() and after.received > 0.8 * after.sent)


def refresh_gap(record):
    if "reinvite" not in record.marks:
        return NO_CALL
    out, back = heard(record)
    return Finding(min(out.gap_ms, back.gap_ms) >= 600,
                   f"longest gap to Alice {back.gap_ms} ms, to Dave {out.gap_ms} ms; ports {ports(record)} at Dave's phone",
                   bool(out.received and back.received) and max(out.gap_ms, back.gap_ms) < 600)


def measured(record):
    seen = requests(record, "phone-d", "INVITE", D)
    return "Content-Length {}, {} octets of body at Dave's phone".format(*lengths(seen[0])) if seen else "no INVITE at Dave's phone"


def padded(record):
    for m in requests(record, "platform", "INVITE"):
        if m.source[0] == OUTER:
            line = re.search(rb"Content-Length:( *)", m.raw)
            return Finding(len(line[1]) > 1, f"{len(line[1])} blanks before Content-Length's value at the platform", len(line[1]) == 1)
    return Finding(False, "no INVITE at the platform")


def bandwidth(record):
    line = (lines(first_offer(record), "b=") if first_offer(record) else []) or ["none"]
    return f"b= at Dave's phone: {line[0]}"


def traced(record):
    line = (lines(first_offer(record), "i=") if first_offer(record) else []) or ["none"]
    return Finding(A in line[0], f"i= at Dave's phone: {line[0]}", bool(first_offer(record)) and line == ["none"])


def mismatch(record):
    answers = [m for m in record.messages("phone-a") if m.method == "INVITE" and m.status == 200 and m.body]
    return Finding(any("a=ice-mismatch" in m.body for m in answers), "the answer says "
                   f"{'a=ice-mismatch' if answers and 'a=ice-mismatch' in answers[0].body else 'that ICE is used' if answers else 'nothing'}",
                   bool(answers) and not any("a=ice-mismatch" in m.body for m in answers))


def candidates(record):
    return lines(first_offer(record), "a=candidate") if first_offer(record) else []


def counted(record):
    return f"{len(candidates(record))} candidates at Dave's phone, 2 sent"


def false_host(record):
    seen = [line.split()[4] for line in candidates(record)]
    return Finding(OUTER in seen, f"typ host candidates at Dave's phone: {', '.join(seen) or 'none'}", seen == [A, A])


def odd_port(record):
    if "talk" not in record.marks:
        return NO_CALL
    got = [p for p in record.packets("phone-a") if p.target[0] == A and p.source[0] == D]
    rtp, rtcp = (sum(is_rtp(p.payload) and p.target[1] == 40001 for p in got), sum(is_rtcp(p.payload) and p.target[1] == 40003 for p in got))
    sent = [p for p in record.packets("phone-d") if p.source[0] == D]
    return Finding(rtp == 0 and rtcp > 0, f"at Alice's ports: RTP {rtp}/{sum(is_rtp(p.payload) for p in sent)}, "
                   f"RTCP {rtcp}/{sum(is_rtcp(p.payload) for p in sent)}; m= at Dave's phone: {ports(record)}", rtp > 0 and rtcp > 0)


def reports_lost(record):
    if "talk" not in record.marks:
        return NO_CALL
    got = [p for p in record.packets("phone-a") if p.target[0] == A and p.source[0] == D]
    rtp, rtcp = (sum(is_rtp(p.payload) and p.target[1] == NEAR_MEDIA for p in got),
                 sum(is_rtcp(p.payload) and p.target[1] == NEAR_MEDIA + 3 for p in got))
    told = lines(first_offer(record), "a=rtcp") if first_offer(record) else []
    return Finding(rtp > 0 and rtcp == 0, f"at Alice's ports: RTP {rtp}, RTCP {rtcp}/5; at Dave's phone: {', '.join(told) or 'no a=rtcp'}",
                   rtp > 0 and rtcp == 5)


def screen_dark(record):
    if "talk" not in record.marks:
        return NO_CALL
    seen = [address for address, _ in places(first_offer(record).body)] if first_offer(record) else []
    window, got = record.window("talk", "end"), record.packets("phone-a")
    first, fourth = (rtp.audio([p for p in record.packets("phone-d") if p.source == (D, far)], D, got, A, window, {near})
                     for far, near in ((FAR_MEDIA, NEAR_MEDIA), (FAR_SCREEN, NEAR_SCREEN)))
    return Finding(first.received > 0 and fourth.sent > 0 and not fourth.received, f"to Alice, of the first {first}; of the fourth {fourth}; "
                   f"c= of the four at Dave's phone: {', '.join(seen) or 'none'}", first.flows() and fourth.flows())


def fax_lost(record):
    if "fax" not in record.marks:
        return NO_CALL
    seen = [(re.search(r"^m=(\w+)", m.body, re.M)[1], re.search(r"^c=IN IP4 (\S+)", m.body, re.M)[1]) for m in offers(record)]
    before, after = (heard(record, window, ports={NEAR_MEDIA})[1] for window in (("talk", "end"), ("fax", "faxed")))
    return Finding(before.flows() and after.sent > 0 and not after.received, f"to Alice before the fax {before}; after it {after}; at Dave's phone: "
                   f"{', '.join(f'{kind} at {host}' for kind, host in dict.fromkeys(seen)) or 'no offer'}", before.flows() and after.flows())


def dead_after_hold(record):
    if "resumed" not in record.marks:
        return NO_CALL
    before, (out, back) = heard(record, ("talk", "hold"))[1], heard(record, ("resumed", "end"))
    return Finding(before.received > 0 and out.received > 0 and back.received == 0,
                   f"to Alice before the hold {before}; after it {back}, to Dave {out}; m= at Dave's phone: "
                   f"{', '.join(map(str, ports(record)))}", before.received > 0 and back.received > 0.8 * back.sent)


CASES = [
    Case("B01", call_latched, deaf, "calls, both speak; the NAT does not preserve ports, Dave's side latches if c= is private", box=SEQUENTIAL),
    Case("B02", call_public, deaf, "a phone that names its outer address and port as STUN tells them calls, both speak", box=SEQUENTIAL),
    Case("B03", hold_by_address, hold_refused, "calls, holds with c=0.0.0.0; Dave's phone wants the same o= throughout", ("becomes=hold",)),
    Case("B04", reinvite_strict, dead_after_refresh, "calls, re-INVITE with version 2; Dave's phone heeds o= versions"),
    Case("B05", call_measured, refused(400, measured), "calls; Dave's phone measures the body"),
    Case("B06", call, padded, f"calls{OCTETS}: a parser reads them, a box behind may not"),
    Case("B07", call_bandwidth, refused(488, bandwidth), "calls with b=AS:64; Dave's phone reads b= strictly"),
    Case("B08", call, traced, f"calls{OCTETS}: what they tell is the harm"),
    Case("B09", call_ice, mismatch, "calls with ICE; Dave's phone checks the default candidate"),
    Case("B10", call_needs_ice, refused(488, counted), "calls with ICE; Dave's phone, a browser, needs candidates"),
    Case("B11", call_ice, false_host, f"calls with ICE{OCTETS}: no phone here does the checks"),
    Case("B12", call_trickle, lost_invite, "calls with port 9, as trickle ICE does"),
    Case("B13", call_named, lost_invite, "calls with a name in c="),
    Case("B14", call_odd_port, odd_port, "calls with odd RTP port 40001 and a=rtcp:40003; both send RTP and RTCP"),
    Case("B14", call_rtcp_apart, reports_lost, "calls with a=rtcp; the NAT does not preserve ports, the ALG (that of B21) opens the way",
         box=("--behaviour", "B21", *SEQUENTIAL), variant="rtcp"),
    Case("B16", call_four_media, screen_dark, "calls with four m= lines; Dave's side latches them all if the first c= is private"),
    Case("B17", call_fax, fax_lost, "calls, re-INVITE to T.38; Dave's side latches if the first c= is private"),
    Case("B18", call_multipart, refused(424, measured), "calls an emergency centre, with SDP and location in a multipart body"),
    Case("B20", hold, dead_after_hold, "calls, holds, resumes; Dave's phone goes on where it sent before"),
    Case("B21", reinvite_followed, refresh_gap, "calls, re-INVITE with the same media", ("gap=1s",)),
]
