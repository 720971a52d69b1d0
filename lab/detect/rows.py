# SPDX-License-Identifier: GPL-2.0-or-later
"""One row of the table per scene: what is expected, what was found, and whether these contradict each other."""
from typing import NamedTuple

from lab.detect import octets
from lab.detect.analysis import Answer, analyse
from lab.fault.cases import all_cases
from lab.scene import Record

ALG_FREE = ("none", "kernel-detached", "observe", "pinhole", "assist-killed")
FAMILY = {"kernel": "linux"}
OVER_TCP = ("slipstream",)
KERNEL_TOO = {"disable_alg": "kernel"}  # our gateway finds the kernel's ALG at work there, which it then takes away

# Behaviours that both captures show and do not tell from others, and why: they are not to be named.
NOT_TOLD_APART = {
    "A02": "no SIP passes at all in this scene; any firewall that shuts the port looks the same",
}


class Row(NamedTuple):
    scene: str
    group: str      # column of the lab, "behaviour" or "control"
    expected: str
    two_sided: str
    one_sided: str
    state: str      # clean, changed, named, shown, suspected, not found
    problems: tuple  # texts: contradictions to what is expected
    one_alg: bool = False  # an ALG is named from the outer side alone
    wrong_family: bool = False
    check: octets.Check = None

    @property
    def wrong(self):
        return bool(self.problems)


class Sides(NamedTuple):
    two: Answer
    one: Answer


def sides(viaduct, scene):
    """Both analyses of a scene: between the sides of r1, and as the provider sees it; and the files of the outer side."""
    inside = scene / "r1-inside.pcap"
    outside = [path for path in (scene / "r1-outside.pcap", scene / "r1-outside2.pcap") if path.exists()]
    return Sides(analyse(viaduct, [inside], outside), analyse(viaduct, outside)), inside, outside


def accused(answer, where):
    return [f"{where}: {finding['rule']} {finding['severity']}" for finding in answer.accusations]


def lab_row(viaduct, column, scene):
    """A scene of lab/run. What is expected follows from the octets that r1 changed by the lab's own comparison, not from the column alone."""
    found, inside, outside = sides(viaduct, scene)
    check = octets.check(viaduct, Record(scene), inside, outside, found.two)
    problems, families = [] if scene.name in OVER_TCP else list(check.problems), found.two.families
    column_of, column = column, KERNEL_TOO.get(scene.name, column) if column == "assist" else column
    expected = f"SIP ALG, {FAMILY[column]}, each octet" if column in FAMILY else "each octet, at most a note"
    if column in ALG_FREE:
        expected = "clean"
        problems += accused(found.two, "two-sided") + accused(found.one, "one-sided") + ([f"{check.octets} octets changed"] if check.changed else [])
    elif scene.name in OVER_TCP:
        expected = "not known: the lab's own comparison is of SIP over UDP"
    elif not check.changed:
        expected = "clean: nothing was changed"
        problems += accused(found.two, "two-sided")
    elif column in FAMILY:
        problems += [] if "alg-rewrites" in {finding["rule"] for finding in found.two.failed} else ["no SIP ALG was found"]
        problems += [f"family {name}" for name in families if name != FAMILY[column]]
    else:
        problems += accused(found.two, "two-sided")
    return Row(scene.name, column_of, expected, f"{check}; {found.two}" if check.changed else str(found.two), str(found.one),
               "changed" if check.changed else "clean", tuple(problems), bool(found.one.accusations),
               column in FAMILY and check.changed > 0 and families != [FAMILY[column]], check)


def differs(answer, control):
    """Rules that fail here and do not without the behaviour, or less severely."""
    usual = {(finding["rule"], finding["severity"]) for finding in control.failed}
    return [finding["rule"] for finding in answer.at_least("minor") if (finding["rule"], finding["severity"]) not in usual]


def suspicions(answer, control):
    """Inconclusive findings that are not there without the behaviour."""
    usual = {(finding["rule"], finding["verdict"]) for finding in control.document["findings"]}
    return [finding for finding in answer.document["findings"] if finding["verdict"] == "inconclusive" and finding["cause"] != "none"
            and (finding["rule"], finding["verdict"]) not in usual]


def told(answer, control, name):
    """named: by its id; shown: a rule fails that does not without it; suspected: a rule says what it saw, and that this is no proof; or not found."""
    if name in answer.behaviours and name not in control.behaviours:
        return "named"
    return "shown" if differs(answer, control) else "suspected" if suspicions(answer, control) else "not found"


def spoken(answer, control, name):
    """For a cell; a suspicion with its words."""
    state = told(answer, control, name)
    words = "; ".join(finding["statement"].replace("|", "/") for finding in suspicions(answer, control)[:1]) if state == "suspected" else ""
    return f"**{state}**" + "".join(f": {text}" for text in [str(answer) if answer.failed else "", words] if text)


def fault_rows(viaduct, run):
    """Behaviours of `viaduct faults`, each beside the same scene without it; then these controls."""
    controls = {}
    rows = []
    for case in all_cases():
        if not ((run / case.key / "marks.json").exists() and (run / case.control / "marks.json").exists()):
            continue
        if case.control not in controls:
            controls[case.control] = (case, sides(viaduct, run / case.control)[0])
        found, control = sides(viaduct, run / case.key)[0], controls[case.control][1]
        state = told(found.two, control.two, case.id)
        problems = ["not found"] if state == "not found" else []
        expected = f"{case.id}, shown: {NOT_TOLD_APART[case.key]}" if case.key in NOT_TOLD_APART else case.id
        rows.append(Row(case.key, "behaviour", expected, spoken(found.two, control.two, case.id),
                        spoken(found.one, control.one, case.id), state, tuple(problems), told(found.one, control.one, case.id) != "not found"))
    return rows + [control_row(name, *of) for name, of in controls.items()]


def control_row(name, case, found):
    """The box without the behaviour is a NAT that harms nothing, unless the scene has an ALG in it to begin with."""
    has_alg = any(word in case.box for word in ("--family", "--behaviour"))
    problems = () if has_alg else tuple(accused(found.two, "two-sided") + accused(found.one, "one-sided"))
    return Row(name, "control", "the box's own ALG" if has_alg else "clean", str(found.two), str(found.one), "clean", problems)
