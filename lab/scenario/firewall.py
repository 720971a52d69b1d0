# SPDX-License-Identifier: GPL-2.0-or-later
"""A router that forwards nothing from outside on its own accord, IPv4 behind NAT and IPv6 without: an announcement before the answer."""
from lab import sip
from lab.cell import Row, audio_cell
from lab.endpoint import offer
from lab.rtp import audio
from lab.topology import HOSTS, HOSTS6, PLATFORM, PLATFORM6

SCENE = {"firewall": True}
ROWS = [
    Row("firewall4", "forward policy drop, IPv4: early media in", "fail ok fail ok ok"),
    Row("firewall6", "forward policy drop, IPv6: early media in", "fail ok fail ok ok"),
]
FAMILIES = {"firewall4": (HOSTS["a"], PLATFORM["aware"]), "firewall6": (HOSTS6["a"], PLATFORM6)}


def play(scene):
    scene.platform("aware")
    scene.platform("literal")  # it has the IPv6 address, where there is no NAT to be aware of
    for row, (phone_address, server) in FAMILIES.items():
        stream = scene.stream("p", server, 20000)

        def answer(call, invite, stream=stream, server=server):
            stream.aim(sip.media(invite.body))
            stream.start()
            return [(0, 183, offer(server, 20000)), (1.5, 200, offer(server, 20000))]
        scene.endpoint("p", server, "trunk", server, port=5070, answer=answer)
        phone = scene.endpoint("a", phone_address, "alice", server)
        scene.stream("a", phone_address, 40000)
        scene.mark(row)
        call = phone.invite("trunk", offer(phone_address, 40000))
        scene.mark(row + "_end")
        stream.pause()
        if call:
            call.bye()


def judge(record):
    return {row: audio_cell(audio(record.packets("platform"), server, record.packets("phone-a"), phone, record.window(row, row + "_end"), {40000}))
            for row, (phone, server) in FAMILIES.items()}
