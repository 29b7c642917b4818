"""A browser for the tests of this folder, windows in it, and the web door they go to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from residents import ANSWER_MS, Axe, Opening, Witness, origin_of
from service import ROOT, Client

from tests.needed import missing

CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "bot/widget/node_modules/axe-core/axe.min.js"


def _expect(tool: Path, remedy: str) -> None:
    """Skip where `tool` is missing; where the checks are meant to be complete, fail."""
    if not tool.exists():
        missing(f"{tool} is missing: {remedy}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; a module's own, because its event loop must not meet other tests'."""
    _expect(CHROMIUM, "apt-get install chromium")
    expect.set_options(timeout=ANSWER_MS)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture
def witness() -> Witness:
    """Sees what all windows of a test do."""
    return Witness()


@pytest.fixture
def door(client: Client) -> str:
    """The address of the web door of the assistant that all tests share; other origins may not call it."""
    return client.url.replace("/rest/webhook", "/web/")


@pytest.fixture
def opening(chromium: Browser, witness: Witness) -> Iterator[Opening]:
    """Makes browsers of new residents, who share nothing; afterwards nothing may have gone wrong in any."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        opened.append(chromium.new_context(**options))
        opened[-1].set_default_timeout(ANSWER_MS)
        witness.attend(opened[-1])
        return opened[-1]

    yield make
    for context in opened:
        context.close()
    assert witness.wrongs == []


@pytest.fixture
def at_home(witness: Witness, door: str) -> Iterator[None]:
    """Afterwards no window may have called on another origin than the assistant's."""
    yield
    assert witness.requests, "no request was seen"
    assert witness.outside(origin_of(door)) == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    """axe-core, from the packages of the widget."""
    _expect(AXE, ".venv/bin/duanka widget test installs it")
    return Axe(AXE)
