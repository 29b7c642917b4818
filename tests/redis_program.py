"""A real Redis for the tests that share something: on a free port, without a disk, ended with its test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.processes.loopback import HOST, free_port
from tests.needed import listens, missing

START_SECONDS = 300.0


@dataclass
class RedisProgram:
    """A Redis that can be stopped and started again, empty, at the same address."""

    folder: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it listens."""
        options = ("--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no", "--dir", self.folder)
        self.process = subprocess.Popen(("redis-server", *options), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not listens(self.port):
            assert time.monotonic() < deadline, "redis-server does not listen"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None


@contextmanager
def redis_program() -> Iterator[RedisProgram]:
    """Start a Redis; where there is none, skip the test by name, and fail it where everything must be there."""
    if not shutil.which("redis-server"):
        missing("没有 redis-server（Debian 软件包 redis-server）")
    with tempfile.TemporaryDirectory() as folder:
        program = RedisProgram(folder)
        program.start()
        try:
            yield program
        finally:
            program.stop()
