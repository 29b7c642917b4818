"""`duanka gaps` and `duanka questions suggest`, as an editor runs them: a real database, the bulletins we ship."""

from __future__ import annotations

import csv
import shutil
import time
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.evaluate import read_questions
from bot.commands.gaps import begin_of
from bot.keeping.events import Considered, EventStore, TurnEvent

ROOT = Path(__file__).parents[2]
NEAR = Considered("linyi-duanka#p02", 0.3, "依据不足")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EventStore:
    """A project of its own to stand in: the knowledge, the golden questions, a database with some turns."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    shutil.copytree(ROOT / "tests" / "questions", tmp_path / "tests" / "questions")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/duanka.db")
    kept = EventStore(f"sqlite:///{tmp_path}/duanka.db")
    for minutes, question in enumerate(["银行卡被冻结了怎么解冻", "我的银行卡被冻结怎么解冻呢", "=1+1能退税吗"]):
        at = time.time() - 3600 + 60 * minutes
        kept.add(TurnEvent(at, "web-1", "web", question, "x", 0.5, "abstain", considered=(NEAR,)))
    kept.close()
    return kept


def run(*words: str, typed: str = "") -> str:
    result = CliRunner().invoke(app, words, input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.usefixtures("store")
def test_the_biggest_group_first_with_the_nearest_passage_and_the_file() -> None:
    """What an editor needs to go on: how often, why, how it was put, what came closest, where to look."""
    output = run("gaps")
    first, second = output.index("1. 2 次"), output.index("2. 1 次")
    assert first < output.index("我的银行卡被冻结怎么解冻呢") < second < output.index("=1+1能退税吗")
    assert "没有答案 2" in output
    assert "最接近：linyi-duanka#p02（答得上的可能 30%）" in output
    assert "可看：knowledge/bulletins/linyi-duanka.md" in output
    assert "共 2 组，3 次提问（最近 30 天）" in output


def test_nothing_comes_close(store: EventStore) -> None:
    """Where more speaks against the closest passage than for it, none is named, and the folder is shown."""
    far = Considered("linyi-duanka#p02", 0.0, "依据不足")
    for minute in range(3):
        asked = time.time() - minute
        store.add(TurnEvent(asked, "web-1", "web", "商标注册要多久", "x", 0.5, "abstain", considered=(far,)))
    first = run("gaps", "--most", "1")
    assert "没有相近的段落" in first
    assert "最接近" not in first
    assert "可看：knowledge/bulletins\n" in first


def test_done_and_back(store: EventStore) -> None:
    """A group dealt with is gone; asked again, it is back and says so."""
    assert "已处理：" in run("gaps", "--done", "1")
    assert "共 1 组，1 次提问" in run("gaps")
    store.add(TurnEvent(time.time() + 1, "web-2", "web", "银行卡被冻结了怎么解冻", "x", 0.5, "abstain"))
    assert "（处理过，又有人问）" in run("gaps")
    assert "现在只有 1 到 2 组" in run("gaps", "--done", "9")


@pytest.mark.usefixtures("store")
def test_a_table_for_excel(tmp_path: Path) -> None:
    """Excel reads the Chinese, and takes no question for a formula."""
    run("gaps", "--csv", str(tmp_path / "gaps.csv"))
    raw = (tmp_path / "gaps.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert rows[1][0] == "2"
    assert rows[2][2] == "'=1+1能退税吗"


@pytest.mark.usefixtures("store")
def test_golden_questions_are_confirmed_one_by_one() -> None:
    """What the editor confirms stands in the topic's file in the form that `duanka eval` reads; the rest does not."""
    before = {question.id for question in read_questions([Path("tests/questions")])}
    output = run("questions", "suggest", typed="9\n2\n\n")
    assert "请写 1 或 2" in output
    assert "确认了 1 条，写在 tests/questions/out_of_scope.yml" in output
    (new,) = [question for question in read_questions([Path("tests/questions")]) if question.id not in before]
    assert (new.expect, new.topic) == ("abstain", "out_of_scope")
    assert "冻结" in new.text
    again = run("questions", "suggest", typed="1\n\n")
    assert new.text not in again
    answers = [question for question in read_questions([Path("tests/questions")]) if question.id not in before]
    assert [question.evidence[0][0] for question in answers if question.expect == "answer"] == ["linyi-duanka"]


@pytest.mark.usefixtures("store")
def test_who_leaves_keeps_what_was_confirmed() -> None:
    """Ctrl-C, or nobody there to answer: a sentence with what was written, no traceback and no English."""
    output = run("questions", "suggest", typed="2\n")
    assert output.endswith("确认了 1 条，写在 tests/questions/out_of_scope.yml\n")


def test_without_a_passage_only_no_answer_can_be_confirmed(store: EventStore) -> None:
    """Nothing is above that could be quoted."""
    for _ in range(3):
        store.add(TurnEvent(time.time(), "web-1", "web", "商标注册要多久", "x", 0.5, "abstain"))
    output = run("questions", "suggest", "--most", "1", typed="1\n2\n")
    assert "怎样才对？[2] 该说没有答案" in output
    assert "确认了 1 条" in output


def test_since() -> None:
    """A day, or so many days; anything else says what is allowed."""
    now = datetime(2026, 11, 24, 12)
    assert begin_of("2d", now) == datetime(2026, 11, 22, 12).timestamp()
    assert begin_of("2026-11-01", now) == datetime(2026, 11, 1).timestamp()
    with pytest.raises(ValueError, match="可以写日期"):
        begin_of("上周", now)


def test_a_database_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A sentence instead of a traceback."""
    (tmp_path / "broken.db").write_text("not a database, but long enough to be taken for one" * 20)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/broken.db")
    assert "读不到记录" in run("gaps")


@pytest.mark.usefixtures("store")
def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Which one, in a sentence."""
    shutil.rmtree(tmp_path / "knowledge" / "bulletins")
    assert "打不开 knowledge/bulletins（" in run("gaps")
