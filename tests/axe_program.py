"""axe-core, which finds what shuts people out of a page: of the packages of the widget, run in the page itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Frame, Page
from rich.console import Console

from bot.commands.widget import ensure_widget
from tests.needed import missing

ROOT = Path(__file__).parents[1]
AXE = ROOT / "bot/widget/node_modules/axe-core/axe.min.js"


@dataclass(frozen=True)
class Axe:
    """The program that looks at pages."""

    program: Path

    def found(self, page: Page) -> list[str]:
        """What is wrong in the page and its frames of our origin, one line each, however slight."""
        found = [line for frame in page.frames for line in self._run(frame)]
        return sorted(set(found))

    def _run(self, frame: Frame) -> Sequence[str]:
        settled(frame)
        frame.evaluate(self.program.read_text(encoding="utf-8"))
        run = frame.evaluate("axe.run(document, {iframes: false})")
        assert len(run["passes"]) > 5, "axe found next to nothing to check"
        return [
            f"{each['impact']}: {each['id']} at {json.dumps([node['target'] for node in each['nodes']])}"
            for each in run["violations"]
        ]


def axe_program() -> Axe:
    """Return axe; the test ends for want of it where the packages of the widget cannot be had."""
    if not AXE.exists():
        ensure_widget(ROOT, Console(quiet=True))
    if not AXE.exists():
        missing(f"{AXE.relative_to(ROOT)} is missing: .venv/bin/duanka widget test installs it")
    return Axe(AXE)


def settled(frame: Page | Frame) -> None:
    """Wait until everything that moves or fades in has arrived; what goes on for ever is not waited for."""
    frame.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter(each => each.effect.getComputedTiming().endTime !== Infinity).map(each => each.finished))"
    )
