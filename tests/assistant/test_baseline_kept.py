"""The numbers of the committed baseline are kept, by the real model: what CI holds a change against."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from service import ROOT

from bot.commands.evaluate import BASELINE, LAST, PAGE, read_baseline, read_run
from bot.evaluation.baseline import falls, golden_figures

SECONDS = 600.0


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of `duanka eval --check`, which passed."""
    out = tmp_path_factory.mktemp("reports")
    command = (sys.executable, "-m", "bot", "eval", "--check", "--out", str(out))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    return out


def test_no_figure_fell_by_more_than_its_noise(out: Path) -> None:
    """Golden questions by topic and kind, and the cross-validated classifier; the page says that it may be used."""
    page = (out / PAGE).read_text("utf-8")
    assert "和基准相比没有退步" in page
    assert "混淆矩阵" in page


def test_questions_gone_wrong_would_have_failed(out: Path) -> None:
    """The same replies with every tenth right one made wrong: the check names the whole and the kinds hit."""
    run = read_run(out / LAST)
    assert run is not None
    baseline = {name: mark for name, mark in read_baseline(ROOT / BASELINE).items() if name.startswith("golden.")}
    entries = list(run.entries.values())
    assert falls(golden_figures(entries), baseline) == ()
    worse = [replace(entry, first=entry.first and number % 10 > 0) for number, entry in enumerate(entries)]
    fallen = {fall.name for fall in falls(golden_figures(worse), baseline)}
    assert {"golden.all", "golden.kind.answer", "golden.kind.abstain", "golden.kind.emergency"} <= fallen
