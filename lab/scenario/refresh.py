# SPDX-License-Identifier: GPL-2.0-or-later
"""Session refresh in mid-call, by re-INVITE with the same SDP and by UPDATE without one, from both ends (RFC 4028); sipp is the near one."""
import time

from lab import pbx, sip
from lab.cell import Row, audio, cell
from lab.endpoint import offer
from lab.topology import HOSTS, PLATFORM, WAN

A, P = HOSTS["a"], PLATFORM["literal"]
SCENE = {"occupied": (("b", pbx.REFRESH_PORT),)}  # so that the port outside cannot be the PBX's own
TIMER = ["Supported: timer", "Session-Expires: 90;refresher=uac"]
ROWS = [
    Row("refresh", "session refresh, both ends: answered, audio", "fail ok fail fail ok"),
    Row("refresh_sdp", "outer port and o= stay the same over it", "ok ok ok ok ok"),
    Row("refresh_port", "its port is another host's outside: another is told", "fail fail fail fail ok"),
]


def play(scene):
    registrar = scene.platform("literal")
    far_media, near_media = scene.stream("p", P, 20000), scene.stream("a", A, pbx.REFRESH_PORT)

    def answer(call, invite):
        far_media.aim(sip.media(invite.body))
        return [(0, 200, offer(P, 20000))]
    far = scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    scene.mark("invite")
    near = pbx.start(scene, "a", A, registrar, "refresh")
    call = far.incoming()
    if not call or not call.acked.wait(2):
        return
    near_media.target = (P, 20000)
    near_media.start()
    far_media.start()
    scene.mark("talk")
    time.sleep(2.2)  # the PBX refreshes: after 1 s by INVITE, after another half by UPDATE
    call.request("INVITE", offer(P, 20000), TIMER, wait=2)
    time.sleep(0.5)
    call.request("UPDATE", "", TIMER, wait=1)
    time.sleep(0.5)
    far_media.aim(call.media())
    time.sleep(1)
    scene.mark("end")
    pbx.finish(near)


def judge(record):
    if "end" not in record.marks:
        return {row.name: cell(False, "no call") for row in ROWS}
    window = ("talk", "end")
    out, back = audio(record, "phone-a", A, "platform", P, window), audio(record, "platform", P, "phone-a", A, window)
    asked = answered = 0
    for point, host, port in (("phone-a", A, 5060), ("platform-inner", P, 5070)):
        seen = record.messages(point, *window)
        requests = {(m.call_id, m.cseq) for m in seen if not m.status and m.method in ("INVITE", "UPDATE") and m.source == (host, port)}
        asked += len(requests)
        answered += len({(m.call_id, m.cseq) for m in seen if m.status == 200 and m.target == (host, port)} & requests)
    told = {(m.method, m.status, m.cseq): m.body for m in record.messages("platform-inner")
            if m.source == (P, 5060) and m.target == (P, 5070) and m.body}
    ports, origins = {sip.media(body).port for body in told.values()}, {body.split("\r\n")[1] for body in told.values()}
    taken = bool(told) and pbx.REFRESH_PORT not in ports and all(sip.media(body).address == WAN["r1"] for body in told.values())
    return {"refresh_port": cell(taken, f"told {', '.join(map(str, sorted(ports)))} for {pbx.REFRESH_PORT}"),
            "refresh": cell(asked == answered == 4 and out.flows() and back.flows(), f"{answered}/{asked} answered; out {out}; in {back}"),
            "refresh_sdp": cell(len(told) > 1 and len(ports) == len(origins) == 1,
                                f"{len(told)} SDPs: ports {sorted(ports)}, {len(origins)} o= line{'s' * (len(origins) > 1)}")}
