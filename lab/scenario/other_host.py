# SPDX-License-Identifier: GPL-2.0-or-later
"""E01: an INVITE from B whose SDP names A's address asks for a way in to a host that did not ask; nothing may reach A. B's own address is the proof that a way opens at all."""
import time

from lab import rtp, sip
from lab.cell import Row, cell
from lab.endpoint import offer
from lab.topology import HOSTS, PLATFORM, WAN

A, B, P = HOSTS["a"], HOSTS["b"], PLATFORM["literal"]
PORT, SERVERS = 40000, (20000, 20004)
SCENE = {"occupied": (("a", PORT), ("b", PORT))}  # a port that is free outside would be told as it is, and be guessed
ROWS = [
    Row("other_host", "pinhole asked for another host (E01): none opens", "ok ok ok ok ok"),
    Row("own_host", "the same for the caller's own address: opens", "fail ok fail fail ok"),
    Row("own_port", "the port is taken outside: another is told, opens", "fail fail fail fail ok"),
]


def play(scene):
    registrar = scene.platform("literal")
    as_told, guessed = (scene.stream("p", P, port) for port in SERVERS)

    def answer(call, invite):
        as_told.aim(sip.media(invite.body))
        guessed.target = (WAN["r1"], PORT)
        return [(0, 200, offer(P, SERVERS[0]))]
    scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    browser = scene.endpoint("b", B, "bob", registrar)
    for name, address in (("other", A), ("own", B)):
        scene.mark(name)
        call = browser.invite("trunk", offer(address, PORT))
        as_told.start()
        guessed.start()
        time.sleep(1)
        as_told.pause()
        guessed.pause()
        scene.mark(name + "_end")
        if call:
            call.bye()


def judge(record):
    def reached(name, point, host):
        start, end = record.window(name, name + "_end")
        sent = {rtp.key(p.payload) for p in record.packets("platform") if p.source[0] == P and p.source[1] in SERVERS and start < p.time < end}
        got = {rtp.key(p.payload) for p in record.packets(point) if p.target == (host, PORT) and rtp.is_rtp(p.payload)}
        return len(sent), len(sent & got)

    def told(name):
        bodies = [m.body for m in record.messages("platform", name, name + "_end") if m.method == "INVITE" and m.body and m.target == (P, 5060)]
        media = sip.media(bodies[0]) if bodies else None
        return (media.address, media.port) if media else ("nothing", 0)
    (sent, got), (own_sent, own_got) = reached("other", "phone-a", A), reached("own", "phone-b", B)
    address, port = told("own")
    # Of the two servers' packets those sent to where the SDP says are at least half.
    opens = own_sent and own_got >= 0.45 * own_sent
    return {"other_host": cell(sent and not got and told("other") == (A, PORT), f"{got} of {sent} packets reached it; told {told('other')[0]}", sent=sent, received=got),
            "own_host": cell(opens, f"{own_got} of {own_sent} reached it"),
            "own_port": cell(opens and address == WAN["r1"] and port != PORT, f"told {address}:{port}")}
