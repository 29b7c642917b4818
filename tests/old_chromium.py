"""Chromium 70 for the tests of pages, told what to do over its debugging line: Playwright knows none so old."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.processes.loopback import HOST, free_port
from tests.needed import missing

# As scripts/old_browser.py brings it.
CHROMIUM = Path(__file__).resolve().parents[1] / ".cache/chromium-70/chromium"
TRIES, PAUSE_SECONDS = 300, 0.1


def in_old_chromium(
    folder: Path, scene: Callable[[OldChromium], Awaitable[None]], width: int = 390, height: int = 844
) -> None:
    """Play a scene in a window of this size; end the browser afterwards."""
    expect_old_chromium()
    asyncio.run(_play(folder, scene, f"{width},{height}"))


def expect_old_chromium() -> None:
    """Where there is none, skip the test by name, and fail it where everything must be there."""
    if not CHROMIUM.exists():
        missing(f"{CHROMIUM} is missing: .venv/bin/python scripts/old_browser.py")


async def _play(folder: Path, scene: Callable[[OldChromium], Awaitable[None]], size: str) -> None:
    from websockets.legacy.client import connect

    port = free_port()
    command = (CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
               f"--remote-debugging-port={port}", f"--user-data-dir={folder}", f"--window-size={size}",
               "about:blank")  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with connect(_address(port), max_size=2**26, ping_interval=None) as line:
            browser = OldChromium(line)
            for domain in ("Page", "Runtime"):
                await browser.call(f"{domain}.enable")
            await scene(browser)
    finally:
        process.terminate()
        process.wait(30)


class OldChromium:
    """A window of it; `errors` are what scripts in it did not catch."""

    def __init__(self, line: Any, context: int | None = None) -> None:
        """Keep the line to the browser, and which document is meant: that of the window, or of a frame."""
        self._line, self._context = line, context
        self._number = 0 if context is None else context * 1_000_000
        self.errors: list[str] = []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser do something."""
        self._number += 1
        await self._line.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(await asyncio.wait_for(self._line.recv(), 60))
            if answer.get("method") == "Runtime.exceptionThrown":
                self.errors.append(str(answer["params"]["exceptionDetails"]))
            if answer.get("id") == self._number:
                assert "result" in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    async def open(self, url: str) -> None:
        """Go to a page."""
        await self.call("Page.navigate", url=url)

    async def frame(self) -> OldChromium:
        """The document of the only frame in the page."""
        (child,) = (await self.call("Page.getFrameTree"))["frameTree"]["childFrames"]
        world = await self.call("Page.createIsolatedWorld", frameId=child["frame"]["id"])
        return OldChromium(self._line, world["executionContextId"])

    async def say(self, expression: str) -> Any:
        """Return what it comes to."""
        where = {} if self._context is None else {"contextId": self._context}
        told = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, **where)
        return told["result"].get("value")

    async def when(self, expression: str) -> None:
        """Wait until it holds."""
        for _ in range(TRIES):
            if await self.say(f"Boolean({expression})"):
                return
            await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError(f"never: {expression}")

    async def ask(self, question: str) -> None:
        """Type a question into the chat and send it."""
        await self.when("document.querySelector('.Composer textarea')")
        await self.say(
            f"(t => {{ t.value = {json.dumps(question)}; t.dispatchEvent(new Event('input', {{bubbles: true}})); }})"
            "(document.querySelector('.Composer textarea'))"
        )
        await self.when("!document.querySelector('.Composer-sendBtn').disabled")
        await self.say("document.querySelector('.Composer-sendBtn').click()")

    async def picture(self) -> bytes:
        """What the window shows."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])


def _address(port: int) -> str:
    """Where a page of the browser can be told what to do."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(TRIES):
        try:
            pages = json.load(opener.open(f"http://{HOST}:{port}/json"))
            return str(next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"))
        except (OSError, StopIteration):
            time.sleep(PAUSE_SECONDS)
    sys.exit("the old Chromium did not start")
