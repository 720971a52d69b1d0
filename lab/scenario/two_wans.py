# SPDX-License-Identifier: GPL-2.0-or-later
"""r1 has two WANs: A calls D by the first, C calls B who lives on the second. Then the first gets another address in mid-call."""
import time

from lab import sip
from lab.cell import Row, audio, cell
from lab.topology import HOSTS, NEW_WAN, PLATFORM, SECOND_WAN, WAN

A, B, C, D = (HOSTS[space] for space in "abcd")
P = PLATFORM["literal"]
SCENE = {"shape": "two-wans"}
RULE = "wan-changed"
ROWS = [
    Row("two_wans", "two WANs: each link's own address, audio both ways", "fail ok fail fail ok"),
    Row("wan_moves", "WAN 1 moves, re-INVITE: same outer ports, audio", "fail ok fail fail ok"),
    Row("wan_other", "WAN 1 moves: audio of the call on WAN 2", "fail ok fail fail ok"),
    Row("wan_why", "WAN 1 moves: why tells", "- - - - ok"),
]


def play(scene):
    registrar = scene.platform("literal")
    a, b, c, d = (scene.phone(space, user, registrar) for space, user in zip("abcd", ("alice", "bob", "carol", "dave")))
    for phone in (a, b, c, d):
        phone.registered()
    a.dial("dave")
    c.dial("bob")
    a.wait("CALL_ESTABLISHED"), c.wait("CALL_ESTABLISHED", 4)
    scene.mark("talk")
    time.sleep(2.5)
    scene.mark("move")
    scene.topology.move_wan()
    time.sleep(0.5)
    a.hold()
    time.sleep(0.8)
    a.resume()
    time.sleep(0.7)
    scene.mark("moved")
    time.sleep(2)
    scene.mark("end")
    if scene.column == "assist":
        gateway = scene.gateways["r1"]
        scene.notes["why"] = {call["inner"].split(":")[0]: gateway.ask("why", call["name"])["associations"] for call in gateway.ask("calls")["calls"]}
    a.hangup(), c.hangup()
    time.sleep(0.3)


def named(record, source, start, end):
    """(Contact addresses, SDP addresses, outer ports) that the platform was told in messages from one outer address."""
    told = [m for m in record.messages("platform", start, end) if m.source[0] == source and m.target[0] == P]
    contacts = [m.get("contact").split("@")[-1].split(">")[0].split(";")[0].partition(":") for m in told if m.get("contact")]
    media = [found for found in (sip.media(m.body) for m in told) if found]
    ports = {f"SIP {port or 5060}" for _, _, port in contacts} | {f"RTP {found.port}" for found in media}
    return {host for host, _, _ in contacts}, {found.address for found in media}, ports


def own(record, source, start, end):
    """True when all that came from this address named it, in Contact and SDP."""
    return named(record, source, start, end)[:2] == ({source}, {source})


def judge(record):
    def both(one, one_address, other, other_address, window):
        return (audio(record, one, one_address, other, other_address, window), audio(record, other, other_address, one, one_address, window))
    first, second = (both("phone-a", A, "phone-d", D, ("talk", "move")), both("phone-b", B, "phone-c", C, ("talk", "move")))
    links = {"WAN 1": own(record, WAN["r1"], None, "move"), "WAN 2": own(record, SECOND_WAN, None, "move")}
    after, other = both("phone-a", A, "phone-d", D, ("moved", "end")), both("phone-b", B, "phone-c", C, ("move", "end"))
    moved = own(record, NEW_WAN, "move", "end")
    ports, new_ports = named(record, WAN["r1"], None, "move")[2], named(record, NEW_WAN, "move", "end")[2]
    text = ", ".join(f"{name} {'its own' if good else 'not its own'}" for name, good in links.items())
    heard = sum(way.flows() for way in (*first, *second))
    cells = {
        "two_wans": cell(all(links.values()) and heard == 4, f"{text}; {heard}/4 streams", streams=[str(way) for way in (*first, *second)]),
        "wan_moves": cell(moved and ports == new_ports and all(way.flows() for way in after),
                          f"{'new' if moved else 'not the new'} address named, {'same' if ports == new_ports else 'other'} ports; "
                          f"A>D {after[0]}; D>A {after[1]}", before=sorted(ports), after=sorted(new_ports)),
        "wan_other": cell(all(way.flows() for way in other), f"B>C {other[0]}; C>B {other[1]}"),
    }
    if "why" in record.notes:
        told = {address: [event["rule"] for call in calls for event in call["events"]].count(RULE) for address, calls in record.notes["why"].items()}
        cells["wan_why"] = cell(told.get(A) and told.get(B) == 0, f"{RULE} {told.get(A, 0)} times for A's call, {told.get(B, 'unknown')} for B's")
    return cells
