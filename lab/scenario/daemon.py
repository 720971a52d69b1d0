# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon of A's router is frozen, thawed, killed with -9, started, reloaded, stopped and started again in the middle of a call."""
import time

from lab.cell import Row, audio, cell, reinvites
from lab.rtp import is_rtp
from lab.topology import HOSTS, WAN

A, B, D = HOSTS["a"], HOSTS["b"], HOSTS["d"]
AF41 = 34
# Both stand in the table's rules, so that the daemon has to exchange the table under the call.
CHANGE = """
[qos]
mark = true
media_dscp = "af41"
"""
TIMEOUT = 200
ROWS = [
    Row("stop_audio", "kill -STOP in mid-call: audio B to A", "- - ok ok ok"),
    Row("stop_sip", "kill -STOP: a phone registers meanwhile", "- - ok ok ok"),
    Row("kill_audio", "kill -9 in mid-call: audio B to A", "- - ok ok ok"),
    Row("kill_sip", "kill -9: a phone registers meanwhile", "- - ok ok ok"),
    Row("restart", "restart: hold, resume, audio B to A", "- - ok ok ok"),
    Row("reload", "reload, other timeouts and DSCP: hold at once, audio", "- - ok ok ok"),
    Row("clean_stop", "clean stop: audio B to A, rules left", "- - ok ok ok"),
    Row("bye_after", "start again: far end's BYE reaches the phone", "- - ok ok ok"),
]


def play(scene):
    # Only assist can make the call work at all on the literal platform; the others need one that is aware.
    registrar = scene.platform("literal" if scene.column == "assist" else "aware")
    daemon = scene.gateways["r1"]
    a, d = scene.phone("a", "alice", registrar), scene.phone("d", "dave", registrar)
    a.registered(), d.registered()
    a.dial("dave")
    a.wait("CALL_ESTABLISHED", 4)
    b = scene.endpoint("b", B, "bob", registrar)
    time.sleep(0.5)
    scene.mark("control")
    time.sleep(1.5)
    scene.mark("control_end")
    for name, hit in (("stop", daemon.freeze), ("kill", daemon.kill)):
        hit()
        scene.mark(name)
        b.register()  # at once: nothing may have noticed yet
        time.sleep(1.5)
        scene.mark(name + "_end")
        if name == "stop":
            daemon.thaw()
            time.sleep(0.5)
    daemon.start()
    scene.mark("restart")
    for phone in (a, d):
        phone.hold()
        time.sleep(0.8)
        phone.resume()
        time.sleep(0.4)
    scene.mark("resumed")
    time.sleep(1.5)
    scene.mark("reload")
    scene.notes["before"] = rules(scene)
    daemon.configure(CHANGE, udp_timeout=TIMEOUT)
    scene.notes["said"] = daemon.ask("reload")
    scene.mark("reloaded")
    scene.notes["after"] = rules(scene)
    time.sleep(1)
    scene.mark("stop_clean")
    daemon.child.stop()
    scene.notes["tables"] = scene.topology.exec("r1", "nft", "list", "tables").split("\n")
    time.sleep(1)
    scene.mark("stopped")
    daemon.start()
    time.sleep(0.2)
    scene.mark("hangup")
    d.hangup()
    a.wait("CALL_CLOSED", 2)
    scene.mark("end")


def rules(scene):
    """How many of the router's rules give flows the new timeout."""
    return scene.topology.exec("r1", "nft", "list", "ruleset").count(f'ct timeout set "voip4_{TIMEOUT}"')


def dscp(record, start, end):
    """DSCP of the RTP that A's router sends between two marks."""
    low, high = record.window(start, end)
    return {p.dscp for p in record.packets("r1-outside") if low < p.time < high and p.source[0] == WAN["r1"] and is_rtp(p.payload)}


def judge(record):
    cells, control = {}, audio(record, "phone-d", D, "phone-a", A, ("control", "control_end"))

    def undisturbed(start, end):
        """Audio towards A and whether it was as good as with the daemon left alone."""
        way = audio(record, "phone-d", D, "phone-a", A, (start, end))
        return way.undisturbed(control), f"{way} (sender's {way.pause_ms})"
    for name in ("stop", "kill"):
        cells[name + "_audio"] = cell(*undisturbed(name, name + "_end"))
        seen = [m for m in record.messages("phone-b", name, name + "_end") if m.method == "REGISTER"]
        answer = next((m for m in seen if m.status == 200), None)
        cells[name + "_sip"] = cell(answer, f"200 after {1000 * (answer.time - seen[0].time):.0f} ms" if answer else "no answer")
    asked, answered = map(sum, zip(reinvites(record, "phone-a", A, "restart", "resumed"), reinvites(record, "phone-d", D, "restart", "resumed")))
    back = audio(record, "phone-d", D, "phone-a", A, ("resumed", "reload"))
    (reload, reload_text), (clean, clean_text) = undisturbed("reload", "stop_clean"), undisturbed("stop_clean", "stopped")
    marks, notes = (dscp(record, "restart", "reload"), dscp(record, "reloaded", "stop_clean")), record.notes
    taken = notes["said"]["taken"] and not notes["before"] and notes["after"] and marks == ({0}, {AF41})
    ours = [table for table in record.notes["tables"] if "viaduct" in table]
    byes = [m for m in record.messages("phone-a", "hangup", "end") if m.method == "BYE" and not m.status]
    cells["restart"] = cell(asked == answered == 4 and back.flows(), f"{answered}/{asked} answered; {back}")
    cells["reload"] = cell(taken and reload, f"{reload_text}; RTP's DSCP {sorted(marks[0])}, then {sorted(marks[1])}; {notes['after']} rules with {TIMEOUT} s")
    cells["clean_stop"] = cell(clean and not ours, f"{clean_text}; {len(ours)} tables left")
    cells["bye_after"] = cell(byes, f"after {1000 * (byes[0].time - record.marks['hangup']):.0f} ms" if byes else "no")
    return cells
