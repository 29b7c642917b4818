"""The launcher on pages of other sites, in a real browser: policies, Back, reloads, low windows; a plain assistant."""

from __future__ import annotations

import asyncio
import base64
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from door import ROOT, Door, door
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from rich.console import Console

from bot.commands.widget import build_widget
from bot.processes.loopback import HOST, free_port
from tests.chromium_program import chromium_program, expect_chromium

# Chromium 70, of the npm package chrome-aws-lambda 1.7.0 (its file under bin/, unpacked by brotli).
OLD_CHROMIUM = os.environ.get("DUANKA_OLD_CHROMIUM", "")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
# What a page around the chat may allow; {0} is where the service is.
POLICIES = {
    "none": "",
    "own": "default-src 'self'; script-src 'self' {0}; frame-src {0}",
    "styles": "default-src 'self'; script-src {0}; style-src 'self' {0}; frame-src {0}",
    "nonce": "default-src 'none'; script-src {0}; style-src 'nonce-abc'; frame-src {0}",
    "strict": "default-src 'none'; script-src {0}; style-src 'none'; frame-src {0}; base-uri 'none'",
    "loose": "default-src 'self' 'unsafe-inline' {0}",
}
LAUNCHER = "document.querySelector('duanka-widget').shadowRoot.querySelector('.launcher')"
PANEL = "document.querySelector('duanka-widget').shadowRoot.querySelector('.panel')"


class Site(http.server.ThreadingHTTPServer):
    """A centre's site: a page for each policy, long enough to be scrolled, with a link to another page."""

    daemon_threads = True

    def __init__(self, port: int, service: str) -> None:
        super().__init__((HOST, port), _Served)
        self.service = service
        self.url = f"http://{HOST}:{port}/"


