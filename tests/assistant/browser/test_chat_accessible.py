"""Who cannot see well, has no mouse, a small phone or no scripts can use all pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from residents import DESKTOP, OTHER, PHONE, QUESTION, VICTIM, Chat, Opening, chat_at, chat_in, sideways

from tests.axe_program import Axe, settled

pytestmark = pytest.mark.usefixtures("at_home")
SMALL = {**PHONE, "viewport": {"width": 320, "height": 640}}
# Questions with an answer, of as many topics.
ANSWERED = (
    "出售银行卡有什么后果",
    "身份证丢了怎么办",
    "发现有人收卡去哪举报",
    "不用的银行卡怎么处理",
    "什么是断卡行动",
    "清远缴获了多少张电话卡",
)
READER = "bulletins/linyi-duanka#p12"
LARGE = "bulletins/linyi-duanka?elder=1#p12"


def filled(page: Page, door: str, **options: str) -> Chat:
    """A chat with an answer, an emergency, an abstention and the form for a comment in it."""
    chat = chat_at(page, door, **options)
    for question in (QUESTION, VICTIM, "今天吃什么好"):
        chat.ask(question)
    chat.answers.first.get_by_role("button", name="没帮助").click()
    chat.answers.first.get_by_label("哪里没帮到您").wait_for()
    return chat


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("elder", ["0", "1"])
def test_the_chat_shuts_nobody_out(opening: Opening, door: str, axe: Axe, scheme: str, elder: str) -> None:
    """axe finds nothing in greeting, answers, an emergency and a form, in any look, nor in a yellow one."""
    page = opening(color_scheme=scheme, **PHONE).new_page()
    chat_at(page, door, elder=elder)
    assert axe.found(page) == []
    filled(page, door, elder=elder, color="#ffd500")
    assert axe.found(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["bulletins/", READER, LARGE, "bulletins/nothing-here", "plain", "plain?elder=1", ""])
def test_the_pages_shut_nobody_out(opening: Opening, door: str, axe: Axe, scheme: str, path: str) -> None:
    """axe finds nothing in list, reader, a page that is not there, plain page and demo page."""
    page = opening(color_scheme=scheme, **PHONE).new_page()
    page.goto(door + path)
    assert axe.found(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_in_use_shut_nobody_out(opening: Opening, door: str, axe: Axe, scheme: str) -> None:
    """Nor is anything found in the plain page with answers, and in the demo page with the chat open."""
    page = opening(color_scheme=scheme, **DESKTOP).new_page()
    page.goto(door + "plain")
    for question in (QUESTION, VICTIM):
        page.get_by_label("您的问题").fill(question)
        page.get_by_role("button", name="发送").click()
        expect(page.locator(".question p").last).to_have_text(question)
    assert axe.found(page) == []
    page.goto(door)
    page.get_by_role("button", name="断卡问答").click()
    chat_in(page).ask(QUESTION)
    assert axe.found(page) == []


def test_with_the_keyboard_alone(opening: Opening, door: str) -> None:
    """Tab, Enter and Escape lead through launcher, question, answer, its source and out again; focus is never lost."""
    page = opening(**DESKTOP).new_page()
    page.goto(door)
    launcher = page.get_by_role("button", name="断卡问答")
    _tab_to(page, "document.activeElement.localName === 'duanka-widget'")
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    chat = chat_in(page)
    expect(chat.input).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answer = chat.answered(1)
    expect(answer).to_be_focused()
    page.keyboard.press("Tab")
    card = answer.locator("a.Source-card").first
    expect(card).to_be_focused()
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator(".passage:target")).to_be_in_viewport()
    opened.value.close()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(chat.input).to_be_hidden()


def test_focus_stays_where_one_types(opening: Opening, door: str) -> None:
    """An answer that comes while one writes the next question does not take the pen away."""
    page = opening(**PHONE).new_page()
    chat = chat_at(page, door)
    chat.say(QUESTION)
    chat.input.fill("那电话卡")
    chat.answered(1)
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("那电话卡")


@pytest.mark.parametrize("elder", ["0", "1"])
def test_a_small_phone(opening: Opening, door: str, elder: str) -> None:
    """At 320 pixels nothing is wider than the window, and what one taps is 44 pixels high, in large letters too."""
    page = opening(**SMALL).new_page()
    chat = filled(page, door, elder=elder)
    assert sideways(page) == 0
    settled(page)
    # What lies behind a tap has no place yet.
    taps = [tap for tap in page.locator("a, button, summary").all() if tap.is_visible()]
    boxes = [(tap.inner_text(), tap.bounding_box()) for tap in taps]
    assert [words for words, box in boxes if box is None or box["height"] < 44 or box["width"] < 44] == []
    chat.within.locator("html").evaluate("e => e.scrollTo(500, 0)")
    assert page.evaluate("scrollX") == 0


@pytest.mark.parametrize("elder", ["0", "1"])
@pytest.mark.parametrize("question", ANSWERED)
def test_an_answer_fits_a_phone(opening: Opening, door: str, elder: str, question: str) -> None:
    """Point, title, publisher and date, and a hotline are on the first screen of 390 × 844, in large letters too."""
    page = opening(**PHONE).new_page()
    answer = chat_at(page, door, elder=elder).ask(question)
    settled(page)
    shown = page.locator("main").bounding_box()
    hotline = page.get_by_role("link", name="110").first.bounding_box()
    assert shown
    assert hotline
    assert 0 <= hotline["y"] < shown["y"] + shown["height"]
    for part in (".Answer-quote", ".Source-title", ".Source-facts"):
        box = answer.locator(part).first.bounding_box()
        assert box
        assert shown["y"] <= box["y"] < box["y"] + box["height"] <= shown["y"] + shown["height"], part


def test_the_keyboard_of_a_small_phone(opening: Opening, door: str) -> None:
    """While it is up, a third of what is left is the conversation, in large letters too."""
    page = opening(**{**SMALL, "viewport": {"width": 320, "height": 340}}).new_page()
    chat_at(page, door, elder="1")
    settled(page)
    assert page.locator("main").evaluate("e => e.clientHeight") > 340 / 3


@pytest.mark.parametrize("path", ["", "bulletins/", READER, LARGE, "plain", "plain?elder=1"])
def test_pages_on_a_small_phone(opening: Opening, door: str, path: str) -> None:
    """At 320 pixels no page is wider than the window."""
    page = opening(**SMALL).new_page()
    page.goto(door + path)
    assert sideways(page) == 0


def test_without_scripts(opening: Opening, door: str) -> None:
    """The demo page leads to the plain page; that asks by typing and by a tap, answers, and leads to the reader."""
    page = opening(java_script_enabled=False, **PHONE).new_page()
    page.goto(door)
    page.get_by_role("link", name="打开不用脚本的断卡问答").click()
    page.get_by_label("您的问题").fill(OTHER)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("blockquote").first).not_to_be_empty()
    page.get_by_label("您的问题").fill(VICTIM)
    page.get_by_role("button", name="发送").click()
    assert page.locator(".question p").all_inner_texts() == [OTHER, VICTIM]
    expect(page.locator("#latest a").first).to_have_attribute("href", "tel:110")
    page.locator("figcaption a").first.click()
    expect(page.locator(".passage:target")).to_be_in_viewport()


def test_the_chat_without_scripts(opening: Opening, door: str) -> None:
    """Whoever opens the chat itself without scripts reads the hotlines and finds the plain page."""
    page = opening(java_script_enabled=False, **PHONE).new_page()
    page.goto(door + "chat")
    assert page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))") == [
        "tel:110",
        "tel:96110",
        "plain",
    ]


def _tab_to(page: Page, condition: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    pytest.fail("the keyboard does not get there")
