"""Tells a duty officer of an emergency, and of who asks for a person: one webhook, off unless it is configured.

What goes out is the masked text that is stored too, never who sent it. A reply waits for none of it: what the address
does not take is sent again for some minutes, then given up, and the log says so without a word of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from bot.answering import sentences
from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.records import Answer
from bot.answering.reply import Reply
from bot.conversation.assistant import Ask
from bot.keeping.switches import CHANNELS
from bot.reading.dates import CHINA
from bot.settings import Settings
from bot.text.normalise import normalise

logger = logging.getLogger(__name__)

Why = Literal["emergency", "person"]
WORDS: Mapping[Why, str] = {"emergency": "有人可能正在被骗", "person": "有人要求人工答复"}
SECONDS = 5.0
# Pauses before it is sent again; more than these are not tried.
PAUSES = (2.0, 10.0, 30.0, 120.0)
AGAIN_AFTER = 60.0
# What waits to be taken; of more, the newest are let go.
MOST_WAITING = 500
MOST_CHARACTERS = 300
# Where a group's robot of 企业微信 is told something; it has a format of its own.
_ROBOT = "qyapi.weixin.qq.com"
_PERSON = re.compile(
    r"(?:请|帮我|我要|我想|想|能不能|可以|麻烦|给我){0,4}(?:转|接|找|换|叫|要|联系|跟|和)?一?(?:下|个|位)?"
    r"(?:人工(?:客服|服务|坐席)?|真人(?:客服)?|客服|民警|警官|值班(?:人员|民警)|工作人员)"
    r"(?:服务|说话|答复|回答|聊聊|说|吗|吧|呢)?"
)


@dataclass(frozen=True)
class Notice:
    """Why a duty officer is told, what the person wrote (masked), by which door, in which conversation, and when."""

    why: Why
    text: str
    door: str
    conversation: str
    at: float

    @classmethod
    def of(cls, why: Why, text: str, door: str, sender: str) -> Notice:
        """Return the notice of a message; the conversation is named by a hash that leads to nobody."""
        name = hashlib.sha256(sender.encode("utf-8", "replace")).hexdigest()[:8]
        return cls(why, text[:MOST_CHARACTERS], door, name, time.time())


def asks_for_a_person(text: str) -> bool:
    """Whether a message asks for nothing but a person to talk to."""
    word = re.sub(r"[\s，,。.！!？?~、]+", "", normalise(text))
    return bool(word) and _PERSON.fullmatch(word) is not None


@dataclass
class Duty:
    """Where notices go: a URL, and a secret to sign with (plain JSON)."""

    url: str
    secret: str = field(default="", repr=False)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    _told: OrderedDict[tuple[Why, str], float] = field(default_factory=OrderedDict, repr=False)

    def tell(self, notice: Notice) -> bool:
        """Send a notice, without waiting for it; return whether it is under way, or was a moment ago.

        Of one conversation and for one reason once in `AGAIN_AFTER` seconds: nobody floods the officer.
        """
        known = notice.why, notice.conversation
        if notice.at - self._told.get(known, 0.0) < AGAIN_AFTER:
            return True
        if len(self._under_way) >= MOST_WAITING:
            logger.error("the duty officer was not told: %d notices wait already", MOST_WAITING)
            return False
        self._told[known] = notice.at
        self._told.move_to_end(known)
        while len(self._told) > MOST_WAITING:
            self._told.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._deliver(notice))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return True

    async def _deliver(self, notice: Notice) -> None:
        for pause in (*PAUSES, None):
            if wrong := await self._sent(notice):
                logger.warning("the duty officer's address did not take a notice: %s", wrong)
            else:
                return
            if pause is not None:
                await asyncio.sleep(pause)
        logger.error("the duty officer was not told: given up after %d times", len(PAUSES) + 1)

    async def _sent(self, notice: Notice) -> str:
        """Send it once; return what was wrong, "" when it was taken."""
        body, headers = self.request(notice)
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=False) as http,
                http.post(self.url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                if response.status >= 300:
                    return f"HTTP {response.status}"
                return _refused(await response.read()) if self._is_robot else ""
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            return type(error).__name__  # its text would name the address, which holds a key

    def request(self, notice: Notice) -> tuple[bytes, dict[str, str]]:
        """Return body and headers, in the form of a 企业微信 robot or as plain JSON with a signature."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self._is_robot:
            return _json({"msgtype": "text", "text": {"content": _told(notice)}}), headers
        body = _json(
            {
                "why": notice.why,
                "text": notice.text,
                "door": notice.door,
                "conversation": notice.conversation,
                "at": datetime.fromtimestamp(notice.at, CHINA).isoformat(timespec="seconds"),
            }
        )
        if self.secret:
            stamp = str(int(time.time()))
            signed = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            headers |= {"X-Duanka-Timestamp": stamp, "X-Duanka-Signature": f"sha256={signed}"}
        return body, headers

    @property
    def _is_robot(self) -> bool:
        return urlsplit(self.url).hostname == _ROBOT


def handing_over(ask: Ask, door: str, duty: Duty | None) -> Ask:
    """Return `ask`, whose emergencies and whose wishes for a person the duty officer is told of; without one, `ask`."""
    if duty is None:
        return ask

    async def asked(message: Message, sender: str) -> Reply | None:
        text = message.masked
        if asks_for_a_person(text):
            told = duty.tell(Notice.of("person", text, door, sender))
            return Reply.of(Answer("chat", sentences.HANDED_OVER if told else sentences.NOT_HANDED_OVER))
        reply: Reply | None = None
        try:
            reply = await ask(message, sender)
        finally:
            # However it ended: one that is late or broken is answered as an apology is.
            if (reply.custom.get("kind") if reply else apology(message).outcome) == "emergency":
                duty.tell(Notice.of("emergency", text, door, sender))
        return reply

    return asked


@cache
def duty_of(settings: Settings) -> Duty | None:
    """Return the duty officer of this process, None when none is configured."""
    return Duty(settings.duty_webhook, settings.duty_secret) if settings.duty_webhook else None


def _told(notice: Notice) -> str:
    when = datetime.fromtimestamp(notice.at, CHINA).strftime("%m月%d日 %H:%M:%S")
    door = CHANNELS.get(notice.door, notice.door)
    said = f"原话（已隐去号码）：{notice.text}"
    return f"【断卡问答】{WORDS[notice.why]}\n{when}，{door}，会话 {notice.conversation}\n{said}"


def _refused(body: bytes) -> str:
    """Return what a robot answers when it refuses."""
    answer: Any = json.loads(body)
    code = answer.get("errcode") if isinstance(answer, dict) else None
    return "" if code == 0 else f"errcode {code}"


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
