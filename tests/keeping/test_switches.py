"""The switch of each door: in the database, the same for every process."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.keeping.switches import Switches


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is not there yet."""
    return f"sqlite:///{tmp_path}/var/doors.db"


def test_off_and_on(url: str) -> None:
    """Open at first; off since the moment it was first turned off; on again as if nothing had been."""
    here, elsewhere = Switches(url), Switches(url)
    assert dict(here.off()) == {}
    here.turn_off("web", 100.0)
    here.turn_off("web", 200.0)
    here.turn_off("wechat", 300.0)
    assert dict(elsewhere.off()) == {"web": 100.0, "wechat": 300.0}
    elsewhere.turn_on("web")
    elsewhere.turn_on("web")
    assert dict(here.off()) == {"wechat": 300.0}
    here.close()
    elsewhere.close()


def test_it_survives_the_process(url: str) -> None:
    """Whoever starts again finds the door as it was left; a closed store connects anew."""
    before = Switches(url)
    before.turn_off("web", 1.0)
    before.close()
    after = Switches(url)
    assert dict(before.off()) == dict(after.off()) == {"web": 1.0}
    before.close()
    after.close()


def test_looking_waits_for_nobody_who_writes(url: str, tmp_path: Path) -> None:
    """While another holds the database for writing, the state is still read."""
    switches = Switches(url)
    switches.turn_off("web", 1.0)
    with closing(sqlite3.connect(tmp_path / "var/doors.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert dict(switches.off()) == {"web": 1.0}
        writer.execute("ROLLBACK")
    switches.close()


def test_a_database_that_was_ill(url: str, tmp_path: Path) -> None:
    """Its failure is raised; once it is well again, so are the calls, tables and all."""
    switches = Switches(url)
    switches.turn_off("web", 1.0)
    with closing(sqlite3.connect(tmp_path / "var/doors.db")) as other:
        other.execute("DROP TABLE doors_switched_off")
    with pytest.raises(SQLAlchemyError):
        switches.off()
    assert dict(switches.off()) == {}
    switches.close()
