# SPDX-License-Identifier: GPL-2.0-or-later
"""A platform with an RTP proxy (rtpengine): it would carry the media whatever the SDP says; what does the router change nevertheless?"""
from lab.cell import Row, audio, cell, fields_cell
from lab.messages import at_router, count
from lab.scenario import aware
from lab.topology import HOSTS

A, C = HOSTS["a"], HOSTS["c"]
ROWS = [
    Row("proxy_call", "platform with RTP proxy: call in, audio both ways", "ok ok ok ok ok"),
    Row("proxy_sdp", "SDP bytes changed despite the RTP proxy", "ok fail ok ok fail"),  # assist too, until it has learnt: row `learnt`
    Row("proxy_fields", "only documented fields changed in it", "ok fail ok ok ok"),
]


def play(scene):
    aware.play(scene, "proxy")


def judge(record):
    out, back = audio(record, "phone-a", A, "phone-c", C, ("talk", "end")), audio(record, "phone-c", C, "phone-a", A, ("talk", "end"))
    changed = count(at_router(record))
    lines = ", ".join(f"{name} {number}" for name, number in changed.places.items() if len(name) == 2 and name[1] == "=")
    return {"proxy_call": cell(out.flows() and back.flows(), f"A>C {out}; C>A {back}"),
            "proxy_fields": fields_cell(at_router(record)),
            "proxy_sdp": cell(changed.messages and not changed.body_octets, f"{changed.body_octets} B{': ' * bool(lines)}{lines}", **changed._asdict())}
