# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of a run: aligned text, Markdown and JSON."""
import json
import textwrap
from typing import NamedTuple

from lab.cell import NOT_APPLICABLE, Cell
from lab.scene import COLUMNS, CONTROLS

SIGN = {"ok": "+", "fail": "x"}
TITLES = COLUMNS | {name: control.title for name, control in CONTROLS.items()}


class Entry(NamedTuple):
    row: object
    column: str
    cell: Cell      # None: the scene left no result
    expected: str
    evidence: str   # directory of the captures

    @property
    def wrong(self):
        if self.expected == NOT_APPLICABLE:
            return False
        return self.cell is None or self.cell.contradicts(self.expected)

    def text(self):
        if self.expected == NOT_APPLICABLE:
            return "-"
        if self.cell is None:
            return "!! no result"
        return f"{'!! ' if self.wrong else ''}{SIGN[self.cell.verdict]} {self.cell.text}"


def aligned(entries, columns, width=27):
    """Text for a terminal: + works, x does not, !! contradicts the expectation."""
    rows = list(dict.fromkeys(entry.row for entry in entries))
    by_place = {(entry.row.name, entry.column): entry for entry in entries}
    lines = [line([("", 34)] + [(TITLES[column], width) for column in columns])]
    lines.append("-" * max(map(len, lines[0].split("\n"))))
    for row in rows:
        texts = [(row.title, 34)]
        texts += [(by_place[row.name, column].text() if (row.name, column) in by_place else "", width) for column in columns]
        lines.append(line(texts))
    return "\n".join(lines) + "\n"


def line(texts):
    blocks = [textwrap.wrap(text, width, subsequent_indent="  ") or [""] for text, width in texts]
    height = max(map(len, blocks))
    return "\n".join(" | ".join((block[n] if n < len(block) else "").ljust(width) for block, (_, width) in zip(blocks, texts)).rstrip()
                     for n in range(height))


def markdown(entries, columns):
    rows = list(dict.fromkeys(entry.row for entry in entries))
    by_place = {(entry.row.name, entry.column): entry for entry in entries}
    lines = ["| | " + " | ".join(TITLES[column] for column in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        cells = [by_place[row.name, column].text() if (row.name, column) in by_place else "" for column in columns]
        lines.append(f"| {row.title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def as_json(entries):
    return json.dumps([{"row": entry.row.name, "title": entry.row.title, "column": entry.column, "expected": entry.expected,
                        "verdict": entry.cell and entry.cell.verdict, "text": entry.cell and entry.cell.text,
                        "numbers": entry.cell and entry.cell.numbers, "contradicts": entry.wrong, "captures": entry.evidence}
                       for entry in entries], indent=1)
