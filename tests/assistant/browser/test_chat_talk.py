"""A resident talks to the assistant in the chat: what one sees, and what is kept."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Locator, Page, Route, expect
from residents import ANSWER_MS, OTHER, PHONE, QUESTION, VICTIM, Chat, Opening, chat_at, kept, origin_of

from tests.axe_program import Axe

pytestmark = pytest.mark.usefixtures("at_home")
# What Chromium does in a page of another site whose cookies are blocked.
DENIED = """
const denied = () => new DOMException("Access is denied for this document.", "SecurityError");
Object.defineProperty(window, "localStorage", { get() { throw denied(); } });
if (navigator.locks) navigator.locks.request = () => Promise.reject(denied());
"""


@pytest.fixture
def page(opening: Opening) -> Page:
    """A phone's browser."""
    return opening(**PHONE).new_page()


@pytest.fixture
def chat(page: Page, door: str) -> Chat:
    """The chat on a phone."""
    return chat_at(page, door)


def in_view(element: Locator) -> bool:
    """Whether the beginning of an element comes to be in the window, once nothing scrolls any more."""
    inside = (
        "e => { const {top, left} = e.getBoundingClientRect();"
        " return top >= 0 && left >= 0 && top < innerHeight && left < innerWidth }"
    )
    for _ in range(ANSWER_MS // 50):
        if element.evaluate(inside):
            return True
        element.page.wait_for_timeout(50)
    return False


def test_a_typed_question(page: Page, chat: Chat) -> None:
    """The question stands there before any reply; then the quote and its source, in view, with the focus on them."""
    held: list[Route] = []
    page.route("**/message", lambda route: held.append(route), times=1)
    chat.say(QUESTION)
    while not held:
        page.wait_for_timeout(50)
    expect(chat.questions).to_have_text([QUESTION])
    expect(chat.input).to_have_value("")
    held[0].continue_()
    answer = chat.answered(1)
    expect(answer.locator("blockquote").first).not_to_be_empty()
    expect(answer.locator(".Source").first).to_contain_text("来源")
    expect(answer).to_be_focused()
    assert in_view(answer)
    expect(page.locator("[data-announcer=polite]")).to_contain_text("来源")


def test_a_long_story(chat: Chat) -> None:
    """A victim's story that fills the screen does not hide the answer; one too long can be shortened."""
    story = "骗子说我中奖了，要先交税。" * 20 + "我刚刚被骗了5000块。"
    answer = chat.ask(story)
    expect(answer.get_by_role("link", name="立即拨打 110")).to_be_in_viewport(ratio=0.9)
    expect(chat.input).to_have_value("")
    answer = chat.ask(story * 2)
    expect(answer.get_by_role("link", name="立即拨打 110")).to_be_in_viewport(ratio=0.9)
    expect(chat.input).to_have_value(story * 2)


def test_a_quick_reply_and_a_suggestion(page: Page, chat: Chat, door: str) -> None:
    """One can ask by tapping alone: a topic of the greeting, then what the answer suggests."""
    for count, row in ((1, "常问的问题"), (2, "您还可以问")):
        reply = page.get_by_label(row).get_by_role("button").first
        words = reply.inner_text()
        reply.tap()
        chat.answered(count)
        assert chat.questions.last.inner_text() == words
    assert [turn["reply"]["custom"]["kind"] for turn in kept(page, door)] == ["answer", "answer"]


def test_a_citation_opens_the_bulletin_at_the_passage(page: Page, chat: Chat) -> None:
    """A tap on the source opens the reader with the very passage in view, marked, and the quote in it."""
    quote = re.sub(r"[\s…]", "", chat.ask(OTHER).locator("blockquote").first.inner_text())
    with page.expect_popup() as opened:
        page.locator("a.Source-card").first.tap()
    reader = opened.value
    passage = reader.locator(".passage:target")
    expect(passage).to_be_in_viewport(ratio=0.5)
    assert in_view(passage)
    assert quote in re.sub(r"\s", "", passage.inner_text())
    others = reader.locator(".passage:not(:target)")
    ground = "e => getComputedStyle(e).backgroundColor"
    assert passage.evaluate(ground) not in {other.evaluate(ground) for other in others.all()}


def test_a_reload_keeps_the_conversation(page: Page, chat: Chat, door: str) -> None:
    """What was said stands there again, word for word, and is not asked again."""
    chat.ask(QUESTION)
    chat.ask(OTHER)
    before = page.locator(".Answer blockquote").all_inner_texts()
    page.reload()
    chat.answered(2)
    assert chat.questions.all_inner_texts() == [QUESTION, OTHER]
    assert page.locator(".Answer blockquote").all_inner_texts() == before
    assert len(kept(page, door)) == 2


def test_a_second_tab(page: Page, chat: Chat, door: str) -> None:
    """It shows the conversation of the first, and what one asks in it appears in the first."""
    chat.ask(QUESTION)
    second = chat_at(page.context.new_page(), door)
    second.answered(1)
    second.ask(OTHER)
    chat.answered(2)
    assert chat.questions.all_inner_texts() == second.questions.all_inner_texts() == [QUESTION, OTHER]
    assert len(kept(page, door)) == 2


def test_a_browser_that_keeps_its_storage_to_itself(opening: Opening, door: str) -> None:
    """Where storage and locks are denied, as to a frame in another site's page, one asks and is answered."""
    context = opening(**PHONE)
    context.add_init_script(DENIED)
    page = context.new_page()
    page.goto(door + "chat")
    chat = Chat(page)
    chat.ask(QUESTION)
    chat.ask(OTHER)
    assert chat.questions.all_inner_texts() == [QUESTION, OTHER]


def test_offline_and_back(page: Page, chat: Chat, door: str) -> None:
    """Without a line the question waits, with 重试 and the hotlines; with one it is answered, and was asked once."""
    chat.ask(QUESTION)
    page.context.set_offline(True)
    chat.say(OTHER)
    trouble = page.locator(".Trouble")
    expect(trouble).to_contain_text("没有网络")
    expect(trouble).to_contain_text("110")
    trouble.get_by_role("button", name="重试").tap()
    expect(trouble).to_be_visible()
    page.context.set_offline(False)
    chat.answered(2)
    expect(trouble).to_have_count(0)
    assert [turn["text"] for turn in kept(page, door)] == [QUESTION, OTHER]


def test_a_reply_that_got_lost(page: Page, chat: Chat, door: str) -> None:
    """When the line breaks after the question went out, 重试 brings the answer, and no second turn."""
    lost: list[str] = []

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        lost.append("reply")
        route.abort()  # type: ignore[attr-defined]

    page.route("**/message", lose, times=1)
    chat.say(QUESTION)
    expect(page.locator(".Trouble")).to_contain_text("暂时连不上", timeout=ANSWER_MS)
    page.get_by_role("button", name="重试").tap()
    chat.answered(1)
    assert lost == ["reply"]
    assert [turn["text"] for turn in kept(page, door)] == [QUESTION]


def test_a_victim(chat: Chat) -> None:
    """The first thing in the answer are buttons that dial 110 and 96110, large and in view."""
    answer = chat.ask(VICTIM)
    expect(answer).to_have_class(re.compile("Answer--emergency"))
    buttons = answer.locator("> *").first.locator("a")
    assert [button.get_attribute("href") for button in buttons.all()] == ["tel:110", "tel:96110"]
    for button in buttons.all():
        assert in_view(button)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 48


def test_personal_numbers(page: Page, chat: Chat, door: str) -> None:
    """Whoever types a card number reads at once not to; what is shown and kept afterwards has no number in it."""
    answer = chat.ask("我的卡号是6222021234567890123，银行卡借给朋友用违法吗？")
    notice = kept(page, door)[0]["reply"]["custom"]["notice"]
    expect(answer).to_contain_text(notice)
    assert "6222021234567890123" not in page.locator("main").inner_text()
    assert "6222021234567890123" not in str(page.evaluate("({...localStorage})"))


def test_a_judgement(page: Page, chat: Chat, door: str) -> None:
    """没帮助 and a few words arrive, and the button stays pressed after a reload."""
    answer = chat.ask(QUESTION)
    answer.get_by_role("button", name="没帮助").tap()
    answer.get_by_label("哪里没帮到您").fill("没看懂")
    answer.get_by_role("button", name="提交").tap()
    expect(answer).to_contain_text("您的意见收到了")
    assert kept(page, door)[0]["helpful"] is False
    page.reload()
    expect(chat.answered(1).get_by_role("button", name="没帮助")).to_have_attribute("aria-pressed", "true")


def test_erasing(page: Page, chat: Chat, door: str, axe: Axe) -> None:
    """删除本次对话 asks back, deletes on the server and on the screen, and a reload does not bring it back."""
    chat.ask(QUESTION)
    token = page.evaluate("localStorage.getItem('duanka:session')")
    page.get_by_role("button", name="删除本次对话").tap()
    expect(page.get_by_role("group", name="删除本次对话")).to_be_focused()
    assert axe.found(page) == []
    page.get_by_role("button", name="确定删除").tap()
    expect(chat.questions).to_have_count(0, timeout=ANSWER_MS)
    expect(page.get_by_text("刚才的对话已经全部删除。")).to_be_visible()
    expect(chat.input).to_be_focused()
    assert axe.found(page) == []
    assert (
        page.evaluate("Object.keys({...localStorage, ...sessionStorage}).filter(key => key !== 'duanka:elder')") == []
    )
    gone = requests.get(door + "history", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert gone.status_code == 401
    page.reload()
    page.locator(".QuickReply").first.wait_for()
    expect(chat.questions).to_have_count(0)


def test_a_phone_that_was_put_away(page: Page, chat: Chat) -> None:
    """The reply went out while nobody listened: whoever comes back finds it in view, with the focus on it."""
    chat.ask(OTHER)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/message", lose)
    chat.say(QUESTION)
    expect(page.locator(".Trouble")).to_contain_text("暂时连不上")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    answer = chat.answered(2)
    expect(answer).to_be_focused()
    expect(chat.questions.last).to_be_in_viewport(ratio=0.9)
    assert chat.questions.last.evaluate("e => e.getBoundingClientRect().top < innerHeight / 3")
    page.unroute_all(behavior="ignoreErrors")  # one may still be on its way


def test_where_links_lead(page: Page, chat: Chat, door: str) -> None:
    """The chat links to its own reader, to hotlines and to bulletins' own pages, and nowhere else."""
    for question in (QUESTION, VICTIM, "今天吃什么好"):
        chat.ask(question)
    links = page.locator("a").evaluate_all("all => all.map(a => a.href)")
    own = [link for link in links if origin_of(link) == origin_of(door)]
    outside = [link for link in links if link not in own and not re.fullmatch(r"tel:(110|96110)", link)]
    originals = {citation["url"] for turn in kept(page, door) for citation in turn["reply"]["custom"]["citations"]}
    assert own
    assert all(re.search(r"/webhooks/web/bulletins/[^/]+#p\d+$", link) for link in own)
    assert set(outside) <= originals


def test_large_letters_are_remembered(page: Page, chat: Chat) -> None:
    """大字版 makes letters larger by a fifth at least, whatever they say, and is there again after a reload."""
    chat.ask(QUESTION)
    words = page.locator("main, .Answer *, .QuickAsks *, .Erasing *, .Header *, .Composer *")
    sizes = "all => all.filter(e => e.innerText).map(e => [e.innerText, parseFloat(getComputedStyle(e).fontSize)])"
    usual = words.evaluate_all(sizes)
    page.get_by_role("button", name="大字版").tap()
    expect(page.get_by_role("button", name="大字版")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("button", name="大字版")).to_have_attribute("aria-pressed", "true")
    chat.answered(1)
    large = words.evaluate_all(sizes)
    assert [said for said, _ in large] == [said for said, _ in usual]
    assert [said for (said, before), (_, now) in zip(usual, large, strict=True) if now < before * 1.2] == []
    with page.expect_popup() as opened:
        page.locator("a.Source-card").first.tap()
    passage = opened.value.locator(".passage:target")
    expect(passage).to_be_in_viewport()
    assert passage.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 21
