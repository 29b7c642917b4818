"""The desk in a real browser: from a Word file to a resident's answer, out of it again, and the log of all of it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from officers import PASSWORD, QUESTION, Officer, approve, bring_in, enter, undo, withdraw
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import expect as expecting
from staff_door import ROOT, Staff, staff_door

from bot.doors.desk.access import hash_password
from bot.keeping.accounts import Accounts, Role
from tests.chromium_program import chromium_program

PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("zhang", "张三", "administrator"),
    ("li", "李四", "editor"),
    ("wang", "王五", "approver"),
)
PATIENCE_MS = 120_000
# Where somebody wants to look at the pages.
PICTURES = os.environ.get("DUANKA_TEST_PICTURES", "")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """The door, with three people's accounts and no shared password."""
    made = tmp_path_factory.mktemp("walk")
    shutil.copytree(ROOT / "knowledge", made / "knowledge")
    url = f"sqlite:///{made}/kept/duanka.db"
    accounts, hashed = Accounts(url), hash_password(PASSWORD)
    for name, shown, role in PEOPLE:
        accounts.add(name, shown, role, hashed, time.time())
    accounts.close()
    settings = {"DUANKA_KNOWLEDGE": str(made / "knowledge"), "DUANKA_STAFF_PASSWORD": "", "DUANKA_DATABASE": url}
    with staff_door(made, settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of all three."""
    expecting.set_options(timeout=PATIENCE_MS)
    with chromium_program() as browser:
        yield browser


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


def test_no_page_is_wider_than_a_phone(desk: Staff, chromium: Browser) -> None:
    """At 390 pixels nothing has to be pushed sideways."""
    officer = enter(window(chromium, 390), desk.url, "zhang")
    for path in ("", "bulletins", "new", "draft?n=1", "people", "log", "me", "doors", "gaps", "try"):
        officer.go(path)
        wide = officer.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path
