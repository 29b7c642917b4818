"""The topics at the door: read beside everything else, so that a slow folder keeps nobody waiting."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from simulated_wechat import CREDENTIALS
from virtual_time import play

from bot.answering.reply import Reply
from bot.conversation.turns import Turns
from bot.doors.wechat import channel
from bot.doors.wechat.channel import TOPICS_SECONDS
from bot.doors.wechat.credentials import read_credentials
from bot.doors.wechat.envelope import Envelope
from bot.doors.wechat.incoming import Incoming, Kind
from bot.doors.wechat.ttl_store import MemoryNotes
from bot.knowledge.catalogue import Shown
from bot.reading.records import Library, Topic

TOPIC = Topic("sell", "卖卡", ("卖卡会怎样？",), ())


class Slow:
    """A catalogue that takes its time; counts how often it is asked."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.asked = seconds, 0

    async def take(self) -> Shown:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        return Shown(Library(), (TOPIC,))


def door(catalogue: Any) -> Any:
    """A door with nothing behind it."""

    async def ask(text: str, *_: Any) -> Reply | None:
        return Reply(text, {})

    async def forget(_sender: str) -> None:
        return None

    credentials = read_credentials(CREDENTIALS)
    envelope, notes = Envelope(credentials), MemoryNotes()
    return channel._Door(credentials, "wechat", envelope, notes, catalogue, Turns(ask), forget, lambda _way, _key: None)


@pytest.mark.parametrize(
    ("kind", "waits"), [("said", 0.0), ("unheard", 0.0), ("came", TOPICS_SECONDS), ("chosen", TOPICS_SECONDS)]
)
def test_a_slow_folder(kind: Kind, waits: float) -> None:
    """A message does not wait for it at all, a greeting a moment; it is read once, however many come meanwhile."""

    async def scene() -> None:
        catalogue = Slow(60)
        opened, clock = door(catalogue), asyncio.get_running_loop().time
        for _ in range(3):
            begun = clock()
            await opened._topics_for(Incoming("o", "gh", "1", kind))
            assert clock() - begun == pytest.approx(waits, abs=0.01)
        await asyncio.sleep(0)
        assert catalogue.asked == 1
        await asyncio.sleep(61)
        assert opened._replying.greeting == ("卖卡会怎样？",)

    play(scene())


def test_a_folder_that_is_read_in_time() -> None:
    """Whoever comes is greeted with the topics of now."""

    async def scene() -> None:
        opened = door(Slow(0.1))
        await opened._topics_for(Incoming("o", "gh", "1", "came"))
        assert opened._replying.asks == {"topic:sell": "卖卡会怎样？"}

    play(scene())
