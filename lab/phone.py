# SPDX-License-Identifier: GPL-2.0-or-later
"""A real phone: baresip with its own RTP, steered over its control port."""
import json
import socket
import time

from lab.process import LabError, wait_for
from lab.topology import HOSTS

CONFIG = """poll_method epoll
sip_listen {address}:5060
call_max_calls 4
audio_source ausine,440
audio_buffer 60-160
rtp_tos 0
rtp_ports {ports}
rtp_bandwidth 512-1024
jitter_buffer_delay 1-5
net_interface eth0
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:4444
ausrc_srate 48000
ausrc_channels 2
"""


class Phone:
    def __init__(self, topology, space, user, registrar, ports="10000-10100", refresh=600):
        self.space, self.user, self.registrar = space, user, registrar
        self.address, self.events, self.buffer = HOSTS[space], [], b""
        home = topology.out / f"baresip-{user}"
        home.mkdir(exist_ok=True)
        (home / "config").write_text(CONFIG.format(address=self.address, ports=ports))
        (home / "accounts").write_text(f"<sip:{user}@{registrar}>;auth_pass=none;regint={refresh};audio_codecs=PCMU;answermode=auto\n")
        (home / "contacts").write_text("")
        self.child = topology.start(space, "baresip", "-4", "-f", str(home), log=f"baresip-{user}.log")
        self.control = wait_for(lambda: self._connect(topology), 10, f"baresip of {user}")
        self.control.settimeout(0.05)

    def _connect(self, topology):
        if not self.child.running():
            raise LabError(f"baresip ended: {self.child.text()[-400:]}")
        with topology.inside(self.space):
            sock = socket.socket()
        try:
            sock.connect(("127.0.0.1", 4444))
            return sock
        except OSError:
            sock.close()
            return None

    def command(self, name, params=""):
        body = json.dumps({"command": name, "params": params, "token": name}).encode()
        self.control.sendall(b"%d:%s," % (len(body), body))

    def _read(self):
        """Takes in the events that came; False when there was nothing to read."""
        try:
            data = self.control.recv(65536)
        except TimeoutError:
            return False
        self.buffer += data
        while b":" in self.buffer:  # netstrings: LENGTH:BODY,
            length, rest = self.buffer.split(b":", 1)
            if len(rest) <= int(length):
                return True
            body, self.buffer = rest[:int(length)], rest[int(length) + 1:]
            message = json.loads(body)
            if message.get("event"):
                self.events.append((message["type"], message))
        return bool(data)

    def happened(self, kind, since=0):
        self._read()
        return any(event == kind for event, _ in self.events[since:])

    def wait(self, kind, seconds=6.0, since=0):
        """True when the phone reports the event, e.g. REGISTER_OK, CALL_ESTABLISHED, CALL_CLOSED."""
        end = time.monotonic() + seconds
        while not self.happened(kind, since):
            if time.monotonic() > end:
                return False
        return True

    def registered(self, seconds=6.0):
        """Read from the log: the first answer may come before the control port is open."""
        return wait_for(lambda: "200 OK () [" in self.child.text(), seconds)

    def registers_again(self, seconds=8.0):
        """Waits for the answer to the phone's next REGISTER: its registration is fresh then."""
        while self._read():
            pass
        return self.wait("REGISTER_OK", seconds, since=len(self.events))

    def dial(self, user, registrar=None):
        self.command("dial", f"sip:{user}@{registrar or self.registrar}")

    def call(self, user, registrar=None, seconds=4.0):
        """Dials and waits for the answer; True when there was one."""
        while self._read():
            pass
        seen = len(self.events)
        self.dial(user, registrar)
        return self.wait("CALL_ESTABLISHED", seconds, since=seen)

    def hold(self):
        self.command("hold")

    def resume(self):
        self.command("resume")

    def hangup(self):
        self.command("hangup")
