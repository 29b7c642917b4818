"""Texts that want to be more than text, from residents and from a bulletin; an assistant of this module's own.

Its programs can be killed too, and it lets one page of another origin hold the chat: see the tests at the end.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from programs import Assistant, kill
from residents import (
    ANSWER_MS,
    DESKTOP,
    ELEMENTS,
    OTHER,
    PHONE,
    QUESTION,
    Opening,
    Witness,
    chat_at,
    chat_in,
    hit,
    kept,
    origin_of,
)
from service import ROOT

from bot.processes.loopback import HOST

HOSTILE = Path(__file__).parent / "hostile"
PAYLOADS = (HOSTILE / "questions.txt").read_text(encoding="utf-8").splitlines()
HOST_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>反诈中心</title>
<style>* {{ font-size: 9px !important; color: red }} iframe, button, duanka-widget {{ display: none !important }}
body {{ filter: grayscale(1); height: 4000px }}</style>
<h1>反诈中心</h1>
<script src="{door}widget.js" data-title="问一问" data-place="临沂" data-position="left" defer></script>
</html>"""


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a word on the terminal."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """A web site of the folder's files on a port of its own; its origin."""
    server = ThreadingHTTPServer((HOST, 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Own:
    """An assistant with a hostile bulletin; the page of `friend` may hold its chat, that of `stranger` may not."""

    programs: Assistant
    friend: str
    stranger: str

    @property
    def door(self) -> str:
        """Where its web door is."""
        return self.programs.url


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """Started for the tests of this module."""
    folder, pages = tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("pages")
    knowledge = Path(shutil.copytree(ROOT / "knowledge", folder / "knowledge"))
    for name in ("hostile.md", "hostile.yml"):
        shutil.copy(HOSTILE / name, knowledge / "bulletins")
    with ExitStack() as stack:
        friend, stranger = (stack.enter_context(site(pages)) for _ in range(2))
        settings = {"DUANKA_KNOWLEDGE": str(knowledge), "DUANKA_WEB_ORIGINS": friend}
        started = Assistant(folder, stack, settings)
        (pages / "index.html").write_text(HOST_PAGE.format(door=started.url), encoding="utf-8")
        yield Own(started, friend, stranger)


def expect_harmless(page: Page, own: Own, witness: Witness) -> None:
    """Nothing ran, nothing was called on, and the conversation or article has none of the elements texts named."""
    assert hit(page) is None
    assert page.locator("main").locator(ELEMENTS).count() == 0
    assert witness.outside(origin_of(own.door)) == []


def test_hostile_questions(opening: Opening, witness: Witness, own: Own) -> None:
    """Thirty of them stand in the chat as they were typed, before and after a reload; nothing comes of them."""
    page = opening(**PHONE).new_page()
    chat = chat_at(page, own.door)
    assert len(PAYLOADS) >= 30
    for payload in PAYLOADS:
        chat.ask(payload)
    assert [question.text_content() for question in chat.questions.all()] == [
        turn["text"] for turn in kept(page, own.door)
    ]
    expect_harmless(page, own, witness)
    page.reload()
    chat.answered(len(PAYLOADS))
    assert [question.text_content() for question in chat.questions.all()] == [
        turn["text"] for turn in kept(page, own.door)
    ]
    assert chat.questions.first.text_content() == PAYLOADS[0]
    expect_harmless(page, own, witness)


def test_hostile_questions_without_scripts(opening: Opening, witness: Witness, own: Own) -> None:
    """The plain page shows them as text too, and so do the pages that a browser with scripts makes of it."""
    page = opening(**PHONE).new_page()
    page.goto(own.door + "plain")
    for payload in PAYLOADS[:8]:
        page.get_by_label("您的问题").fill(payload)
        page.get_by_role("button", name="发送").click()
        expect(page.locator(".question p").last).to_have_text(payload)
    assert hit(page) is None
    # What is behind a tap of a quote is ours; the hostile bulletin is the nearest to some of these words.
    foreign = f":is({ELEMENTS}):not(details.whole, details.rest)"
    assert page.get_by_role("region", name="对话").locator(foreign).count() == 0
    assert witness.outside(origin_of(own.door)) == []


@pytest.mark.parametrize("question", ["捡到别人的手机卡怎么办", "捡到别人的银行卡怎么办"])
def test_a_hostile_bulletin(opening: Opening, witness: Witness, own: Own, question: str) -> None:
    """Quote, title, publisher and place are shown letter by letter, in the chat and in the reader."""
    page = opening(**PHONE).new_page()
    answer = chat_at(page, own.door).ask(question)
    (turn,) = kept(page, own.door)
    custom = turn["reply"]["custom"]
    assert custom["citations"][0]["bulletin"] == "hostile"
    expect(answer.locator("blockquote").first).to_have_text(custom["quotes"][0]["point"])
    for words in ("捡到银行卡怎么办<script>window.hit=1</script>", "测试市<svg onload=window.hit=1>"):
        expect(answer.locator(".Source").first).to_contain_text(words)
    expect_harmless(page, own, witness)
    with page.expect_popup() as opened:
        page.locator("a.Source-card").first.tap()
    reader = opened.value
    expect(reader.locator(".passage:target")).to_have_text(custom["quotes"][0]["text"])
    expect(reader.locator("h1")).to_contain_text("<script>window.hit=1</script>")
    expect_harmless(reader, own, witness)


@pytest.mark.parametrize("path", ["", "bulletins/", "bulletins/hostile"])
def test_a_hostile_bulletin_on_the_pages(opening: Opening, witness: Witness, own: Own, path: str) -> None:
    """Its title is text on the demo page, in the list and at the head of the bulletin."""
    page = opening(**DESKTOP).new_page()
    page.goto(own.door + path)
    expect(page.locator("main")).to_contain_text("<script>window.hit=1</script>")
    expect_harmless(page, own, witness)


def test_another_origin_that_is_listed(opening: Opening, witness: Witness, own: Own) -> None:
    """A page that the configuration names shows the chat, whatever its own styles; title and place are the page's."""
    page = opening(**DESKTOP).new_page()
    page.goto(own.friend)
    launcher = page.get_by_role("button", name="问一问")
    expect(launcher).to_be_in_viewport(ratio=0.9)
    launcher.click()
    chat = chat_in(page)
    expect(chat.within.get_by_role("heading", name="问一问")).to_be_in_viewport(ratio=0.9)
    answer = chat.ask(QUESTION)
    expect(answer.locator("blockquote").first).not_to_be_empty()
    assert answer.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 14
    chat.within.get_by_role("button", name="关闭对话窗口").click()
    expect(chat.input).to_be_hidden()
    expect(launcher).to_be_focused()
    assert witness.outside(origin_of(own.door), own.friend) == []


def test_a_page_that_zooms(opening: Opening, own: Own) -> None:
    """With the large letters of many public pages, zoom on their root, the whole window is still on the screen."""
    page = opening(**DESKTOP).new_page()
    page.goto(own.friend)
    page.evaluate("document.documentElement.style.zoom = 1.5")
    page.get_by_role("button", name="问一问").click()
    chat_in(page)
    panel = page.locator("duanka-widget .panel").evaluate("e => e.getBoundingClientRect().toJSON()")
    assert panel["top"] >= 0
    assert panel["bottom"] <= DESKTOP["viewport"]["height"]  # type: ignore[index]
    assert panel["height"] > 400


def test_another_origin_that_is_not_listed(opening: Opening, witness: Witness, own: Own) -> None:
    """A page nobody named gets no chat: the browser refuses the frame, and the hotlines stand in its place."""
    page = opening(**DESKTOP).new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.clock.install()
    page.goto(own.stranger)
    page.get_by_role("button", name="问一问").click()
    instead = page.locator("duanka-widget .instead")
    expect(instead).to_be_visible()
    while not any("frame-ancestors" in wrong for wrong in witness.wrongs):
        page.wait_for_timeout(50)
    assert page.locator("duanka-widget iframe").evaluate("e => getComputedStyle(e).opacity") == "0"
    page.clock.fast_forward(15_000)
    expect(instead).to_contain_text("暂时打不开")
    assert [link.get_attribute("href") for link in instead.locator("a").all()] == [
        "tel:110",
        "tel:96110",
        own.door + "plain",
    ]
    assert sum(f"DUANKA_WEB_ORIGINS={origin_of(own.stranger)}，" in line for line in told) == 1
    assert [wrong for wrong in witness.wrongs if "frame-ancestors" not in wrong] == []
    witness.wrongs.clear()


def test_rasa_is_killed_in_mid_conversation(opening: Opening, own: Own) -> None:
    """The question waits with 重试 and the hotlines; once Rasa is back it is answered, all is there, nothing twice."""
    page = opening(**PHONE).new_page()
    chat = chat_at(page, own.door)
    chat.ask(QUESTION)
    kill(own.programs.rasa)
    chat.say(OTHER)
    trouble = page.locator(".Trouble")
    expect(trouble).to_contain_text("暂时连不上", timeout=ANSWER_MS)
    expect(trouble).to_contain_text("110")
    own.programs.start_rasa()
    trouble.get_by_role("button", name="重试").tap()
    chat.answered(2)
    expect(trouble).to_have_count(0)
    page.reload()
    chat.answered(2)
    assert chat.questions.all_inner_texts() == [QUESTION, OTHER]
    assert [turn["text"] for turn in kept(page, own.door)] == [QUESTION, OTHER]
