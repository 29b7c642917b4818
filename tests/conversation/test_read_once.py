"""A message is read once, where it comes in; whatever is down, the same messages are emergencies."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.admission import admit
from bot.conversation.concurrency import paced
from bot.conversation.exchange import Exchange
from bot.conversation.limits import Limits, hold, limited
from bot.conversation.turns import Turns
from bot.keeping.web_sessions import Ledger
from bot.knowledge.messages import read_message
from bot.settings import Rates

VICTIMS = ("我刚把验证码念给那个客服了", "我妈被骗走了八千块", "wo bei pian le san qian", "客服让我转帐到安全帐户")
OTHERS = ("身份证丢了怎么办", "刷单是什么骗局", "那些被骗的老人都是怎么上当的", "卖银行卡犯法吗", "〔卡号已隐去〕")
TEXTS = st.one_of(st.sampled_from((*VICTIMS, *OTHERS)), st.text(max_size=60))


def traced(text: str, url: str) -> tuple[Counter[str], str]:
    """Return how often each function of the text room, and the judging, was called for one message of a session."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and ("/bot/text/" in frame.f_code.co_filename or frame.f_code.co_name == "judge"):
            calls[frame.f_code.co_name] += 1

    async def ask(message: Message, _sender: str) -> Reply:
        return Reply(message.kind, {"kind": "chat"})

    async def scene() -> str:
        exchange = Exchange(Ledger(url), limited(paced(ask), Limits(Rates()), "follower", "web"))
        token = await exchange.open()
        sys.setprofile(note)
        try:
            turn = await exchange.message(token, "message-1", exchange.admit(token, text))
        finally:
            sys.setprofile(None)
        exchange.close()
        assert turn.reply
        return turn.reply.text

    return calls, asyncio.run(scene())


@pytest.mark.parametrize("text", ["我的身份证丢了，怎么补办", "我刚被骗了三千，验证码也给他了"])
def test_nothing_is_read_twice(text: str, tmp_path: Path) -> None:
    """Judged once, masked once, and normalised a few times within that reading, from the door to the assistant."""
    read_message(text)  # the words are loaded
    calls, said = traced(text, f"sqlite:///{tmp_path}/ledger.sqlite")
    assert said == read_message(text).kind
    assert calls["judge"] == 1
    assert calls["mask"] <= 2
    assert 1 <= calls["normalise"] <= 6


def test_rasa_and_the_action_get_it_as_it_was_read() -> None:
    """What goes along has what they need, and nothing of what was typed."""
    read = read_message("我的卡6222021234567890128被刷了")
    assert Message.from_dict(read.as_dict()) == Message(read.masked, *_after(read))
    assert "6222021234567890128" not in str(read.as_dict())


def _after(read: Message) -> tuple[Any, ...]:
    return read.masked, read.clean, read.mended, read.personal, read.kind, read.why, read.too_long


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_on_a_bad_day_the_same_messages_are_emergencies(text: str) -> None:
    """With the model dead, the limit reached, the action down: as on a good day."""
    admitted = admit(text)
    emergency = admitted.message.kind == "victim"

    async def dead(_message: Message, _sender: str) -> Reply | None:
        raise RuntimeError

    broken = asyncio.run(Turns(dead).take("me", admitted.message, 5.0))
    held = hold(admitted.message, 3)
    assert held
    assert (broken.custom["kind"] == "emergency") is emergency
    assert (held.answer.outcome == "emergency") is emergency
    assert (Message.from_dict(admitted.message.as_dict()) or admitted.message).kind == admitted.message.kind
    assert (apology(admitted.message).outcome == "emergency") is emergency


def test_there_are_emergencies_among_them() -> None:
    """The property above would hold of none, too."""
    assert [text for text in VICTIMS if read_message(text).kind != "victim"] == []
    assert [text for text in OTHERS if read_message(text).kind == "victim"] == []
