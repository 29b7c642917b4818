"""Takes the pictures of the web door in README.md anew, of a running assistant, as PNG of at most 256 colours.

Run in the project's root while `make run` serves: .venv/bin/python scripts/screenshots.py [ADDRESS], where ADDRESS is
that of the web door, http://127.0.0.1:5005/webhooks/web/ unless given. Needs a Chromium and Chinese fonts.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "images"
HERE = "http://127.0.0.1:5005/webhooks/web/"
PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 1.5, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
ANSWER_MS = 20_000


def ask(chat: Page | FrameLocator, question: str) -> None:
    """Put a question and wait for its answer."""
    answers = chat.locator(".Answer")
    count = answers.count()
    chat.get_by_label("您想问什么").fill(question)
    chat.get_by_role("button", name="发送").click()
    expect(answers).to_have_count(count + 1, timeout=ANSWER_MS)


def greeting(page: Page, door: str) -> None:
    """What one sees first."""
    page.goto(door + "chat")
    page.locator(".QuickReply").first.wait_for()


def answer(page: Page, door: str) -> None:
    """An answer with its source."""
    greeting(page, door)
    ask(page, "身份证丢了怎么办")


def elder(page: Page, door: str) -> None:
    """The same in large letters."""
    greeting(page, door)
    page.get_by_role("button", name="大字版").click()
    ask(page, "身份证丢了怎么办")


def emergency(page: Page, door: str) -> None:
    """What a victim reads."""
    greeting(page, door)
    ask(page, "我刚刚被骗了5000块怎么办")


def reader(page: Page, door: str) -> None:
    """The bulletin at the very passage."""
    answer(page, door)
    with page.expect_popup() as opened:
        page.locator("a.Source-card").first.click()
    page.goto(opened.value.url)
    expect(page.locator(".passage:target")).to_be_in_viewport()


def plain(page: Page, door: str) -> None:
    """The page without scripts."""
    page.goto(door + "plain")
    page.get_by_label("您的问题").fill("身份证丢了怎么办")
    page.get_by_role("button", name="发送").click()
    page.locator("blockquote").first.wait_for()


def demo(page: Page, door: str) -> None:
    """A centre's page with the chat open on it."""
    page.goto(door)
    page.get_by_role("button", name="断卡问答").click()
    ask(page.frame_locator("duanka-widget iframe"), "去哪里举报卖卡的")


SHOWN: tuple[tuple[str, Callable[[Page, str], None], Mapping[str, Any]], ...] = (
    ("web-greeting.png", greeting, PHONE),
    ("web-answer.png", answer, PHONE),
    ("web-elder.png", elder, PHONE),
    ("web-dark.png", answer, {**PHONE, "color_scheme": "dark"}),
    ("web-emergency.png", emergency, PHONE),
    ("web-reader.png", reader, PHONE),
    ("web-plain.png", plain, PHONE),
    ("web-desktop.png", demo, DESKTOP),
)


def take(browser: Browser, door: str, name: str, lead: Callable[[Page, str], None], options: Mapping[str, Any]) -> None:
    """Lead a new resident's browser there and keep what it shows."""
    context = browser.new_context(locale="zh-CN", **options)
    page = context.new_page()
    lead(page, door)
    page.wait_for_timeout(500)  # what moves comes to rest
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(PICTURES / name, optimize=True)
    context.close()


def main() -> None:
    """Take all of them."""
    door = sys.argv[1] if len(sys.argv) > 1 else HERE
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=sandbox)
        for name, lead, options in SHOWN:
            take(browser, door, name, lead, options)
        browser.close()


if __name__ == "__main__":
    main()
