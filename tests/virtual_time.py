"""An event loop whose clock jumps to the next thing that is due: scenes of minutes take milliseconds, in true order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._now = 1000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        due = [handle.when() for handle in vars(self)["_scheduled"] if not handle.cancelled()]
        if due and not vars(self)["_ready"]:
            self._now = max(self._now, min(due))
        super()._run_once()  # type: ignore[misc]


def play(scene: Coroutine[Any, Any, Result]) -> Result:
    """Run a scene that waits for nothing but time."""
    loop = _Loop()
    try:
        return loop.run_until_complete(scene)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
