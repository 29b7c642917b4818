"""Rasa's own check of what it is trained on."""

from __future__ import annotations

from pathlib import Path

from rasa_checks import rasa


def test_rasa_finds_nothing_wrong(tmp_path: Path) -> None:
    """Intents, rules, responses and slots fit together; a warning counts as an error."""
    where = ("--domain", "bot/rasa/domain", "--config", "bot/rasa/config.yml", "--data", "data")
    code, said = rasa(tmp_path, "data", "validate", "--fail-on-warnings", *where)
    assert code == 0, said
