# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider translates once more (CGN): r1's WAN address is a shared one, so every value that an ALG could write would be wrong as well."""
from lab.cell import Row, audio, cell
from lab.messages import at_router, count
from lab.scenario import aware
from lab.topology import HOSTS, SHARED, WAN

A, C = HOSTS["a"], HOSTS["c"]
SCENE = {"shape": "cgn"}
RULE = "outer-not-global"
ROWS = [
    Row("cgn_call", "behind a CGN, rport-aware platform: call in, audio", "ok ok ok ok ok"),
    Row("cgn_bytes", "behind a CGN: bytes changed", "ok fail ok ok ok"),
    Row("cgn_why", "behind a CGN: assist acts as pinhole and says why", "- - - - ok"),
]


def play(scene):
    aware.play(scene, "aware")
    if scene.column == "assist":
        gateway = scene.gateways["r1"]
        calls = [call for call in gateway.ask("calls")["calls"] if call["inner"].startswith(A + ":")]
        scene.notes |= {"status": gateway.ask("status"), "status_text": gateway.text("status"),
                        "why": [about for call in calls for about in gateway.ask("why", call["name"])["associations"]],
                        "why_text": [gateway.text("why", call["name"]) for call in calls]}


def twice_translated(record):
    """The premise, seen in the captures: r1 sends from its shared address, the platform sees the provider's."""
    left = {m.source[0] for m in record.messages("r1-outside") if m.target[0] != SHARED}
    seen = {m.source[0] for m in record.messages("platform") if m.method == "REGISTER" and not m.status}
    return left == {SHARED} and seen == {WAN["r1"], WAN["r2"]}


def judge(record):
    window = ("talk", "end")
    out, back = audio(record, "phone-a", A, "phone-c", C, window), audio(record, "phone-c", C, "phone-a", A, window)
    if not twice_translated(record):
        return {}
    changed = count(at_router(record))
    cells = {"cgn_call": cell(out.flows() and back.flows(), f"A>C {out}; C>A {back}"),
             "cgn_bytes": cell(changed.none and not changed.lost, str(changed), **changed._asdict())}
    if "why" in record.notes:
        cells["cgn_why"] = why(record.notes)
    return cells


def why(notes):
    """Status must call the address not global; the call must have been decided as pinhole for that reason, with media held, in JSON and in words."""
    wan, calls = notes["status"]["wans"][0], notes["why"]
    rules = {rule["rule"] for call in calls for rule in (call["contact_left_because"], call["sdp_left_because"]) if rule}
    modes, held = {call["mode"] for call in calls}, sum(mapping["kind"] == "media" for call in calls for mapping in call["mappings"])
    words = "not global" in notes["status_text"] and notes["why_text"] and all(f"({RULE})" in text for text in notes["why_text"])
    return cell(wan["address"] == SHARED and not wan["global"] and words and rules == {RULE} and modes == {"pinhole"} and held,
                f"{wan['address']} {'' if wan['global'] else 'not '}global; {', '.join(sorted(modes)) or 'no call'}, {held} media ports; "
                f"{', '.join(sorted(rules)) or 'no rule'}")
