"""The launcher on pages of other sites, in a real browser: policies, Back, reloads, low windows; a plain assistant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from host_site import LAUNCHER, PANEL, POLICIES, Site, host_site, keep
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.chromium_program import chromium_program, expect_chromium

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that may hold the chat, and the service behind it."""
    expect_chromium()
    with host_site(tmp_path_factory.mktemp("site")) as served:
        yield served


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
    keep(f"today-{policy}", page.screenshot())


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
    up(page)
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
