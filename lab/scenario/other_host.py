# SPDX-License-Identifier: GPL-2.0-or-later
"""E01: an INVITE from B whose SDP names A's address asks for a way in to a host that did not ask; nothing may reach A."""
import time

from lab import sip
from lab.cell import Row, cell
from lab.endpoint import offer
from lab.topology import HOSTS, PLATFORM, WAN

A, B, P = HOSTS["a"], HOSTS["b"], PLATFORM["literal"]
PORT = 40000
ROWS = [Row("other_host", "pinhole asked for another host (E01): none opens", "ok ok ok ok ok")]


def play(scene):
    registrar = scene.platform("literal")
    as_told, guessed = scene.stream("p", P, 20000), scene.stream("p", P, 20004)

    def answer(call, invite):
        as_told.aim(sip.media(invite.body))
        guessed.target = (WAN["r1"], PORT)
        return [(0, 200, offer(P, 20000))]
    scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    browser = scene.endpoint("b", B, "bob", registrar)
    scene.mark("invite")
    call = browser.invite("trunk", offer(A, PORT))
    as_told.start()
    guessed.start()
    time.sleep(1)
    scene.mark("end")
    if call:
        call.bye()


def judge(record):
    sent = [p for p in record.packets("platform") if p.source[0] == P and p.source[1] in (20000, 20004)]
    got = [p for p in record.packets("phone-a") if p.source[0] == P and p.target == (A, PORT)]
    return {"other_host": cell(sent and not got, f"{len(got)} of {len(sent)} packets reached it", sent=len(sent), received=len(got))}
