"""A process that hangs is ended, so that another one answers: its event loop says every second that it turns.

Who does not say so for HUNG_SECONDS is ended from within, by a thread that needs no Python (faulthandler), so that a
pattern or a library that holds the interpreter is no way out. A process that is stopped altogether is ended by whoever
started it: systemd (WatchdogSec) or `duanka run`, which both hear the same words on the socket NOTIFY_SOCKET names.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HUNG_SECONDS = 10.0
# Somebody outside waits a little longer: the process itself tells where it hung.
STOPPED_SECONDS = 15.0
BEAT_SECONDS = 1.0
_READY, _BEAT = b"READY=1", b"WATCHDOG=1"
SOCKET = "NOTIFY_SOCKET"


async def beat() -> None:
    """Say that the loop turns, for as long as it does; from now on this process ends when it does not."""
    tell(ready=True)
    try:
        while True:
            faulthandler.dump_traceback_later(HUNG_SECONDS, exit=True)
            tell()
            await asyncio.sleep(BEAT_SECONDS)
    finally:
        faulthandler.cancel_dump_traceback_later()


def tell(ready: bool = False) -> None:
    """Tell who started this process that it lives, if they want to hear it (sd_notify(3))."""
    name = os.environ.get(SOCKET, "")
    if not name:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as said:
        said.sendto(_READY if ready else _BEAT, f"\0{name[1:]}" if name.startswith("@") else name)


class Beats:
    """What was heard of a process that this one started: `path` is where it says it lives."""

    def __init__(self, path: Path, heard: socket.socket) -> None:
        """Begin with nothing heard."""
        self.path = path
        self._socket = heard
        self._last: float | None = None

    def hung(self) -> bool:
        """Whether it was heard once, and not for STOPPED_SECONDS now."""
        with suppress(BlockingIOError):
            while self._socket.recv(64):
                self._last = time.monotonic()
        return self._last is not None and time.monotonic() - self._last > STOPPED_SECONDS


@contextmanager
def listening() -> Iterator[Beats]:
    """Listen in a folder of its own, which goes with the block."""
    with tempfile.TemporaryDirectory(prefix="duanka-") as folder:
        path = Path(folder) / "beats"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as heard:
            heard.bind(str(path))
            yield Beats(path, heard)
