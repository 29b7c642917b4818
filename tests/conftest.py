"""What the tests of several folders share; here too so that this folder can be imported from."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from postgres_program import PostgresProgram, mortal_postgres

from bot.processes import loopback

# Whether a tree is good must depend neither on chance nor on how busy the machine is: the same examples every time, as
# slow as they come. `pytest --hypothesis-profile=hunt` looks for others.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("hunt", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test also where the tests run in the background, and inherit its ignoring."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _share_the_ports()


def _share_the_ports() -> None:
    """Where the tests run in several processes, none hands out a port that another one may have handed out.

    By pairs: Linux gives programs that ask for any port the odd ones first.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker:
        workers = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        loopback._given.update(port for port in range(65536) if port // 2 % workers != int(worker) % workers)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresProgram]:
    """A PostgreSQL for all tests that want a database of their own there, and leave the server as it is."""
    with mortal_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind; the folder of the SQLite file is not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/folder/duanka.db"
    server: PostgresProgram = request.getfixturevalue("postgres")
    return server.new_database()
