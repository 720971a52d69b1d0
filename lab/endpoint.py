# SPDX-License-Identifier: GPL-2.0-or-later
"""A scripted SIP endpoint with RTP, for the rows that need exact messages. The main rows use real phones (phone.py)."""
import itertools
import random
import struct
import threading
import time

from lab import sip
from lab.process import wait_for
from lab.rtp import is_rtp

CRLF = "\r\n"
REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 400: "Bad Request", 424: "Bad Location Information",
           481: "Call/Transaction Does Not Exist", 486: "Busy Here", 488: "Not Acceptable Here"}
SERIAL = itertools.count(random.randrange(1 << 24))


def token():
    return f"{next(SERIAL):x}{random.randrange(1 << 24):06x}"


def offer(address, port, extra="", version=1, direction="sendrecv", session=4711):
    """A plain audio SDP; `extra` lines go after m=."""
    family = "IP6" if ":" in address else "IP4"
    return (f"v=0\r\no=- {session} {version} IN {family} {address}\r\ns=-\r\nc=IN {family} {address}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\n{extra}a=rtpmap:0 PCMU/8000\r\na={direction}\r\n")


class Stream:
    """One RTP/RTCP socket pair. Sends PCMU silence every 20 ms to the address it was told, or to the one it hears (`latch`)."""

    def __init__(self, topology, space, address, port, rtcp=None, latch=False):
        self.address, self.port, self.rtcp_port, self.latch = address, port, rtcp or port + 1, latch
        self.rtp, self.rtcp = topology.udp(space, address, port), topology.udp(space, address, self.rtcp_port)
        self.ssrc, self.sequence, self.clock = random.randrange(1 << 32), random.randrange(1 << 15), random.randrange(1 << 31)
        self.target = self.rtcp_target = None
        self.sending, self.closed = threading.Event(), False
        self.threads = [threading.Thread(target=self._send, daemon=True), threading.Thread(target=self._listen, daemon=True)]
        for thread in self.threads:
            thread.start()

    def aim(self, media):
        if media and media.port:
            self.target, self.rtcp_target = (media.address, media.port), (media.address, media.rtcp)

    def start(self):
        self.sending.set()

    def pause(self):
        self.sending.clear()

    def report(self):
        """One RTCP receiver report, so that the RTCP path can be seen."""
        if self.rtcp_target:
            self.rtcp.sendto(struct.pack("!BBHI", 0x80, 201, 1, self.ssrc), self.rtcp_target)

    def _send(self):
        due = time.monotonic()
        while not self.closed:
            if not self.sending.is_set():
                self.sending.wait(0.2)
                due = time.monotonic()
                continue
            if self.target:
                packet = struct.pack("!BBHII", 0x80, 0, self.sequence & 0xFFFF, self.clock & 0xFFFFFFFF, self.ssrc) + b"\xff" * 160
                try:
                    self.rtp.sendto(packet, self.target)
                except OSError:
                    pass  # an ICMP error of an earlier packet; the captures tell what arrived
                self.sequence, self.clock = self.sequence + 1, self.clock + 160
            due += 0.02
            time.sleep(max(0.0, due - time.monotonic()))

    def _listen(self):
        self.rtp.settimeout(0.2)
        while not self.closed:
            try:
                packet, source = self.rtp.recvfrom(2048)
            except OSError:
                continue
            if self.latch and is_rtp(packet):
                self.target = source[:2]

    def close(self):
        self.closed = True
        self.sending.set()
        for thread in self.threads:
            thread.join()
        self.rtp.close()
        self.rtcp.close()


