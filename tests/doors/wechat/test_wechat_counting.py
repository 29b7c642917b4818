"""QR codes and the menu, counted: at two processes of the real door, as the staff's page shows them, and one alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from redis_program import redis_program
from simulated_wechat import CREDENTIALS, WeChat
from sqlalchemy.exc import OperationalError
from staff_door import PASSWORD, Staff, staff_door
from wechat_door import doors

from bot.doors.desk.access import hash_password
from bot.doors.wechat import counting
from bot.doors.wechat.counting import MOST_WAITING, Counting, key_of
from bot.keeping.tallies import Tallied

EVENTS = (
    {"Event": "subscribe", "EventKey": "qrscene_社区海报"},
    {"Event": "SCAN", "EventKey": "社区海报"},
    {"Event": "subscribe", "EventKey": "qrscene_<b>13912345678"},
    {"Event": "CLICK", "EventKey": "topic:report"},
    {"Event": "CLICK", "EventKey": "emergency"},
    {"Event": "CLICK", "EventKey": "topic:of-last-year"},
    {"Event": "VIEW", "EventKey": "https://a.example.cn/webhooks/web/chat?who=oCounted"},
    {"Event": "subscribe", "EventKey": ""},
)


def test_two_processes_and_the_staffs_page(tmp_path: Path) -> None:
    """Each event once, whichever process gets it again; the page names what was tapped, and nobody who did."""
    with redis_program() as redis, doors(tmp_path, {**CREDENTIALS, "redis_url": redis.url}, 2) as pair:
        asyncio.run(_come(WeChat([each.url for each in pair])))
    environment = {
        "DUANKA_STAFF_PASSWORD": hash_password(PASSWORD),
        "DUANKA_DATABASE": f"sqlite:///{tmp_path}/door.db",
    }
    with staff_door(tmp_path, environment) as staff:
        staff.log_in()
        assert rows(staff, "") == {
            "社区海报": ["4", "2", "4", "2"],
            "<b>〔电话已隐去〕": ["2", "2", "2", "2"],
            "举报": ["2", "2"],
            "紧急求助": ["2", "2"],
            "topic:of-last-year": ["2", "2"],
            "https://a.example.cn/webhooks/web/chat": ["2", "2"],
        }
        assert rows(staff, "?day=2020-01-02") == {}
        assert "<b>〔" not in staff.get().text
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("door*"))
    for trace in (b"13912345678", b"oCounted", b"oFollower"):
        assert trace not in kept


async def _come(wechat: WeChat) -> None:
    """Two followers do each of it; WeChat sends each event three times."""
    for follower in ("oFollower1", "oFollower2"):
        for told in EVENTS:
            event = wechat.message(follower, MsgType="event", **told)
            await asyncio.gather(*(wechat.push(event) for _ in range(3)))


def rows(staff: Staff, query: str) -> Mapping[str, list[str]]:
    """The counts of the page, by name."""
    page = staff.page(query)
    cells = [each for each in page.elements if each.tag in ("td", "th") and each.attributes.get("scope") != "col"]
    found: dict[str, list[str]] = {}
    for cell in cells:
        if cell.tag == "th":
            found[cell.text] = []
        else:
            found[list(found)[-1]].append(cell.text)
    return {name: counts for name, counts in found.items() if not name.endswith(" 时")}


class Table:
    """Where the database would be; ill for so many calls."""

    def __init__(self, ill: int = 0) -> None:
        self.ill, self.kept = ill, dict[tuple[str, str], int]()
        self.closed = False

    def add(self, counted: Mapping[Tallied, int]) -> None:
        if self.ill:
            self.ill -= 1
            raise OperationalError("insert", {}, Exception("locked"))
        for what, times in counted.items():
            assert what.day == date.today()
            self.kept[what.door, what.key] = self.kept.get((what.door, what.key), 0) + times

    def close(self) -> None:
        self.closed = True


def counted(ill: int, keys: list[str], monkeypatch: pytest.MonkeyPatch) -> Table:
    """What a table has after these were noted and the door was closed."""
    monkeypatch.setattr(counting, "AGAIN_SECONDS", 0.01)
    table = Table(ill)

    async def scene() -> None:
        tallies: Any = table
        counts = Counting(tallies, "wecom")
        for key in keys:
            counts.note("menu", key)
            await asyncio.sleep(0)
        await asyncio.sleep(0.2 if ill < 5 else 0)
        await counts.close()

    asyncio.run(scene())
    return table


def test_an_ill_database(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """What it did not take is added once it is well, once; a door that is closed meanwhile ends all the same."""
    assert counted(3, ["a", "b", "a"], monkeypatch).kept == {("wecom", "a"): 2, ("wecom", "b"): 1}
    for_good = counted(10_000, ["gone-scene"], monkeypatch)
    assert (for_good.kept, for_good.closed) == ({}, True)
    assert "OperationalError" in caplog.text
    assert "gone-scene" not in caplog.text


def test_scenes_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is ill they take no more memory than is set; none goes uncounted."""
    table = counted(1, [f"scene {number}" for number in range(MOST_WAITING + 50)], monkeypatch)
    assert sum(table.kept.values()) == MOST_WAITING + 50


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("1714037059", "1714037059"),
        ("100001", "100001"),
        ("13912345678", "〔电话已隐去〕"),
        ("张三的码 13912345678", "张三的码 〔电话已隐去〕"),
        ("a\u202eb\x00c\ud800 ", "abc"),
        ("长" * 300, "长" * 100),
    ],
)
def test_what_is_kept_of_a_key(key: str, kept: str) -> None:
    """A scene's number as it is; nothing personal, nothing that a database or a page cannot hold."""
    assert key_of(key) == kept
