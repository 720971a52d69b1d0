# SPDX-License-Identifier: GPL-2.0-or-later
"""Kind C: pinholes, timers, state."""
import threading
import time

from lab import cell, rtp, sip
from lab.endpoint import offer
from lab.fault.bodies import call, outbound
from lab.fault.case import NO_CALL, Case, Finding, deaf, heard, requests, responses
from lab.fault.stage import A, B, D, NEAR_MEDIA, OUTER

TWO_CALLS = ((40000, 20000), (41000, 20004))  # media ports inside and outside
OPENS = ("--family", "broadcom")  # an ALG without other harm, which opens the way for media before the phone sends


def phones(stage, spaces=(("d", "dave"), ("a", "alice")), **options):
    """Phones (baresip), registered, and Alice's call to the first of them is up."""
    registrar = stage.platform("trusting")
    pair = [stage.phone(space, user, registrar, ports=f"{10000 + 200 * number}-{10100 + 200 * number}") for number, (space, user) in enumerate(spaces)]
    for phone in pair:
        phone.registered()
    pair[-1].dial(spaces[0][1])
    pair[-1].wait("CALL_ESTABLISHED")
    stage.mark("talk")
    return pair


def long_talk(stage):
    phones(stage)
    time.sleep(46)
    stage.mark("end")


def pause(stage):
    """Alice is muted after 1 s and hears on; Dave pauses too, for 5 s, then he speaks."""
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    stage.far(registrar, far_stream)
    up = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if not up:
        return
    stage.talk(up, near_stream, far_stream, 1)
    near_stream.pause()
    far_stream.pause()
    time.sleep(5)
    stage.mark("spoke")
    far_stream.start()
    time.sleep(2)
    stage.mark("end")


def listening_first(stage):
    """Dave's announcement begins with the call, Alice's phone sends after 2 s."""
    registrar = stage.platform("trusting")
    far_stream, near_stream = stage.far_stream(), stage.near_stream()
    stage.far(registrar, far_stream)
    up = stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=4)
    if not up:
        return
    near_stream.aim(up.media())
    stage.mark("talk")
    far_stream.start()
    time.sleep(2)
    stage.mark("inside")
    near_stream.start()
    time.sleep(1)
    stage.mark("end")


def two_in_turn(stage, apart, talk, speaks):
    """A PBX inside places two calls, one after the other; each lasts for `talk` seconds."""
    registrar = stage.platform("trusting")
    streams = [(stage.near_stream(near), stage.stream("d", D, far)) for near, far in TWO_CALLS]
    order = iter(streams)

    def answer(up, invite):
        far = next(order)[1]
        far.aim(sip.media(invite.body))
        return [(0, 200, offer(D, far.port))]
    stage.far(registrar, answer=answer)
    pbx = stage.near(registrar)

    def place(number):
        near, far = streams[number]
        up = pbx.invite("dave", offer(A, near.port), wait=4)
        if up:
            stage.mark(f"talk {number}")
            near.aim(up.media())
            if speaks:
                near.start()
            far.start()
            time.sleep(talk)
            stage.mark(f"end {number}")
            near.pause()
            far.pause()
            up.bye()
    threads = [threading.Thread(target=place, args=(number,), daemon=True) for number in range(len(streams))]
    for thread in threads:
        thread.start()
        time.sleep(apart)
    for thread in threads:
        thread.join()


def listening(stage):
    """Dave speaks in two calls that begin 1.2 s after each other, and the inside only listens: it is muted."""
    two_in_turn(stage, 1.2, 7, speaks=False)


def two_announcements(stage):
    """As two_calls, but the PBX only listens."""
    two_calls(stage, speaks=False)


def two_calls(stage, speaks=True):
    """A PBX inside places two calls at once; each is answered after a second, then both sides speak."""
    registrar = stage.platform("trusting")
    streams = {near: (stage.near_stream(near), stage.stream("d", D, far)) for near, far in TWO_CALLS}
    order = iter(TWO_CALLS)

    def answer(up, invite):
        far = streams[next(order)[0]][1]
        far.aim(sip.media(invite.body))
        return [(1, 200, offer(D, far.port))]
    stage.far(registrar, answer=answer)
    pbx = stage.near(registrar)

    def place(port):
        up = pbx.invite("dave", offer(A, port), wait=4)
        if up:
            near, far = streams[port]
            near.aim(up.media())
            if speaks:
                near.start()
            far.start()
    stage.mark("talk")
    threads = [threading.Thread(target=place, args=(near,), daemon=True) for near, _ in TWO_CALLS]
    for thread in threads:
        thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    time.sleep(2)
    stage.mark("end")


def unacknowledged(stage):
    """Phones: the call is up for 36 s."""
    phones(stage)
    time.sleep(36)
    stage.mark("end")


def hang_up(stage):
    alice = phones(stage)[-1]
    time.sleep(1)
    stage.mark("hangup")
    alice.hangup()
    time.sleep(3)
    stage.mark("end")


