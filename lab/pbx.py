# SPDX-License-Identifier: GPL-2.0-or-later
"""sipp as a PBX: its own SIP implementation, messages as in sipp/*.xml. It only signals; media ports are those that the SDP there names."""
import pathlib

from lab.process import LabError, wait_for

SCENARIOS = pathlib.Path(__file__).with_name("sipp")
MEDIA_PORTS = (41000, 42000)  # sipp/pbx.xml: 4[call_number]000
REFRESH_PORT = 40000  # sipp/refresh.xml


def start(scene, space, address, platform, scenario, calls=1, per_second=1):
    """Starts to place the calls; the child ends with the last of them."""
    return scene.topology.start(space, "sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", address, "-p", "5060", "-mi", address,
                                "-s", "trunk", "-m", str(calls), "-l", str(calls), "-r", str(per_second), "-nostdin", f"{platform}:5060",
                                log="sipp.log")


def finish(child, seconds=12):
    """Waits until the calls ended. How they went is measured in the captures, not asked here."""
    wait_for(lambda: not child.running(), seconds)
    if child.process.poll() not in (None, 0, 1):  # 1: a call failed
        raise LabError(f"sipp: exit {child.process.returncode}: {child.text()[-300:]}")