class Call:
    """One dialog of an endpoint, as caller or called."""

    def __init__(self, endpoint, call_id, local, remote, target, sequence=1):
        self.endpoint, self.id, self.local, self.remote, self.target = endpoint, call_id, local, remote, target
        self.sequence, self.route, self.body, self.peer_body = sequence, [], "", ""
        self.branch = ""  # of the INVITE that this side began it with
        self.acked, self.ended = threading.Event(), threading.Event()

    def request(self, method, body="", headers=(), wait=8.0):
        """Sends an in-dialog request through the platform; the final response, or None."""
        self.sequence += 1
        final = self.endpoint.transact(method, self.target, self.local, self.remote, self.id, self.sequence, body,
                                       [*self.route_headers(), *headers], wait)
        if method == "INVITE" and final and final.status < 300:
            self.acknowledge(final)
        return final

    def route_headers(self):
        return [f"Route: {route}" for route in self.route]

    def acknowledge(self, final):
        self.peer_body = final.body or self.peer_body
        contact = final.get("contact")
        self.target = contact[contact.find("<") + 1:contact.find(">")] if "<" in contact else self.target
        self.endpoint.send_request("ACK", self.target, self.local, self.remote, self.id, final.cseq, "", self.route_headers())

    def media(self):
        return sip.media(self.peer_body)

    def cancel(self, wait=2.0):
        """Of the INVITE that began it, whether it was answered or not."""
        remote = self.remote.split(";tag=")[0]
        return self.endpoint.transact("CANCEL", f"sip:{remote[remote.find(':') + 1:remote.find('>')]}", self.local, remote, self.id, 1, wait=wait,
                                      branch=self.branch)

    def bye(self, wait=4.0):
        self.ended.set()
        return self.request("BYE", wait=wait)


