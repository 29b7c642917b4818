"""`duanka purge`, as an operator runs it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.keeping.events import EventStore, TurnEvent
from bot.keeping.web_sessions import Ledger

ROOT = Path(__file__).parents[2]
DAY = 86_400.0


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with a turn of forty days ago and one of today."""
    monkeypatch.chdir(ROOT)
    where = f"sqlite:///{tmp_path}/kept/duanka.db"
    monkeypatch.setenv("DUANKA_DATABASE", where)
    for age, said in ((40, "四十天前的话"), (0, "今天的话")):
        at = time.time() - age * DAY
        ledger, turns = Ledger(where, lambda at=at: at), EventStore(where)  # type: ignore[misc]
        ledger.open_session(f"web-{age}")
        ledger.claim(f"web-{age}", "m-000001", said)
        turns.add(TurnEvent(at, f"web-{age}", "web", said, "penalty", 0.9, "answer"))
        ledger.close()
        turns.close()


@pytest.mark.usefixtures("kept")
def test_it_says_how_much_is_gone(tmp_path: Path) -> None:
    """Only what is older than the setting, and not a byte of it is left."""
    done = CliRunner().invoke(app, ["purge"])
    assert done.exit_code == 0, done.output
    assert "超过 30 天的已删除：对话事件 0 条，网页问答 1 条；工作页上 1 条提问去掉了文字" in done.output
    files = [file.read_bytes() for file in (tmp_path / "kept").iterdir()]
    assert not any("四十天前的话".encode() in each for each in files)
    assert any("今天的话".encode() in each for each in files)


@pytest.mark.usefixtures("kept")
def test_the_setting_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept for longer, nothing goes."""
    monkeypatch.setenv("DUANKA_KEEP_DAYS", "60")
    assert "超过 60 天的已删除：对话事件 0 条，网页问答 0 条" in CliRunner().invoke(app, ["purge"]).output


def test_a_database_out_of_reach_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Exit 1 and a sentence, without what SQLAlchemy says."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}")
    failed = CliRunner().invoke(app, ["purge"])
    assert failed.exit_code == 1
    assert "数据库暂时不可用（OperationalError）" in failed.output
