"""Erasing and purging, against real SQLite files: afterwards the bytes are searched, in the file and in its log."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sanic import Sanic

from bot.answering.records import Answer
from bot.answering.reply import Reply
from bot.keeping import retention as retention_module
from bot.keeping.erasure import DAY, Purged, Records
from bot.keeping.events import EventStore, TurnEvent
from bot.keeping.retention import NotForgottenError, Retention
from bot.keeping.web_sessions import Ledger
from bot.settings import Settings

NOW = 2_000_000_000.0
ME, OTHER = "web-" + "a" * 40, "web-" + "b" * 40
# What each said; long enough for pages of their own.
MINE, THEIRS = "我的话" * 2000, "别人的话" * 2000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for one database."""
    return tmp_path / "kept"


@pytest.fixture
def records(folder: Path) -> Iterator[Records]:
    """The database in it."""
    opened = Records(f"sqlite:///{folder}/duanka.db")
    yield opened
    opened.close()


def talk(folder: Path, sender: str, said: str, at: float) -> None:
    """Write what one turn leaves behind, in all three places, and leave the log as a running service would."""
    url = f"sqlite:///{folder}/duanka.db"
    ledger, turns = Ledger(url, lambda: at), EventStore(url)
    ledger.open_session(sender)
    id = f"m-{int(at)}-0"
    ledger.claim(sender, id, said)
    ledger.finish(sender, id, Reply.of(Answer("chat", f"回复：{said}")))
    ledger.judge(sender, id, True, said)
    turns.add(TurnEvent(at, sender, "web", said, "penalty", 0.9, "answer", comment=said))
    with closing(sqlite3.connect(folder / "duanka.db")) as database, database:
        database.execute("create table if not exists events (id integer primary key, sender_id, timestamp, data)")
        database.execute("insert into events (sender_id, timestamp, data) values (?, ?, ?)", (sender, at, said))


def found(folder: Path, words: str) -> bool:
    """Whether the words stand anywhere in the database's files, as text or as JSON writes it."""
    looked_for = (words[:6].encode(), words[:6].encode("utf-16-le"), words[:6].encode("unicode-escape"))
    return any(each in contents(file) for file in folder.iterdir() for each in looked_for)


