# SPDX-License-Identifier: GPL-2.0-or-later
"""NAT slipstreaming: a web page makes A's browser send SIP to the attacker D, over TCP as a segment of an HTTP POST and over UDP for another host; then D knocks."""
import socket
import threading
import time

from lab.cell import Row, cell
from lab.endpoint import CRLF, offer
from lab.topology import HOSTS, WAN

A, B, D = HOSTS["a"], HOSTS["b"], HOSTS["d"]
SIP_PORT = 5060
# Ports of services at A that nobody outside shall reach: one for each way in.
TCP_REGISTER, TCP_INVITE, UDP_REGISTER, UDP_INVITE = 40080, 40082, 40084, 40086
ROWS = [
    Row("slipstream_tcp", "web page posts SIP to TCP 5060: opens nothing", "ok fail ok ok ok"),
    Row("slipstream_udp", "web page sends SIP for another host: opens nothing", "ok ok ok ok ok"),
    Row("slipstream_sent", "its messages went out unchanged", "ok fail ok ok ok"),
]


def message(method, host, port, transport, number):
    body = offer(host, port) if method == "INVITE" else ""
    lines = [f"{method} sip:{D} SIP/2.0", f"Via: SIP/2.0/{transport} {host}:{SIP_PORT};branch=z9hG4bK{number};rport", "Max-Forwards: 70",
             f"From: <sip:x@{D}>;tag={number}", f"To: <sip:x@{D}>", f"Call-ID: {number}", f"CSeq: 1 {method}",
             f"Contact: <sip:x@{host}:{port}>", *(["Expires: 600"] if method == "REGISTER" else ["Content-Type: application/sdp"]),
             f"Content-Length: {len(body)}"]
    return CRLF.join([*lines, "", body]).encode()


def answer(request, source):
    """The attacker's 200, so that a registration counts as made."""
    lines = request.decode().split(CRLF)
    kept = [line for line in lines if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq", "Contact")]
    to = next(line for line in lines if line.startswith("To:"))
    address, port = source
    kept[0] += f";received={address};rport={port}"
    return CRLF.join(["SIP/2.0 200 OK", *kept, f"{to};tag=attacker", "Expires: 600", "Content-Length: 0", "", ""]).encode()


class Service:
    """What A runs for its own LAN, on TCP and UDP; remembers who came."""

    def __init__(self, topology, port):
        self.port, self.visitors, self.closed = port, [], False
        self.udp, self.tcp = topology.udp("a", A, port), tcp(topology, "a")
        self.tcp.bind((A, port))
        self.tcp.listen()
        self.threads = [threading.Thread(target=self._serve, args=(kind, sock, take), daemon=True)
                        for kind, sock, take in (("udp", self.udp, lambda s: s.recvfrom(64)[1]), ("tcp", self.tcp, lambda s: s.accept()[1]))]
        for sock in (self.udp, self.tcp):
            sock.settimeout(0.2)
        for thread in self.threads:
            thread.start()

    def _serve(self, kind, sock, take):
        while not self.closed:
            try:
                self.visitors.append(f"{kind} from {take(sock)[0]}")
            except OSError:
                continue

    def close(self):
        self.closed = True
        for thread in self.threads:
            thread.join()
        self.udp.close(), self.tcp.close()


def tcp(topology, space):
    with topology.inside(space):
        sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


def play(scene):
    services = [Service(scene.topology, port) for port in (TCP_REGISTER, TCP_INVITE, UDP_REGISTER, UDP_INVITE)]
    notes = scene.notes
    notes["sent"], notes["got"] = [], []
    page = tcp(scene.topology, "d")
    page.bind((D, SIP_PORT))
    page.listen()
    udp = scene.topology.udp("d", D, SIP_PORT)
    for number, (method, port) in enumerate((("REGISTER", TCP_REGISTER), ("INVITE", TCP_INVITE)), 1):
        post(scene, page, message(method, A, port, "TCP", f"tcp{number}"))
    lure = scene.topology.udp("b", B, 45000)
    with lure:
        for number, (method, port) in enumerate((("REGISTER", UDP_REGISTER), ("INVITE", UDP_INVITE)), 1):
            send(scene, lure, udp, message(method, A, port, "UDP", f"udp{number}"))
    for service in services:
        knock(scene, service.port)
    time.sleep(0.3)
    for service in services:
        notes[str(service.port)] = service.visitors
        service.close()
    for sock in (page, udp):
        sock.close()


def post(scene, page, payload):
    """A form with a file in it: the browser's own header first, then the text of the page, which begins a segment."""
    browser = tcp(scene.topology, "a")
    browser.settimeout(3), page.settimeout(3)
    browser.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    browser.connect((D, SIP_PORT))
    server, source = page.accept()
    server.settimeout(3)
    browser.sendall(f"POST / HTTP/1.1\r\nHost: {D}:{SIP_PORT}\r\nContent-Type: text/plain\r\nContent-Length: {len(payload)}\r\n\r\n".encode())
    server.recv(65536)
    browser.sendall(payload)
    note(scene, payload, server.recv(65536))
    server.sendall(answer(payload, source))
    time.sleep(0.2)
    scene.stack.callback(browser.close)
    scene.stack.callback(server.close)


def send(scene, lure, attacker, payload):
    attacker.settimeout(2)
    lure.sendto(payload, (D, SIP_PORT))
    got, source = attacker.recvfrom(65536)
    note(scene, payload, got)
    attacker.sendto(answer(payload, source), source)
    time.sleep(0.2)


def note(scene, payload, got):
    scene.notes["sent"].append(payload.decode())
    scene.notes["got"].append(got.decode())


def knock(scene, port):
    """D tries the port that the message named, on both transports."""
    for own in (SIP_PORT + 1, 0):
        with scene.topology.udp("d", D, own) as sock:
            sock.sendto(b"knock", (WAN["r1"], port))
    with tcp(scene.topology, "d") as sock:
        sock.settimeout(0.5)
        try:
            sock.connect((WAN["r1"], port))
        except OSError:
            pass  # as it should be; A's service tells whether somebody came


def judge(record):
    def visitors(*ports):
        return [f"{port}: {who}" for port in ports for who in record.notes[str(port)]]
    by_tcp, by_udp = visitors(TCP_REGISTER, TCP_INVITE), visitors(UDP_REGISTER, UDP_INVITE)
    sent, got = record.notes["sent"], record.notes["got"]
    same = sum(one == other for one, other in zip(sent, got))
    went = len(sent) == len(got) == 4
    return {"slipstream_tcp": cell(went and not by_tcp, ", ".join(by_tcp) or "nobody came"),
            "slipstream_udp": cell(went and not by_udp, ", ".join(by_udp) or "nobody came"),
            "slipstream_sent": cell(went and same == 4, f"{same}/4 unchanged")}
