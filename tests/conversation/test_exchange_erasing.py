"""A session is forgotten between two turns, wherever they are made; nothing of it is owed to the database then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.admission import admit
from bot.conversation.exchange import Budget, Exchange, UnknownSessionError, sender_of
from bot.conversation.ledger_thread import LedgerError
from bot.keeping.web_sessions import Ledger

# Long enough for a busy machine.
PATIENT = Budget(reply=60.0, victim=60.0, ledger=60.0, look=0.02, grace=60.0)


class FailingLedger(Ledger):
    """Is ill for as long as it is told to be."""

    ill = False

    def _begin(self) -> Any:
        if self.ill:
            raise OperationalError("select", {}, Exception("ill"))
        return super()._begin()


class Stage:
    """An exchange whose assistant waits to be let go, over a database where a session is forgotten by deleting it."""

    def __init__(self, ledger: Ledger, budget: Budget) -> None:
        self.ledger, self.asked, self.forgotten = ledger, 0, 0
        self.answer = asyncio.Event()
        self.exchange = Exchange(ledger, self._ask, budget)

    async def forget(self, sender: str) -> None:
        """Stand in for the database's."""
        self.forgotten += 1
        await asyncio.to_thread(self.ledger.erase, sender)

    async def _ask(self, message: Message, _sender: str) -> Reply:
        text = message.masked
        self.asked += 1
        await self.answer.wait()
        return Reply(f"答：{text}", {})


def play(scene: Callable[[Stage], Awaitable[None]], ledger: Ledger, budget: Budget = PATIENT) -> None:
    """Run a scene, and close its exchange."""

    async def run() -> None:
        stage = Stage(ledger, budget)
        try:
            await asyncio.wait_for(scene(stage), 120.0)
        finally:
            stage.exchange.close()

    asyncio.run(run())


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of the test's own."""
    return f"sqlite:///{tmp_path}/web.db"


def test_what_is_being_answered_is_answered_first(url: str) -> None:
    """Then all of it goes; what is asked while it goes finds no session."""

    async def scene(stage: Stage) -> None:
        token = await stage.exchange.open()
        asking = asyncio.create_task(stage.exchange.message(token, "m-000001", admit("你好")))
        while not stage.asked:
            await asyncio.sleep(0.01)
        erasing = asyncio.create_task(stage.exchange.erase(token, stage.forget))
        await asyncio.sleep(0.2)
        assert not stage.forgotten
        with pytest.raises(UnknownSessionError):
            await stage.exchange.message(token, "m-000002", admit("还在吗"))
        stage.answer.set()
        assert (await asking).reply == Reply("答：你好", {})
        await erasing
        assert (stage.asked, stage.forgotten) == (1, 1)
        for call in (stage.exchange.history(token), stage.exchange.erase(token, stage.forget)):
            with pytest.raises(UnknownSessionError):
                await call

    play(scene, Ledger(url))


def test_what_another_process_answers_is_waited_for(url: str) -> None:
    """Its reply comes, and only then everything goes."""
    other = Ledger(url)

    async def scene(stage: Stage) -> None:
        token = await stage.exchange.open()
        other.claim(sender_of(token), "m-000001", "你好")
        finished: list[Reply] = []
        finish = (sender_of(token), "m-000001", Reply("那边的", {}))
        threading.Timer(0.3, lambda: finished.append(other.finish(*finish))).start()
        await stage.exchange.erase(token, stage.forget)
        assert (len(finished), stage.forgotten) == (1, 1)
        assert other.history(sender_of(token)) is None

    play(scene, Ledger(url))
    other.close()


def test_who_was_killed_is_not_waited_for_long(url: str) -> None:
    """A message whose process is gone has no reply, ever: it goes with the rest."""
    other = Ledger(url)

    async def scene(stage: Stage) -> None:
        token = await stage.exchange.open()
        other.claim(sender_of(token), "m-000001", "你好")
        await stage.exchange.erase(token, stage.forget)
        assert other.history(sender_of(token)) is None

    play(scene, Ledger(url), Budget(reply=0.2, ledger=60.0, look=0.02, grace=0.1))
    other.close()


def test_an_ill_database_forgets_nothing_and_owes_nothing_afterwards(url: str) -> None:
    """It is told; the next attempt does it, and what the ledger owed of the session is not written after that."""
    ledger = FailingLedger(url)

    async def scene(stage: Stage) -> None:
        stage.answer.set()
        token = await stage.exchange.open()
        ledger.ill = True
        assert (await stage.exchange.message(token, "m-000001", admit("你好"))).reply
        with pytest.raises(LedgerError):
            await stage.exchange.erase(token, stage.forget)
        assert not stage.forgotten
        ledger.ill = False
        await stage.exchange.erase(token, stage.forget)
        await stage.exchange.open()  # whatever was still owed would be written before this
        with pytest.raises(UnknownSessionError):
            await stage.exchange.history(token)

    play(scene, ledger)
