# SPDX-License-Identifier: GPL-2.0-or-later
"""C04: the router's WAN address changes; a phone that goes on with the same socket must be able to register and to be called again."""
import time

from lab.cell import Row, cell
from lab.topology import HOSTS, NEW_WAN

A = HOSTS["a"]
REFRESH = 4  # seconds
ROWS = [Row("new_address", "WAN address changes: registers again, call in", "ok ok ok ok ok")]


def play(scene):
    registrar = scene.platform("aware")
    a, d = scene.phone("a", "alice", registrar, refresh=REFRESH), scene.phone("d", "dave", registrar)
    a.registered(), d.registered()
    scene.mark("change")
    scene.topology.move_wan()
    time.sleep(0.5)
    scene.mark("register")
    a.registers_again()
    scene.mark("invite")
    d.dial("alice")
    d.wait("CALL_ESTABLISHED", 4)
    scene.mark("end")
    d.hangup()
    time.sleep(0.3)


def judge(record):
    registered = [m for m in record.messages("phone-a", "register", "invite") if m.method == "REGISTER" and m.status == 200]
    sources = {m.source[0] for m in record.messages("platform", "register", "invite") if m.method == "REGISTER" and not m.status}
    called = [m for m in record.messages("phone-a", "invite", "end") if m.method == "INVITE" and not m.status]
    answered = [m for m in record.messages("platform", "invite", "end") if m.method == "INVITE" and m.status == 200]
    return {"new_address": cell(registered and called and answered and sources == {NEW_WAN},
                                f"from {', '.join(sorted(sources)) or 'nowhere'}: {'200' if registered else 'no 200'}; "
                                f"call {'answered' if answered else 'lost'}")}
