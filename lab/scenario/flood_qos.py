# SPDX-License-Identifier: GPL-2.0-or-later
"""The same full WAN with [qos] rate set a little below the line's."""
from lab.cell import Row
from lab.scenario import flood

SCENE = {"qos": "9mbit"}
ROWS = [Row("flood_qos", "WAN filled to 100 %, QoS on", "- - ok ok ok")]
play = flood.play


def judge(record):
    return flood.judge(record, "flood_qos")
