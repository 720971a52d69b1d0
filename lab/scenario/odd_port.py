# SPDX-License-Identifier: GPL-2.0-or-later
"""B14: an odd RTP port with its own a=rtcp; the platform's media server sends RTP and RTCP before the phone does."""
import time

from lab.cell import Row, cell
from lab.endpoint import offer
from lab.rtp import is_rtcp, is_rtp
from lab.sip import media
from lab.topology import HOSTS, PLATFORM

A, P = HOSTS["a"], PLATFORM["literal"]
ROWS = [Row("odd_port", "odd RTP port with a=rtcp (B14): RTP, RTCP in", "fail fail fail fail ok")]


def play(scene):
    registrar = scene.platform("literal")
    server_media = scene.stream("p", P, 20000)

    def answer(call, invite):
        server_media.aim(media(invite.body))
        return [(0, 200, offer(P, 20000))]
    scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    phone = scene.endpoint("a", A, "alice", registrar)
    scene.stream("a", A, 40001, rtcp=40003)
    scene.mark("invite")
    call = phone.invite("trunk", offer(A, 40001, "a=rtcp:40003\r\n"))
    scene.mark("answered")
    server_media.start()
    for _ in range(5):
        server_media.report()
        time.sleep(0.3)
    scene.mark("end")
    if call:
        call.bye()


def judge(record):
    sent = [p for p in record.packets("platform") if p.source[0] == P and p.source[1] in (20000, 20001)]
    got = [p for p in record.packets("phone-a") if p.source[0] == P and p.target[0] == A]
    rtp, rtcp = sum(is_rtp(p.payload) for p in sent), sum(is_rtcp(p.payload) for p in sent)
    rtp_in = sum(is_rtp(p.payload) and p.target[1] == 40001 for p in got)
    rtcp_in = sum(is_rtcp(p.payload) and p.target[1] == 40003 for p in got)
    good = rtp and rtcp and rtp_in >= 0.97 * rtp and rtcp_in == rtcp
    return {"odd_port": cell(good, f"RTP {rtp_in}/{rtp}, RTCP {rtcp_in}/{rtcp}", rtp=rtp, rtp_in=rtp_in, rtcp=rtcp, rtcp_in=rtcp_in)}