def contents(file: Path) -> bytes:
    """What a file holds; SQLite takes its log away when the last connection ends."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def test_an_erased_person_is_gone_and_nobody_else(folder: Path, records: Records) -> None:
    """Conversation, history, feedback and figures of one; what another said stays."""
    for number in range(5):
        talk(folder, ME, MINE, NOW + number)
        talk(folder, OTHER, THEIRS, NOW + number)
    assert found(folder, MINE)
    records.erase(ME)
    assert not found(folder, MINE)
    assert not found(folder, ME)
    assert found(folder, THEIRS)
    ledger = Ledger(f"sqlite:///{folder}/duanka.db")
    assert ledger.history(ME) is None
    assert len(ledger.history(OTHER) or ()) == 5


def test_the_old_is_purged_and_the_new_stays(folder: Path, records: Records) -> None:
    """After thirty days the words, after 180 the figures; the file and its log hold none of the words."""
    talk(folder, ME, "很久以前" * 500, NOW - 200 * DAY)
    talk(folder, ME, MINE, NOW - 31 * DAY)
    talk(folder, OTHER, THEIRS, NOW - 29 * DAY)
    assert records.purge(NOW, 30, 180) == Purged(events=2, turns=2, words=2)
    assert not found(folder, MINE)
    assert not found(folder, "很久以前" * 2)
    assert not found(folder, ME)
    assert found(folder, THEIRS)
    left = EventStore(f"sqlite:///{folder}/duanka.db").since(0.0)
    assert [(round((NOW - each.at) / DAY), each.question) for each in left] == [(31, None), (29, THEIRS)]
    assert records.purge(NOW, 30, 180) == Purged(0, 0, 0)


def test_what_an_editor_settled_goes_with_the_words(folder: Path, records: Records) -> None:
    """A wording an editor dealt with is a person's: it is kept for as long as somebody's question is."""
    for sender, said in ((ME, "只有我问的？"), (ME, "大家都问的"), (OTHER, "大家都问的！")):
        talk(folder, sender, said, NOW + len(said))
    turns = EventStore(f"sqlite:///{folder}/duanka.db")
    turns.settle(["只有我问的", "大家都问的"], NOW + 9)
    records.erase(ME)
    assert set(turns.settled()) == {"大家都问的"}
    records.purge(NOW + 31 * DAY, 30, 180)
    assert not turns.settled()
    assert not found(folder, "只有我问的")
    assert not found(folder, "大家都问的")


def test_what_an_editor_settled_late_goes_with_the_question(folder: Path, records: Records) -> None:
    """Not a month after the editor dealt with it."""
    talk(folder, ME, "二十九天前问的", NOW - 29 * DAY)
    turns = EventStore(f"sqlite:///{folder}/duanka.db")
    turns.settle(["二十九天前问的"], NOW)
    records.purge(NOW, 30, 180)
    assert set(turns.settled()) == {"二十九天前问的"}
    records.purge(NOW + 2 * DAY, 30, 180)
    assert not found(folder, "二十九天前问的")


def test_files_that_were_set_aside_go_by_age(folder: Path, records: Records) -> None:
    """A corrupt database, or one a backup replaced, holds conversations too; what is not ours stays."""
    talk(folder, OTHER, THEIRS, NOW)
    aged = ("duanka.db.corrupt-20260101-000000", "duanka.db.before-20260101-000000-wal", "another.db.corrupt-1")
    for name, age in (*((name, 31) for name in aged), ("duanka.db.corrupt-20260130-000000", 29)):
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (NOW - age * DAY,) * 2)
    records.purge(NOW, 30, 180)
    left = {file.name for file in folder.iterdir()}
    assert left - {"duanka.db", "duanka.db-wal", "duanka.db-shm"} == {
        "another.db.corrupt-1",
        "duanka.db.corrupt-20260130-000000",
    }


def test_what_was_deleted_before_is_compacted_away(folder: Path, records: Records) -> None:
    """A file from before deleting meant overwriting is written anew."""
    talk(folder, OTHER, THEIRS, NOW)
    with closing(sqlite3.connect(folder / "duanka.db")) as database:
        database.execute("pragma secure_delete=off")
        with database:
            database.execute("create table old (words)")
            database.execute("insert into old values (?)", ("旧的话" * 2000,))
        with database:
            database.execute("drop table old")
    assert found(folder, "旧的话" * 2)
    records.compact()
    assert not found(folder, "旧的话" * 2)
    assert found(folder, THEIRS)


def test_an_empty_database_has_nothing_to_forget(records: Records) -> None:
    """Before the first conversation there are no tables."""
    records.erase(ME)
    assert records.purge(NOW, 30, 180) == Purged(0, 0, 0)
    records.compact()


def test_a_locked_database_is_told(folder: Path) -> None:
    """Nobody is told that they were forgotten when they were not; the daily purge goes on another day."""
    talk(folder, ME, MINE, NOW)
    retention = Retention(Settings(database=f"sqlite:///{folder}/duanka.db"))
    with closing(sqlite3.connect(folder / "duanka.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(NotForgottenError):
            asyncio.run(retention.forget(ME))
        other.execute("rollback")
    assert found(folder, MINE)
    asyncio.run(retention.forget(ME))
    assert not found(folder, MINE)


def test_a_clock_that_was_set_purges_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A year too late by mistake, and everything would be too old."""
    talk(folder, ME, MINE, time.time())
    retention, real = Retention(Settings(database=f"sqlite:///{folder}/duanka.db")), time.time
    monkeypatch.setattr(time, "time", lambda: real() + 365 * DAY)
    with caplog.at_level(logging.ERROR):
        asyncio.run(retention.purge())
    assert "the clock was set" in caplog.text
    assert found(folder, MINE)


@dataclass
class Clock:
    """A clock that was not set: both its readings go on together."""

    now: float

    def time(self) -> float:
        """The date, in seconds since 1970."""
        return self.now

    def monotonic(self) -> float:
        """Seconds since some start."""
        return self.now - NOW


def test_every_day_what_has_become_too_old_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the service runs on: after a month the words, and again another month later; once for all doors."""
    monkeypatch.setattr(retention_module, "time", clock := Clock(NOW))
    monkeypatch.setattr(retention_module, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(retention_module, "DAY", 0.05)
    retention, app = Retention(Settings(database=f"sqlite:///{folder}/duanka.db")), Sanic("every_day")

    async def gone(words: str) -> None:
        while found(folder, words):
            await asyncio.sleep(0.05)

    async def days() -> None:
        for _ in range(2):
            await retention._start(app)
        assert len([each for each in asyncio.all_tasks() if "Retention._every_day" in repr(each)]) == 1
        for said in ("第一个月的话" * 9, "第二个月的话" * 9):
            await asyncio.to_thread(talk, folder, ME, said, clock.now)
            await asyncio.sleep(0.3)
            assert found(folder, said)
            clock.now += 31 * DAY
            await asyncio.wait_for(gone(said), 60.0)
        await retention._stop(app)

    asyncio.run(days())
    Sanic._app_registry.clear()
