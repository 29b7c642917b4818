"""A whole visit, and where its requests go."""

from __future__ import annotations

from playwright.sync_api import expect
from residents import DESKTOP, QUESTION, VICTIM, Opening, Witness, chat_in, origin_of


def test_a_whole_visit_stays_on_the_origin(opening: Opening, witness: Witness, door: str) -> None:
    """From a centre's page through chat, reader and plain page: no request leaves, and no policy is broken."""
    page = opening(**DESKTOP).new_page()
    page.goto(door)
    page.get_by_role("button", name="断卡问答").click()
    chat = chat_in(page)
    answer = chat.ask(QUESTION)
    answer.get_by_role("button", name="有帮助").click()
    expect(answer).to_contain_text("您的意见收到了")
    answer.get_by_role("button", name="复制").click()
    chat.ask(VICTIM)
    chat.within.get_by_role("button", name="大字版").click()
    with page.expect_popup() as opened:
        chat.within.locator("a.Source-card").first.click()
    reader = opened.value
    reader.get_by_role("link", name="全部通报").click()
    reader.get_by_role("link", name="提问").click()
    reader.get_by_label("您的问题").fill(QUESTION)
    reader.get_by_role("button", name="发送").click()
    expect(reader.locator("blockquote").first).not_to_be_empty()
    called = {url.removeprefix(door).split("?")[0].split("/")[0] for url in witness.requests}
    assert {"", "widget.js", "chat", "assets", "session", "message", "topics", "feedback", "plain"} <= called
    assert witness.outside(origin_of(door)) == []
    assert witness.wrongs == []
