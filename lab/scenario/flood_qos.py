# SPDX-License-Identifier: GPL-2.0-or-later
"""The same full WAN with [qos] rate set a little below the line's."""
from lab.cell import Row, cell
from lab.rtp import is_rtp
from lab.scenario import flood
from lab.sip import parse
from lab.topology import HOSTS, WAN

SCENE = {"qos": "9mbit"}
EF, CS3 = 46, 24
ROWS = [
    Row("flood_qos", "WAN filled to 100 %, QoS on", "- - ok ok ok"),
    Row("dscp", "QoS on: RTP of the call EF, SIP CS3, on the WAN", "- - ok ok ok"),
]
play = flood.play


def judge(record):
    """The phones themselves mark nothing: what is marked on the WAN, the router marked."""
    out = [p for p in record.packets("r1-outside") if p.source[0] == WAN["r1"]]
    rtp, signalling = [p.dscp for p in out if is_rtp(p.payload)], [p.dscp for p in out if parse(p.payload)]
    own = {p.dscp for p in record.packets("phone-a") if p.source[0] == HOSTS["a"]}
    marked = rtp.count(EF), signalling.count(CS3)
    dscp = cell(rtp and signalling and marked == (len(rtp), len(signalling)) and own == {0},
                f"RTP EF {marked[0]}/{len(rtp)}, SIP CS3 {marked[1]}/{len(signalling)}")
    return flood.judge(record, "flood_qos") | {"dscp": dscp}
