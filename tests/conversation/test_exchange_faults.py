"""The exchange when its database may not be written, and when the clock jumps."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.admission import admit
from bot.conversation.exchange import Budget, Exchange, sender_of
from bot.conversation.ledger_thread import LedgerError
from bot.keeping.web_sessions import Ledger

# Patient with a busy machine; who waits for a process that was killed waits half a second.
PATIENT = Budget(reply=60.0, victim=60.0, ledger=60.0, look=0.02, grace=60.0)
SHORT = replace(PATIENT, reply=0.4, grace=0.2)
NOBODY, DAY = 65534, 86400.0


class Clock:
    """The time, as the test sets it."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """Return it."""
        return self.now


async def echo(message: Message, _sender: str) -> Reply:
    """Stands for the assistant."""
    text = message.masked
    return Reply(f"回复：{text}", {"kind": "chat"})


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may read."""
    made = Path(tempfile.mkdtemp(prefix="duanka-faults-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Within the block nobody may write in the folder: not root either, who becomes someone else meanwhile."""
    was = os.geteuid()
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o644)


def test_a_database_that_may_not_be_written(folder: Path) -> None:
    """All are answered, from the first message after a start; once it may be written, all of it is kept, in order."""
    ledger = Ledger(f"sqlite:///{folder}/web.db")

    async def scene() -> None:
        exchange = Exchange(ledger, echo, PATIENT)
        token = await exchange.open()
        await exchange.message(token, "message-1", admit("一"))
        exchange.close()
        later = Exchange(ledger, echo, PATIENT)
        with unwritable(folder):
            for id, text in (("message-2", "二"), ("message-3", "三")):
                turn = await later.message(token, id, admit(text))
                assert turn.reply == Reply(f"回复：{text}", {"kind": "chat"})
            # What was handed to the ledger's thread is tried, and refused, before anybody may write again.
            with pytest.raises(LedgerError):
                await vars(later)["_thread"].do(lambda: None)
        assert [turn.id for turn in Ledger(f"sqlite:///{folder}/web.db").history(sender_of(token)) or ()] == [
            "message-1"
        ]
        await later.message(token, "message-4", admit("四"))
        turns = await later.history(token)
        assert [(turn.text, turn.reply and turn.reply.text) for turn in turns] == [
            (text, f"回复：{text}") for text in "一二三四"
        ]
        later.close()

    asyncio.run(scene())


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_the_clock_jumps_while_a_message_waits(tmp_path: Path, jump: float) -> None:
    """A day back or forth: whoever waits for a process that was killed is answered in time, and there is one reply."""
    clock = Clock()
    ledger = Ledger(f"sqlite:///{tmp_path}/web.db", clock)

    async def scene() -> None:
        exchange = Exchange(ledger, echo, SHORT)
        token = await exchange.open()
        Ledger(f"sqlite:///{tmp_path}/web.db", clock).claim(sender_of(token), "message-1", "一")  # then it is killed
        clock.now += jump
        turn = await asyncio.wait_for(exchange.message(token, "message-1", admit("一")), 120.0)
        assert turn.reply == Reply("回复：一", {"kind": "chat"})
        clock.now -= jump
        await exchange.message(token, "message-2", admit("二"))
        assert [each.id for each in await exchange.history(token)] == ["message-1", "message-2"]
        exchange.close()

    asyncio.run(scene())


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_the_clock_jumps_while_two_processes_answer(tmp_path: Path, jump: float) -> None:
    """Should the other one take the message over too early, the first reply stands for both."""
    clock, url = Clock(), f"sqlite:///{tmp_path}/web.db"
    asked: list[str] = []

    async def slow(message: Message, _sender: str) -> Reply:
        text = message.masked
        asked.append(text)
        number = len(asked)
        await asyncio.sleep(0.2)
        return Reply(f"第{number}个回复", {"kind": "chat"})

    async def scene() -> None:
        one, other = Exchange(Ledger(url, clock), slow, SHORT), Exchange(Ledger(url, clock), slow, SHORT)
        token = await one.open()
        first = asyncio.create_task(one.message(token, "message-1", admit("一")))
        await asyncio.sleep(0.1)
        clock.now += jump
        turns = await asyncio.gather(first, other.message(token, "message-1", admit("一")))
        assert turns[0].reply == turns[1].reply
        assert len(await one.history(token)) == 1
        one.close()
        other.close()

    asyncio.run(scene())
