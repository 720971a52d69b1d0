# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes as processes: many are played at a time, and none outlives the command that began it."""
import os
import shutil
import signal
import subprocess
import sys
import time

from lab import ROOT
from lab.process import die_with_parent, exit_on_signals, ignore_signals, run

MOST_AGAIN = 2  # scenes of a run that may be played again
PATIENCE = 100  # seconds a scene may take beyond its own length


def prefix(number):
    """Of the namespaces of one scene of this process."""
    return f"vd{os.getpid()}-{number}"


class Work:
    """One scene to play: python -m MODULE ARGUMENTS, with `out` as its directory. `length`: seconds in which it only waits."""

    def __init__(self, label, out, length, module, *arguments):
        self.label, self.out, self.length = label, out, length
        self.command = [sys.executable, "-B", "-m", module, *map(str, arguments)]
        self.process, self.deadline = None, 0

    def start(self):
        shutil.rmtree(self.out, ignore_errors=True)  # an earlier run's captures must not be judged as this one's
        self.out.mkdir(parents=True)
        with open(self.out / "task.log", "wb") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                            preexec_fn=lambda: die_with_parent(signal.SIGTERM))
        self.deadline = time.monotonic() + self.length + PATIENCE

    def done(self):
        if self.process.poll() is None and time.monotonic() > self.deadline:
            self.end()
        return self.process.poll() is not None

    def end(self, wait=True):
        """Ends the scene early; with wait=False only asks, so that many can clean up at a time."""
        if self.process.poll() is None:
            self.process.terminate()
        if wait:
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def play(works, jobs):
    """Plays all scenes: those that mostly wait at once, the others `jobs` at a time."""
    waiting = sorted(works, key=lambda work: -work.length)
    running = []
    try:
        while waiting or running:
            for work in [work for work in running if work.done()]:
                running.remove(work)
                state = "done" if work.process.returncode == 0 else f"FAILED ({work.process.returncode}), see {work.out}/task.log"
                print(f"  {work.label:<28} {state}", file=sys.stderr, flush=True)
            busy = sum(not work.length for work in running)
            for work in list(waiting):
                if work.length or busy < jobs:
                    waiting.remove(work)
                    work.start()
                    running.append(work)
                    busy += not work.length
            time.sleep(0.05)
    finally:
        ignore_signals()
        for work in running:
            work.end(wait=False)
        for work in running:
            work.end()
        sweep()
        exit_on_signals()


def play_again(works):
    """Plays them once more, one after the other; what they left the first time stays beside them. More than a few are no accident and stay as they are.
    What was played again is named in `again.txt` beside the scenes' directories."""
    if not works or len(works) > MOST_AGAIN:
        return
    for work in works:
        work.out.rename(first_of(work.out))
        print(f"  {work.label:<28} again; first play: {first_of(work.out)}", file=sys.stderr, flush=True)
        play([work], 1)


def forget_first(works):
    """First plays that an earlier run left in the same place."""
    for work in works:
        shutil.rmtree(first_of(work.out), ignore_errors=True)


def first_of(out):
    """Where a scene's first play is kept when it is played again."""
    return out.with_name(out.name + "-first")


def note_again(out, lines):
    """Leaves the names of what was played again where `./dev test` finds them; removes those of an earlier run."""
    path = out / "again.txt"
    path.unlink(missing_ok=True)
    if lines:
        path.write_text("".join(f"{line}\n" for line in lines))


def sweep():
    """Last resort for namespaces of this run whose task was killed before it could clean up."""
    for line in run("ip", "netns", "list").splitlines():
        if line.startswith(f"vd{os.getpid()}-"):
            for pid in run("ip", "netns", "pids", line.split()[0], check=False).split():
                os.kill(int(pid), signal.SIGKILL)
            run("ip", "netns", "del", line.split()[0], check=False)


def forget(runs, keep=4):
    """Removes all but the newest runs below `runs`, to make room for one more."""
    for old in sorted(path for path in runs.glob("2*-*") if path.is_dir())[:-keep]:
        shutil.rmtree(old, ignore_errors=True)


def new_run(runs):
    """Directory of a run that begins now."""
    return (runs / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}").resolve()
