# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario in one column as a process of its own: plays it, judges it, writes cells.json. Started by lab/run."""
import importlib
import json
import pathlib
import signal
import sys

from lab.process import die_with_parent, exit_on_signals
from lab.scene import Record, Scene


def scenario(name):
    return importlib.import_module(f"lab.scenario.{name}")


def judge(name, out):
    """Cells of a played scene, from what is on disk."""
    cells = scenario(name).judge(Record(out))
    (out / "cells.json").write_text(json.dumps({row: cell._asdict() for row, cell in cells.items()}, indent=1))
    return cells


def main():
    die_with_parent(signal.SIGTERM)
    exit_on_signals()
    name, column, prefix, binaries, out = sys.argv[1:]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    module = scenario(name)
    with Scene(column, out, prefix, pathlib.Path(binaries), **getattr(module, "SCENE", {})) as scene:
        module.play(scene)
    judge(name, out)


if __name__ == "__main__":
    main()