class Endpoint:
    """One UDP socket: registers, calls, answers. `answer(call, invite)` returns [(delay seconds, status, SDP), ...].

    What it says of itself, if not the plain truth: `contact` and `domain` (of the URIs of From and To) as URI parts, `via_port` in Via, `id_host`
    behind the @ of Call-IDs. `reoffer(call, request)` sees each offer in a dialog before it is answered; a status of 300 or more that it returns refuses it."""

    def __init__(self, topology, space, address, user, platform, port=5060, answer=None, contact="", domain="", via_port=0, id_host="", reoffer=None):
        self.user, self.platform, self.address, self.port, self.answer = user, platform, address, port, answer
        self.host = f"[{address}]" if ":" in address else address
        self.platform_host = domain or (f"[{platform}]" if ":" in platform else platform)
        self.contact_host, self.via_port, self.reoffer = contact or f"{self.host}:{port}", via_port or port, reoffer
        self.id_host = f"@{id_host}" if id_host else ""
        self.socket, self.closed = topology.udp(space, address, port), False
        self.calls, self.responses, self.changed = {}, [], threading.Condition()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def close(self):
        self.closed = True
        self.thread.join()
        self.socket.close()

    def contact(self):
        return f"<sip:{self.user}@{self.contact_host}>"

    def send_request(self, method, uri, local, remote, call_id, sequence, body="", headers=(), branch=None):
        typed = any(header.startswith("Content-Type:") for header in headers)
        lines = [f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/UDP {self.host}:{self.via_port};branch={branch or 'z9hG4bK' + token()};rport",
                 "Max-Forwards: 70", f"From: {local}", f"To: {remote}", f"Call-ID: {call_id}", f"CSeq: {sequence} {method}",
                 *([f"Contact: {self.contact()}"] if method not in ("ACK", "BYE", "CANCEL") else []), *headers,
                 *(["Content-Type: application/sdp"] if body and not typed else []), f"Content-Length: {len(body.encode())}", "", body]
        raw = CRLF.join(lines).encode()
        self.socket.sendto(raw, (self.platform, 5060))
        return raw

    def transact(self, method, uri, local, remote, call_id, sequence, body="", headers=(), wait=8.0, branch=None):
        """A client transaction with RFC 3261's retransmissions; the final response, or None after `wait` seconds."""
        raw = self.send_request(method, uri, local, remote, call_id, sequence, body, headers, branch)
        end, interval, again = time.monotonic() + wait, 0.5, time.monotonic() + 0.5
        with self.changed:
            while time.monotonic() < end:
                answers = [m for m in self.responses if m.call_id == call_id and m.cseq == sequence and m.method == method]
                final = next((m for m in answers if m.status >= 200), None)
                if final:
                    return final
                if time.monotonic() >= again and not (answers and method == "INVITE"):
                    self.socket.sendto(raw, (self.platform, 5060))
                    interval = min(2 * interval, 4.0)
                    again = time.monotonic() + interval
                self.changed.wait(0.05)
        return None

    def register(self, wait=6.0, headers=()):
        me = f"<sip:{self.user}@{self.platform_host}>"
        final = self.transact("REGISTER", f"sip:{self.platform_host}", f"{me};tag={token()}", me, token() + self.id_host, 1,
                              headers=["Expires: 600", *headers], wait=wait)
        return bool(final and final.status == 200)

    def invite(self, user, body, headers=(), wait=8.0, uri=""):
        """Calls `user` through the platform; the Call when it was answered with 200, else None."""
        call_id, local, remote = token() + self.id_host, f"<sip:{self.user}@{self.platform_host}>;tag={token()}", f"<sip:{user}@{self.platform_host}>"
        call = Call(self, call_id, local, remote, uri or f"sip:{user}@{self.platform_host}")
        call.body, call.branch, self.calls[call_id] = body, "z9hG4bK" + token(), call
        final = self.transact("INVITE", call.target, local, remote, call_id, 1, body, headers, wait, call.branch)
        if not final or final.status != 200:
            return None
        call.remote = final.get("to")
        call.route = list(reversed(final.all("record-route")))
        call.acknowledge(final)
        return call

    def incoming(self, wait=6.0, known=0):
        """The newest call that came in after the first `known` calls, or None."""
        return wait_for(lambda: list(self.calls.values())[-1] if len(self.calls) > known else None, wait)

    def _listen(self):
        self.socket.settimeout(0.2)
        while not self.closed:
            try:
                raw, source = self.socket.recvfrom(65535)
            except OSError:
                continue
            message = sip.parse(raw, source=source[:2])
            if not message:
                continue
            if message.status:
                with self.changed:
                    self.responses.append(message)
                    self.changed.notify_all()
            else:
                self._request(message)

    def _request(self, message):
        call = self.calls.get(message.call_id)
        if message.method == "ACK":
            if call:
                call.acked.set()
        elif message.method == "INVITE" and not message.tag("to"):
            if not call:
                self._ring(message)
        elif message.method == "BYE":
            self._reply(message, 200)
            if call:
                call.ended.set()
        elif message.method in ("INVITE", "UPDATE") and call:
            call.peer_body = message.body or call.peer_body
            refused = self.reoffer(call, message) if self.reoffer and message.body else None
            if isinstance(refused, int) and refused >= 300:
                self._reply(message, refused, "", call)
                return
            self._reply(message, 200, call.body if message.body or message.method == "INVITE" else "", call)
        else:
            self._reply(message, 200)

    def _ring(self, invite):
        local = f"{invite.get('to')};tag={token()}"
        contact = invite.get("contact")
        call = Call(self, invite.call_id, local, invite.get("from"), contact[contact.find("<") + 1:contact.find(">")])
        call.route, call.peer_body = invite.all("record-route"), invite.body
        self.calls[invite.call_id] = call
        threading.Thread(target=self._answer, args=(call, invite), daemon=True).start()

    def _answer(self, call, invite):
        for delay, status, body in self.answer(call, invite) if self.answer else [(0, 486, "")]:
            time.sleep(delay)
            call.body = body or call.body
            self._reply(invite, status, body, call)
        for _ in range(8):  # 2xx until ACK, RFC 3261 13.3.1.4
            if call.acked.wait(0.5) or self.closed:
                return
            self._reply(invite, status, body, call)

    def _reply(self, request, status, body="", call=None):
        reason = REASONS[status]
        to = call.local if call and not request.tag("to") else request.get("to")
        lines = [f"SIP/2.0 {status} {reason}", *(f"Via: {via}" for via in request.all("via")), f"From: {request.get('from')}", f"To: {to}",
                 f"Call-ID: {request.call_id}", f"CSeq: {request.get('cseq')}", *(f"Record-Route: {route}" for route in request.all("record-route")),
                 *([f"Contact: {self.contact()}"] if request.method in ("INVITE", "UPDATE") else []),
                 *(["Content-Type: application/sdp"] if body else []), f"Content-Length: {len(body.encode())}", "", body]
        self.socket.sendto(CRLF.join(lines).encode(), request.source)
