"""What the staff page shows, put together from a real database and a copy of the knowledge we ship."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from turn_rows import DAY, turn, unanswered

from bot.answering.records import Understanding
from bot.doors.desk.views import Desk
from bot.keeping.events import EventStore
from bot.knowledge.messages import read_message
from bot.settings import Settings

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 24)
QUESTION = "共享充电宝押金的事要保留什么截图"
NOTICE = """# 桂林反诈提醒：共享充电宝押金

来源：平安桂林

警方提醒：共享充电宝押金被扣，请保留订单截图，不要把银行卡借给自称客服的人，并拨打96110咨询。
"""
NOTHING = Understanding("nlu_fallback", 0.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A copy of the knowledge and a database that is not there yet."""
    knowledge = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
    return Settings(knowledge=knowledge, database=f"sqlite:///{tmp_path}/var/duanka.db")


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """The desk over them."""
    opened = Desk(settings)
    yield opened
    opened.close()


@pytest.fixture
def store(settings: Settings) -> Iterator[EventStore]:
    """The turns, to add some."""
    kept = EventStore(settings.database)
    yield kept
    kept.close()


def within(seconds: float, holds: object) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_day_is_a_day(desk: Desk, store: EventStore) -> None:
    """The first and the last moment belong to it, the next midnight does not."""
    midnight = DAY.timestamp()
    for at in (midnight - 0.001, midnight, midnight + 86400 - 0.001, midnight + 86400):
        store.add(replace(turn(), at=at))
    assert [desk.glance(TODAY + timedelta(days=days)).questions for days in (-1, 0, 1)] == [1, 2, 1]


def test_charts_by_name(desk: Desk, store: EventStore) -> None:
    """Two there are; another name is no chart."""
    store.add(turn())
    for name in ("hours.svg", "topics.svg"):
        drawn = desk.draw(name, TODAY)
        assert drawn
        assert b"<svg" in drawn
    assert desk.draw("other.svg", TODAY) is None


def test_gaps_are_settled(desk: Desk, store: EventStore) -> None:
    """A group with its nearest passage and the file; settled it is gone, asked again it is back."""
    now = time.time()
    store.add(replace(unanswered("银行卡被冻结了怎么解冻"), at=now - 60))
    store.add(replace(unanswered("我的银行卡被冻结怎么解冻呢"), at=now - 50))
    (row,) = desk.gaps()["gaps"]
    assert row["gap"].times == 2
    assert row["passage"].id == "linyi-duanka#p02"
    assert row["file"].name == "linyi-duanka.md"
    desk.settle(row["gap"].settles, now)
    assert desk.gaps()["gaps"] == []
    store.add(replace(unanswered("银行卡被冻结了怎么解冻"), at=now + 1))
    (row,) = desk.gaps()["gaps"]
    assert row["gap"].returned


@pytest.mark.parametrize("question", ["为什么", "还有吗？", "南宁呢", "出处是哪", "那呢"])
def test_a_follow_up_is_no_gap(desk: Desk, store: EventStore, question: str) -> None:
    """Alone it says nothing to an editor; a question of its own beside it stays."""
    for each in (question, "银行卡被冻结了怎么解冻"):
        store.add(replace(unanswered(each), at=time.time() - 60))
    (row,) = desk.gaps()["gaps"]
    assert row["gap"].wordings == (("银行卡被冻结了怎么解冻", 1),)


def test_two_versions_of_the_knowledge(desk: Desk, settings: Settings) -> None:
    """The newest answers with the new bulletin, the one before abstains; a version that is gone is left out."""
    ((before, _),) = desk.versions()
    (settings.bulletins / "guilin.md").write_text(NOTICE, "utf-8")
    assert within(60.0, lambda: len(desk.versions()) == 2)
    newest, older = desk.attempt(read_message(QUESTION), NOTHING, before, TODAY)
    assert newest.answer.outcome == "answer"
    assert older.answer.outcome in ("abstain", "near")
    assert {passage.partition("#")[0] for passage in newest.quoted} == {"guilin"}
    assert newest.read_at > older.read_at
    assert any(candidate.rejected for candidate in older.result.candidates)
    (alone,) = desk.attempt(read_message(QUESTION), NOTHING, "2020-01-01T00:00:00", TODAY)
    assert alone.read_at == newest.read_at


def test_bulletins_with_their_state(desk: Desk, settings: Settings, store: EventStore) -> None:
    """How often each was cited, what is old, and what was withdrawn, which comes last."""
    store.add(replace(turn(), at=time.time()))
    (settings.bulletins / "linyi-duanka.yml").write_text("withdrawn: 2026-11-01\n", "utf-8")
    rows = {row["bulletin"].stem: row for row in desk.bulletins(TODAY)["rows"]}
    assert rows["linyi-duanka"]["cited"].times == 1
    assert list(rows)[-1] == "linyi-duanka"
    assert rows["linyi-duanka"]["bulletin"].withdrawn == date(2026, 11, 1)
    assert all(row["old"] == (row["bulletin"].published < date(2024, 11, 24)) for row in rows.values()
               if row["bulletin"].published)  # fmt: skip


def test_what_the_staff_should_know_at_once(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    """Doors that are off, bulletins that cannot be read, and an action server that cannot read the folder."""
    assert desk.notices() == []
    desk.switch("wechat", True, 1.0)
    (tmp_path / "var/knowledge.json").write_text(json.dumps({"failed": "没有权限", "problems": []}), "utf-8")
    assert desk.notices() == ["微信公众号渠道已关闭。", "正在回答的服务读不出知识文件夹：没有权限"]
    desk.switch("wechat", False, 2.0)
    (settings.bulletins / "guilin.md").write_bytes(b"\xff\xfe\x00broken")
    assert within(60.0, lambda: any("guilin.md" in notice for notice in desk.notices()))
    assert not any("关闭" in notice for notice in desk.notices())


def test_a_broken_database_is_raised(settings: Settings, tmp_path: Path) -> None:
    """The page, not the desk, says it in words."""
    (tmp_path / "broken.db").write_bytes(b"not a database at all, only long enough " * 40)
    sick = Desk(replace(settings, database=f"sqlite:///{tmp_path}/broken.db"))
    for call in (lambda: sick.glance(TODAY), sick.gaps, sick.notices, lambda: sick.settle(["甲"], 1.0)):
        with pytest.raises(SQLAlchemyError):
            call()
    sick.close()
