#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""systemd reads the unit without complaint, and its exposure stays low. usage: unit_test.py SOURCE BUILD HERE"""
import pathlib
import re
import subprocess
import sys

LARGEST_EXPOSURE = 3.0  # of 10; systemd calls less than 4 "OK"
CAPABILITIES = {"CAP_NET_ADMIN", "CAP_NET_RAW"}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def main():
    unit = pathlib.Path(sys.argv[3]) / "viaduct-gateway.service"
    verify = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit)
    print(verify.stdout + verify.stderr, end="")
    # Words about other units of this machine are not ours.
    ours = [line for line in verify.stderr.splitlines() if unit.name in line]
    assert verify.returncode == 0 and not ours, "systemd-analyze verify complains"

    security = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+) (\w+)", security.stdout)
    assert exposure, security.stdout + security.stderr
    print("\n".join(line for line in security.stdout.splitlines() if line.startswith("✗")))
    print(exposure.group(0))
    assert float(exposure.group(1)) <= LARGEST_EXPOSURE, f"exposure {exposure.group(1)} is above {LARGEST_EXPOSURE}"

    # A broken unit must not pass: the same file with a typing error in a key and with a path that is not there.
    text = unit.read_text()
    for name, spoiled in (("key", text.replace("ExecStart=", "ExecStrat=")), ("path", text.replace(sys.argv[2], "/nowhere"))):
        broken = unit.with_name(f"broken-{name}.service")
        broken.write_text(spoiled)
        verdict = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", broken)
        broken.unlink()
        assert verdict.returncode != 0, f"verify accepts a unit with a wrong {name}"

    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    assert set(settings["CapabilityBoundingSet"].split()) == CAPABILITIES, settings["CapabilityBoundingSet"]
    config = (pathlib.Path(sys.argv[1]) / "packaging/gateway.toml").read_text()
    assert f'#journal = "/var/lib/{settings["StateDirectory"]}/' in config, "the journal is not in StateDirectory"
    assert f'#socket = "/run/{settings["RuntimeDirectory"]}/' in config, "the socket is not in RuntimeDirectory"


main()
