# SPDX-License-Identifier: GPL-2.0-or-later
"""C13, C14: two phones behind the same router call each other through a literal platform."""
import time

from lab.cell import Row, audio, cell
from lab.topology import HOSTS

A, B = HOSTS["a"], HOSTS["b"]
# The kernel opens media for the signalling peer's address only, and that is the platform.
ROWS = [Row("hairpin", "two phones behind one router: audio both ways", "fail fail fail fail ok")]


def play(scene):
    registrar = scene.platform("literal")
    a, b = scene.phone("a", "alice", registrar), scene.phone("b", "bob", registrar)
    a.registered(), b.registered()
    scene.mark("call")
    a.dial("bob")
    a.wait("CALL_ESTABLISHED", 4)
    scene.mark("talk")
    time.sleep(2.5)
    scene.mark("end")
    a.hangup()
    time.sleep(0.3)


def judge(record):
    out, back = audio(record, "phone-a", A, "phone-b", B, ("talk", "end")), audio(record, "phone-b", B, "phone-a", A, ("talk", "end"))
    return {"hairpin": cell(out.flows() and back.flows(), f"A>B {out}; B>A {back}")}
