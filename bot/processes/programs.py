"""Programs we start: each in its own process group, watched, and ended with everything it started itself.

Knows processes, signals and logs; knows nothing of Rasa. No program outlives us: `running` ends each group when its
block is left, whatever the reason; should this process be killed outright, Linux sends its programs SIGTERM.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bot.processes.watchdog import tell

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
POLL_SECONDS = 0.2
GRACE_SECONDS = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OTHERS_WARNINGS = re.compile(r"^\S+\.py:\d+: (\w*Deprecation|MovedIn20)Warning: .*\n(\S.*\n)??  .*\n", re.M)
TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class CommandError(Exception):
    """Why the command cannot go on: a sentence for the operator, and the log that tells the rest."""

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log


@dataclass(frozen=True)
class Program:
    """What to start. `name` is what the operator reads; `environment` comes on top of our own."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Child:
    """A program that was started."""

    program: Program
    process: subprocess.Popen[bytes]

    @property
    def ended(self) -> bool:
        """Whether the program itself is gone; what it started may still be there."""
        return self.process.poll() is not None

    @property
    def present(self) -> bool:
        """Whether anything of its process group is left."""
        self.process.poll()  # a program nobody waited for still counts as one of its group
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def running(*programs: Program) -> Iterator[tuple[Child, ...]]:
    """Start the programs, all at once; end them and whatever they started when the block is left."""
    children: list[Child] = []
    try:
        for program in programs:
            children.append(start(program))
        yield tuple(children)
    finally:
        stop(children)


def start(program: Program) -> Child:
    """Start it in a process group of its own, so that Ctrl-C reaches us alone; both its outputs go to a new log."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("wb") as log:
        process = subprocess.Popen(
            program.command,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),
        )
    return Child(program, process)


def stop(children: Sequence[Child], grace: float = GRACE_SECONDS) -> None:
    """End the groups: ask first, insist after `grace` seconds. Signals to us wait until that is done."""
    with _handling(signal.SIG_IGN):
        for child in children:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while any(child.present for child in children) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS / 4)
        for child in children:
            _signal(child, signal.SIGKILL)
            child.process.wait()


def foreground(program: Program) -> int:
    """Give it our terminal and wait for its end; only its error output goes to the log. Returns its exit code."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("wb") as log:
        process = subprocess.Popen(
            program.command,
            env={**os.environ, **program.environment},
            stderr=log,
            preexec_fn=_end_with(os.getpid()),
        )
    try:
        with _handling(signal.SIG_IGN, (signal.SIGINT,)):  # Ctrl-C is meant for the one in the foreground
            return process.wait()
    finally:
        process.terminate()
        process.wait()


def wait_until(ready: Callable[[], bool], seconds: float, children: Sequence[Child], late: Child, lacking: str) -> None:
    """Return once `ready()` holds.

    Raises CommandError when one of `children` ends first, or when `seconds` go by: then `late` is `lacking` something.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        _expect_all_alive(children)
        if time.monotonic() > deadline:
            raise CommandError(f"{late.program.name}在 {seconds:.0f} 秒内{lacking}", late.program.log)
        time.sleep(POLL_SECONDS)


def watch(children: Sequence[Child], hung: Callable[[], bool] = lambda: False) -> None:
    """Stay for as long as all of them do. Raises CommandError when one ends, or when the last is `hung`: it is killed.

    Who started us is told that we live.
    """
    tell(ready=True)
    while True:
        _expect_all_alive(children)
        if hung():
            late = children[-1]
            _signal(late, signal.SIGKILL)
            raise CommandError(f"{late.program.name}停住不动了，已结束它", late.program.log)
        tell()
        time.sleep(POLL_SECONDS)


@contextmanager
def interruptible() -> Iterator[None]:
    """Within the block, being told to end (SIGTERM, a closed terminal) is the same as Ctrl-C: KeyboardInterrupt."""
    with _handling(_interrupt):
        yield


def last_lines(log: Path, count: int = 15) -> tuple[str, ...]:
    """The end of a log as a person wants it.

    Without colours, empty lines and libraries' warnings about each other; of a progress bar only its last state.
    """
    text = log.read_bytes().decode("utf-8", errors="replace") if log.exists() else ""
    text = OTHERS_WARNINGS.sub("", TERMINAL_CODES.sub("", text))
    lines = (line.rstrip("\r").rpartition("\r")[2].rstrip() for line in text.split("\n"))
    return tuple(line for line in lines if line)[-count:]


def _expect_all_alive(children: Sequence[Child]) -> None:
    for child in children:
        if child.ended:
            program = child.program
            raise CommandError(f"{program.name}自己退出了（退出码 {child.process.returncode}）", program.log)


def _signal(child: Child, number: signal.Signals) -> None:
    """Send it to the whole group, if any of it is left."""
    if child.present:
        os.killpg(child.process.pid, number)


def _end_with(parent: int) -> Callable[[], None] | None:
    """What a new child does before anything else: have Linux end it when its parent dies, however it dies."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _handling(
    handler: signal.Handlers | Callable[[int, FrameType | None], None],
    numbers: Sequence[signal.Signals] = SIGNALS,
) -> Iterator[None]:
    """Within the block, `handler` is what the signals do."""
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)
