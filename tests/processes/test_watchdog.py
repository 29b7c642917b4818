"""A process that hangs is ended from within, one that is stopped is noticed from without; real processes both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.processes import watchdog
from bot.processes.programs import Child, CommandError, Program, watch
from bot.processes.watchdog import SOCKET, Beats, listening

# A loop that turns for a moment and then does `{then}`; a second without a turn is too long.
LIVES = """
import asyncio, re, time
from bot.processes import watchdog
watchdog.HUNG_SECONDS, watchdog.BEAT_SECONDS = 1.5, 0.1

async def main():
    living = asyncio.create_task(watchdog.beat())
    await asyncio.sleep(0.3)
    {then}

asyncio.run(main())
"""
PATTERN = "re.match('(a+)+b', 'a' * 60)  # one call of C, which gives nobody else a turn"


@contextmanager
def living(then: str, beats: Beats | None = None) -> Iterator[subprocess.Popen[bytes]]:
    told = {SOCKET: str(beats.path)} if beats else {}
    process = subprocess.Popen(
        [sys.executable, "-c", LIVES.format(then=then)],
        env={**os.environ, **told},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("then", [PATTERN, "time.sleep(60)", "exec('while True: pass')"])
def test_a_loop_that_hangs_ends_its_process(then: str) -> None:
    """Whatever holds it up; the log says where, and repeats nothing of what it was at."""
    with living(then) as process:
        said = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 1, said
    assert "Timeout" in said
    assert "in main" in said
    assert "aaaa" not in said


def test_a_loop_that_turns_goes_on() -> None:
    """Work of less than that, again and again, ends nobody; who leaves in order leaves nothing behind."""
    busy = "[(time.sleep(0.4), await asyncio.sleep(0.01)) for _ in range(6)]"
    busy += "; living.cancel(); await asyncio.sleep(0.05); time.sleep(2)"
    with living(busy) as process:
        said = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 0, said


def test_a_process_that_is_stopped_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says no more that it lives: who started it kills it, and says so."""
    monkeypatch.setattr(watchdog, "STOPPED_SECONDS", 2.0)
    with listening() as beats, living("await asyncio.sleep(60)", beats) as process:
        assert not beats.hung()
        deadline = time.monotonic() + 20
        while beats._last is None and time.monotonic() < deadline:
            assert not beats.hung()
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGSTOP)
        child = Child(Program("对话服务", ("python",), beats.path), process)
        with pytest.raises(CommandError, match="对话服务停住不动了"):
            watch((child,), beats.hung)
        assert process.wait(timeout=10) == -signal.SIGKILL


def test_systemd_hears_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its manual asks for: READY=1 once, then WATCHDOG=1."""
    with listening() as beats:
        monkeypatch.setenv(SOCKET, str(beats.path))
        watchdog.tell(ready=True)
        watchdog.tell()
        assert [beats._socket.recv(64) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
    watchdog.tell()  # nobody listens any more: nothing happens
