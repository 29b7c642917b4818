"""Nothing personal is kept, whatever the door: bench/personal.py with a hundred messages instead of twenty thousand."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from service import ROOT

sys.path.append(str(ROOT / "bench"))
from doors import drawn, traces_of
from personal import MARKER, SHARES, every_door
from started import UNLIMITED, started
from traces import find

SEED, MESSAGES, SECONDS = 20261124, 100, 300.0


def test_nothing_personal_at_any_door(tmp_path: Path) -> None:
    """Web, plain page, WeChat and REST: no file holds what was sent or a name that tells who; nothing is said back."""
    messages = drawn(SEED, MESSAGES)
    with started(tmp_path, UNLIMITED) as it:
        heard, names = asyncio.run(every_door(it, messages, SEED, SECONDS))
        assert it.alive()
    assert sum(each.messages for each in heard.values()) == MESSAGES
    assert {name: each.repeated for name, each in heard.items()} == {name: [] for name in SHARES}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert find(traces_of(messages) | set(names), files) == {}
    # The same search finds what may be kept: words that are nobody's number.
    assert find([f"{MARKER}web", f"{MARKER}plain", f"{MARKER}wechat", f"{MARKER}rest"], files).keys() >= {
        f"{MARKER}web"
    }
