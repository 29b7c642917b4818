"""The chat in a frame of another site whose storage the browser denies, as Chromium does: what survives a reload."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from host_site import Site, host_site
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect, sync_playwright

from tests.chromium_program import CHROMIUM, SANDBOX, expect_chromium

THIRD_PARTIES_BLOCKED = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
ALL_BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}
NOTE = "浏览器不让这个网页里的对话保存下来"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Another site than the service's: `localhost`, not 127.0.0.1."""
    expect_chromium()
    with host_site(tmp_path_factory.mktemp("site"), "localhost") as served:
        yield served


@contextmanager
def browser(folder: Path, preferences: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser whose user has set these preferences."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default/Preferences").write_text(json.dumps(preferences), "utf-8")
    with sync_playwright() as started:
        made = started.chromium.launch_persistent_context(
            str(folder), executable_path=CHROMIUM, args=SANDBOX, locale="zh-CN", viewport={"width": 390, "height": 844}
        )
        made.set_default_timeout(90_000)
        yield made
        made.close()


@pytest.fixture
def blocked(tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that keeps other sites' storage from frames."""
    with browser(tmp_path / "profile", THIRD_PARTIES_BLOCKED) as opened:
        yield opened


def opened(context: BrowserContext, site: Site) -> tuple[Page, FrameLocator]:
    """A page of the site with the chat open in it."""
    page = context.new_page()
    page.goto(site.url + "none")
    page.get_by_role("button", name="断卡问答").click()
    return page, talk(page)


def talk(page: Page) -> FrameLocator:
    """The chat, once one can type."""
    chat = page.frame_locator("duanka-widget iframe")
    chat.get_by_label("您想问什么").wait_for()
    return chat


def say(chat: FrameLocator, text: str) -> None:
    """Ask."""
    chat.get_by_label("您想问什么").fill(text)
    chat.get_by_role("button", name="发送").click()


def within(page: Page, expression: str) -> Any:
    """What something comes to in the frame of the chat."""
    frame = next(frame for frame in page.frames if "/webhooks/web/chat" in frame.url)
    return frame.evaluate(f"() => {{ try {{ return {expression} }} catch (error) {{ return error.name }} }}")


def test_the_conversation_survives_a_reload(blocked: BrowserContext, site: Site) -> None:
    """And the next page of the site, and a second tab; large letters too. No call of the chat carries a cookie."""
    page, chat = opened(blocked, site)
    assert within(page, "localStorage.length") == "SecurityError"
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.headers.get("cookie", "")) if "message" in request.url else 0
    )
    say(chat, "卖卡会怎样")
    chat.get_by_text("回复：卖卡会怎样").first.wait_for()
    chat.get_by_role("button", name="大字版").click()
    for go in (page.reload, lambda: page.goto(site.url + "other")):
        go()
        expect(talk(page).get_by_text("回复：卖卡会怎样").first).to_be_visible()
        expect(talk(page).locator("[data-elder-mode=true]")).to_be_visible()
        expect(talk(page).get_by_text(NOTE)).to_have_count(0)
    second, again = opened(blocked, site)
    expect(again.get_by_text("回复：卖卡会怎样").first).to_be_visible()
    say(again, "另一问")
    again.get_by_text("回复：另一问").first.wait_for()
    assert sent == [""]
    second.close()


def test_what_is_in_the_cookies(blocked: BrowserContext, site: Site) -> None:
    """A token, partitioned, sent with the page of the chat alone; no number typed. 删除 takes it out."""
    page, chat = opened(blocked, site)
    say(chat, "等300我的卡号是6222021234567890123")
    chat.get_by_text("我的卡号").first.wait_for()
    kept = blocked.cookies()
    assert [cookie["name"] for cookie in kept] == ["duanka_session"]
    assert all(cookie["path"] == "/webhooks/web/chat" and cookie["secure"] for cookie in kept)
    assert all("localhost" in str(cookie.get("partitionKey")) for cookie in kept)
    assert "6222" not in json.dumps(kept) + str(within(page, "document.cookie"))
    chat.get_by_text("回复：").first.wait_for()
    chat.get_by_role("button", name="删除本次对话").click()
    chat.get_by_role("group", name="删除本次对话").get_by_role("button", name="确定删除").click()
    chat.get_by_text("已经全部删除").wait_for()
    assert blocked.cookies() == []
    page.reload()
    expect(talk(page).get_by_text("我的卡号")).to_have_count(0)


def test_a_reload_before_the_answer(blocked: BrowserContext, site: Site) -> None:
    """The question stands there again, and its answer comes; it was asked once."""
    page, chat = opened(blocked, site)
    say(chat, "等300慢慢查的事")
    chat.get_by_text("等300慢慢查的事").first.wait_for()
    time.sleep(0.5)
    page.reload()
    expect(talk(page).get_by_text("回复：等300慢慢查的事").first).to_be_visible()
    expect(talk(page).locator(".Message.right")).to_have_count(1)
    expect(talk(page).locator(".Answer")).to_have_count(1)


def test_each_site_has_its_own(blocked: BrowserContext, site: Site) -> None:
    """What was asked on one site's page is not in the chat of its own window, nor the other way round."""
    _page, chat = opened(blocked, site)
    say(chat, "在别的网站上问的")
    chat.get_by_text("回复：在别的网站上问的").first.wait_for()
    alone = blocked.new_page()
    alone.goto(site.service + "chat")
    alone.get_by_label("您想问什么").wait_for()
    expect(alone.get_by_text("在别的网站上问的")).to_have_count(0)
    assert alone.evaluate("document.cookie") == ""


def test_where_nothing_can_be_kept(tmp_path: Path, site: Site) -> None:
    """It says so, answers all the same, and leads to a window of its own."""
    with browser(tmp_path / "profile", ALL_BLOCKED) as context:
        page, chat = opened(context, site)
        expect(chat.get_by_text(NOTE)).to_be_visible()
        say(chat, "第一问")
        chat.get_by_text("回复：第一问").first.wait_for()
        say(chat, "第二问")
        chat.get_by_text("回复：第二问").first.wait_for()
        with page.expect_popup() as window:
            chat.get_by_role("link", name="在单独的窗口里提问").click()
        window.value.get_by_label("您想问什么").wait_for()
        assert window.value.url.split("?")[0] == site.service + "chat"
