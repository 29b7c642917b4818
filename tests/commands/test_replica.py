"""`duanka serve rasa` and `duanka serve actions`, up to where the program takes the process's place."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import replica
from bot.processes.programs import CommandError
from bot.settings import Settings

SHARED = Settings(database="postgresql://duanka@127.0.0.1/duanka", redis="redis://127.0.0.1:6379/0")


@pytest.mark.parametrize(
    ("settings", "said"),
    [(Settings(redis=SHARED.redis), "DUANKA_DATABASE"), (Settings(database=SHARED.database), "DUANKA_REDIS")],
)
def test_what_cannot_be_shared(settings: Settings, said: str) -> None:
    """Several processes over SQLite, or without Redis, are refused by the name of the setting."""
    with pytest.raises(CommandError, match=said):
        replica.expect_shared(settings)
    replica.expect_shared(SHARED)


def test_nothing_is_trained(tmp_path: Path) -> None:
    """Without a model, or a chat, it says which command makes it."""
    with pytest.raises(CommandError, match="duanka train"):
        replica.expect_model(tmp_path)
    model = replica.model_file(tmp_path)
    model.parent.mkdir()
    model.touch()
    with pytest.raises(CommandError, match="duanka widget build"):
        replica.expect_model(tmp_path)


def test_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong setting is one sentence and exit 1, for the journal of the supervisor."""
    monkeypatch.setenv("DUANKA_DATABASE", "sqlite:///var/duanka.db")
    monkeypatch.chdir(replica.ROOT)
    result = CliRunner().invoke(replica.app, ["rasa"])
    assert result.exit_code == 1
    assert "DUANKA_DATABASE" in result.output