def late_cancel(stage):
    """Alice's CANCEL crosses Dave's 200: the call is up (RFC 3261 9.1)."""
    up = outbound(stage, 1)
    if up:
        up.cancel()
        stage.mark("cancelled")
        time.sleep(2)
        stage.mark("end")


def eight_seconds(stage):
    """Two calls of 8 s, the second begins 1.5 s after the first."""
    two_in_turn(stage, 1.5, 8, speaks=True)


def long_ring(stage):
    registrar = stage.platform("trusting")
    stage.far(registrar, delay=5)
    stage.near(registrar).invite("dave", offer(A, NEAR_MEDIA), wait=9)


def neighbours(stage):
    """Phones: Alice and Bob behind the same box, by way of the platform, which names both by the outer address."""
    phones(stage, (("b", "bob"), ("a", "alice")))
    time.sleep(2)
    stage.mark("end")


def gaps(arrivals, limit=0.8):
    """[(seconds since the first, length)] of each pause."""
    return [(before - arrivals[0], after - before) for before, after in zip(arrivals, arrivals[1:]) if after - before > limit]


def cut_again_and_again(record):
    if "talk" not in record.marks:
        return NO_CALL
    start, end = record.window("talk", "end")
    found = {name: gaps([p.time for p in record.packets(point) if p.target[0] == host and rtp.is_rtp(p.payload) and start <= p.time <= end])
             for name, point, host in (("Alice", "phone-a", A), ("Dave", "phone-d", D))}
    text = "; ".join(f"to {name}: " + (", ".join(f"{length:.1f} s at {at:.0f} s" for at, length in cuts) or "no gap") for name, cuts in found.items())
    last = {host: max((p.time for p in record.packets(point) if p.target[0] == host and rtp.is_rtp(p.payload)), default=start)
            for point, host in (("phone-a", A), ("phone-d", D))}
    return Finding(all(len(cuts) >= 6 and all(5.5 < late - early < 6.5 for (early, _), (late, _) in zip(cuts, cuts[1:]))
                       for cuts in found.values()), text,
                   not any(found.values()) and min(last.values()) > end - 1)


def dead_after_pause(record):
    if "spoke" not in record.marks:
        return NO_CALL
    before, after = heard(record, ("talk", "spoke"))[1], heard(record, ("spoke", "end"))[1]
    return Finding(before.flows(6000) and after.received == 0, f"to Alice before the pause {before.received}/{before.sent}; after it {after}",
                   before.flows(6000) and after.received > 0.8 * after.sent)


def deaf_at_first(record):
    if "inside" not in record.marks:
        return NO_CALL
    first, later = heard(record, ("talk", "inside"))[1], heard(record, ("inside", "end"))[1]
    return Finding(first.received == 0 and later.received > 0.8 * later.sent, f"to Alice while she is silent {first}; once she sends {later}",
                   first.received > 0.8 * first.sent)


def last_audio(record, point, host, number):
    """Seconds between the answer of a call and the last audio that arrived; and how long it was sent."""
    start, end = record.window(f"talk {number}", f"end {number}")
    port = TWO_CALLS[number][host == D]
    return max((p.time for p in record.packets(point) if p.target == (host, port) and rtp.is_rtp(p.payload)), default=start) - start, end - start


def both_up(record):
    return all(f"end {number}" in record.marks for number in range(len(TWO_CALLS)))


def silent_from_one_moment(record):
    if not both_up(record):
        return NO_CALL
    last, sent = zip(*(last_audio(record, "phone-a", A, number) for number in range(len(TWO_CALLS))))
    moments = [record.marks[f"talk {number}"] + last[number] for number in range(len(TWO_CALLS))]
    text = f"the last audio to Alice {last[0]:.1f} s and {last[1]:.1f} s after the answers, {abs(moments[1] - moments[0]):.2f} s apart"
    return Finding(min(last) > 0 and max(last) < min(sent) - 0.5 and abs(moments[1] - moments[0]) < 0.2, text, min(last) > min(sent) - 0.5)


def one_call_silent(record):
    if "talk" not in record.marks:
        return NO_CALL
    sides = []
    for near, far in TWO_CALLS:
        sent = [p for p in record.packets("phone-d") if p.source == (D, far)]
        sides.append(rtp.audio(sent, D, record.packets("phone-a"), A, record.window("talk", "end"), {near}))
    silent = [audio for audio in sides if audio.sent and not audio.received]
    return Finding(len(silent) == 1 and all(audio.sent for audio in sides), "; ".join(f"call {n}, audio in: {audio}" for n, audio in enumerate(sides, 1)),
                   all(audio.received for audio in sides))


