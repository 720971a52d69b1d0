# SPDX-License-Identifier: GPL-2.0-or-later
"""B12: an offer with port 9 and c=0.0.0.0, as trickle ICE sends it, must reach the platform."""
import time

from lab.cell import Row, cell
from lab.endpoint import offer
from lab.topology import HOSTS, PLATFORM

A, P = HOSTS["a"], PLATFORM["literal"]
ROWS = [Row("port9", "offer with port 9 (B12) arrives", "ok fail ok ok ok")]


def play(scene):
    registrar = scene.platform("literal")
    scene.endpoint("p", P, "trunk", registrar, port=5070, answer=lambda call, invite: [(0, 200, offer(P, 20000))])
    phone = scene.endpoint("a", A, "alice", registrar)
    scene.other_traffic()
    scene.mark("invite")
    call = phone.invite("trunk", offer(A, 9).replace(f"c=IN IP4 {A}", "c=IN IP4 0.0.0.0"), wait=4)
    scene.mark("end")
    time.sleep(1.5)
    scene.other_traffic()
    if call:
        call.bye()


def judge(record):
    def invites(point, host, side):
        return sum(m.method == "INVITE" and not m.status and getattr(m, side)[0] == host for m in record.messages(point))
    sent, arrived = invites("phone-a", A, "source"), invites("platform", P, "target")
    answered = any(m.status == 200 and m.method == "INVITE" for m in record.messages("phone-a"))
    return {"port9": cell(answered, f"INVITE sent {sent}, arrived {arrived}{', answered' * answered}", sent=sent, arrived=arrived)}
