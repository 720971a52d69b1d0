# SPDX-License-Identifier: GPL-2.0-or-later
"""sipp as a PBX: several calls at once over one signalling flow, media ports as in MEDIA_PORTS"""
import pathlib

from lab.process import LabError, wait_for

SCENARIO = pathlib.Path(__file__).with_name("sipp") / "pbx.xml"
MEDIA_PORTS = (41000, 42000)  # sipp/pbx.xml: 4[call_number]000; sipp itself only signals


def call(scene, space, address, platform, calls, per_second, seconds=12):
    """Places the calls and waits until they ended. How they went is measured in the captures, not asked here."""
    child = scene.topology.start(space, "sipp", "-sf", str(SCENARIO), "-i", address, "-p", "5060", "-mi", address,
                                 "-s", "trunk", "-m", str(calls), "-l", str(calls), "-r", str(per_second), "-nostdin", f"{platform}:5060",
                                 log="sipp.log")
    wait_for(lambda: not child.running(), seconds)
    if child.process.poll() not in (None, 0, 1):  # 1: a call failed
        raise LabError(f"sipp: exit {child.process.returncode}: {child.text()[-300:]}")
