# SPDX-License-Identifier: GPL-2.0-or-later
"""Real phones, literal platform: A calls the public phone D, both hold and resume, D hangs up; then C behind r2 calls A."""
import time

from lab.cell import Row, audio, audio_cell, cell, fields_cell, reinvites
from lab.messages import at_router, count
from lab.topology import HOSTS

A, C, D = HOSTS["a"], HOSTS["c"], HOSTS["d"]
ROWS = [
    Row("registers", "registers", "ok ok ok ok ok"),
    Row("inbound", "inbound call reaches the phone", "fail ok fail fail ok"),
    Row("audio_ab", "audio A to B (B public)", "ok ok ok ok ok"),
    Row("audio_ba", "audio B to A", "fail ok fail fail ok"),
    Row("site_ab", "audio A to C (C behind the second router)", "fail ok fail fail ok"),
    Row("site_ba", "audio C to A", "fail ok fail fail ok"),
    Row("reinvite_out", "re-INVITE by the phone", "ok ok ok ok ok"),
    Row("reinvite_in", "re-INVITE by the far end", "fail ok fail fail ok"),
    Row("hold", "hold and resume: audio after it", "fail ok fail fail ok"),
    Row("bye_in", "far end's BYE reaches the phone", "fail ok fail fail ok"),
    Row("bytes", "bytes changed in these calls' messages", "ok fail ok ok fail"),
    Row("fields", "only documented fields changed in them", "ok fail ok ok ok"),
]


def play(scene):
    registrar = scene.platform("literal")
    scene.mark("start")
    a, c, d = (scene.phone(space, user, registrar) for space, user in (("a", "alice"), ("c", "carol"), ("d", "dave")))
    for phone in (a, c, d):
        phone.registered()
    scene.mark("call")
    a.dial("dave")
    a.wait("CALL_ESTABLISHED")
    scene.mark("talk")
    time.sleep(3)
    scene.mark("hold")
    for phone in (a, d):  # each in turn: a re-INVITE in each direction
        phone.hold()
        time.sleep(0.8)
        phone.resume()
        time.sleep(0.4)
    time.sleep(0.3)
    scene.mark("resumed")
    time.sleep(2)
    scene.mark("hangup")
    d.hangup()
    a.wait("CALL_CLOSED", 2)
    scene.mark("hungup")
    a.hangup()
    time.sleep(0.2)
    seen = len(c.events)
    scene.mark("inbound")
    c.dial("alice")
    c.wait("CALL_ESTABLISHED", 4, since=seen)
    scene.mark("inbound_talk")
    time.sleep(2.5)
    scene.mark("inbound_end")
    c.hangup()
    time.sleep(0.3)


def judge(record):
    at_a = record.messages("phone-a")
    ok = [m for m in at_a if m.method == "REGISTER" and m.status == 200 and m.target[0] == A]
    asked = [m for m in at_a if m.method == "REGISTER" and not m.status]
    arrived = [m for m in record.messages("phone-a", "inbound", "inbound_end") if m.method == "INVITE" and not m.status and m.target[0] == A]
    tried = [m for m in record.messages("phone-c", "inbound", "inbound_end") if m.method == "INVITE" and not m.status and m.source[0] == C]
    byes = [m for m in record.messages("phone-a", "hangup", "hungup") if m.method == "BYE" and not m.status and m.target[0] == A]
    sent_out, answered_out = reinvites(record, "phone-a", A, "hold", "resumed")
    sent_in, answered_in = reinvites(record, "phone-d", D, "hold", "resumed")
    after_ab = audio(record, "phone-a", A, "phone-d", D, ("resumed", "hangup"))
    after_ba = audio(record, "phone-d", D, "phone-a", A, ("resumed", "hangup"))
    changed = count(at_router(record))
    reached = f"INVITE after {1000 * (arrived[0].time - tried[0].time):.0f} ms" if arrived else f"{len(tried)} INVITE sent, 0 arrived"
    site = ("inbound_talk", "inbound_end")
    return {
        "registers": cell(ok, f"200 after {1000 * (ok[0].time - asked[0].time):.0f} ms" if ok else "no 200"),
        "inbound": cell(arrived, reached),
        "audio_ab": audio_cell(audio(record, "phone-a", A, "phone-d", D, ("talk", "hold"))),
        "audio_ba": audio_cell(audio(record, "phone-d", D, "phone-a", A, ("talk", "hold"))),
        "site_ab": audio_cell(audio(record, "phone-a", A, "phone-c", C, site)),
        "site_ba": audio_cell(audio(record, "phone-c", C, "phone-a", A, site)),
        "reinvite_out": cell(answered_out == sent_out == 2, f"{answered_out}/{sent_out} answered"),
        "reinvite_in": cell(answered_in == sent_in == 2, f"{answered_in}/{sent_in} answered"),
        "hold": cell(after_ab.flows() and after_ba.flows(), f"A>B {after_ab}; B>A {after_ba}"),
        "bye_in": cell(byes, f"after {1000 * (byes[0].time - record.marks['hangup']):.0f} ms" if byes else "no"),
        "fields": fields_cell(at_router(record)),
        "bytes": cell(changed.none, str(changed), **changed._asdict()),
    }
