# SPDX-License-Identifier: GPL-2.0-or-later
"""The WAN filled to 100 % by an upload from the same LAN while A talks to D; no QoS."""
import threading
import time

from lab.cell import Row, audio, cell
from lab.topology import HOSTS, LINE_MEGABITS, SINK

A, D = HOSTS["a"], HOSTS["d"]
ROWS = [Row("flood", "WAN filled to 100 %, QoS off", "fail fail fail fail fail")]


def play(scene):
    registrar = scene.platform("aware")
    scene.topology.throttle()
    a, d = scene.phone("a", "alice", registrar), scene.phone("d", "dave", registrar)
    a.registered(), d.registered()
    a.dial("dave")
    a.wait("CALL_ESTABLISHED", 4)
    sink, source, stop = scene.topology.udp("d", SINK, 9), scene.topology.udp("b", HOSTS["b"], 0), threading.Event()
    upload = threading.Thread(target=send, args=(source, stop))
    upload.start()
    time.sleep(1.5)  # until the queue is full
    before = scene.topology.line_octets()
    scene.mark("flood")
    time.sleep(4)
    scene.mark("end")
    scene.notes["line"] = scene.topology.line_octets() - before
    stop.set()
    upload.join()
    sink.close()
    source.close()
    a.hangup()
    time.sleep(0.3)


def send(source, stop, megabits=12.0):
    """Datagrams of 1250 bytes, one every 1250 * 8 / rate, in bursts of ten."""
    due, step = time.monotonic(), 10 * 1250 * 8 / (megabits * 1e6)
    while not stop.is_set():
        for _ in range(10):
            source.sendto(bytes(1222), (SINK, 9))
        due += step
        time.sleep(max(0.0, due - time.monotonic()))


def judge(record, row="flood"):
    out = audio(record, "phone-a", A, "phone-d", D, ("flood", "end"))
    start, end = record.window("flood", "end")
    full = 100 * record.notes["line"] * 8 / (LINE_MEGABITS * 1e6 * (end - start))
    if full < 80:
        return {}  # a line with room left shows nothing, neither for nor against
    loss = 100 * out.lost / out.sent if out.sent else 100.0
    return {row: cell(out.sent and loss <= 1 and out.gap_ms <= 150 and out.p99_ms <= 50,
                      f"line {full:.0f} % full: loss {loss:.1f} %, gap {out.gap_ms} ms, p99 {out.p99_ms:.1f} ms", **out._asdict())}
