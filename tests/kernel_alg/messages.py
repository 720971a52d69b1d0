# SPDX-License-Identifier: GPL-2.0-or-later
"""Two hundred messages that differ in what an ALG looks at; each is a list of (direction, octets), over TCP also
(direction, octets, "lost") for a segment that is not sent yet, and "again" for one that is sent once more."""

PHONE, SERVER, WAN = "192.168.1.10", "198.51.100.10", "203.0.113.2"
SDP_TYPE = "Content-Type: application/sdp\r\n"
# (protocol, name): in which step alone the two differ, and why.
EXPLAINED = {
    ("tcp", "resent-later"): (2, "the kernel knows the last change of length alone and moves a segment from before it too far; the box knows them all"),
}


def sdp(*lines, connection=f"c=IN IP4 {PHONE}", origin=f"o=- 1 1 IN IP4 {PHONE}", media=("m=audio 40000 RTP/AVP 0",)):
    parts = ["v=0", origin, "s=-"] + ([connection] if connection else []) + ["t=0 0", *media, *lines]
    return "\r\n".join(parts) + "\r\n"


def request(method="INVITE", uri="sip:bob@example.org", via=f"SIP/2.0/UDP {PHONE}:5060;branch=z9hG4bKa;rport",
            contact=f"<sip:alice@{PHONE}:5060>", sender="<sip:alice@example.org>;tag=1", to="<sip:bob@example.org>", extra="",
            body="", length=None, cseq=None, contact_name="Contact", via_name="Via"):
    vias = "".join(f"{via_name}: {value}\r\n" for value in ([via] if isinstance(via, str) else via))
    contacts = "".join(f"{contact_name}: {value}\r\n" for value in ([contact] if isinstance(contact, str) else contact or []))
    type_line = SDP_TYPE if body and "Content-Type" not in extra else ""
    length = len(body.encode()) if length is None else length
    return (f"{method} {uri} SIP/2.0\r\n{vias}Max-Forwards: 70\r\nFrom: {sender}\r\nTo: {to}\r\nCall-ID: 3c26@phone\r\n"
            f"CSeq: {cseq or '1 ' + method}\r\n{contacts}{extra}{type_line}Content-Length: {length}\r\n\r\n{body}")


def response(status="200 OK", via=f"SIP/2.0/UDP {SERVER}:5060;branch=z9hG4bKs", cseq="1 INVITE", contact=f"<sip:alice@{PHONE}:5060>",
             extra="", body="", sender="<sip:bob@example.org>;tag=2", to="<sip:alice@example.org>;tag=1"):
    vias = "".join(f"Via: {value}\r\n" for value in ([via] if isinstance(via, str) else via))
    contacts = "".join(f"Contact: {value}\r\n" for value in ([contact] if isinstance(contact, str) else contact or []))
    type_line = SDP_TYPE if body else ""
    return (f"SIP/2.0 {status}\r\n{vias}From: {sender}\r\nTo: {to}\r\nCall-ID: 3c26@phone\r\nCSeq: {cseq}\r\n{contacts}{extra}"
            f"{type_line}Content-Length: {len(body.encode())}\r\n\r\n{body}")


OPEN = ("out", request("OPTIONS", contact=None))