def dropped_unacknowledged(record):
    answers = [m for m in responses(record, "phone-d", "INVITE", 200) if m.source[0] == D]
    acks = requests(record, "phone-d", "ACK", D)
    byes = [m for m in requests(record, "phone-d", "BYE") if m.source[0] == D]
    ended = f"Dave's phone hangs up after {byes[0].time - answers[0].time:.0f} s" if byes and answers else "the call stays up"
    return Finding(len(answers) > 5 and not acks and bool(byes), f"{len(answers)} times 200, {len(acks)} ACK arrived; {ended}",
                   bool(acks) and not byes)


def ghost(record):
    if "hangup" not in record.marks:
        return NO_CALL
    sent, seen = requests(record, "phone-a", "BYE"), requests(record, "phone-d", "BYE", D)
    after = [p for p in record.packets("phone-d") if p.source[0] == D and rtp.is_rtp(p.payload) and p.time > record.marks["hangup"] + 1]
    return Finding(bool(sent) and not seen and bool(after), f"{len(sent)} BYE sent, {len(seen)} arrived; Dave's phone sends {len(after)} more packets of audio",
                   bool(seen) and not after)


def stopped_by_cancel(record):
    if "cancelled" not in record.marks:
        return NO_CALL
    before, after = heard(record, ("talk", "cancelled")), heard(record, ("cancelled", "end"))
    return Finding(all(audio.received for audio in before) and not any(audio.received for audio in after),
                   f"after the CANCEL: to Alice {after[1]}, to Dave {after[0]}", all(audio.received for audio in after))


def ended_early(record):
    if not both_up(record):
        return NO_CALL
    ways = [last_audio(record, point, host, number) for number in range(len(TWO_CALLS)) for point, host in (("phone-a", A), ("phone-d", D))]
    last, sent = zip(*ways)
    return Finding(min(last) > 0 and max(last) < 6,
                   f"last audio {', '.join(f'{seconds:.1f}' for seconds in last)} s after the answers, at Alice's and Dave's phone; sent for "
                   f"{min(sent):.1f} s", min(last) > min(sent) - 1)


def answer_lost(record):
    asked, sent = requests(record, "phone-a", "INVITE"), [m for m in responses(record, "phone-d", "INVITE", 200) if m.source[0] == D]
    seen = responses(record, "phone-a", "INVITE", 200, A)
    rang = sent[0].time - asked[0].time if asked and sent else 0
    return Finding(bool(sent) and not seen, f"rang {rang:.1f} s; {len(sent)} times 200 sent, {len(seen)} arrived", bool(seen))


def hairpin_dead(record):
    if "talk" not in record.marks:
        return NO_CALL
    window = record.window("talk", "end")
    out = rtp.audio(record.packets("phone-a"), A, record.packets("phone-b"), B, window, cell.own_ports(record, "phone-b", B))
    back = rtp.audio(record.packets("phone-b"), B, record.packets("phone-a"), A, window, cell.own_ports(record, "phone-a", A))
    return Finding(out.sent > 0 and out.received == 0 and back.received == 0, f"Alice to Bob {out}; Bob to Alice {back}", out.received > 0 and back.received > 0)


def other_port(record):
    finding = deaf(record)
    used = {p.source[1] for p in record.packets("phone-d") if p.source[0] == OUTER and rtp.is_rtp(p.payload)}
    return finding._replace(text=f"{finding.text}; told port {NEAR_MEDIA}, sent from {', '.join(map(str, used)) or 'none'}")


CASES = [
    Case("C01", long_talk, cut_again_and_again, "phones talk for 46 s", ("period=6s", "cut=1s"), length=50),
    Case("C01", pause, dead_after_pause, "calls, both pause for 5 s, then Dave speaks", ("idle=3s",), variant="idle"),
    Case("C02", listening_first, deaf_at_first, "calls; Dave speaks at once, Alice after 2 s; the ALG has opened the way", box=OPENS),
    Case("C06", two_announcements, one_call_silent, "a PBX places two calls at once, and listens; the ALG has opened the way", box=OPENS),
    Case("C07", unacknowledged, dropped_unacknowledged, "phones call, for 36 s", length=40),
    Case("C08", hang_up, ghost, "phones call, Alice hangs up"),
    Case("C09", late_cancel, stopped_by_cancel, "calls; a CANCEL crosses the 200"),
    Case("C10", eight_seconds, ended_early, "a PBX places two calls of 8 s, 1.5 s after each other", ("after=5s",)),
    Case("C11", long_ring, answer_lost, "calls, Dave answers after 5 s", ("after=3s",)),
    Case("C12", call, deaf, "calls; media comes from Dave, signalling from the platform"),
    Case("C14", neighbours, hairpin_dead, "a phone calls another behind the same box"),
    Case("C15", call, other_port, "calls, both speak"),
    Case("C18", two_calls, one_call_silent, "a PBX places two calls at once", ("calls=1",)),
    Case("C19", listening, silent_from_one_moment, "a PBX places two calls, 1.2 s after each other, and listens; the ALG has opened the way", ("every=6s",), OPENS),
]
