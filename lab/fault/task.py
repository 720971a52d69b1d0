# SPDX-License-Identifier: GPL-2.0-or-later
"""One scene of lab/faults as a process of its own: `CASE` with the behaviour or, with `clean`, without it. Judging is the command's."""
import pathlib
import signal
import sys

from lab.fault.cases import by_key
from lab.fault.stage import Stage
from lab.process import die_with_parent, exit_on_signals

BESIDE = 0.4  # seconds: shorter than the time in which the first message is sent again


def main():
    die_with_parent(signal.SIGTERM)
    exit_on_signals()
    key, clean, prefix, binaries, out = sys.argv[1:]
    case = by_key()[key]
    arguments = case.box if clean == "clean" else case.arguments()
    with Stage(case.control if clean == "clean" else key, pathlib.Path(out), prefix, pathlib.Path(binaries), arguments) as stage:
        stage.other_traffic()
        with stage.traffic_beside(BESIDE):
            case.play(stage)
        stage.go_on()


if __name__ == "__main__":
    main()