def outbound_headers():
    yield "plain", request()
    for method in ("REGISTER", "OPTIONS", "BYE", "CANCEL", "SUBSCRIBE", "NOTIFY", "MESSAGE", "INFO", "REFER", "PRACK", "UPDATE",
                   "PUBLISH", "ACK", "FOO"):
        yield f"method-{method}", request(method)
    base = f"SIP/2.0/UDP {PHONE}"
    for name, via in {
            "no-port": f"{base};branch=z9hG4bKa", "rport-value": f"{base}:5060;branch=z9hG4bKa;rport=5060",
            "received": f"{base}:5060;branch=z9hG4bKa;received={PHONE}", "maddr": f"{base}:5060;maddr={PHONE};branch=z9hG4bKa",
            "other-port": f"{base}:5062;branch=z9hG4bKa", "domain": "SIP/2.0/UDP phone.example.org;branch=z9hG4bKa",
            "tcp": f"SIP/2.0/TCP {PHONE}:5060;branch=z9hG4bKa", "blank": f"SIP / 2.0 / UDP {PHONE}:5060 ;branch=z9hG4bKa",
            "lower": f"sip/2.0/udp {PHONE}:5060;branch=z9hG4bKa", "public": "SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bKa",
            "other-host": "SIP/2.0/UDP 192.168.1.99:5060;branch=z9hG4bKa", "spaces": f"SIP/2.0/UDP  {PHONE}:5060;branch=z9hG4bKa",
            "two-in-line": f"{base}:5060;branch=z9hG4bKa, SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKb"}.items():
        yield f"via-{name}", request(via=via)
    yield "via-two", request(via=[f"{base}:5060;branch=z9hG4bKa", f"{base}:5060;branch=z9hG4bKb"])
    yield "via-lower-own", request(via=["SIP/2.0/UDP 192.168.1.99:5060;branch=z9hG4bKa", f"{base}:5060;branch=z9hG4bKb"])
    for name, contact in {
            "no-port": f"<sip:alice@{PHONE}>", "no-user": f"<sip:{PHONE}:5060>", "bare": f"sip:alice@{PHONE}:5060",
            "other-port": f"<sip:alice@{PHONE}:5070>", "domain": "<sip:alice@example.org>", "star": "*",
            "parameters": f"<sip:alice@{PHONE}:5060;transport=udp;ob>;expires=60;+sip.instance=\"<urn:x>\"",
            "display": f"\"Al, <x> sip:a@1.2.3.4\" <sip:alice@{PHONE}:5060>", "other-host": "<sip:alice@192.168.1.99:5060>",
            "two": f"<sip:a@{PHONE}:5060>, <sip:b@{PHONE}:5060>", "sips": f"<sips:alice@{PHONE}:5060>",
            "tel": "<tel:+123>", "leading-zero": f"<sip:alice@{PHONE}:05060>", "spaces": f"   <sip:alice@{PHONE}:5060>",
            "low-port": f"<sip:alice@{PHONE}:80>", "password": f"<sip:alice:secret@{PHONE}:5060>",
            "headers": f"<sip:alice@{PHONE}:5060?Subject=x>", "public": f"<sip:alice@{WAN}:5060>"}.items():
        yield f"contact-{name}", request(contact=contact)
        yield f"register-contact-{name}", request("REGISTER", contact=contact, extra="Expires: 300\r\n")
    yield "contact-lines", request(contact=[f"<sip:a@{PHONE}:5060>", f"<sip:b@{PHONE}:5060>"])
    yield "contact-compact", request(contact_name="m")
    yield "via-compact", request(via_name="v")
    yield "via-upper", request(via_name="VIA")
    yield "contact-upper", request(contact_name="CONTACT")
    yield "contact-blank-colon", request(contact_name="Contact ")
    yield "contact-folded", request(contact=f"\r\n <sip:alice@{PHONE}:5060>")
    yield "via-folded", request(via=f"SIP/2.0/UDP\r\n {PHONE}:5060;branch=z9hG4bKa")
    for name, value in {"ip": f"<sip:alice@{PHONE}>;tag=1", "ip-port": f"<sip:alice@{PHONE}:5060>;tag=1",
                        "server": f"<sip:alice@{SERVER}>;tag=1", "server-port": f"<sip:alice@{SERVER}:5060>;tag=1",
                        "display": f"\"A\" <sip:alice@{PHONE}>;tag=1", "bare": f"sip:alice@{PHONE};tag=1"}.items():
        yield f"from-{name}", request(sender=value)
        yield f"to-{name}", request(to=value)
    for name, uri in {"server": f"sip:bob@{SERVER}", "server-port": f"sip:bob@{SERVER}:5060", "own": f"sip:bob@{PHONE}:5060",
                      "own-no-port": f"sip:bob@{PHONE}", "own-parameters": f"sip:bob@{PHONE}:5060;transport=udp", "tel": "tel:+123",
                      "no-user": f"sip:{SERVER}", "sips": f"sips:bob@{PHONE}:5060"}.items():
        yield f"uri-{name}", request(uri=uri)
    for name, extra in {"route": f"Route: <sip:{PHONE}:5060;lr>\r\n", "record-route": f"Record-Route: <sip:{PHONE}:5060;lr>\r\n",
                        "refer-to": f"Refer-To: <sip:x@{PHONE}:5060>\r\n", "pai": f"P-Asserted-Identity: <sip:x@{PHONE}:5060>\r\n",
                        "path": f"Path: <sip:{PHONE}:5060;lr>\r\n", "warning": f"Warning: 399 {PHONE}:5060 \"x\"\r\n"}.items():
        yield f"extra-{name}", request(extra=extra)
    yield "no-cseq", request().replace("CSeq: 1 INVITE\r\n", "")
    yield "cseq-zero", request(cseq="0 INVITE")
    yield "cseq-other", request(cseq="1 FOO")
    yield "cseq-blanks", request(cseq="   1    INVITE")
    yield "lf-only", request(body=sdp()).replace("\r\n", "\n")
    yield "no-call-id", request().replace("Call-ID: 3c26@phone\r\n", "")
    yield "version-3", request().replace("SIP/2.0\r\n", "SIP/3.0\r\n", 1)


