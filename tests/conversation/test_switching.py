"""A door looks at its switch: soon after it was turned, never for long, and as it was when the database is ill."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.conversation import switching
from bot.conversation.switching import Switch
from bot.keeping.switches import Switches


class Stuck(Switches):
    """A database that answers only when it is let go; counts who asks at the same time."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.go = threading.Event()
        self.asked = 0

    def off(self) -> Mapping[str, float]:
        self.asked += 1
        self.go.wait()
        return {"web": 1.0}


class Sick(Switches):
    """A database that is well at first and then fails."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.well = True

    def off(self) -> Mapping[str, float]:
        if self.well:
            return {"web": 1.0}
        raise OperationalError("SELECT", {}, Exception("down"))


def over(switches: Switches) -> Switch:
    switch = Switch("sqlite://", "web")
    switch._switches = switches
    return switch


def test_it_follows_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each door its own switch; looked up at most once in a while."""
    monkeypatch.setattr(switching, "LONGEST_SECONDS", 60.0)
    url = f"sqlite:///{tmp_path}/doors.db"

    def remembered(seconds: float) -> None:
        monkeypatch.setattr(switching, "REMEMBERED_SECONDS", seconds)

    async def scene() -> list[bool]:
        desk, web, wechat = Switches(url), Switch(url, "web"), Switch(url, "wechat")
        remembered(3600.0)
        seen = [await web.is_off()]
        desk.turn_off("web", 1.0)
        seen.append(await web.is_off())
        remembered(0.0)
        seen += [await web.is_off(), await wechat.is_off()]
        desk.turn_on("web")
        seen.append(await web.is_off())
        desk.close()
        return seen

    assert asyncio.run(scene()) == [False, False, True, False, False]


def test_a_stuck_database_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred who ask meanwhile have their answer while it hangs, on one thread; what it says at last is taken."""
    monkeypatch.setattr(switching, "LONGEST_SECONDS", 0.2)
    stuck = Stuck()

    async def scene() -> None:
        switch = over(stuck)
        assert await asyncio.gather(*(switch.is_off() for _ in range(100))) == [False] * 100
        assert stuck.asked == 1
        stuck.go.set()
        while not await switch.is_off():
            await asyncio.sleep(0.01)

    asyncio.run(scene())


def test_an_ill_database_changes_nothing(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A door that was closed stays closed, one that nobody could look up is open; the log says so."""
    monkeypatch.setattr(switching, "REMEMBERED_SECONDS", 0.0)

    async def scene() -> None:
        sick = Sick()
        switch = over(sick)
        assert await switch.is_off()
        sick.well = False
        assert await switch.is_off()
        assert not await over(sick).is_off()

    with caplog.at_level(logging.ERROR, logger="bot"):
        asyncio.run(scene())
    assert "OperationalError" in caplog.text
