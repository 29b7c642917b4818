"""A browser for the tests of this folder, windows in it, and the web door they go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from residents import ANSWER_MS, Opening, Witness, origin_of
from service import Client

from tests.axe_program import Axe, axe_program
from tests.chromium_program import chromium_program


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of a module."""
    expect.set_options(timeout=ANSWER_MS)
    with chromium_program() as browser:
        yield browser


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
    return axe_program()
