# SPDX-License-Identifier: GPL-2.0-or-later
"""One behaviour, the scene that shows it and the symptom that is looked for."""
from typing import Callable, NamedTuple

from lab import cell, rtp
from lab.fault.stage import A, D


class Finding(NamedTuple):
    """What a judge saw in the captures of one scene."""
    shown: bool  # the symptom is there
    text: str
    sound: bool = False  # the opposite is there: without either, what the judge looks at was never played

    @property
    def state(self):
        return "shown" if self.shown else "absent" if self.sound else "not played"


NO_CALL = Finding(False, "no call")


class Case(NamedTuple):
    id: str
    play: Callable   # play(stage)
    judge: Callable  # judge(record) -> Finding; the same for the scene with the behaviour and the one without
    what: str        # what is played, for people
    sets: tuple = ()  # of --set
    box: tuple = ()   # further arguments of the box, in the control too
    length: int = 0   # seconds in which it mostly waits, if they are many
    variant: str = ""  # when one behaviour has two scenes

    @property
    def key(self):
        return self.id + (f"-{self.variant}" if self.variant else "")

    @property
    def control(self):
        """Scenes that differ in nothing but the behaviour share one control."""
        return "clean-" + self.play.__name__ + "".join(f"{word}" for word in self.box).replace(" ", "").replace("/", "_")

    def arguments(self):
        return (*self.box, "--behaviour", self.id, *(part for text in self.sets for part in ("--set", text)))


def requests(record, point, method, target=None, start=None, end=None):
    """Requests of `method` at a capture point, if wanted only those sent to a host."""
    return [m for m in record.messages(point, start, end) if m.method == method and not m.status and (not target or m.target[0] == target)]


def responses(record, point, method, status=None, target=None):
    return [m for m in record.messages(point) if m.method == method and m.status and (not status or m.status == status)
            and (not target or m.target[0] == target)]


def lines(message, name):
    """Lines of a body that begin with `name`."""
    return [line for line in message.body.split("\r\n") if line.startswith(name)]


def heard(record, window=("talk", "end"), near=A, point="phone-a", ports=None):
    """(Alice to Dave, Dave to Alice) as audio, counted at ports that the receiver has named; `ports` if it named none to this point."""
    at_dave = cell.own_ports(record, "phone-d", D)
    at_alice = ports or cell.own_ports(record, point, near)
    out = rtp.audio(record.packets(point), near, record.packets("phone-d"), D, record.window(*window), at_dave)
    back = rtp.audio(record.packets("phone-d"), D, record.packets(point), near, record.window(*window), at_alice)
    return out, back


def deaf(record):
    """One-way audio: Dave hears Alice, and she hears nothing."""
    if "talk" not in record.marks:
        return NO_CALL
    out, back = heard(record, ports={40000})
    return Finding(back.received == 0 and out.flows(), f"to Alice {back}; to Dave {out}", back.received > 0)


def final_answer(record, method="INVITE"):
    """The status that Alice's phone got in the end for its first request of `method`; 0: none."""
    return next((m.status for m in record.messages("phone-a") if m.method == method and m.status >= 200 and m.target[0] == A), 0)


def refused(status, octets):
    """The call is refused, and answered without the behaviour; `octets(record)` says what Dave's phone saw."""
    def judge(record):
        final, said = final_answer(record), {m.status for m in record.messages("phone-d") if m.method == "INVITE" and m.source[0] == D}
        return Finding(final == status and status in said, f"{f'answered with {final}' if final else 'never answered'}; {octets(record)}", final == 200)
    return judge


def not_registered(record):
    asked = requests(record, "phone-a", "REGISTER")
    answered = [m for m in responses(record, "phone-a", "REGISTER", 200, A) if m.target[1] == 5060]  # nobody hears another port
    return Finding(len(asked) > 1 and not answered, f"{len(asked)} REGISTER sent, {len(answered)} answered with 200 at the phone", bool(answered))


def unreachable(record):
    """The inbound call does not arrive, although the phone registered."""
    registered = responses(record, "phone-a", "REGISTER", 200, A)
    sent, arrived = requests(record, "platform", "INVITE", start="call"), requests(record, "phone-a", "INVITE", A, "call")
    sent = [m for m in sent if m.target[0] != D and m.source[0] != D]
    return Finding(bool(registered and sent) and not arrived, f"{'registered' if registered else 'not registered'}; {len(sent)} INVITE sent by "
                   f"the platform, {len(arrived)} arrived", bool(registered and arrived))


def lost_invite(record):
    """The outbound INVITE never reaches the platform."""
    sent = requests(record, "phone-a", "INVITE")
    arrived = [m for m in requests(record, "platform", "INVITE") if m.source[0] != D and m.target[0] != D]
    final = [m for m in responses(record, "phone-a", "INVITE", target=A) if m.status >= 200]
    return Finding(len(sent) > 1 and not arrived and not final,
                   f"{len(sent)} INVITE sent, {len(arrived)} arrived, {f'answered with {final[0].status}' if final else 'never answered'}",
                   bool(arrived and final) and final[0].status == 200)
