"""The desk shuts nobody out: every page, on a phone and on a screen, with letters as they are and twice as large."""

from __future__ import annotations

import pytest
from officers import NOTICE, Officer, enter, upload
from playwright.sync_api import Browser
from staff_door import Staff

from tests.axe_program import Axe, axe_program

STEM = "linyi-duanka"
PAGES = (
    "", "bulletins", f"bulletin?stem={STEM}", "new", "concerns", "people", "log", "me", "doors", "gaps", "try",
)  # fmt: skip
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def axe() -> Axe:
    """What looks at the pages."""
    return axe_program()


@pytest.mark.parametrize("larger", [False, True], ids=["letters as they are", "letters twice as large"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_desk(desk: Staff, chromium: Browser, axe: Axe, width: int, larger: bool) -> None:
    """axe finds nothing, however slight, and nothing has to be pushed sideways; so with a draft and a reply."""
    # Our policy keeps strange styles out; the larger letters are one.
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    officer = enter(context, desk.url, "zhang")
    wrong = []
    for path in PAGES:
        officer.go(path)
        wrong += looked_at(officer, axe, path, larger)
    officer.fill("问题", "出售银行卡有什么后果")
    officer.press("查")
    wrong += looked_at(officer, axe, "a reply", larger)
    upload(officer, "通告.docx", NOTICE)
    wrong += looked_at(officer, axe, "a draft", larger)
    assert wrong == []
    context.close()


def looked_at(officer: Officer, axe: Axe, path: str, larger: bool) -> list[str]:
    """Return what is wrong with the page that is open."""
    if larger:
        officer.page.add_style_tag(content="html { font-size: 200% }")
    wide = officer.too_wide()
    sideways = [f"{path}: {wide} pixels too wide"] if wide else []
    return sideways + [f"{path}: {line}" for line in axe.found(officer.page)]
