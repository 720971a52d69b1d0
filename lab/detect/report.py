# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows as text for a terminal, and as docs/detection-analyze.md."""
from lab.detect.rows import ALG_FREE
from lab.table import TITLES

HEAD = """# What `viaduct analyze` finds in the lab

Made by `lab/detection --run lab/out/RUN --faults lab/out/faults/RUN --markdown docs/detection-analyze.md` from captures of `sudo lab/run`
and `sudo lab/faults`, with {version}, tree at {commit}. *Two-sided* is `viaduct analyze r1-inside.pcap --other-side r1-outside.pcap`,
*one-sided* `viaduct analyze r1-outside.pcap`: what a provider sees. Cells name the rules that fail, their severity, and in brackets
behaviours of the catalogue and the family of the ALG. *!!* contradicts what is expected.

Two phones without anybody's help for the NAT often hear nothing, and lines that the lab stops lose their media: rules on audio that fail
are no contradiction. What must not happen is that an ALG is accused, above a note, where no octet was changed.

"""


def counts(rows):
    """Sums, one line of text each."""
    lines = []
    for group, scenes in by_group(rows).items():
        if group == "behaviour":
            states = [row.state for row in scenes]
            lines.append(f"behaviours: {len(scenes)} scenes; two-sided {states.count('named')} named, {states.count('shown')} shown, {states.count('suspected')} suspected, "
                         f"{states.count('not found')} not found; "
                         f"one-sided {sum(row.one_alg for row in scenes)} named or shown")
        elif group == "control" or group in ALG_FREE:
            lines.append(f"{title(group)}: {len(scenes)} scenes, {sum(not row.wrong for row in scenes)} as expected")
        else:
            changed = [row.check for row in scenes if row.check.changed]
            lines.append(f"{title(group)}: {len(scenes)} scenes, {sum(not row.wrong for row in scenes)} as expected; "
                         f"{sum(check.octets for check in changed)} octets differ in {sum(check.changed for check in changed)} of "
                         f"{sum(row.check.messages for row in scenes)} messages, all listed in {sum(not check.problems for check in changed)} of "
                         f"{len(changed)} scenes; an ALG is named from the outer side alone in {sum(row.one_alg for row in scenes)}"
                         + (f"; family not told or another in {sum(row.wrong_family for row in scenes)}" if group == "kernel" else ""))
    wrong = sum(row.wrong for row in rows)
    return [*lines, f"{len(rows)} rows, {wrong} contradict"]


def title(group):
    return TITLES.get(group, "controls, the box without the behaviour")


def by_group(rows):
    found = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return found


def text(rows):
    lines = [f"{'!!' if row.wrong else '  '} {row.group:<16} {row.scene:<24} {row.two_sided}" + "".join(f"\n{'':<20}contradicts: {problem}" for problem in row.problems)
             for row in rows]
    return "\n".join([*lines, "", *counts(rows)])


def markdown(rows, version, commit):
    parts = [HEAD.format(version=version, commit=commit), "".join(f"- {line}\n" for line in counts(rows))]
    for group, scenes in by_group(rows).items():
        name = "Behaviours of `viaduct faults`" if group == "behaviour" else title(group)[0].upper() + title(group)[1:]
        parts.append(f"\n## {name}\n\n| scene | expected | found two-sided | found one-sided |\n|---|---|---|---|\n")
        parts += [f"| {row.scene} | {row.expected} | {'!! ' if row.wrong else ''}{row.two_sided}{problems(row)} | {row.one_sided} |\n" for row in scenes]
    return "".join(parts)


def problems(row):
    return f"; contradicts: {'; '.join(row.problems)}" if row.problems and row.problems != ("not found",) else ""
