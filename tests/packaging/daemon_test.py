#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon with exactly the capabilities of its unit, in a network namespace of its own, and `viaduct gateway` as
an operator types it. usage: daemon_test.py SOURCE BUILD HERE"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE, BUILD, HERE = (pathlib.Path(word) for word in sys.argv[1:4])
NAMESPACE = f"vg-daemon-{os.getpid()}"


def run(*command, check=True):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    assert not check or done.returncode == 0, done
    return done


def ip(*words):
    run("ip", "-n", NAMESPACE, *words)


class Daemon:
    """The gateway under the bounding set that the unit names."""

    def __init__(self, folder):
        unit = (HERE / "viaduct-gateway.service").read_text()
        names = re.search(r"^CapabilityBoundingSet=(.*)$", unit, re.M).group(1).lower().replace("cap_", "").split()
        self.folder, self.config, self.socket = folder, folder / "gateway.toml", folder / "run/gateway.sock"
        self.command = ["ip", "netns", "exec", NAMESPACE, "setpriv", "--no-new-privs", "--inh-caps", "-all",
                        "--bounding-set", ",".join(["-all"] + ["+" + name for name in names]),
                        str(BUILD / "bin/viaduct-gateway"), "--config", str(self.config)]
        self.process = None

    def configure(self, text):
        self.config.write_text(f'{text}\n[paths]\njournal = "{self.folder}/journal"\nsocket = "{self.socket}"\n')

    def start(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 30
        while "ready" not in self.process.stderr.readline():
            assert self.process.poll() is None and time.monotonic() < until, "the daemon does not start"

    def send(self, number):
        os.kill(self.process.pid, number)

    def ask(self, *words):
        return run(BUILD / "bin/viaduct", "gateway", "--socket", self.socket, *words, check=False)


def expect(done, code, *texts, errors=False):
    out = done.stderr if errors else done.stdout
    assert done.returncode == code, done
    for text in texts:
        assert text in out, (text, done)


def operate(daemon):
    expect(daemon.ask("status"), 0, "mode          pinhole\n", "wan           wan0  203.0.113.7\n", "20000 kbit/s on wan0")
    status = json.loads(daemon.ask("status", "--json").stdout)
    assert status["process"] > 0 and re.fullmatch(r"\d+\.\d+\.\d+", status["version"]), status
    assert 1_000_000 < status["memory"] < 100_000_000, status["memory"]
    expect(daemon.ask("calls"), 0, "no calls\n")
    expect(daemon.ask("registrations"), 0, "no registrations\n")
    expect(daemon.ask("memory"), 0, "nothing is known yet")
    expect(daemon.ask("memory", "set", "198.51.100.10", "contact", "true"), 0, "198.51.100.10  contact  yes", "operator-said")
    expect(daemon.ask("memory", "forget", "198.51.100.10"), 0, "nothing is known yet")
    expect(daemon.ask("memory", "forget", "198.51.100.10"), 1, "nothing is known about 198.51.100.10", errors=True)
    expect(daemon.ask("memory", "set", "198.51.100.10", "via", "true"), 2, "via", errors=True)
    expect(daemon.ask("why", "no-such-call"), 1, "nothing is known", errors=True)
    metrics = daemon.ask("metrics").stdout
    assert re.search(r'^viaduct_gateway_info\{version="[\d.]+",mode="pinhole"\} 1$', metrics, re.M), metrics
    for line in metrics.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+(\{.*\})? \d+", line), line
    assert daemon.socket.parent.stat().st_mode & 0o777 == 0o750, "the folder of the socket is not the daemon's own"
    second = subprocess.run(daemon.command, capture_output=True, text=True, timeout=30)
    assert second.returncode == 3 and second.stderr.startswith("viaduct-gateway: error: "), second
    with tempfile.TemporaryFile("w+") as log:
        status = os.fstat(log.fileno())
        subprocess.run(daemon.command, stderr=log, env=os.environ | {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}, timeout=30)
        log.seek(0)
        assert log.read().startswith("<3>viaduct-gateway: error: "), "no prefix for the journal"


def reload(daemon):
    daemon.configure('mode = "pinhloe"')
    expect(daemon.ask("reload"), 1, "not reloaded", "gateway.toml:1:8", 'did you mean "pinhole"?')
    expect(daemon.ask("status"), 0, "mode          pinhole\n")
    daemon.configure('mode = "assist"\n[wan]\ninterfaces = ["wan0"]\n[queue]\nnumber = 7')
    expect(daemon.ask("reload"), 0, "reloaded", "needs a restart: ", "queue.number")
    expect(daemon.ask("status"), 0, "mode          assist\n")
    daemon.configure('mode = "observe"')
    daemon.send(signal.SIGHUP)
    until = time.monotonic() + 10
    while "mode          observe\n" not in daemon.ask("status").stdout:
        assert time.monotonic() < until, "SIGHUP does not reload"


def hang_and_stop(daemon):
    daemon.send(signal.SIGSTOP)
    expect(daemon.ask("status"), 3, f"no answer from {daemon.socket}", errors=True)
    daemon.send(signal.SIGCONT)
    expect(daemon.ask("status"), 0, "mode")
    watch = subprocess.Popen([BUILD / "bin/viaduct", "gateway", "--socket", daemon.socket, "watch"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
    assert "watching" in watch.stdout.readline()
    daemon.send(signal.SIGTERM)
    assert daemon.process.wait(timeout=20) == 0
    assert watch.wait(timeout=20) == 3 and "the gateway has stopped" in watch.stderr.read()
    rules = run("ip", "netns", "exec", NAMESPACE, "nft", "list", "tables").stdout
    assert rules == "", f"left behind: {rules}"
    assert not daemon.socket.exists()
    expect(daemon.ask("status"), 3, f"not running: nobody listens at {daemon.socket}", errors=True)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="viaduct-daemon-"))
    run("ip", "netns", "add", NAMESPACE)
    daemon = Daemon(folder)
    try:
        ip("link", "set", "lo", "up")
        ip("link", "add", "wan0", "type", "veth", "peer", "name", "far0")
        ip("link", "set", "far0", "up")
        ip("addr", "add", "203.0.113.7/24", "dev", "wan0")
        ip("link", "set", "wan0", "up")
        ip("route", "add", "default", "via", "203.0.113.1")
        daemon.configure('mode = "pinhole"\n[qos]\nrate = "20mbit"')
        daemon.start()
        operate(daemon)
        reload(daemon)
        hang_and_stop(daemon)
    finally:
        if daemon.process and daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()
        run("ip", "netns", "del", NAMESPACE)
        shutil.rmtree(folder)
    print("daemon: ok")


main()
