# SPDX-License-Identifier: GPL-2.0-or-later
"""From the kernel's ALG to ours under a live call: the gateway refuses to start, disable-kernel-alg takes the helper away, the gateway starts."""
import time

from lab.cell import Row, audio, cell
from lab.messages import at_router, count
from lab.topology import HOSTS

A, B, D = HOSTS["a"], HOSTS["b"], HOSTS["d"]
SCENE = {"routers": "kernel"}
COMMAND = "viaduct gateway disable-kernel-alg"
ROWS = [
    Row("alg_refused", "beside the kernel ALG: refuses to start, says how", "- - - - ok"),
    Row("alg_audio", "disable-kernel-alg in mid-call: audio goes on", "- - - - ok"),
    Row("alg_bytes", "disable-kernel-alg: bytes changed, old and new flow", "- - - - ok"),
    Row("alg_replaced", "the gateway starts then: call in, audio both ways", "- - - - ok"),
]


def helped(scene):
    """Conntrack entries of phones that carry the kernel's helper."""
    lines = scene.topology.exec("r1", "conntrack", "-L", "-p", "udp", "-o", "extended", check=False).splitlines()
    return [line for line in lines if "helper=sip" in line]


def play(scene):
    registrar = scene.platform("literal")
    gateway = scene.gateway("r1")
    a, d = scene.phone("a", "alice", registrar), scene.phone("d", "dave", registrar)
    a.registered(), d.registered()
    a.dial("dave")
    a.wait("CALL_ESTABLISHED", 4)
    time.sleep(0.5)
    scene.notes["helped"] = helped(scene)
    scene.notes["refusal"] = gateway.refusal()
    scene.mark("disable")
    scene.notes["said"] = gateway.disable_kernel_alg()
    scene.notes["helped_after"] = helped(scene)
    scene.mark("detached")
    time.sleep(1)
    scene.mark("old")
    a.hold()  # the socket whose flow had the helper
    time.sleep(0.8)
    a.resume()
    time.sleep(0.7)
    scene.mark("new")
    b = scene.phone("b", "bob", registrar, refresh=4)
    b.registered()
    scene.notes["helped_last"] = helped(scene)
    time.sleep(0.2)
    scene.mark("start")
    gateway.start()
    d.hangup()
    b.registers_again()
    scene.mark("call")
    seen = len(d.events)
    d.dial("bob")
    d.wait("CALL_ESTABLISHED", 4, since=seen)
    scene.mark("talk")
    time.sleep(2)
    scene.mark("end")
    d.hangup()
    time.sleep(0.3)


def judge(record):
    notes = record.notes
    refused = notes["refusal"]["exit"] not in (None, 0)
    says = notes["refusal"]["text"].endswith(f"Detach it with: {COMMAND}\n")

    def ways(one, one_address, other, other_address, window):
        return audio(record, one, one_address, other, other_address, window), audio(record, other, other_address, one, one_address, window)
    during, then = ways("phone-a", A, "phone-d", D, ("disable", "old")), ways("phone-b", B, "phone-d", D, ("talk", "end"))
    return {
        "alg_refused": cell(refused and says, f"exit {notes['refusal']['exit']}, {'names' if says else 'does not name'} the command"),
        "alg_audio": cell(all(way.flows() for way in during), f"A>B {during[0]}; B>A {during[1]}"),
        "alg_bytes": unedited(record),
        "alg_replaced": cell(all(way.flows() for way in then), f"A>B {then[0]}; B>A {then[1]}"),
    }


def unedited(record):
    """A's flow had the helper and was edited; afterwards neither its flow nor B's, made later, is: every message byte for byte."""
    def between(start, end, host):
        return [pair for pair in at_router(record) if record.marks.get(start, 0) <= pair.before.time < record.marks[end]
                and (pair.before.source[0] if pair.outbound else pair.after.target[0] if pair.after else host) == host]
    before, old, new = (count(between(*window)) for window in ((None, "disable", A), ("old", "new", A), ("new", "start", B)))
    notes = record.notes
    had = before.octets and any(f"src={A}" in line for line in notes["helped"])
    clean = all(changed.none and not changed.lost for changed in (old, new))
    return cell(had and clean and not notes["helped_after"] and not notes["helped_last"],
                f"before {before.octets} B in {before.touched}/{before.messages}; old flow {old.octets} B in {old.touched}/{old.messages}; "
                f"new flow {new.octets} B in {new.touched}/{new.messages}", before=before._asdict(), old=old._asdict(), new=new._asdict())
