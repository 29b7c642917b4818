"""Backup and restore: one command each, on a real SQLite file and a real PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answering.reply import Reply
from bot.commands.backup import back_up, bring_back
from bot.keeping.web_sessions import Ledger
from bot.processes.programs import CommandError

SESSION = "web-" + "a" * 40
REPLY = Reply("通报里是这样说的：", {"kind": "answer"})


def say(ledger: Ledger, id: str) -> None:
    """Have one message answered."""
    ledger.open_session(SESSION)
    ledger.claim(SESSION, id, "卖卡会怎样")
    ledger.finish(SESSION, id, REPLY)


def said(url: str) -> list[str]:
    """Return the ids of the messages that are kept."""
    ledger = Ledger(url)
    turns = ledger.history(SESSION) or ()
    ledger.close()
    return [turn.id for turn in turns]


def test_what_was_backed_up_comes_back(url: str, tmp_path: Path) -> None:
    """Made while the service is connected, restored after it is gone: what came later is away, nothing else is."""
    ledger = Ledger(url)
    say(ledger, "before-01")
    back_up(url, tmp_path / "kept")
    say(ledger, "after-001")
    ledger.close()
    assert said(url) == ["before-01", "after-001"]
    aside = bring_back(url, tmp_path / "kept")
    assert said(url) == ["before-01"]
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    if aside:
        assert said(f"sqlite:///{aside}") == ["before-01", "after-001"]


def test_a_service_that_runs_is_left_alone(url: str, tmp_path: Path) -> None:
    """An idle connection is enough: the restore refuses, says what to do, and changes nothing."""
    ledger = Ledger(url)
    say(ledger, "before-01")
    back_up(url, tmp_path / "kept")
    say(ledger, "after-001")
    with pytest.raises(CommandError, match="请先停止服务"):
        bring_back(url, tmp_path / "kept")
    assert [turn.id for turn in ledger.history(SESSION) or ()] == ["before-01", "after-001"]
    ledger.close()


def test_a_backup_under_way_is_of_one_moment(url: str, tmp_path: Path) -> None:
    """While messages come in, a backup holds so many of them in order, none left out, and it is whole."""
    ledger, stop, written = Ledger(url), threading.Event(), ["message-0000"]
    say(ledger, written[0])

    def talk() -> None:
        while not stop.is_set():
            written.append(f"message-{len(written):04}")
            say(ledger, written[-1])

    writer = threading.Thread(target=talk)
    writer.start()
    try:
        back_up(url, tmp_path / "kept")
    finally:
        stop.set()
        writer.join()
        ledger.close()
    bring_back(url, tmp_path / "kept")
    kept = said(url)
    start = written.index(kept[0])
    assert kept == written[start : start + len(kept)]


def test_no_backup_is_overwritten(url: str, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    say(ledger := Ledger(url), "before-01")
    ledger.close()
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(CommandError, match="已存在"):
        back_up(url, tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "mine"


@pytest.mark.parametrize("content", [b"", b"no backup at all", b"SQLite format 3\x00" + b"\xff" * 5000, b"PGDMP\x00"])
def test_what_is_no_backup_is_refused(url: str, tmp_path: Path, content: bytes) -> None:
    """The database stays as it was, and no half-made file lies about."""
    say(ledger := Ledger(url), "before-01")
    ledger.close()
    (tmp_path / "kept").write_bytes(content)
    with pytest.raises(CommandError):
        bring_back(url, tmp_path / "kept")
    assert said(url) == ["before-01"]
    assert list(tmp_path.rglob("*.new")) == []


def test_a_corrupt_database_can_be_restored(tmp_path: Path) -> None:
    """That is what a backup is for; the damaged file lies beside the new one."""
    url = f"sqlite:///{tmp_path}/duanka.db"
    say(ledger := Ledger(url), "before-01")
    back_up(url, tmp_path / "kept")
    ledger.close()
    (tmp_path / "duanka.db").write_bytes(b"damaged" * 1000)
    aside = bring_back(url, tmp_path / "kept")
    assert aside is not None
    assert aside.read_bytes() == b"damaged" * 1000
    assert said(url) == ["before-01"]


def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    """Both say so, and leave no file behind; the password is not repeated."""
    url = "postgresql://duanka:geheim@127.0.0.1:9/none"
    (tmp_path / "kept").write_bytes(b"PGDMP")
    for attempt in (lambda: back_up(url, tmp_path / "new"), lambda: bring_back(url, tmp_path / "kept")):
        with pytest.raises(CommandError) as failure:
            attempt()
        assert "geheim" not in failure.value.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_nothing_to_back_up_yet(tmp_path: Path) -> None:
    """A database that is not there is not made by being backed up."""
    with pytest.raises(CommandError, match="还没有"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "kept")
    assert list(tmp_path.iterdir()) == []


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`duanka backup FILE` and `duanka restore FILE`, with the database of the settings; what is wrong exits with 1."""
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/duanka.db")
    with closing(sqlite3.connect(tmp_path / "duanka.db")) as database, database:
        database.execute("create table kept (text)")
    run, file = CliRunner(), str(tmp_path / "kept")
    assert run.invoke(app, ["backup", file]).exit_code == 0
    again = run.invoke(app, ["backup", file])
    assert (again.exit_code, "已存在" in again.output) == (1, True)
    back = run.invoke(app, ["restore", file])
    assert (back.exit_code, "duanka.db.before-" in back.output.replace("\n", "")) == (0, True)
    assert run.invoke(app, ["restore", str(tmp_path / "none")]).exit_code == 1
