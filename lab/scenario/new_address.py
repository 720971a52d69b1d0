# SPDX-License-Identifier: GPL-2.0-or-later
"""C04: the router's WAN address changes under a call; phones that go on with the same sockets must be able to register and to be called again."""
import time
from collections import Counter

from lab import sip
from lab.cell import Row, cell
from lab.messages import OUTER, identity
from lab.topology import HOSTS, NEW_WAN, PLATFORM, WAN

A, B = HOSTS["a"], HOSTS["b"]
AWARE, LITERAL = PLATFORM["aware"], PLATFORM["literal"]
REFRESH = 4  # seconds
RULE = "wan-changed"
ROWS = [
    Row("new_address", "WAN moves, aware platform: registers again, call in", "ok ok ok ok ok"),
    Row("moved_ports", "WAN moves, literal platform: new address, old ports told", "fail ok fail fail ok"),
    Row("moved_call", "WAN moves, literal platform: call in after it", "fail ok fail fail ok"),
    Row("moved_flows", "WAN moves: flows of the old address are gone", "ok ok ok ok ok"),  # masquerade's by the kernel, ours by us
    Row("moved_silent", "WAN moves: the router sends nothing of its own", "ok ok ok ok ok"),
    Row("moved_why", "WAN moves: why tells, the ports of the call held", "- - - - ok"),
]


def play(scene):
    literal, aware = scene.platform("literal"), scene.platform("aware")
    a, c, d = (scene.phone(space, user, literal, refresh=REFRESH if space == "a" else 600) for space, user in zip("acd", ("alice", "carol", "dave")))
    b = scene.phone("b", "bob", aware, refresh=REFRESH)
    for phone in (a, b, c, d):
        phone.registered()
    a.dial("dave")
    a.wait("CALL_ESTABLISHED", 4)
    time.sleep(0.5)
    scene.notes["flows"] = flows(scene)
    scene.notes["told"] = told(scene)
    scene.mark("change")
    scene.topology.move_wan()
    began = time.monotonic()
    scene.notes["flows_after"] = until_gone(scene)
    scene.notes["gone_after"] = round(time.monotonic() - began, 1)
    scene.mark("register")
    b.registers_again()
    scene.mark("invite")
    d.call("bob", aware)
    scene.mark("end")
    a.registers_again()
    scene.mark("literal")
    c.call("alice")
    scene.mark("literal_end")
    scene.notes["told_after"] = told(scene)
    for phone in (a, c, d):
        phone.hangup()
    time.sleep(0.3)


def flows(scene):
    """Entries of connection tracking that translate between the phones and the address that r1 had first."""
    lines = scene.topology.exec("r1", "conntrack", "-L", "-p", "udp", check=False).splitlines()
    return [line for line in lines if f"dst={WAN['r1']} " in line and "192.168.1." in line]


def until_gone(scene, seconds=4.0):
    """What is left of them once all are gone, or after `seconds`. A router that waits for its namespace's turn (the kernel has one lock for
    all links and addresses of all namespaces) may need more than a second on a machine that makes and ends many."""
    end = time.monotonic() + seconds
    time.sleep(0.5)
    while (left := flows(scene)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def told(scene):
    """What `why` says of A's registration and calls."""
    if scene.column != "assist":
        return []
    gateway = scene.gateways["r1"]
    names = {entry["name"] for kind in ("registrations", "calls") for entry in gateway.ask(kind)[kind] if entry["inner"].startswith(A + ":")}
    return [about for name in sorted(names) for about in gateway.ask("why", name)["associations"]]


def contacts(record, start, end):
    """(address, port) in the Contact of REGISTERs of alice as the literal platform got them."""
    found = [m.get("contact").split("@")[1].split(">")[0].split(";")[0].partition(":") for m in record.messages("platform", start, end)
             if m.method == "REGISTER" and not m.status and m.target[0] == LITERAL and "alice" in m.get("to")]
    return {(host, port or "5060") for host, _, port in found}


def of_its_own(record):
    """Packets that left r1 after the change without having entered it."""
    def name(packet):
        message = sip.parse(packet.payload)
        return identity(message) if message else packet.payload
    entered = Counter(name(p) for p in record.packets("r1-inside") if p.source[0].startswith("192.168.1."))
    # The captures end one after the other: what leaves when nobody looks inside any more cannot be told.
    last = max((p.time for p in record.packets("r1-inside")), default=0)
    left = [p for p in record.packets("r1-outside") if p.source[0] in OUTER and p.time <= last]
    own = 0
    for packet in left:
        entered[name(packet)] -= 1
        own += entered[name(packet)] < 0 and packet.time > record.marks["change"]
    return sum(p.time > record.marks["change"] for p in left), own


def judge(record):
    registered = [m for m in record.messages("phone-b", "register", "invite") if m.method == "REGISTER" and m.status == 200]
    sources = {m.source[0] for m in record.messages("platform", "register", "invite") if m.method == "REGISTER" and not m.status and m.target[0] == AWARE}
    called = [m for m in record.messages("phone-b", "invite", "end") if m.method == "INVITE" and not m.status]
    answered = [m for m in record.messages("platform", "invite", "end") if m.method == "INVITE" and m.status == 200 and m.target[0] == AWARE]
    before, after = contacts(record, None, "change"), contacts(record, "register", "literal")
    moved = {(NEW_WAN, port) for _, port in before} == after and {host for host, _ in before} == {WAN["r1"]}
    arrived = [m for m in record.messages("phone-a", "literal", "literal_end") if m.method == "INVITE" and not m.status and m.target[0] == A]
    had, left = record.notes["flows"], record.notes["flows_after"]
    late = sum(p.source[0] == WAN["r1"] and p.time > record.marks["register"] for p in record.packets("r1-outside"))
    sent, own = of_its_own(record)
    cells = {
        "new_address": cell(registered and called and answered and sources == {NEW_WAN},
                            f"from {', '.join(sorted(sources)) or 'nowhere'}: {'200' if registered else 'no 200'}; call {'answered' if answered else 'lost'}"),
        "moved_ports": cell(moved, " and ".join(", ".join(f"{host}:{port}" for host, port in sorted(found)) or "nothing" for found in (before, after))),
        "moved_call": cell(arrived, "arrives" if arrived else "does not arrive"),
        "moved_flows": cell(had and not left and not late, f"{len(had)}, then {len(left)} in {record.notes['gone_after']} s; {late} packets from it", left=left),
        "moved_silent": cell(sent and not own, f"{own} of {sent} packets"),
    }
    if record.notes["told"]:
        cells["moved_why"] = why(record.notes)
    return cells


def why(notes):
    """Every mapping that A had is on the new address, with the port that it had; the registration and the call say why."""
    def outer(told):
        return {about["id"]: {mapping["inner"]: mapping["outer"] for mapping in about["mappings"]} for about in told}
    before, after = outer(notes["told"]), outer(notes["told_after"])
    held = all(after.get(about, {}).get(inner) == was.replace(WAN["r1"], NEW_WAN) for about, found in before.items() for inner, was in found.items())
    kinds = {about["kind"] for about in notes["told_after"] if about["id"] in before and any(event["rule"] == RULE for event in about["events"])}
    count = sum(map(len, before.values()))
    return cell(count and held and kinds == {"call", "registration"}, f"{count} ports {'held' if held else 'not held'}; {RULE}: {', '.join(sorted(kinds)) or 'nothing'}")
