"""A real Milvus for tests: Milvus Lite, listening on a free port, that can be killed and started again."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from bot.processes.loopback import HOST, free_port
from tests.needed import listens, missing

START_SECONDS = 60.0


@dataclass
class MilvusProgram:
    """A Milvus Lite whose collections lie in `folder`, at the same address whenever it runs."""

    folder: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        spec = find_spec("milvus_lite")
        assert spec is not None
        assert spec.origin is not None
        programs = Path(spec.origin).parent / "lib"
        environment = {**os.environ, "LD_LIBRARY_PATH": str(programs)}
        command = (str(programs / "milvus"), f"{self.folder}/milvus.db", f"{HOST}:{self.port}", "ERROR")
        self.process = subprocess.Popen(
            command, env=environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not listens(self.port):
            assert time.monotonic() < deadline, "Milvus Lite does not listen"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def milvus_program() -> Iterator[MilvusProgram]:
    """Start a Milvus; where there is none, skip the test by name, and fail it where everything must be there."""
    if find_spec("milvus_lite") is None:
        missing("没有 milvus-lite（make setup 会安装）")
    with tempfile.TemporaryDirectory() as folder:
        program = MilvusProgram(folder)
        program.start()
        try:
            yield program
        finally:
            program.kill()
