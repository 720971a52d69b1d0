# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct analyze` of captures, and its answer."""
import json
import re
import subprocess

from lab.process import LabError

SEVERITIES = ("note", "minor", "major", "critical")
PATIENCE = 60  # seconds one analysis may take
FOUND = (0, 1)  # exit codes of an analysis that came to its end


class Answer:
    """The JSON document of one analysis."""

    def __init__(self, document):
        self.document = document
        self.failed = [finding for finding in document["findings"] if finding["verdict"] == "fail"]

    @property
    def behaviours(self):
        return sorted({name for finding in self.failed for name in finding["behaviours"]})

    @property
    def families(self):
        return sorted({finding["family"] for finding in self.failed if finding["family"]})

    def at_least(self, severity):
        """Findings that are as severe, or more."""
        return [finding for finding in self.failed if SEVERITIES.index(finding["severity"]) >= SEVERITIES.index(severity)]

    @property
    def accusations(self):
        """What is said against an ALG, above a note."""
        return [finding for finding in self.at_least("minor") if finding["cause"] == "sip-alg"]

    def finding(self, rule):
        return next((finding for finding in self.document["findings"] if finding["rule"] == rule), None)

    def tables(self, rule, title):
        """Exhibits of a rule that are tables of that title."""
        finding = self.finding(rule)
        return [exhibit for exhibit in finding["exhibits"] if exhibit["kind"] == "table" and exhibit["title"] == title] if finding else []

    def changed_messages(self):
        """(changed, compared) as the finding says in words; None: it says nothing of that."""
        said = re.match(r"(\d+) of (\d+) messages? (?:was|were) changed", (self.finding("alg-rewrites") or {"statement": ""})["statement"])
        return said and (int(said[1]), int(said[2]))

    def __str__(self):
        """For a cell: the rules that fail, with severity and what they name."""
        texts = []
        for finding in sorted(self.failed, key=lambda finding: -SEVERITIES.index(finding["severity"])):
            names = [*finding["behaviours"], *([finding["family"]] if finding["family"] else [])]
            texts.append(f"{finding['rule']} {finding['severity']}" + (f" ({', '.join(names)})" if names else ""))
        return ", ".join(texts) or "nothing"


def analyse(viaduct, files, other=()):
    """The answer for one capture, or for both sides of a router."""
    command = [viaduct, "analyze", "--json", *files, *(word for file in other for word in ("--other-side", file))]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
    if done.returncode not in FOUND:
        raise LabError(f"{' '.join(map(str, command))}: exit code {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-400:]}")
    return Answer(json.loads(done.stdout))