class _Served(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        rows = "".join(f"<p>第{number}行</p>" for number in range(80))
        body = (
            f"<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<title>{name}</title><h1>{name}</h1><p><a id=other href=/other>另一页</a> <a href=#end>到页尾</a></p>"
            f"{rows}<p id=end>页尾</p><script src='{self.server.service}widget.js'></script></html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if policy := POLICIES.get(name):
            self.send_header("Content-Security-Policy", policy.format(self.server.service.partition("/webhooks")[0]))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that may hold the chat, and the service behind it."""
    expect_chromium()
    build_widget(ROOT, Console(quiet=True))
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    (folder / "dist").symlink_to(ROOT / "bot/widget/dist")
    with door(folder, {"DUANKA_WEB_ORIGINS": f"http://{HOST}:{port}"}) as opened, _serving(port, opened) as served:
        yield served


@contextmanager
def _serving(port: int, opened: Door) -> Iterator[Site]:
    served = Site(port, opened.url)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield served
    finally:
        served.shutdown()
        thread.join()
        served.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Today's Chromium."""
    with chromium_program() as browser:
        yield browser


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A new resident."""
    made = chromium.new_context(locale="zh-CN", viewport=PHONE)
    made.set_default_timeout(30_000)
    yield made
    made.close()


def opened(page: Page, url: str) -> Page:
    """The page with its chat opened by a tap, and up."""
    page.goto(url)
    page.get_by_role("button", name="断卡问答").click()
    up(page)
    return page


def up(page: Page) -> None:
    """Wait until the chat can be talked to."""
    page.frame_locator("duanka-widget iframe").get_by_label("您想问什么").wait_for()


def ask(page: Page, text: str) -> None:
    """Ask, and wait for the answer."""
    frame = page.frame_locator("duanka-widget iframe")
    frame.get_by_label("您想问什么").fill(text)
    frame.get_by_role("button", name="发送").click()
    frame.get_by_text(f"回复：{text}").first.wait_for()


def is_open(page: Page) -> bool:
    """Whether the chat is open."""
    return bool(page.evaluate(f"{LAUNCHER}.getAttribute('aria-expanded') === 'true'"))


def focus(page: Page) -> str:
    """What has the focus in the page, or in the frame of the chat."""
    return str(page.evaluate("document.activeElement.localName"))


@pytest.mark.parametrize("policy", POLICIES)
def test_any_policy_of_the_page(context: BrowserContext, site: Site, policy: str) -> None:
    """The button stands over the page's corner, the chat opens over the page and answers; nothing is refused."""
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    opened(page, site.url + policy)
    ask(page, "卖卡会怎样")
    box = page.evaluate(f"(box => [box.x, box.y, box.width, box.height])({PANEL}.getBoundingClientRect())")
    assert box == [0, 0, PHONE["width"], PHONE["height"]]
    assert refused == []


def test_back_closes_the_chat(context: BrowserContext, site: Site) -> None:
    """And only that; Forward opens it again; closed by its own button, Back leaves the page as it would without us."""
    page = context.new_page()
    page.goto(site.url + "before")
    opened(page, site.url + "none")
    page.go_back()
    assert (page.url, is_open(page)) == (site.url + "none", False)
    page.go_forward()
    expect(page.locator("duanka-widget .launcher")).to_have_attribute("aria-expanded", "true")
    page.frame_locator("duanka-widget iframe").get_by_label("关闭对话窗口").click()
    expect(page.locator("duanka-widget .launcher")).to_have_attribute("aria-expanded", "false")
    page.go_back()
    page.wait_for_url(site.url + "before")


def test_a_place_in_the_page_does_not_close_it(chromium: Browser, site: Site) -> None:
    """Beside an open chat one reads the page, and its links to places in it."""
    context = chromium.new_context(viewport=DESKTOP)
    page = opened(context.new_page(), site.url + "none")
    page.get_by_role("link", name="到页尾").click()
    assert page.url.endswith("#end")
    assert is_open(page)
    context.close()


def test_it_stays_open(context: BrowserContext, site: Site) -> None:
    """After a reload, and on the site's next page, with the conversation in it; closed, it stays closed."""
    page = opened(context.new_page(), site.url + "none")
    ask(page, "第一问")
    page.reload()
    up(page)
    expect(page.frame_locator("duanka-widget iframe").get_by_text("回复：第一问").first).to_be_visible()
    page.goto(site.url + "other")
    up(page)
    page.go_back()
    page.go_back()
    page.frame_locator("duanka-widget iframe").get_by_label("关闭对话窗口").click()
    page.reload()
    page.wait_for_timeout(500)
    assert not is_open(page)


def test_a_reply_that_comes_while_it_is_closed(context: BrowserContext, site: Site) -> None:
    """Leaves a mark that can be read and heard, until the chat is opened."""
    page = opened(context.new_page(), site.url + "none")
    frame = page.frame_locator("duanka-widget iframe")
    frame.get_by_label("您想问什么").fill("等100慢慢查")
    frame.get_by_role("button", name="发送").click()
    frame.get_by_label("关闭对话窗口").click()
    button = page.get_by_role("button", name="断卡问答 有新答复")
    button.wait_for()
    expect(page.get_by_text("有新答复")).to_be_visible()
    button.click()
    expect(page.get_by_text("有新答复")).to_be_hidden()


def test_the_page_behind_is_out_of_reach(context: BrowserContext, site: Site) -> None:
    """Of Tab and of a screen reader, while the chat takes the whole window; afterwards it is as it was."""
    page = opened(context.new_page(), site.url + "none")
    dialog = page.locator("duanka-widget .panel")
    expect(dialog).to_have_attribute("aria-modal", "true")
    assert page.evaluate("document.body.inert")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert focus(page) in ("duanka-widget", "body")
    assert page.evaluate("document.querySelector('#other') !== document.activeElement")
    page.go_back()
    assert not page.evaluate("document.body.inert || document.body.hasAttribute('aria-hidden')")
    page.get_by_role("link", name="另一页").click()
    page.wait_for_url(site.url + "other")


def test_the_header_scrolls_nothing(chromium: Browser, site: Site) -> None:
    """A wheel over the header, the hotlines or where one types leaves the page around the chat where it is."""
    context = chromium.new_context(viewport=DESKTOP)
    page = opened(context.new_page(), site.url + "none")
    box = page.locator("duanka-widget .panel").bounding_box()
    assert box is not None
    for down in (20, 90, box["height"] - 10):
        page.mouse.move(box["x"] + 40, box["y"] + down)
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(150)
        assert page.evaluate("scrollY") == 0
    page.mouse.move(40, 300)
    page.mouse.wheel(0, 600)
    page.wait_for_function("scrollY > 0")
    context.close()


@pytest.mark.parametrize("elder", ["0", "1"])
@pytest.mark.parametrize(("width", "height"), [(844, 190), (740, 200), (320, 215), (360, 330), (932, 430), (640, 240)])
def test_low_windows(chromium: Browser, site: Site, width: int, height: int, elder: str) -> None:
    """A phone on its side with its keyboard up, a page at 400 %: half of the height is the conversation.

    The hotlines can be seen and tapped, what is tapped is 44 pixels high, nothing is wider than the window.
    """
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{site.service}chat?elder={elder}")
    page.locator(".QuickReply").first.wait_for()
    assert page.locator("main").evaluate("e => e.clientHeight") >= height / 2
    for name in ("110", "96110"):
        box = page.locator(f".Help a[href='tel:{name}']").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
    fixed = page.locator(".Header a, .Header button, .Composer button, .Composer textarea").all()
    heights = [box["height"] for each in fixed if (box := each.bounding_box())]
    assert heights
    assert min(heights) >= 44
    wide = page.evaluate("[document.documentElement, ...document.querySelectorAll('main, .Header, .Composer')]"
                         ".map(e => e.scrollWidth - e.clientWidth)")  # fmt: skip
    assert max(wide) <= 0
    page.get_by_label("您想问什么").fill("低窗口")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("回复：低窗口").first).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_browser_of_2018(site: Site, tmp_path: Path, policy: str) -> None:
    """Chromium 70, which cannot construct a style sheet: whatever the page allows, the button and chat are in place."""
    if not OLD_CHROMIUM:
        pytest.skip("DUANKA_OLD_CHROMIUM names no Chromium 70")
    found = asyncio.run(_seen_in_the_old(site.url + policy, tmp_path))
    assert found["launcher"][0] == "fixed"
    assert found["launcher"][1] > PHONE["height"] - 120
    assert found["panel"] == [0, 0, PHONE["width"], PHONE["height"]]
    assert "ready" in found["state"]
    assert found["back"] is False
    assert len(found["picture"]) > 10_000


async def _seen_in_the_old(url: str, folder: Path) -> dict[str, Any]:
    """What Chromium 70 shows of a page before and after the chat is opened, and after Back."""
    from websockets.legacy.client import connect

    port = free_port()
    command = (OLD_CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote",
               f"--remote-debugging-port={port}", f"--user-data-dir={folder}", "--window-size=390,844",
               "about:blank")  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with connect(_address(port), max_size=2**26) as line:
            browser = _Old(line)
            await browser.call("Page.navigate", url=url)
            top = "getBoundingClientRect()"
            launcher = f"(b => [getComputedStyle(b).position, b.{top}.y])({LAUNCHER})"
            found = {
                "launcher": await browser.when(f"window.{'document'}.querySelector('duanka-widget') && {launcher}")
            }
            await browser.when(f"{LAUNCHER}.offsetHeight > 40")
            found["launcher"] = await browser.say(launcher)
            await browser.say(f"{LAUNCHER}.click()")
            found["state"] = await browser.when(
                f"{PANEL}.parentNode.className.match('ready') && {PANEL}.parentNode.className"
            )
            found["panel"] = await browser.say(f"(b => [b.x, b.y, b.width, b.height])({PANEL}.{top})")
            found["picture"] = base64.b64decode((await browser.call("Page.captureScreenshot"))["data"])
            await browser.say("history.back()")
            found["back"] = not await browser.when(f"{LAUNCHER}.getAttribute('aria-expanded') === 'false'")
            return found
    finally:
        process.terminate()
        process.wait(30)


class _Old:
    """A browser that is told what to do over its debugging line: Playwright knows none so old."""

    def __init__(self, line: Any) -> None:
        self._line = line
        self._number = 0

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        await self._line.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(await asyncio.wait_for(self._line.recv(), 30))
            if answer.get("id") == self._number:
                result: dict[str, Any] = answer["result"]
                return result

    async def say(self, expression: str) -> Any:
        told = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return told["result"].get("value")

    async def when(self, expression: str) -> Any:
        """Return what it comes to, once that is something."""
        for _ in range(150):
            if value := await self.say(expression):
                return value
            await asyncio.sleep(0.1)
        raise AssertionError(f"never: {expression}")


def _address(port: int) -> str:
    """Where a page of the browser can be told what to do."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(100):
        try:
            pages = json.load(opener.open(f"http://{HOST}:{port}/json"))
            return str(next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"))
        except (OSError, StopIteration):
            time.sleep(0.1)
    sys.exit("the old Chromium did not start")
