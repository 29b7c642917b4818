"""People with something personal to say, at every door of a running assistant, one message after the other."""

from __future__ import annotations

import itertools
import json
import random
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from started import Started

# isort: split
# `started` has made these rooms of tests/ known.
from personal_messages import mobile, personal, written
from simulated_wechat import WeChat
from traces import STEM

from bot.text.digits import fold
from bot.text.normalise import normalise

# Every so many messages on the web are judged with a comment that repeats them.
JUDGED = 10


@dataclass(frozen=True)
class Sent:
    """A message, and the number in it."""

    text: str
    secret: str

    def traces(self) -> set[str]:
        """Return what must stand nowhere: the number as written, as stored, and as its digits alone."""
        shown = written(self.text, self.secret)
        digits = max(re.findall("[0-9]+", fold(self.secret).words), key=len, default="")
        forms = {shown, normalise(shown), digits if len(digits) >= 10 else ""}
        if len(shown.encode()) < STEM:  # a code of four digits: what stands behind it tells it from a year
            shown = self.text[self.text.find(shown) :][: len(shown) + 4]
            forms = {shown, normalise(shown)}
        return {form for form in forms if len(form.encode()) >= STEM}


def drawn(seed: int, count: int) -> list[Sent]:
    """Return messages by chance."""
    chance = random.Random(seed)
    return [Sent(*personal(chance)) for _ in range(count)]


def traces_of(messages: Sequence[Sent]) -> set[str]:
    """Return all that must stand nowhere."""
    return {trace for sent in messages for trace in sent.traces()}


class Doors:
    """Talks with the assistant, one person after the other; each method returns what the person read."""

    def __init__(self, it: Started, http: aiohttp.ClientSession, seed: int) -> None:
        self._it, self._http = it, http
        self._wechat = WeChat([it.wechat])
        self._chance, self._number = random.Random(seed), itertools.count()
        self.names: list[str] = []  # what people are called, where a door is told it

    async def web(self, texts: Sequence[str]) -> list[str]:
        """A session, its messages, a comment on some, and its history."""
        session = (await self._post(f"{self._it.web}session", {}))["session"]
        read = []
        for text in texts:
            message = {"session": session, "id": uuid.uuid4().hex, "text": text}
            turn = await self._post(f"{self._it.web}message", message)
            read.append(turn["text"] + turn["reply"]["text"])
            if next(self._number) % JUDGED == 0:
                await self._judge(session, message["id"], text)
        headers = {"Authorization": f"Bearer {session}"}
        async with self._http.get(f"{self._it.web}history", headers=headers) as response:
            read[-1] += await response.text()
        return read

    async def _judge(self, session: str, id: str, comment: str) -> None:
        body = {"session": session, "message": id, "helpful": False, "comment": comment}
        async with self._http.post(f"{self._it.web}feedback", json=body) as response:
            assert response.status == 204, response.status

    async def plain(self, texts: Sequence[str]) -> list[str]:
        """The form, in a browser that keeps its cookie; the page that it leads to is read at the end."""
        read = []
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            for at, text in enumerate(texts):
                last = at == len(texts) - 1
                form = {"text": text, "id": uuid.uuid4().hex}
                async with browser.post(f"{self._it.web}plain", data=form, allow_redirects=last) as response:
                    assert response.status in (200, 303), response.status
                    read.append(await response.text())
        return read

    async def wechat(self, texts: Sequence[str]) -> list[str]:
        """A follower; their openid is a name that must stand nowhere either."""
        name = f"oPersonal{next(self._number):08}{uuid.uuid4().hex[:11]}"
        self.names.append(name)
        return [str((await self._wechat.say(name, text)).text) for text in texts]

    async def rest(self, texts: Sequence[str]) -> list[str]:
        """Rasa's own door, under one's telephone number."""
        name = mobile(self._chance)
        self.names.append(name)
        replies = [await self._post(self._it.rest, {"sender": name, "message": text}) for text in texts]
        return [json.dumps(reply, ensure_ascii=False) for reply in replies]

    async def _post(self, url: str, body: object) -> Any:
        async with self._http.post(url, json=body) as response:
            assert response.status in (200, 201), (url, response.status)
            return await response.json()
