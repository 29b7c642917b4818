"""Bulletins nobody tuned on, laid beside ours: what CI holds the answers to them against, where those bulletins are."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest
from service import ROOT

from bot.processes.loopback import free_port

PROGRAM = ROOT.parent / "shared/eval/grown.sh"
SECONDS = 900.0
# What was measured on 30 November 2026 (0.725, 0.44, 0.707, 1.0; 0.917; 0.65; 0.58), less two or three in a hundred.
AT_LEAST = {"accuracy": 0.70, "rate": 0.41, "reach": 0.68, "verbatim": 1.0}
LEFT_ALONE, PASSAGE_AFTER_THE_HOTLINES, TURNS_RIGHT = 0.88, 0.60, 0.55

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="no ../shared/eval: other bulletins are left out")


@pytest.fixture(scope="module")
def summaries() -> list[dict[str, Any]]:
    """What the program says of single questions and of conversations."""
    # The program asks with whatever python3 is found first: ours has what it needs.
    path = f"{ROOT}/.venv/bin:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PORT": str(free_port())}
    done = subprocess.run(
        ("bash", str(PROGRAM)), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("figure", AT_LEAST)
def test_other_bulletins_are_answered(summaries: list[dict[str, Any]], figure: str) -> None:
    """Of answers the share with a right quote, of questions the share answered and reached, quotes word for word."""
    assert summaries[0][figure] >= AT_LEAST[figure]


def test_near_misses_get_no_answer(summaries: list[dict[str, Any]]) -> None:
    """The same story without the fact: nothing, or the nearest passage, said to be that."""
    assert summaries[0]["abstain"]["first"] >= LEFT_ALONE


def test_a_victim_reads_the_passage_after_the_hotlines(summaries: list[dict[str, Any]]) -> None:
    """Of emergencies for which a bulletin has advice."""
    assert summaries[0]["emergency"]["after"] >= PASSAGE_AFTER_THE_HOTLINES


def test_conversations_hold(summaries: list[dict[str, Any]]) -> None:
    """Turn by turn, over bulletins nobody tuned on."""
    assert summaries[1]["all_first"] >= TURNS_RIGHT
