"""The desk in a real browser: from a Word file to a resident's answer, out of it again, and the log of all of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from office_files import pdf
from officers import (
    QUESTION,
    Officer,
    approve,
    bring_in,
    check_against_the_picture,
    enter,
    fields,
    undo,
    upload,
    withdraw,
)
from playwright.sync_api import Browser, BrowserContext, expect
from staff_door import Staff

from bot.reading.pictures import can_recognise
from tests.needed import missing
from tests.posters import drawn
from tests.reading.government_pages import NOTICES, account_page, standard

PATIENCE_MS = 120_000
# Where somebody wants to look at the pages.
PICTURES = os.environ.get("DUANKA_TEST_PICTURES", "")


@pytest.fixture(scope="module", autouse=True)
def patience() -> None:
    """What is waited for may take long."""
    expect.set_options(timeout=PATIENCE_MS)


def window(browser: Browser, width: int, scripts: bool = True) -> BrowserContext:
    """A window of its own, as wide as told."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE_MS)
    return context


def says(officer: Officer) -> str:
    """What residents would read now, from the knowledge in service."""
    officer.go("try")
    officer.fill("问题", QUESTION)
    officer.press("查")
    return officer.page.locator("blockquote.reply").inner_text()


def soon(officer: Officer, quoted: bool) -> bool:
    """Whether the rule comes to be quoted, or not to be."""
    deadline = time.monotonic() + 60
    while (("三年内不得再注册" in says(officer)) is not quoted) and time.monotonic() < deadline:
        time.sleep(0.2)
    return ("三年内不得再注册" in says(officer)) is quoted


@pytest.mark.parametrize("width", [1280])
def test_from_a_word_file_to_an_answer_and_out_of_it(desk: Staff, chromium: Browser, width: int) -> None:
    """Without a script: uploaded, mended, tried, approved by another, quoted, withdrawn, undone; the log tells all."""
    pictures = Path(PICTURES) if PICTURES else None
    editor = enter(window(chromium, width, scripts=False), desk.url, "li")
    draft = bring_in(editor, pictures)
    approver = enter(window(chromium, width, scripts=False), desk.url, "wang")
    bulletin = approve(approver, draft, pictures)
    assert soon(approver, quoted=True)
    withdraw(editor, bulletin)
    assert soon(approver, quoted=False)
    undo(approver, bulletin, "没有写错")
    assert soon(approver, quoted=True)
    approver.go("log")
    told = approver.page.locator(".log").inner_text()
    for deed in ("李四 起草", "李四 送审", "王五 批准", "王五 发布", "李四 撤回一段", "王五 撤销上一次改动"):
        assert deed in told
    assert approver.page.locator("img").count() == 0
    assert "traceback" not in desk.log.read_text("utf-8").lower()


def test_every_form_that_offices_have(desk: Staff, chromium: Browser) -> None:
    """A PDF, a page of an Official Account, one of a government site: title, publisher and date stand in the form."""
    officer = enter(window(chromium, 390, scripts=False), desk.url, "li")
    notice = NOTICES[0]
    words = [notice.title, *notice.paragraphs, notice.source, "2024年3月12日"]
    for name, data in (
        ("通告.pdf", pdf([words])),
        ("政府网站.html", standard(notice).encode()),
        ("公众号.html", account_page(notice).encode("gb18030")),
    ):
        upload(officer, name, data)
        found = fields(officer)
        assert found["title"] == notice.title, name
        assert (found["publisher"], found["published"]) == (notice.source, notice.date), name
        for paragraph in notice.paragraphs[1:5]:
            expect(officer.page.locator("blockquote", has_text=paragraph).first).to_be_visible()


def test_a_poster(desk: Staff, chromium: Browser) -> None:
    """Recognised, marked, held against the picture, mended, approved by another, quoted; never before."""
    if not can_recognise():
        missing("rapidocr-onnxruntime is missing: make ocr")
    context = window(chromium, 1280)
    poster, picture = next(drawn(context.browser))  # type: ignore[arg-type]
    editor = enter(context, desk.url, "li")
    upload(editor, "海报.png", picture)
    editor.photograph(Path(PICTURES) if PICTURES else None, "poster")
    check_against_the_picture(editor, "五年内", "六年内")
    editor.fill("为什么发布或改动", "海报")
    editor.press("送审")
    approver = enter(window(chromium, 1280), desk.url, "wang")
    approver.go(editor.page.url.rpartition("/")[2].partition("#")[0])
    approver.press("批准发布")
    expect(approver.page.get_by_role("heading", level=1)).to_contain_text(poster.title.replace(" ", ""))
    expect(approver.page.locator("main")).to_contain_text("使用中")
    expect(approver.page.locator("blockquote", has_text="六年内").first).to_be_visible()


def test_no_page_is_wider_than_a_phone(desk: Staff, chromium: Browser) -> None:
    """At 390 pixels nothing has to be pushed sideways."""
    officer = enter(window(chromium, 390), desk.url, "zhang")
    for path in ("", "bulletins", "new", "draft?n=1", "people", "log", "me", "doors", "gaps", "try"):
        officer.go(path)
        assert officer.page.evaluate("document.documentElement.clientWidth") <= 390, path
        assert officer.too_wide() == 0, path
