"""The log of what was done at the desk: only ever added to, in SQLite and in PostgreSQL."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

from bot.keeping.audit import AuditLog, Entry


def test_it_is_only_added_to(url: str) -> None:
    """Newest first, by page and by what it is about; the database refuses to change or delete what is written."""
    log = AuditLog(url)
    for number in range(5):
        log.add(Entry(float(number), "zhang", "published", f"stem{number % 2}", "规定改了"))
    assert [entry.at for entry in log.latest(2)] == [4.0, 3.0]
    assert [entry.at for entry in log.latest(2, skip=2)] == [2.0, 1.0]
    assert [entry.at for entry in log.latest(9, about="stem1")] == [3.0, 1.0]
    assert (log.count(), log.count("stem1")) == (5, 2)
    engine = create_engine(url)
    for statement in ("UPDATE staff_audit SET why = 'x' WHERE number = 2", "DELETE FROM staff_audit"):
        with pytest.raises(DatabaseError, match="append only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    engine.dispose()
    assert (log.count(), log.broken_at()) == (5, None)
    log.close()


def test_many_at_once(url: str) -> None:
    """Each is kept, and the chain of fingerprints holds."""
    log = AuditLog(url)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.add(Entry(float(number), "li", "login")), range(40)))
    assert (log.count(), log.broken_at()) == (40, None)
    log.close()


def test_what_is_done_behind_its_back_shows(tmp_path: Path) -> None:
    """Who takes the guard away and changes or removes a row is found out."""
    file = tmp_path / "duanka.db"
    log = AuditLog(f"sqlite:///{file}")
    for number in range(4):
        log.add(Entry(float(number), "zhang", "withdrawn", "stem"))
    with sqlite3.connect(file) as direct:
        direct.execute("DROP TRIGGER staff_audit_update")
        direct.execute("UPDATE staff_audit SET who = 'li' WHERE number = 2")
    assert log.broken_at() == 2
    with sqlite3.connect(file) as direct:
        direct.execute("UPDATE staff_audit SET who = 'zhang' WHERE number = 2")
        direct.execute("DROP TRIGGER staff_audit_delete")
        direct.execute("DELETE FROM staff_audit WHERE number = 3")
    assert log.broken_at() == 4
    log.close()
