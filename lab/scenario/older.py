# SPDX-License-Identifier: GPL-2.0-or-later
"""A call that is older than the gateway: it starts in mid-call, and neither audio nor a re-INVITE nor the BYE may notice; the next call is its own."""
import time

from lab.cell import Row, audio, cell, reinvites
from lab.messages import at_router, count
from lab.topology import HOSTS

A, D = HOSTS["a"], HOSTS["d"]
SCENE = {"routers": "none"}
RULE = "first-seen-in-dialog"
ROWS = [
    Row("older_audio", "gateway starts in mid-call: audio both ways", "- - ok ok ok"),
    Row("older_sip", "the older call: re-INVITEs, BYE from outside, unchanged", "- - ok ok ok"),
    Row("older_why", "the older call: why tells", "- - ok ok ok"),
    Row("older_next", "the next call: followed, audio both ways", "- - ok ok ok"),
]


def play(scene):
    registrar = scene.platform("aware")
    gateway = scene.gateway("r1")
    a, d = scene.phone("a", "alice", registrar), scene.phone("d", "dave", registrar)
    a.registered(), d.registered()
    a.call("dave")
    time.sleep(0.5)
    scene.mark("control")
    time.sleep(1)
    scene.mark("start")
    gateway.start()
    time.sleep(0.5)
    scene.mark("hold")
    for phone in (a, d):
        phone.hold()
        time.sleep(0.8)
        phone.resume()
        time.sleep(0.4)
    scene.mark("resumed")
    time.sleep(1.5)
    scene.mark("bye")
    d.hangup()
    a.wait("CALL_CLOSED", 2)
    scene.mark("end")
    a.call("dave")
    scene.notes["calls"] = gateway.ask("calls")["calls"]
    scene.mark("talk")
    time.sleep(1.5)
    scene.mark("talk_end")
    a.hangup()
    time.sleep(0.3)


def judge(record):
    def ways(start, end):
        return audio(record, "phone-a", A, "phone-d", D, (start, end)), audio(record, "phone-d", D, "phone-a", A, (start, end))
    control, during, after = ways("control", "start"), ways("start", "hold"), ways("resumed", "bye")
    then = ways("talk", "talk_end")
    low, high = record.window("start", "end")
    old = [pair for pair in at_router(record) if low <= pair.before.time <= high and pair.before.method != "REGISTER"]
    changed, ids = count(old), {pair.before.call_id for pair in old}
    asked, answered = map(sum, zip(reinvites(record, "phone-a", A, "hold", "resumed"), reinvites(record, "phone-d", D, "hold", "resumed")))
    byes = [m for m in record.messages("phone-a", "bye", "end") if m.method == "BYE" and not m.status]
    calls = {known: [call for call in record.notes["calls"] if (call["name"] in ids) == known] for known in (True, False)}
    rules = {half and half["rule"] for call in calls[True] for half in (call["contact_left_because"], call["sdp_left_because"])}
    followed = [call for call in calls[False] if call["inner"].startswith(A + ":") and not call["contact_left_because"]]
    quiet = all(way.undisturbed(alone) for way, alone in zip((*during, *after), control * 2))
    return {
        "older_audio": cell(quiet, f"A>B {during[0]}; B>A {during[1]}; after the re-INVITEs {after[0]}; {after[1]}"),
        "older_sip": cell(asked == answered == 4 and byes and changed.none and not changed.lost,
                          f"{answered}/{asked} answered, BYE {'arrives' if byes else 'lost'}, {changed}"),
        "older_why": cell(rules == {RULE}, ", ".join(map(str, rules)) or "nothing"),
        "older_next": cell(all(way.flows() for way in then) and len(followed) == len(calls[False]) == 1, f"{len(followed)} followed; A>B {then[0]}; B>A {then[1]}"),
    }
