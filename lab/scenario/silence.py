# SPDX-License-Identifier: GPL-2.0-or-later
"""125 s without a packet in a live call: the kernel forgets an idle UDP flow after 120 s. Then RTP comes in, then a new call."""
import time

from lab import sip
from lab.cell import Row, audio_cell, cell
from lab.endpoint import offer
from lab.rtp import audio
from lab.topology import HOSTS, PLATFORM

A, P = HOSTS["a"], PLATFORM["aware"]
SECONDS = 125
LENGTH = SECONDS + 15  # it only waits: played beside all others
ROWS = [
    Row("silence_rtp", f"{SECONDS} s of silence, then inbound RTP", "fail fail ok ok ok"),
    Row("silence_invite", f"{SECONDS} s of silence, then an inbound call", "fail ok ok ok ok"),
]


def play(scene):
    registrar = scene.platform("aware")
    far_media, near_media = scene.stream("p", P, 20000, latch=True), scene.stream("a", A, 40000)

    def answer(call, invite):
        """As media servers do, it talks as soon as it has answered; with the kernel's ALG that packet uses up the expectation (180 s)."""
        yield 0, 200, offer(P, 20000)
        far_media.aim(sip.media(invite.body))
        far_media.start()
    far = scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    near = scene.endpoint("a", A, "alice", registrar, answer=lambda call, invite: [(0, 200, offer(A, 40000))])
    near.register()
    scene.mark("call")
    call = near.invite("trunk", offer(A, 40000))
    if call:
        near_media.aim(call.media())
        time.sleep(0.2)
        near_media.start()
    time.sleep(2)
    for stream in (near_media, far_media):
        stream.pause()
    scene.mark("silence")
    time.sleep(SECONDS)
    scene.mark("rtp")
    far_media.start()
    time.sleep(2)
    far_media.pause()
    scene.mark("invite")
    far.invite("alice", offer(P, 20000), wait=4)
    scene.mark("end")


def judge(record):
    quiet = [p.time for p in record.packets("r1-outside") if record.marks["silence"] + 0.5 < p.time < record.marks["rtp"]]
    if quiet:
        return {row.name: cell(False, f"the silence was broken {len(quiet)} times") for row in ROWS}
    back = audio(record.packets("platform"), P, record.packets("phone-a"), A, record.window("rtp", "invite"), {40000})
    invites = [m for m in record.messages("phone-a", "invite", "end") if m.method == "INVITE" and not m.status]
    answered = [m for m in record.messages("platform", "invite", "end") if m.method == "INVITE" and m.status == 200]
    return {"silence_rtp": audio_cell(back), "silence_invite": cell(answered, "arrives, answered" if answered else f"{len(invites)} arrived")}
