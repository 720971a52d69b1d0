# SPDX-License-Identifier: GPL-2.0-or-later
"""The network with `viaduct faults run` as router r1, and who speaks in it: Alice behind the box, Dave outside, the platform between them."""
import time

from lab import sip
from lab.endpoint import offer
from lab.process import LabError
from lab.scene import Scene
from lab.topology import HOSTS, PLATFORM, WAN

A, B, D = HOSTS["a"], HOSTS["b"], HOSTS["d"]
OUTER = WAN["r1"]
NEAR_MEDIA, FAR_MEDIA = 40000, 20000
AFTERWARDS = 1.5  # seconds
BOX = ("--inside", "lan0", "--outside", "wan0", "--outside-address", f"{OUTER}/28", "--gateway", "203.0.113.1")


class Stage(Scene):
    """A scene whose router is the box with `arguments`: none of them makes it a clean NAT."""

    def __init__(self, label, out, prefix, binaries, arguments):
        super().__init__(label, out, prefix, binaries, shape="box", routers="box")
        self.arguments, self.box = arguments, None

    def _treat(self):
        self.box = self.topology.start("r1", str(self.binaries / "viaduct"), "faults", "run", *BOX, *self.arguments, log="box.log")
        self.box.wait_for_text("ready", 10)
        self.topology.connect([(host, HOSTS[host], PLATFORM["literal"]) for host in ("a", "b", "d")])

    def _note_gateways(self):
        """The box must have been there to the end: a dead one shows every symptom."""
        if not self.box.running():
            raise LabError(f"the box ended: {self.box.text()[-400:]}")

    def go_on(self):
        """Other traffic a moment after the last message."""
        time.sleep(AFTERWARDS)
        self.other_traffic()

    def near(self, registrar, user="alice", port=NEAR_MEDIA, register=True, **options):
        """Alice's phone; with `register` it has tried to."""
        answer = options.pop("answer", lambda call, invite: [(0, 200, offer(A, port))])
        phone = self.endpoint("a", A, user, registrar, answer=answer, **options)
        if register:
            phone.register(wait=3)
        return phone

    def far(self, registrar, stream=None, delay=0, **options):
        """Dave's phone, registered; it answers, and aims its stream at what the offer names."""
        def answer(call, invite):
            if stream:
                stream.aim(sip.media(invite.body))
            return [(0, 180, ""), (delay, 200, offer(D, FAR_MEDIA))] if delay else [(0, 200, offer(D, FAR_MEDIA))]
        phone = self.endpoint("d", D, "dave", registrar, answer=options.pop("answer", answer), **options)
        if not phone.register():
            raise LabError("the phone outside could not register")
        return phone

    def far_stream(self, **options):
        return self.stream("d", D, FAR_MEDIA, **options)

    def near_stream(self, port=NEAR_MEDIA, **options):
        return self.stream("a", A, port, **options)

    def talk(self, call, near_stream, far_stream, seconds):
        """Both speak: Alice to what the answer names."""
        near_stream.aim(call.media())
        self.mark("talk")
        near_stream.start()
        far_stream.start()
        time.sleep(seconds)
        self.mark("end")
