"""The knowledge stays live in the running assistant: what an editor saves is answered from seconds later."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from service import Kept

# Three seconds are promised, and shown in tests/knowledge/test_live.py; here the machine has other things to do.
LONGEST, A_SECOND, AT_ONCE = 60.0, 20, 40
QUESTION = "物联网卡只能插在登记的设备上使用吗"
USUAL = (
    "银行卡借给朋友用违法吗？",
    "身份证丢了怎么办",
    "卖电话卡会有什么后果",
    "今天吃什么好",
    "你好",
    "我刚刚被骗了5000块",
)
NOTICE = """# 桂林反诈提醒：物联网卡

来源：平安桂林

警方提醒：物联网卡只能插在登记的设备上使用，转借物联网卡给他人的，公安机关将注销该卡，并在5年内不予办理新卡。
"""
Ask = Callable[[str], Awaitable[dict[str, Any]]]


def test_published_withdrawn_and_superseded_under_questions(kept: Kept) -> None:
    """Each soon after saving the file, while twenty questions a second all get their usual replies.

    The reader page of what was withdrawn or superseded stays, and says so.
    """
    asyncio.run(_scene(kept))


async def _scene(kept: Kept) -> None:
    bulletin = kept.knowledge / "bulletins" / "guilin.md"
    sidecar = bulletin.with_suffix(".yml")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2 * LONGEST)) as http:

        async def ask(text: str) -> dict[str, Any]:
            body = {"sender": uuid.uuid4().hex, "message": text}
            async with http.post(kept.client.url, json=body) as response:
                assert response.status == 200
                return next(bubble["custom"] for bubble in await response.json() if bubble.get("custom"))

        over = asyncio.Event()
        residents = asyncio.create_task(_residents(ask, over))
        took = {}
        try:
            assert await _cited(ask) == set()
            took["new"] = await _until(ask, bulletin, NOTICE, {"guilin"})
            took["withdrawn"] = await _until(ask, sidecar, "withdrawn: 2026-01-02\n", set())
            await _page_says(http, kept, "已撤回")
            sidecar.unlink()
            took["back"] = await _until(ask, bulletin, NOTICE + "\n", {"guilin"})
            took["superseded"] = await _until(ask, sidecar, "superseded_by: linyi-duanka\n", set())
            await _page_says(http, kept, "取代")
            sidecar.write_text("{", "utf-8")
            await asyncio.sleep(3)
            assert await _cited(ask) == set(), "a slip of the pen brought it back"
        finally:
            over.set()
        asked, slowest = await residents
    print({name: round(seconds, 2) for name, seconds in took.items()}, f"{asked} questions, slowest {slowest:.2f} s")
    assert asked > A_SECOND * 3


async def _residents(ask: Ask, over: asyncio.Event) -> tuple[int, float]:
    """Twenty questions a second until it is over: every one gets what it always gets. Return how many, the slowest.

    On a machine that cannot keep up forty wait at most.
    """
    expected = {text: (await ask(text))["kind"] for text in USUAL}
    waits: list[float] = []

    room = asyncio.Semaphore(AT_ONCE)

    async def one(text: str) -> None:
        begun = time.monotonic()
        try:
            assert (await ask(text))["kind"] == expected[text], text
        finally:
            room.release()
        waits.append(time.monotonic() - begun)

    running = []
    while not over.is_set():
        await room.acquire()
        running.append(asyncio.create_task(one(USUAL[len(running) % len(USUAL)])))
        await asyncio.sleep(1 / A_SECOND)
    await asyncio.gather(*running)
    return len(waits), max(waits)


async def _until(ask: Ask, path: Path, text: str, cited: set[str]) -> float:
    """Save a file; return how many seconds later the first question was sent that these very bulletins answered.

    How long a reply takes on a busy machine is another matter.
    """
    path.write_text(text, "utf-8")
    saved = time.monotonic()
    while True:
        sent = time.monotonic()
        if await _cited(ask) == cited:
            return sent - saved
        assert sent - saved < LONGEST, f"{path.name} was never noticed"


async def _cited(ask: Ask) -> set[str]:
    """Return the bulletins that answer; one that is shown as the nearest is none."""
    reply = await ask(QUESTION)
    return {citation["bulletin"] for citation in reply["citations"]} if reply["kind"] == "answer" else set()


async def _page_says(http: aiohttp.ClientSession, kept: Kept, word: str) -> None:
    """The reader page of the bulletin is there, and comes to say so: the catalogue looks every two seconds."""
    for _ in range(int(LONGEST)):
        async with http.get(kept.web + "bulletins/guilin") as response:
            assert response.status == 200
            if word in await response.text():
                return
        await asyncio.sleep(1)
    raise AssertionError(f"the reader page does not say {word}")
