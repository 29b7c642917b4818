"""Rasa's test stories: what the trained model makes of a message, and what the policies then do."""

from __future__ import annotations

from pathlib import Path

from rasa_checks import rasa
from rich.console import Console
from service import ROOT

from bot.rasa.model import ready_model


def test_the_stories_come_true(tmp_path: Path) -> None:
    """Every message has the intent, and every turn the actions, that tests/stories/ say."""
    model = ready_model(ROOT, Console(quiet=True))
    where = ("--stories", "tests/stories", "--model", str(model), "--out", str(tmp_path / "results"))
    code, said = rasa(tmp_path, "test", "core", "--e2e", "--fail-on-prediction-errors", *where)
    assert code == 0, said