def outbound_bodies():
    media = "m=audio 40000 RTP/AVP 0"
    bodies = {
        "plain": sdp(), "odd": sdp(media=("m=audio 40001 RTP/AVP 0",)), "port-9": sdp(media=("m=audio 9 RTP/AVP 0",)),
        "port-0": sdp(media=("m=audio 0 RTP/AVP 0",)), "port-1023": sdp(media=("m=audio 1023 RTP/AVP 0",)),
        "port-1024": sdp(media=("m=audio 1024 RTP/AVP 0",)), "port-65534": sdp(media=("m=audio 65534 RTP/AVP 0",)),
        "port-65535": sdp(media=("m=audio 65535 RTP/AVP 0",)), "count": sdp(media=("m=audio 40000/2 RTP/AVP 0",)),
        "video": sdp(media=("m=video 40002 RTP/AVP 96",)), "image": sdp(media=("m=image 40004 udptl t38",)),
        "application": sdp(media=("m=application 40006 UDP/BFCP *",)), "message": sdp(media=("m=message 40008 TCP/MSRP *",)),
        "text": sdp(media=("m=text 40010 RTP/AVP 98",)), "two": sdp(media=(media, "m=video 40002 RTP/AVP 96")),
        "three": sdp(media=(media, "m=video 40002 RTP/AVP 96", "m=image 40004 udptl t38")),
        "four": sdp(media=(media, "m=video 40002 RTP/AVP 96", "m=image 40004 udptl t38", "m=audio 40012 RTP/AVP 0")),
        "same-port-twice": sdp(media=(media, media)), "app-first": sdp(media=("m=application 40006 UDP/BFCP *", media)),
        "media-connection": sdp(connection=None, media=(media, f"c=IN IP4 {PHONE}")),
        "both-connections": sdp(media=(media, f"c=IN IP4 {PHONE}")),
        "other-media-connection": sdp(media=(media, "c=IN IP4 192.168.1.99")), "no-connection": sdp(connection=None),
        "second-only-connection": sdp(connection=None, media=(media, "m=video 40002 RTP/AVP 96", f"c=IN IP4 {PHONE}")),
        "name": sdp(connection="c=IN IP4 phone.example.org"), "ipv6": sdp(connection="c=IN IP6 2001:db8::1"),
        "other-host": sdp(connection="c=IN IP4 192.168.1.99"), "public": sdp(connection=f"c=IN IP4 {WAN}"),
        "hold-zero": sdp(connection="c=IN IP4 0.0.0.0"), "ttl": sdp(connection=f"c=IN IP4 {PHONE}/127"),
        "origin-other": sdp(origin="o=- 1 1 IN IP4 192.168.1.99"), "origin-name": sdp(origin="o=- 1 1 IN IP4 phone.example.org"),
        "origin-public": sdp(origin=f"o=- 1 1 IN IP4 {WAN}"), "origin-ipv6": sdp(origin="o=- 1 1 IN IP6 2001:db8::1"),
        "no-origin": sdp(origin="i=x"), "rtcp": sdp("a=rtcp:40005"), "rtcp-address": sdp(f"a=rtcp:40005 IN IP4 {PHONE}"),
        "candidate": sdp(f"a=candidate:1 1 UDP 2130706431 {PHONE} 40000 typ host"), "inactive": sdp("a=inactive"),
        "bundle": sdp("a=rtcp-mux", "a=mid:0", media=(media,)), "crypto": sdp("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc"),
        "many-attributes": sdp(*[f"a=rtpmap:{n} X/8000" for n in range(96, 120)]), "blank-line": sdp() + "\r\n",
        "lower-in": sdp(connection=f"c=in ip4 {PHONE}"), "extra-blank": sdp(connection=f"c=IN  IP4 {PHONE}"),
        "upper-media": sdp(media=("m=AUDIO 40000 RTP/AVP 0",)), "tab": sdp(media=("m=audio\t40000 RTP/AVP 0",)),
        "session-later": sdp(connection=None).replace("t=0 0", f"t=0 0\r\nc=IN IP4 {PHONE}"),
        "origin-last": sdp().replace(f"o=- 1 1 IN IP4 {PHONE}\r\n", "") + f"o=- 1 1 IN IP4 {PHONE}\r\n",
    }
    for name, body in bodies.items():
        yield f"sdp-{name}", request(body=body)
    for method in ("UPDATE", "ACK", "PRACK", "BYE", "INFO", "OPTIONS", "MESSAGE", "REGISTER", "REFER"):
        yield f"sdp-in-{method}", request(method, body=sdp())
    body = sdp()
    for name, length in {"short": len(body) - 10, "long": len(body) + 10, "zero": 0, "padded": f"    {len(body)}"}.items():
        yield f"length-{name}", request(body=body, length=length)
    yield "length-absent", request(body=body).replace(f"Content-Length: {len(body)}\r\n", "")
    yield "length-compact", request(body=body).replace("Content-Length:", "l:")
    yield "length-upper", request(body=body).replace("Content-Length:", "CONTENT-LENGTH:")
    yield "length-before", request(body=body, extra=f"Content-Length: {len(body)}\r\n")
    yield "type-other", request(body=body, extra="Content-Type: text/plain\r\n")
    parts = f"--b\r\nContent-Type: application/pidf+xml\r\n\r\n<x/>\r\n--b\r\n{SDP_TYPE}\r\n{body}--b--\r\n"
    yield "multipart", request(body=parts, extra="Content-Type: multipart/mixed;boundary=b\r\n")
    yield "sipfrag", request("NOTIFY", body=f"SIP/2.0 200 OK\r\nContact: <sip:a@{PHONE}:5060>\r\n", extra="Content-Type: message/sipfrag\r\n")
    yield "body-like-header", request(body=f"x\r\nContact: <sip:a@{PHONE}:5060>\r\n", extra="Content-Type: text/plain\r\n")


