#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""./dev says what is wrong, where, and what next, with the exit code it promises. usage: dev_test.py SOURCE BUILD HERE"""
import os
import pathlib
import re
import shutil
import subprocess
import sys


def dev(folder, *arguments, path=None):
    environment = {**os.environ, **({"PATH": str(path)} if path else {})}
    return subprocess.run([shutil.which("bash"), folder / "dev", *arguments], capture_output=True, text=True,
                          env=environment, timeout=60)


def without(here, *hidden):
    """A PATH with every command of this machine but these."""
    folder = here / ("path-without-" + "-".join(hidden))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for place in reversed(os.environ["PATH"].split(":")):
        for program in pathlib.Path(place).glob("*") if place else []:
            link = folder / program.name
            if program.name not in hidden:
                link.unlink(missing_ok=True)
                link.symlink_to(program)
    return folder


def main():
    source, here = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[3])
    tree = here / "tree"  # a copy: the real tree is being tested right now
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    shutil.copy2(source / "dev", tree)

    shown = dev(tree, "help")
    assert shown.returncode == 0 and shown.stderr == "", shown
    for command in ("run", "test", "build", "bench", "fuzz", "tidy", "asan", "deps", "help"):
        assert re.search(rf"^  {command}\b", shown.stdout, re.M), f"help does not name {command}"
    assert dev(tree).stdout == shown.stdout

    wrong = dev(tree, "tset")
    assert wrong.returncode == 2 and wrong.stderr.endswith("dev: no command 'tset'\n"), wrong
    wrong = dev(tree, "fuzz", "soon")
    assert wrong.returncode == 2 and wrong.stderr == "dev: fuzz: 'soon' is not a number of seconds\nnext: ./dev fuzz 60\n", wrong
    wrong = dev(tree, "deps", "everything")
    assert wrong.returncode == 2 and "no group 'everything'" in wrong.stderr, wrong

    foreign = dev(tree, "build", path=without(here, "apt-get"))
    assert foreign.returncode == 3, foreign
    assert foreign.stderr == "dev: apt-get not found: this is not a Debian\nnext: use Debian 12, or a container of it\n", foreign

    # Without dpkg-query's word nothing counts as installed; whoever is not root is told what to type.
    bare = without(here, "dpkg-query", "id")
    (bare / "id").write_text("#!/bin/sh\necho 1000\n")
    (bare / "id").chmod(0o755)
    poor = dev(tree, "test", path=bare)
    assert poor.returncode == 3, poor
    assert re.fullmatch(r"dev: missing Debian packages: g\+\+ cmake .*\nnext: sudo ./dev deps build test\n", poor.stderr), poor
    shutil.rmtree(here / "tree")
    print("dev: ok")


main()
