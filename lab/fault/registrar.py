# SPDX-License-Identifier: GPL-2.0-or-later
"""A strict registrar: MD5 digest whose uri must be the Request-URI (RFC 7616 3.4.6), a fresh nonce each time. And the phone's side of it."""
import hashlib
import re
import threading

from lab import sip
from lab.endpoint import CRLF, token

REALM, PASSWORD = "voip.example", "secret"


def md5(*parts):
    return hashlib.md5(":".join(parts).encode()).hexdigest()


def response(user, method, uri, nonce):
    return md5(md5(user, REALM, PASSWORD), nonce, md5(method, uri))


class Registrar:
    """With a `tenant` it asks for no digest: it grants what To's URI has that domain, and knows nobody else."""

    def __init__(self, topology, space, address, tenant=""):
        self.socket, self.closed, self.nonces, self.tenant = topology.udp(space, address, 5060), False, set(), tenant
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def close(self):
        self.closed = True
        self.thread.join()
        self.socket.close()

    def _listen(self):
        self.socket.settimeout(0.2)
        while not self.closed:
            try:
                raw, source = self.socket.recvfrom(65535)
            except OSError:
                continue
            request = sip.parse(raw, source=source[:2])
            if request and not request.status:
                self._reply(request)

    def _status(self, request):
        if self.tenant:
            return "200 OK" if re.search(rf"@{re.escape(self.tenant)}[>:;]", request.get("to")) else "404 Not Found"
        return "200 OK" if self._grants(request) else "401 Unauthorized"

    def _grants(self, request):
        told = dict(re.findall(r'(\w+)="([^"]*)"', request.get("authorization")))
        return (told.get("nonce") in self.nonces and told.get("uri") == request.uri
                and told.get("response") == response(told.get("username", ""), request.method, told["uri"], told["nonce"]))

    def _reply(self, request):
        status, nonce = self._status(request), token()
        self.nonces.add(nonce)
        lines = [f"SIP/2.0 {status}",
                 *(f"Via: {via};received={request.source[0]};rport={request.source[1]}" for via in request.all("via")),
                 f"From: {request.get('from')}", f"To: {request.get('to')};tag={token()}", f"Call-ID: {request.call_id}",
                 f"CSeq: {request.get('cseq')}", *([f'WWW-Authenticate: Digest realm="{REALM}", nonce="{nonce}"'] if status.startswith("401") else []),
                 *([f"Contact: {request.get('contact')};expires=600"] if status.startswith("200") else []), "Content-Length: 0", "", ""]
        self.socket.sendto(CRLF.join(lines).encode(), request.source)


def register_with_digest(phone, attempts):
    """Registers as long as it is challenged anew, at most `attempts` times."""
    me, tag, call_id, headers = f"<sip:{phone.user}@{phone.platform_host}>", token(), token(), []
    uri = f"sip:{phone.platform_host}"
    for number in range(1, attempts + 1):
        final = phone.transact("REGISTER", uri, f"{me};tag={tag}", me, call_id, number, headers=["Expires: 600", *headers], wait=2)
        if not final or final.status != 401:
            return
        nonce = re.search(r'nonce="([^"]*)"', final.get("www-authenticate"))[1]
        headers = [f'Authorization: Digest username="{phone.user}", realm="{REALM}", nonce="{nonce}", uri="{uri}", '
                   f'response="{response(phone.user, "REGISTER", uri, nonce)}"']
