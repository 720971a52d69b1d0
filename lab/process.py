# SPDX-License-Identifier: GPL-2.0-or-later
"""Commands and child processes of the lab; every child dies with its parent."""
import ctypes
import os
import signal
import subprocess
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


class LabError(Exception):
    """The lab itself could not do its work; never used for what a measured call does."""


def die_with_parent(signum=signal.SIGKILL):
    LIBC.prctl(PR_SET_PDEATHSIG, signum)


STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def exit_on_signals():
    """A signal ends the process the orderly way, through every `finally`."""
    for signum in STOP_SIGNALS:
        signal.signal(signum, lambda *_: sys.exit(143))


def ignore_signals():
    """For the way out: a second signal must not cut the cleaning short."""
    for signum in STOP_SIGNALS:
        signal.signal(signum, signal.SIG_IGN)


def run(*command, stdin=None, check=True):
    """Runs a short command to its end and returns its standard output."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if check and done.returncode:
        raise LabError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def wait_for(condition, seconds, what=None):
    """Polls condition() until it is true; without it: LabError if `what` is named, else False."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            if what:
                raise LabError(f"waited {seconds} s for {what}")
            return value
        time.sleep(0.02)


class Child:
    """A long-running process in a namespace, with its output in a log file.

    Start it from the main thread: the kernel ties its life to the thread that started it, not to the process."""

    def __init__(self, namespace, command, log, cwd=None):
        self.name, self.log, self.stopped = os.path.basename(command[0]), str(log), False
        full = ["ip", "netns", "exec", namespace, *command] if namespace else list(command)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(full, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd,
                                            start_new_session=True, preexec_fn=die_with_parent)

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def running(self):
        return self.process.poll() is None

    def send(self, signum):
        if self.running():
            self.process.send_signal(signum)

    def wait_for_text(self, needle, seconds, after=0):
        """Waits until the log holds `needle` past its first `after` characters."""
        def seen():
            if needle in self.text()[after:]:
                return True
            if not self.running():
                raise LabError(f"{self.name} ended with {self.process.returncode}: {self.text()[-400:].strip()}")
            return False
        wait_for(seen, seconds, f"'{needle}' from {self.name}, log {self.log}")

    def stop(self, signum=signal.SIGTERM, grace=3.0):
        """Ends the process and, as last resort, its whole session (it was started as one)."""
        if self.stopped:
            return self.process.returncode
        self.stopped = True
        if self.running():
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signum)
            try:
                self.process.wait(grace)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        return self.process.returncode