def responses_out():
    for status in ("100 Trying", "180 Ringing", "183 Session Progress", "200 OK", "302 Moved", "486 Busy"):
        yield f"answer-{status[:3]}", response(status)
        yield f"answer-sdp-{status[:3]}", response(status, body=sdp())
    for cseq in ("1 BYE", "1 UPDATE", "1 PRACK", "1 OPTIONS", "1 REGISTER"):
        yield f"answer-sdp-{cseq[2:]}", response(cseq=cseq, body=sdp())
    yield "answer-via-own", response(via=f"SIP/2.0/UDP {PHONE}:5060;branch=z9hG4bKa")
    yield "answer-to-ip", response(to=f"<sip:alice@{PHONE}:5060>;tag=1")


def inbound():
    base = f"SIP/2.0/UDP {SERVER}:5060;branch=z9hG4bKs"
    foreign = {"uri": f"sip:alice@{WAN}:5060", "via": base, "contact": f"<sip:bob@{SERVER}:5060>"}
    remote = sdp(connection=f"c=IN IP4 {SERVER}", origin=f"o=- 1 1 IN IP4 {SERVER}")
    yield "in-invite", request(**foreign, body=remote)
    yield "in-invite-no-port", request(**{**foreign, "uri": f"sip:alice@{WAN}"}, body=remote)
    yield "in-invite-other-port", request(**{**foreign, "uri": f"sip:alice@{WAN}:5070"}, body=remote)
    for method in ("BYE", "OPTIONS", "NOTIFY", "MESSAGE", "ACK", "CANCEL"):
        yield f"in-{method}", request(method, **foreign)
    yield "in-to", request(**foreign, to=f"<sip:alice@{WAN}>")
    yield "in-to-port", request(**foreign, to=f"<sip:alice@{WAN}:5060>")
    yield "in-contact-wan", request(**{**foreign, "contact": f"<sip:bob@{WAN}:5060>"})
    yield "in-record-route", request(**foreign, extra=f"Record-Route: <sip:{SERVER};lr>\r\n")
    via = f"SIP/2.0/UDP {WAN}:5060;branch=z9hG4bKa"
    for name, value in {"plain": via, "received": f"{via};received={WAN}", "rport": f"{via};rport=5060",
                        "both": f"{via};rport=5060;received={WAN}", "private": f"SIP/2.0/UDP {PHONE}:5060;branch=z9hG4bKa;received={WAN};rport=5060",
                        "no-port": f"SIP/2.0/UDP {WAN};branch=z9hG4bKa"}.items():
        yield f"in-200-via-{name}", response(via=value, cseq="1 OPTIONS", contact=None)
    yield "in-200-register", response(via=via, cseq="1 REGISTER", contact=f"<sip:alice@{WAN}:5060>;expires=60", extra="Expires: 60\r\n")
    yield "in-200-register-two", response(via=via, cseq="1 REGISTER",
                                          contact=f"<sip:alice@{WAN}:5060>;expires=60, <sip:alice@{WAN}:5070>;expires=60")
    yield "in-200-invite", response(via=via, contact=f"<sip:bob@{SERVER}:5060>", body=remote)
    yield "in-200-from", response(via=via, sender=f"<sip:alice@{WAN}>;tag=1", contact=None)
    yield "in-200-to", response(via=via, to=f"<sip:alice@{WAN}:5060>;tag=1", contact=None)
    yield "in-sdp-wan", response(via=via, contact=None, body=sdp(connection=f"c=IN IP4 {WAN}", origin=f"o=- 1 1 IN IP4 {WAN}"))


