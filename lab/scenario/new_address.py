# SPDX-License-Identifier: GPL-2.0-or-later
"""C04: the router's WAN address changes; the phone, with the same socket, must be able to register and to be called again."""
import time

from lab.cell import Row, cell
from lab.endpoint import offer
from lab.process import run
from lab.topology import HOSTS, NEW_WAN, PLATFORM, WAN

A, P = HOSTS["a"], PLATFORM["aware"]
ROWS = [Row("new_address", "WAN address changes: registers again, call in", "ok ok ok ok ok")]


def play(scene):
    registrar = scene.platform("aware")
    far = scene.endpoint("p", P, "trunk", registrar, port=5070)
    phone = scene.endpoint("a", A, "alice", registrar, answer=lambda call, invite: [(0, 200, offer(A, 40000))])
    phone.register()
    scene.mark("change")
    router = scene.topology.name("r1")
    run("ip", "-n", router, "addr", "del", f"{WAN['r1']}/28", "dev", "wan0")  # takes the default route with it
    run("ip", "-n", router, "addr", "add", f"{NEW_WAN}/28", "dev", "wan0")
    run("ip", "-n", router, "route", "add", "default", "via", "203.0.113.1")
    time.sleep(0.5)
    scene.mark("register")
    phone.register(wait=5)
    scene.mark("invite")
    far.invite("alice", offer(P, 20000), wait=4)
    scene.mark("end")


def judge(record):
    registered = [m for m in record.messages("phone-a", "register", "invite") if m.method == "REGISTER" and m.status == 200]
    sources = {m.source[0] for m in record.messages("platform", "register", "invite") if m.method == "REGISTER" and not m.status}
    called = [m for m in record.messages("phone-a", "invite", "end") if m.method == "INVITE" and not m.status]
    answered = [m for m in record.messages("platform", "invite", "end") if m.method == "INVITE" and m.status == 200]
    return {"new_address": cell(registered and called and answered and sources == {NEW_WAN},
                                f"from {', '.join(sorted(sources)) or 'nowhere'}: {'200' if registered else 'no 200'}; "
                                f"call {'answered' if answered else 'lost'}")}
