"""Ten addresses that mean harm to a running assistant, each in a way of its own. Bounded, and loopback only.

Each attacks so many times a second and has at most so many attempts open; nothing here grows with time. What each read
is counted by status; a 5xx that does not name the hotlines is kept apart: nobody may read one.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from started import Started

from bot.processes.loopback import HOST

MOST_OPEN = 20
# One session in 2^256: its form is right, and nobody has it.
NOBODYS = "A" * 43
SPACED = "1 3 8 " * 1300
VICTIM = "骗子正在让我转账，说我涉嫌洗钱"
BROKEN = (
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /webhooks/web/message HTTP/1.1\r\nContent-Length: -5\r\n\r\nabc",
    b"POST /webhooks/web/message HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
)


@dataclass
class Hostile:
    """All ten, and what they read: by name, how often which status (`0`: cut off; `5xx`: one that helps nobody)."""

    it: Started
    http: aiohttp.ClientSession
    read: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    begun: float = field(default_factory=time.monotonic)

    async def attack(self, seconds: float) -> None:
        """Go at it with all ten for so long."""
        await asyncio.gather(*(self._again(*each, seconds) for each in self._ways()))

    def _ways(self) -> list[tuple[str, float, Callable[[str], Awaitable[None]]]]:
        """Return who does what how many times a second."""
        return [
            ("7.8 KB of spaced digits, no session", 20, self._spaced),
            ("messages to sessions that do not exist", 30, self._nobody),
            ("its own session, 300 characters that are work to mask", 20, self._masking),
            ("emergencies without end", 20, self._emergencies),
            ("sessions without end", 20, self._sessions),
            ("requests that are none", 10, self._broken),
            ("a request a byte at a time", 3, self._trickling),
            ("connections that say nothing", 10, self._silent),
            ("bodies of 2 MB", 2, self._large),
            ("forged WeChat messages of 60 KB", 10, self._forged),
        ]

    async def _again(self, name: str, rate: float, do: Callable[[str], Awaitable[None]], seconds: float) -> None:
        room, tasks = asyncio.Semaphore(MOST_OPEN), set()

        async def once() -> None:
            with suppress(OSError, aiohttp.ClientError, asyncio.TimeoutError):
                await do(name)
                return
            self.read[name]["0"] += 1

        while time.monotonic() - self.begun < seconds:
            await asyncio.sleep(1 / rate)
            if not room.locked():
                await room.acquire()
                task = asyncio.create_task(once())
                tasks.add(task)
                task.add_done_callback(lambda done: (tasks.discard(done), room.release()))
        await asyncio.gather(*tasks)

    def _from(self, name: str) -> Mapping[str, str]:
        """Return the header by which a proxy tells this one's address."""
        number = [each for each, *_ in self._ways()].index(name)
        return {"X-Forwarded-For": f"192.0.2.{number + 1}"}

    async def _post(self, name: str, url: str, session: str = "", **body: object) -> object:
        headers = dict(self._from(name))
        if session:
            body = {"json": {"session": session, "id": uuid.uuid4().hex, **body}}
        async with self.http.post(url, headers=headers, **body) as response:  # type: ignore[arg-type]
            text = await response.text(errors="replace")
            helps = response.status < 500 or "96110" in text
            self.read[name][str(response.status) if helps else "5xx"] += 1
            return await response.json() if response.status in (200, 201) else None

    async def _spaced(self, name: str) -> None:
        await self._post(name, f"{self.it.web}message", NOBODYS, text=SPACED)

    async def _nobody(self, name: str) -> None:
        await self._post(name, f"{self.it.web}message", uuid.uuid4().hex + "a" * 11, text="银行卡丢了怎么办")

    async def _masking(self, name: str) -> None:
        await self._with_session(name, ("12 3" * 75)[:300])

    async def _emergencies(self, name: str) -> None:
        await self._with_session(name, VICTIM)

    async def _with_session(self, name: str, text: str) -> None:
        begun = await self._post(name, f"{self.it.web}session", json={})
        if isinstance(begun, dict):
            for _ in range(10):
                await self._post(name, f"{self.it.web}message", begun["session"], text=text)

    async def _sessions(self, name: str) -> None:
        await self._post(name, f"{self.it.web}session", json={})

    async def _large(self, name: str) -> None:
        await self._post(name, f"{self.it.web}message", data=b"1 " * 1_000_000)

    async def _forged(self, name: str) -> None:
        signed = f"{self.it.wechat}?signature={'0' * 40}&timestamp={int(time.time())}&nonce=1&openid=o"
        await self._post(name, signed, data=b"<xml>" + b"<a>1</a>" * 7_500 + b"</xml>")

    async def _broken(self, name: str) -> None:
        for sent in BROKEN:
            self.read[name][(await self._raw(sent, 5.0))[9:12].decode("ascii", "replace") or "0"] += 1

    async def _trickling(self, name: str) -> None:
        self.read[name][(await self._raw(b"", 20.0, b"POST / HTTP/1.1\r\nX-A: "))[9:12].decode() or "0"] += 1

    async def _silent(self, name: str) -> None:
        self.read[name][(await self._raw(b"", 10.0))[9:12].decode() or "0"] += 1

    async def _raw(self, sent: bytes, seconds: float, slowly: bytes = b"") -> bytes:
        """Send bytes, then others one a second; return what comes back within so many seconds."""
        reader, writer = await asyncio.open_connection(HOST, urlsplit(self.it.web).port)
        try:
            writer.write(sent)
            answer = asyncio.create_task(reader.read(1000))
            end, left = time.monotonic() + seconds, list(slowly)
            while not answer.done() and time.monotonic() < end:
                if slowly:
                    writer.write(bytes([left.pop(0)]) if left else b"a")
                await asyncio.wait({answer}, timeout=1.0)
            answer.cancel()
            return answer.result() if answer.done() and not answer.cancelled() else b""
        finally:
            writer.close()
