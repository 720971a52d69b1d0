# SPDX-License-Identifier: GPL-2.0-or-later
"""A platform that handles NAT itself (rport, Contact and SDP mended from the packet's source): C behind r2 calls A; nobody's help is needed."""
import time

from lab.cell import Row, audio, cell, fields_cell
from lab.messages import at_router, count
from lab.topology import HOSTS

A, C = HOSTS["a"], HOSTS["c"]
PLATFORM = "aware"
ROWS = [
    Row("aware_call", "rport-aware platform: call in, audio both ways", "ok ok ok ok ok"),
    Row("aware_bytes", "bytes changed although it needs no help", "ok fail ok ok fail"),  # assist spares a platform only once two peers have shown that it needs no help: row `learnt`
    Row("aware_fields", "only documented fields changed in it", "ok fail ok ok ok"),
]


def play(scene, kind=PLATFORM):
    registrar = scene.platform(kind)
    a, c = scene.phone("a", "alice", registrar), scene.phone("c", "carol", registrar)
    a.registered(), c.registered()
    scene.mark("call")
    c.dial("alice")
    c.wait("CALL_ESTABLISHED", 4)
    time.sleep(0.5)  # until both have sent: a hole punched from both sides opens with the second packet
    scene.mark("talk")
    time.sleep(3)
    scene.mark("end")
    c.hangup()
    time.sleep(0.3)


def judge(record):
    out, back = audio(record, "phone-a", A, "phone-c", C, ("talk", "end")), audio(record, "phone-c", C, "phone-a", A, ("talk", "end"))
    changed = count(at_router(record))
    return {"aware_call": cell(out.flows() and back.flows(), f"A>C {out}; C>A {back}"),
            "aware_fields": fields_cell(at_router(record)),
            "aware_bytes": cell(changed.none, str(changed), **changed._asdict())}
