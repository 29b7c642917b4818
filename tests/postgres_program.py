"""A real PostgreSQL for the tests of what is kept: on a free port, in a folder of its own, ended with its tests."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.processes.loopback import HOST, free_port
from tests.needed import missing


@dataclass(frozen=True)
class PostgresProgram:
    """A PostgreSQL that can be stopped and started again at the same address, with what it held."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Where an empty database of it is."""
        return self._url_of("postgres")

    @property
    def data(self) -> Path:
        """Where it keeps what it holds."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-h {HOST} -p {self.port} -k {self.folder} -c fsync=off"
        _run(self.programs / "pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)

    def new_database(self) -> str:
        """Make one more database, empty, and return its URL: a test that shares the server has one to itself."""
        name = f"test_{uuid.uuid4().hex}"
        _run(self.programs / "createdb", "-h", HOST, "-p", self.port, "-U", "duanka", name)
        return self._url_of(name)

    def stop(self) -> None:
        """End it without letting anyone finish, if it runs."""
        if (self.data / "postmaster.pid").exists():
            _run(self.programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.data)

    def _url_of(self, name: str) -> str:
        return f"postgresql://duanka@{HOST}:{self.port}/{name}"


@contextmanager
def postgres_program() -> Iterator[str]:
    """Start one and yield the URL of an empty database; where there is none, skip, and fail where it must be there."""
    with mortal_postgres() as server:
        yield server.url


@contextmanager
def mortal_postgres() -> Iterator[PostgresProgram]:
    """Start one that the test may stop."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        missing("没有 PostgreSQL（Debian 软件包 postgresql）")
    server = PostgresProgram(found[-1].parent, Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp")), free_port())
    try:
        if getpass.getuser() == "root":  # PostgreSQL refuses to run as root
            shutil.chown(server.folder, "postgres")
        _run(server.programs / "initdb", "-D", server.data, "-U", "duanka", "--auth=trust", "--no-sync", "-E", "UTF8")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if getpass.getuser() == "root":
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, cwd="/tmp", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