def messages():
    for name, text in [*outbound_headers(), *outbound_bodies()]:
        yield name, [("out", text.encode())]
    opening = ("out", OPEN[1].encode())
    for name, text in responses_out():
        yield name, [opening, ("out", text.encode())]
    for name, text in inbound():
        yield name, [opening, ("in", text.encode())]


def over_tcp(octets):
    """UDP and TCP change places, so that what names the other transport still does."""
    swapped = octets.replace(b"UDP", b"\0").replace(b"TCP", b"UDP").replace(b"\0", b"TCP")
    return swapped.replace(b"2.0/udp", b"2.0/tcp").replace(b"transport=udp", b"transport=tcp")


def segmentations():
    """What only a stream has: borders of segments that are none of messages, and numbers that follow changes of length."""
    def grows(number, **fields):
        """Longer behind the router: the version of o= is a name first."""
        return over_tcp(request(body=sdp(origin="o=- 1 1 IN IP4 10.0.0.9"), cseq=f"{number} INVITE", **fields).encode())

    def shrinks(number):
        return over_tcp(request("OPTIONS", cseq=f"{number} OPTIONS").encode())
    out, options = grows(1), shrinks(2)
    inbound_request = over_tcp(request("OPTIONS", uri=f"sip:alice@{WAN}:5060", via=f"SIP/2.0/UDP {SERVER}:5060;branch=z9hG4bKs",
                                       contact=f"<sip:bob@{SERVER}:5060>").encode())
    answer = over_tcp(response(via=f"SIP/2.0/UDP {WAN}:5060;branch=z9hG4bKa", contact=f"<sip:bob@{SERVER}:5060>").encode())
    dropped = over_tcp(request(body=sdp(media=("m=audio 9 RTP/AVP 0",))).encode())
    head = len(out.partition(b"\r\n\r\n")[0]) + 4
    for name, at in {"in-start-line": 9, "in-header": 100, "before-length": head - 30, "behind-header": head, "in-body": head + 40,
                     "last-octet": len(out) - 1}.items():
        yield f"split-{name}", [("out", out[:at]), ("out", out[at:])]
    yield "split-then-whole", [("out", out[:100]), ("out", out[100:]), ("out", options)]
    yield "split-in", [("in", inbound_request[:120]), ("in", inbound_request[120:]), ("in", inbound_request)]
    yield "two-in-one", [("out", options + grows(3))]
    yield "three-in-one", [("out", options + grows(3) + shrinks(4)), ("out", shrinks(5))]
    yield "two-then-answer", [("out", options), ("out", grows(3)), ("in", answer)]
    yield "two-in-one-in", [("in", inbound_request + answer), ("out", options)]
    yield "one-and-a-half", [("out", options + out[:100]), ("out", out[100:]), ("out", shrinks(4))]
    yield "one-and-headers", [("out", options + out[:head + 20]), ("out", out[head + 20:]), ("out", shrinks(4))]
    yield "half-and-one", [("out", out[:100]), ("out", out[100:] + options), ("out", shrinks(4))]
    yield "dropped-among-others", [("out", options + dropped + shrinks(4))]
    yield "keep-alive-first", [("out", b"\r\n\r\n" + out)]
    yield "keep-alive-between", [("out", options), ("out", b"\r\n\r\n"), ("in", b"\r\n"), ("out", grows(3))]
    yield "no-sip", [("out", b"GET / HTTP/1.1\r\nHost: 192.168.1.10:5060\r\n\r\n"), ("out", options)]
    yield "resent", [("out", options), ("out", options, "again"), ("out", shrinks(3))]
    yield "resent-later", [("out", options), ("out", shrinks(3)), ("out", options, "again"), ("out", shrinks(4))]
    # What is lost keeps its length: otherwise no receiver could put the stream together behind any editing of segments.
    yield "lost-and-selective", [("out", options), ("out", b"\r\n\r\n", "lost"), ("out", b"x" * 50), ("out", b"\r\n\r\n", "again"), ("out", shrinks(4))]
    yield "change-behind-a-loss", [("out", b"\r\n\r\n", "lost"), ("out", options), ("out", b"\r\n\r\n", "again"), ("out", shrinks(4))]
    yield "six-changes", [step for number in range(3) for step in (("out", shrinks(number + 2)), ("in", answer))]


def tcp_messages():
    for name, steps in messages():
        yield name, [(way, over_tcp(octets)) for way, octets in steps]
    yield from segmentations()
