"""A real browser for the tests of pages: Debian's Chromium without a window, ended with its tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.needed import missing

CHROMIUM = Path("/usr/bin/chromium")
SANDBOX = ["--no-sandbox"] if os.geteuid() == 0 else []


@contextmanager
def chromium_program() -> Iterator[Browser]:
    """Start one, for one module alone: its event loop must not meet other tests'."""
    expect_chromium()
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=SANDBOX)
        yield browser
        browser.close()


def expect_chromium() -> None:
    """Where there is none, skip the test by name, and fail it where everything must be there."""
    if not CHROMIUM.exists():
        missing(f"{CHROMIUM} is missing: apt-get install chromium")
