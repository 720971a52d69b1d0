# SPDX-License-Identifier: GPL-2.0-or-later
"""C12: early media from a media host whose address is not the platform's, before the phone has sent anything."""
import time

from lab.cell import Row, audio, audio_cell
from lab.endpoint import offer
from lab.sip import media
from lab.topology import HOSTS, MEDIA_HOST, PLATFORM

A, P = HOSTS["a"], PLATFORM["literal"]
ROWS = [Row("third_party", "early media from a third host (C12)", "fail fail fail fail ok")]


def play(scene):
    registrar = scene.platform("literal")
    announcement = scene.stream("d", MEDIA_HOST, 20000)

    def answer(call, invite):
        announcement.aim(media(invite.body))
        announcement.start()
        return [(0, 183, offer(MEDIA_HOST, 20000)), (2.0, 200, offer(MEDIA_HOST, 20000))]
    scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    phone = scene.endpoint("a", A, "alice", registrar)
    scene.stream("a", A, 40000)
    scene.mark("invite")
    call = phone.invite("trunk", offer(A, 40000))
    scene.mark("answered")
    if call:
        call.bye()
    time.sleep(0.1)


def judge(record):
    return {"third_party": audio_cell(audio(record, "phone-d", MEDIA_HOST, "phone-a", A, ("invite", "answered")))}
