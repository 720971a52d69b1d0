# SPDX-License-Identifier: GPL-2.0-or-later
"""Kind D: transport and framing; and routes, which take a phone that follows them."""
import contextlib
import re
import socket
import threading
import time

from lab import rtp
from lab.capture import TCP
from lab.endpoint import CRLF, offer
from lab.fault.case import Case, Finding, lost_invite, requests, responses
from lab.fault.media import phones
from lab.fault.signalling import OCTETS, outgoing
from lab.fault.stage import A, D, NEAR_MEDIA, OUTER
from lab.topology import PLATFORM

LITERAL = PLATFORM["literal"]
START = re.compile(rb"[A-Z]+ \S+ SIP/2\.0\r\n")


def fragmented(stage):
    outgoing(stage, headers=[f"X-Note-{number}: {'n' * 200}" for number in range(8)])


def nearly_full(stage):
    """As long as a datagram may be without fragments, nearly."""
    outgoing(stage, headers=[f"X-Note-{number}: {'n' * 180}" for number in range(4)])


def keep_alive(stage):
    near = stage.near(stage.platform("literal"))
    stage.mark("quiet")
    for _ in range(3):
        near.socket.sendto(b"\r\n\r\n", (LITERAL, 5060))
        time.sleep(0.2)


def marked(stage):
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    for stream in (near_stream, far_stream):
        stream.rtp.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 46 << 2)
    stage.far(registrar, far_stream)
    call = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if call:
        stage.talk(call, near_stream, far_stream, 1)


def message(number, body=""):
    method = "INVITE" if body else "REGISTER"
    return CRLF.join([f"{method} sip:{LITERAL} SIP/2.0", f"Via: SIP/2.0/TCP {A}:5060;branch=z9hG4bK{number};rport", "Max-Forwards: 70",
                      f"From: <sip:alice@{LITERAL}>;tag=1", f"To: <sip:alice@{LITERAL}>", "Call-ID: tcp", f"CSeq: {number} {method}",
                      f"Contact: <sip:alice@{A}:5060;transport=tcp>", *(["Content-Type: application/sdp"] if body else []),
                      f"Content-Length: {len(body)}", "", body]).encode()


