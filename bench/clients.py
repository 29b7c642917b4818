"""People who write to an assistant, as many at a time as asked for, over REST or the web channel.

Each waits for a reply. What is timed is one request, from sending to the last byte of its reply. A reply that says
nothing fails the run.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import aiohttp

# How many messages a person writes before the next one comes.
MESSAGES_A_PERSON = 5
TIMEOUT = aiohttp.ClientTimeout(total=120)


@dataclass
class Person:
    """Someone with one conversation; `door` is "rest" or "web"."""

    http: aiohttp.ClientSession
    url: str
    door: str
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def arrive(self) -> Person:
        """Open a session, where the door has them."""
        if self.door == "web":
            async with self.http.post(f"{self.url}/webhooks/web/session", json={}) as response:
                self.name = (await response.json())["session"]
        return self

    async def say(self, text: str) -> float:
        """Send one message; return the seconds until its reply is here."""
        begun = time.perf_counter()
        async with self.http.post(self._address(), json=self._message(text)) as response:
            reply = await response.json()
        taken = time.perf_counter() - begun
        told = reply["reply"]["text"] if self.door == "web" else any(bubble.get("text") for bubble in reply)
        assert told, f"no reply over {self.door}: {response.status}"
        return taken

    def _address(self) -> str:
        return f"{self.url}/webhooks/web/message" if self.door == "web" else f"{self.url}/webhooks/rest/webhook"

    def _message(self, text: str) -> dict[str, str]:
        if self.door == "web":
            return {"session": self.name, "id": uuid.uuid4().hex, "text": text}
        return {"sender": self.name, "message": text}


async def load(url: str, door: str, people: int, seconds: float, texts: Sequence[str]) -> list[float]:
    """Have so many people write for so long; return the seconds of each message that was answered in that time."""
    taken: list[float] = []
    async with _http() as http:
        ends = time.perf_counter() + seconds
        shared = itertools.cycle(texts)
        await asyncio.gather(*(_one_after_another(http, url, door, ends, shared, taken) for _ in range(people)))
    return taken


async def _one_after_another(
    http: aiohttp.ClientSession, url: str, door: str, ends: float, texts: Iterator[str], taken: list[float]
) -> None:
    while True:
        person = await Person(http, url, door).arrive()
        for _ in range(MESSAGES_A_PERSON):
            seconds = await person.say(next(texts))
            if time.perf_counter() > ends:
                return
            taken.append(seconds)


async def conversation(url: str, door: str, messages: int, texts: Sequence[str]) -> list[float]:
    """Return the seconds of each message of one long conversation."""
    async with _http() as http:
        person = await Person(http, url, door).arrive()
        return [await person.say(text) for text in itertools.islice(itertools.cycle(texts), messages)]


async def three_at_once(url: str, door: str, texts: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the seconds of three messages sent one by one, and of the same three sent by another person at once."""
    async with _http() as http:
        calm, quick = [await Person(http, url, door).arrive() for _ in range(2)]
        apart = [await calm.say(text) for text in texts[:3]]
        return apart, list(await asyncio.gather(*(quick.say(text) for text in texts[:3])))


def _http() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0))
