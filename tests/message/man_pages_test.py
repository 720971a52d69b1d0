#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lints the man pages, and holds --help and man page of each command to the same options.
usage: man_pages_test.py SOURCE_DIR VIADUCT ..."""
import pathlib
import re
import subprocess
import sys

DEEP = [("faults",)]  # whose pages list the options of their subcommands one by one
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")


def help_options(viaduct, *command):
    """Options in the option list of --help; what examples and texts mention does not count."""
    run = subprocess.run([viaduct, *command, "--help"], check=True, capture_output=True, text=True)
    found = set()
    for line in run.stdout.split("Examples")[0].splitlines():
        if re.match(r"\s+-", line):
            # The names end where the description begins: two blanks.
            found.update(OPTION.findall(re.split(r"\s{2,}", line.strip())[0]))
    for subcommand in [] if command[:1] not in DEEP else re.findall(r"^  (\w[\w-]*)  ", run.stdout.partition("Subcommands:")[2], re.M):
        found |= help_options(viaduct, *command, subcommand)
    return found


def man_options(page):
    found = set()
    for line in page.read_text().splitlines():
        if line.startswith(".It Fl"):
            found.update("-" + name for name in re.findall(r"Fl (\S+)", line))
    return found


def commands(source):
    table = (source / "apps/viaduct/commands/table.def").read_text()
    # What is a name in C++ has no dash.
    return [name.replace("_", "-") for name in re.findall(r"^VIADUCT_COMMAND\((\w+),", table, re.M)]


def main():
    source, viaduct = pathlib.Path(sys.argv[1]), sys.argv[2]
    pages = sorted((source / "docs/man").glob("*.[1-8]"))
    problems = []
    for page in pages:
        lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
        if lint.returncode != 0 or lint.stdout or lint.stderr:
            problems.append(lint.stdout + lint.stderr)
    named = [(source / "docs/man/viaduct.1", [])]
    overview = named[0][0].read_text()
    for command in commands(source):
        candidates = sorted((source / "docs/man").glob(f"viaduct-{command}.1"))
        if not candidates:
            problems.append(f"docs/man/viaduct-{command}.1 is missing")
            continue
        named.append((candidates[0], [command]))
        if f".It Cm {command}" not in overview:
            problems.append(f"docs/man/viaduct.1 does not list the command {command}")
    for page, command in named:
        shown, written = help_options(viaduct, *command), man_options(page)
        if not shown:
            problems.append(f"no options found in 'viaduct {' '.join(command)} --help'")
        for option in sorted(shown ^ written):
            where = "--help" if option in shown else page.name
            problems.append(f"'viaduct {' '.join(command)}': {option} is in {where} only")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(pages)} pages are clean, {len(named)} agree with --help")


main()
