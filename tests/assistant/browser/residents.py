"""A resident's browser: the chat as one uses it, and a witness of what the eye does not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
DESKTOP = {"viewport": {"width": 1280, "height": 860}, "locale": "zh-CN"}
# The channel answers within ten seconds; the machine may have others to serve. So long anything is waited for.
ANSWER_MS = 60_000
QUESTION = "银行卡借给朋友用违法吗？"
OTHER = "身份证丢了怎么办"
VICTIM = "我刚刚被骗了5000块怎么办"
# Opens a browser of a new resident; takes what Playwright's new_context takes.
Opening = Callable[..., BrowserContext]
# What no text of anybody's may become in the conversation.
ELEMENTS = (
    "script, img, iframe, object, embed, link, meta, style, base, form, input, video, audio, math, details, marquee"
)


@dataclass
class Witness:
    """What the pages of a context did: addresses they called on, and what must not happen at all."""

    requests: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)

    def attend(self, context: BrowserContext) -> None:
        """Note it from now on, in all pages, frames and tabs."""
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.wrongs.append(f"error: {error.error}"))
        context.on("console", lambda message: self._heard(message.text))
        context.on("dialog", lambda dialog: (self.wrongs.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def outside(self, *origins: str) -> list[str]:
        """The addresses called on that are of none of the origins."""
        return [url for url in self.requests if not url.startswith("data:") and origin_of(url) not in origins]

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.wrongs.append(text)


@dataclass(frozen=True)
class Chat:
    """The chat in a page, or in a frame of one."""

    within: Page | FrameLocator

    @property
    def input(self) -> Locator:
        """Where one types."""
        return self.within.get_by_label("您想问什么")

    @property
    def answers(self) -> Locator:
        """The replies, oldest first."""
        return self.within.locator(".Answer")

    @property
    def questions(self) -> Locator:
        """The resident's own bubbles, oldest first."""
        return self.within.locator(".Message.right .Bubble")

    def say(self, text: str) -> None:
        """Type it and send it."""
        self.input.fill(text)
        self.within.get_by_role("button", name="发送").click()

    def ask(self, text: str) -> Locator:
        """Type it, send it, and return the answer when it is there."""
        before = self.answers.count()
        self.say(text)
        return self.answered(before + 1)

    def answered(self, count: int) -> Locator:
        """Return the newest answer once there are `count`."""
        expect(self.answers).to_have_count(count, timeout=ANSWER_MS)
        return self.answers.last


def chat_at(page: Page, url: str, **options: str) -> Chat:
    """Open the chat at the web door `url`; `options` are those of its address."""
    page.goto(url + "chat?" + "&".join(f"{name}={quote(value)}" for name, value in options.items()))
    page.locator(".QuickReply").first.wait_for()
    return Chat(page)


def chat_in(page: Page) -> Chat:
    """The chat that the launcher on this page opens; it must have been opened."""
    chat = Chat(page.frame_locator("duanka-widget iframe"))
    chat.input.wait_for(timeout=ANSWER_MS)
    return chat


def kept(page: Page, url: str) -> list[dict[str, Any]]:
    """The turns of the page's session, as the channel keeps them."""
    token = page.evaluate("localStorage.getItem('duanka:session')")
    response = requests.get(url + "history", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert response.status_code == 200, response.text
    turns: list[dict[str, Any]] = response.json()["turns"]
    return turns


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def hit(page: Page) -> object:
    """What a payload would have left behind; None when none ran."""
    return page.evaluate("window.hit ?? null")


def sideways(page: Page) -> int:
    """By how many pixels the page, or the conversation in it, is wider than its window: 0 is right."""
    wider = "[document.documentElement, ...document.querySelectorAll('main')].map(e => e.scrollWidth - e.clientWidth)"
    return int(max(page.evaluate(wider)))