def serve(connection):
    """Answers each message with 200; what does not begin like one with 400, and that is the end (RFC 3261 18.3)."""
    buffer = b""
    while data := connection.recv(65536):
        buffer = (buffer + data).lstrip(b"\r\n")
        while b"\r\n\r\n" in buffer:
            head, _, rest = buffer.partition(b"\r\n\r\n")
            if not START.match(head):
                connection.sendall(b"SIP/2.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                return
            length = int(re.search(rb"Content-Length: *(\d+)", head)[1])
            if len(rest) < length:
                break
            connection.sendall(b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n")
            buffer = rest[length:].lstrip(b"\r\n")


def over_tcp(stage, writes):
    """A phone's TCP connection to a server; `writes` go as segments of their own."""
    with stage.topology.inside("p"):
        listener = socket.create_server((LITERAL, 5060))
    with stage.topology.inside("a"):
        phone = socket.socket()
        phone.bind((A, 5060))
    phone.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    phone.settimeout(3)

    def accept():
        with listener, listener.accept()[0] as connection:
            serve(connection)
    threading.Thread(target=accept, daemon=True).start()
    phone.connect((LITERAL, 5060))
    with contextlib.suppress(OSError):  # the server may close
        for write in writes:
            phone.sendall(write)
            time.sleep(0.3)
    time.sleep(1)
    phone.close()


def split_message(stage):
    over_tcp(stage, [message(1), message(2)[:150], message(2)[150:], message(3)])


def pipelined(stage):
    over_tcp(stage, [message(number, offer(A, NEAR_MEDIA)) for number in (1, 2, 3)])


def udp_and_tcp(stage):
    stage.near(stage.platform("literal"))
    over_tcp(stage, [message(1)])


def routed(stage):
    """Phones call; a phone sends its ACK where the first Record-Route says."""
    phones(stage)
    time.sleep(4)
    stage.mark("end")


def streamed(record, source=None):
    """What the server got over TCP, in order."""
    return b"".join(p.payload for p in record.packets("platform", TCP) if p.target == (LITERAL, 5060) and (not source or p.source[0] == source))


def contacts(octets):
    return re.findall(r"Contact: <sip:alice@([\d.]+)", octets.decode())


def mixed_stream(record):
    seen = contacts(streamed(record))
    return Finding(len(seen) == 3 and A in seen and OUTER in seen, f"Contact of the three at the server: {', '.join(seen) or 'none'}", seen == [A] * 3)


def out_of_step(record):
    """The server's own TCP decides what reaches it; the server answers each message."""
    answers = b"".join(p.payload for p in record.packets("platform", TCP) if p.source == (LITERAL, 5060))
    return Finding(0 < answers.count(b" 200 ") < 3, f"{answers.count(b' 200 ')} of 3 messages answered with 200"
                   f"{', then 400 and the end of the connection' if b' 400 ' in answers else ''}", answers.count(b" 200 ") == 3)


def half_known(record):
    udp = [m.get("contact") for m in requests(record, "platform", "REGISTER") if m.source[0] == OUTER]
    hosts = re.findall(r"@([\d.]+)", udp[0]) if udp else ["none"]
    tcp = contacts(streamed(record)) or ["none"]
    return Finding(hosts[0] == OUTER and tcp[0] == A, f"Contact at the server: {hosts[0]} over UDP, {tcp[0]} over TCP", hosts[0] == A == tcp[0])


def eaten(record):
    sent, seen = ([p for p in record.packets(point) if p.payload == b"\r\n\r\n" and p.source[0] == host] for point, host in
                  (("phone-a", A), ("platform", OUTER)))
    return Finding(len(sent) == 3 and not seen, f"{len(sent)} keep-alives sent, {len(seen)} arrived", len(seen) == 3)


def bleached(record):
    seen = {name: {p.dscp for p in record.packets(point) if p.target[0] == host and rtp.is_rtp(p.payload)}
            for name, point, host in (("Alice", "phone-a", A), ("Dave", "phone-d", D))}
    text = ", ".join(f"{'/'.join(map(str, sorted(values))) or 'no audio'} at {name}'s phone" for name, values in seen.items())
    return Finding(all(values == {0} for values in seen.values()), f"DSCP {text}; sent: 46", all(values == {46} for values in seen.values()))


def misled(record):
    answers = [m for m in responses(record, "phone-a", "INVITE", 200, A)]
    route = re.findall(r"<sip:([\d.]+)", " ".join(answers[0].all("record-route"))) if answers else []
    sent, seen = requests(record, "phone-a", "ACK"), requests(record, "phone-d", "ACK", D)
    return Finding(bool(sent) and not seen, f"Record-Route at Alice's phone: {', '.join(route) or 'none'}; {len(sent)} ACK sent, {len(seen)} arrived, "
                   f"{len(answers)} times 200", bool(sent and seen))


CASES = [
    Case("A12", routed, misled, "phones call"),
    Case("D01", fragmented, lost_invite, "calls with an INVITE of about 2200 octets"),
    Case("D02", nearly_full, lost_invite, "calls with an INVITE of about 1300 octets"),
    Case("D03", split_message, mixed_stream, f"three messages over TCP, the second in two segments{OCTETS}: now and then a Contact is private"),
    Case("D04", pipelined, out_of_step, "three messages with SDP over TCP, one after the other"),
    Case("D05", udp_and_tcp, half_known, f"registers over UDP and over TCP{OCTETS}: over TCP it is as without an ALG"),
    Case("D06", keep_alive, eaten, "sends the CRLF keep-alive of RFC 5626 three times"),
    Case("D10", marked, bleached, "calls, both mark their audio EF"),
]
