"""The staff page in a browser, on a phone and on a desk: logging in, charts, a question tried, a door switched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page, expect
from residents import DESKTOP, PHONE, Opening, Witness, origin_of, sideways
from service import PASSWORD, Kept

from bot.answering import sentences
from tests.axe_program import Axe

PAGES = {"./": "", "没答好的": "gaps", "试一个问题": "try", "通报": "bulletins", "渠道开关": "doors"}
HOSTILE = "<img src=x onerror=alert(1)>怎么解冻"


@pytest.fixture(scope="module", autouse=True)
def asked(kept: Kept) -> None:
    """Some questions of today, one of them hostile."""
    for question in (
        "银行卡借给朋友用违法吗？",
        "身份证丢了怎么办",
        "今天吃什么好",
        HOSTILE,
        HOSTILE,
        "我刚刚被骗了5000块",
    ):
        kept.client.say(question)


@pytest.fixture(autouse=True)
def at_home(witness: Witness, kept: Kept) -> Iterator[None]:
    """No page of the staff calls on another origin."""
    yield
    assert witness.outside(origin_of(kept.staff)) == []


def log_in(page: Page, kept: Kept) -> Page:
    page.goto(kept.staff)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("navigation", name="工作页")).to_be_visible()
    return page


def test_logging_in_and_out(opening: Opening, kept: Kept) -> None:
    """A wrong password says so; the right one opens; out again, going back shows nothing."""
    page = opening(**PHONE).new_page()
    page.goto(kept.staff + "gaps")
    page.get_by_label("密码").fill("不对不对不对")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("密码不对。")
    log_in(page, kept)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_the_charts_are_drawn(opening: Opening, kept: Kept) -> None:
    """Both images load, with a size, and the numbers stand beside them for who cannot see them."""
    page = log_in(opening(**DESKTOP).new_page(), kept)
    images = page.locator("figure img")
    expect(images).to_have_count(2)
    for image in images.all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert image.evaluate("image => image.naturalHeight") > 0
    page.get_by_text("看数字").first.click()
    expect(page.get_by_role("table").first).to_be_visible()


def test_a_question_is_tried(opening: Opening, kept: Kept) -> None:
    """The reply, the words, and the passages with their fate; hostile words stay words."""
    page = log_in(opening(**DESKTOP).new_page(), kept)
    page.get_by_role("link", name="试一个问题").click()
    page.get_by_label("问题", exact=True).fill("出售银行卡有什么后果？")
    page.get_by_role("button", name="查").click()
    expect(page.locator(".reply")).to_contain_text("来源")
    expect(page.locator("li.card strong", has_text="引用").first).to_be_visible()
    page.get_by_label("问题", exact=True).fill(HOSTILE)
    page.get_by_role("button", name="查").click()
    expect(page.get_by_label("问题", exact=True)).to_have_value(HOSTILE)
    assert page.locator("main img, main script").count() == 0


def test_the_gaps(opening: Opening, kept: Kept) -> None:
    """Hostile words are shown as typed; a group dealt with is gone."""
    page = log_in(opening(**PHONE).new_page(), kept)
    page.get_by_role("link", name="没答好的").click()
    group = page.locator("li.card", has_text=HOSTILE)
    expect(group).to_have_count(1)
    group.get_by_role("button", name="已处理").click()
    expect(page.get_by_role("heading", name="没答好的问题")).to_be_visible()
    expect(page.locator("li.card", has_text=HOSTILE)).to_have_count(0)


def test_a_door_is_switched_off_and_on(opening: Opening, kept: Kept) -> None:
    """With two clicks; meanwhile residents read the notice."""
    page = log_in(opening(**PHONE).new_page(), kept)
    page.get_by_role("link", name="渠道开关").click()
    page.get_by_text("关闭这个渠道").first.click()
    page.get_by_role("button", name="关闭网页").click()
    expect(page.get_by_text("已关闭")).to_be_visible()
    token = requests.post(kept.web + "session", json={}, timeout=60).json()["session"]
    for number in range(60):  # a door looks once a second
        body = {"session": token, "id": f"message-{number}", "text": "你好"}
        reply = requests.post(kept.web + "message", json=body, timeout=60).json()["reply"]
        if reply["text"] == sentences.CLOSED:
            break
        page.wait_for_timeout(500)
    assert reply["text"] == sentences.CLOSED
    page.get_by_role("button", name="打开网页").click()
    expect(page.get_by_text("已关闭")).to_have_count(0)
    page.get_by_role("link", name="今天").click()
    expect(page.get_by_text("渠道已关闭")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(opening: Opening, kept: Kept, axe: Axe, scheme: str) -> None:
    """axe finds nothing at all on any page, and nothing has to be scrolled sideways on a phone."""
    page = opening(color_scheme=scheme, **PHONE).new_page()
    page.goto(kept.staff)
    assert axe.found(page) == []
    log_in(page, kept)
    for path in PAGES.values():
        page.goto(kept.staff + path)
        assert axe.found(page) == [], path
        assert not sideways(page), path
    page.goto(kept.staff + "try")
    page.get_by_label("问题", exact=True).fill("出售银行卡有什么后果？")
    page.get_by_role("button", name="查").click()
    assert axe.found(page) == []
    assert not sideways(page)


def test_with_the_keyboard_alone(opening: Opening, kept: Kept) -> None:
    """The password field has the focus; the first stop of a page leads past the menu."""
    page = opening(**DESKTOP).new_page()
    page.goto(kept.staff)
    # A page gives the focus when it is first drawn, which may be after it was loaded: keys before that go nowhere.
    expect(page.get_by_label("密码")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="工作页")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_locked_out(opening: Opening, kept: Kept) -> None:
    """The last test: after five wrong passwords the right one does not open either."""
    page = opening(**PHONE).new_page()
    page.goto(kept.staff)
    for _ in range(6):
        page.get_by_label("密码").fill("不对不对不对")
        page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("密码错了太多次，请15分钟后再试。")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("密码错了太多次，请15分钟后再试。")
