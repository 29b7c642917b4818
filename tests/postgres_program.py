"""A real PostgreSQL for the tests of what is kept: on a free port, in a folder of its own, ended with its tests."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.commands.loopback import HOST, free_port


@contextmanager
def postgres_program() -> Iterator[str]:
    """Start one and yield the URL of an empty database; where there is none, skip, and fail where it must be there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        missing = "没有 PostgreSQL（Debian 软件包 postgresql）"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    port = free_port()
    programs, data = found[-1].parent, folder / "data"
    try:
        if getpass.getuser() == "root":  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
        _run(programs / "initdb", "-D", data, "-U", "duanka", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"-h {HOST} -p {port} -k {folder} -c fsync=off"
        _run(programs / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
        yield f"postgresql://duanka@{HOST}:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            _run(programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
        shutil.rmtree(folder)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if getpass.getuser() == "root":
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, cwd="/tmp", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
