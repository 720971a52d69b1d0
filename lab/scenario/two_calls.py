# SPDX-License-Identifier: GPL-2.0-or-later
"""C06: a PBX sets up two calls at once over one flow; both must hear the announcement that precedes the answer."""
from lab import pbx, rtp, sip
from lab.cell import Row, cell
from lab.endpoint import offer
from lab.topology import HOSTS, PLATFORM

A, P = HOSTS["a"], PLATFORM["literal"]
ROWS = [Row("two_calls", "two calls at once on one flow (C06): audio in", "fail fail fail fail ok")]


def play(scene):
    registrar = scene.platform("literal")
    free = [scene.stream("p", P, port) for port in (20000, 20004)]
    phones = {f"pbx{number}": scene.stream("a", A, port) for number, port in enumerate(pbx.MEDIA_PORTS, 1)}

    def answer(call, invite):
        """The announcement starts after one second, with 183; the call is answered after two and a half, then the PBX talks too."""
        stream, phone = free.pop(), phones[invite.tag("from")]
        stream.aim(sip.media(invite.body))
        yield 1.0, 183, offer(P, stream.port)
        stream.start()
        yield 1.5, 200, offer(P, stream.port)
        call.acked.wait(2)
        phone.target = (P, stream.port)
        phone.start()
        call.ended.wait(5)
        phone.pause()
        stream.pause()
    scene.endpoint("p", P, "trunk", registrar, port=5070, answer=answer)
    scene.mark("start")
    pbx.finish(pbx.start(scene, "a", A, registrar, "pbx", calls=2, per_second=4))
    scene.mark("end")


def judge(record):
    """Per call, in the order of the INVITEs: the platform's stream towards the media port that the server's SDP of this call names."""
    ports = {}
    for message in record.messages("platform-inner"):
        if message.method == "INVITE" and message.target == (P, 5070) and not message.status:
            ports.setdefault(message.tag("from"), 0)
        elif message.body and message.status and message.source == (P, 5070):
            ports[message.tag("from")] = sip.media(message.body).port
    heard = []
    for tag, port in ports.items():
        server = [packet for packet in record.packets("platform") if packet.source == (P, port)]
        heard.append(rtp.audio(server, P, record.packets("phone-a"), A, record.window("start", "end"), {pbx.MEDIA_PORTS[int(tag[3:]) - 1]}))
    text = "; ".join(f"call {number}: {audio}" for number, audio in enumerate(heard, 1))
    return {"two_calls": cell(len(heard) == 2 and all(audio.flows() for audio in heard), text or "no call",
                              calls=[audio._asdict() for audio in heard])}
