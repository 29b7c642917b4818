"""The desk that the tests of this folder send their files and forms to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from people_at_desk import desk_door
from playwright.sync_api import Browser
from staff_door import Staff

from tests.chromium_program import chromium_program


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """The door, with people's accounts and no shared password."""
    with desk_door(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of all who work at the desk."""
    with chromium_program() as browser:
        yield browser
