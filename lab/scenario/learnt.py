# SPDX-License-Identifier: GPL-2.0-or-later
"""What observe learns about a platform with an RTP proxy keeps assist from editing: calls with two peers in observe, then a call in assist on the same journal."""
import json
import time

from lab.cell import Row, audio, cell
from lab.messages import at_router, count
from lab.topology import HOSTS

A, C = HOSTS["a"], HOSTS["c"]
ROWS = [Row("learnt", "RTP proxy known from observe: bytes changed, audio", "- - - - ok")]


def play(scene):
    for gateway in scene.gateways.values():
        gateway.restart("observe")
    registrar = scene.platform("proxy")
    a, c = scene.phone("a", "alice", registrar), scene.phone("c", "carol", registrar)
    d = scene.phone("d", "dave", registrar)  # one caller alone proves nothing
    a.registered(), c.registered(), d.registered()
    for mode in ("observe", "assist"):
        if mode == "assist":
            for router, gateway in scene.gateways.items():
                (scene.out / f"gateway-{router}-memory.json").write_text(json.dumps(gateway.ask("memory"), indent=1))
                gateway.restart(mode)
        scene.mark(mode)
        first = ((d, "alice"), (d, "carol")) if mode == "observe" else ()
        for caller, called in (*first, (c, "alice"), (a, "carol")):
            seen = len(caller.events)
            caller.dial(called)
            caller.wait("CALL_ESTABLISHED", 4, since=seen)
            scene.mark(f"{mode}_talk")
            time.sleep(2)
            scene.mark(f"{mode}_end")
            caller.hangup()
            time.sleep(0.3)


def judge(record):
    changed = count([pair for pair in at_router(record) if pair.before.time >= record.marks["assist"]])
    window = ("assist_talk", "assist_end")
    out, back = audio(record, "phone-a", A, "phone-c", C, window), audio(record, "phone-c", C, "phone-a", A, window)
    return {"learnt": cell(changed.none and out.flows() and back.flows(), f"{changed}; A>C {out}; C>A {back}",
                           **changed._asdict())}
