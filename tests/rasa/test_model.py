"""Which model fits the folders: bot/rasa/model.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from rich.console import Console

from bot.processes.programs import CommandError
from bot.rasa import model

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "data/nlu/penalty.yml": "nlu: []",
    "data/rules/penalty.yml": "rules: []",
    "bot/rasa/config.yml": "recipe: default.v1",
    "bot/rasa/domain/penalty.yml": "intents: []",
    "bot/text/familiarity.py": "",
    "bot/text/normalise.py": "",
    "knowledge/lexicon/duanka.txt": "断卡",
    "requirements.lock": "rasa==3.6.21",
    "README.md": "断卡问答",
    "knowledge/bulletins/linyi-duanka.md": "# 通报",
    "bot/answering/rendering.py": "",
    "bot/rasa/tracker_store.py": "",
    "bot/rasa/credentials.yml": "rest:",
}
MADE_FROM = tuple(FILES)[:8]
NOT_MADE_FROM = tuple(FILES)[8:]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project's folder with one file of each sort."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def rasa_that(does: str) -> tuple[str, ...]:
    """A stand-in for `rasa train`: a program that is given the folder to write to, and the model's name."""
    return ("sh", "-c", does, "rasa")


@pytest.fixture
def quiet() -> Console:
    """A console that keeps what it is told to itself."""
    return Console(quiet=True)


@pytest.mark.parametrize("name", MADE_FROM)
def test_a_changed_input_changes_the_fingerprint(root: Path, name: str) -> None:
    """Whatever a model is made from decides which model fits."""
    before = model.fingerprint(root)
    with (root / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert model.fingerprint(root) != before


@pytest.mark.parametrize("name", NOT_MADE_FROM)
def test_anything_else_leaves_the_fingerprint(root: Path, name: str) -> None:
    """A new bulletin, a document or the code that answers asks for no training."""
    before = model.fingerprint(root)
    (root / name).write_text("changed", encoding="utf-8")
    assert model.fingerprint(root) == before


def test_the_bytecode_python_leaves_is_no_input(root: Path) -> None:
    """Importing the assistant's components does not make its model stale."""
    before = model.fingerprint(root)
    (root / "bot/rasa/__pycache__").mkdir()
    (root / "bot/rasa/__pycache__/components.pyc").write_bytes(b"\0")
    assert model.fingerprint(root) == before


def test_moved_text_and_time_stamps(root: Path) -> None:
    """Names count as well as contents; times do not."""
    before = model.fingerprint(root)
    os.utime(root / "data/nlu/penalty.yml", (0, 0))
    assert model.fingerprint(root) == before
    (root / "data/nlu/penalty.yml").rename(root / "data/nlu/lure.yml")
    assert model.fingerprint(root) != before


def test_the_model_is_named_by_the_fingerprint(root: Path) -> None:
    """models/duanka-<12 hexadecimal digits>.tar.gz."""
    assert model.model_file(root) == root / f"models/duanka-{model.fingerprint(root)[:12]}.tar.gz"


@pytest.mark.parametrize("name", model.INPUTS)
def test_every_input_is_there(name: str) -> None:
    """An input that was renamed would silently stop to count."""
    assert (ROOT / name).exists()


def test_a_model_that_fits_is_not_trained_again(root: Path, quiet: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is only made the newest, because a plain `rasa shell` takes the newest."""
    monkeypatch.setattr(model, "_command", lambda *_: pytest.fail("trained"))
    wanted, other = model.model_file(root), root / "models/20210101-000000.tar.gz"
    wanted.parent.mkdir()
    for path in (wanted, other):
        path.touch()
    os.utime(wanted, (0, 0))
    assert model.ready_model(root, quiet) == wanted
    assert wanted.stat().st_mtime >= other.stat().st_mtime


def test_training_replaces_our_older_models(root: Path, quiet: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the new one is there; a model somebody trained by hand stays."""
    monkeypatch.setattr(model, "_command", lambda _root, out, new, _force: rasa_that(f"echo new > {out / new.name}"))
    old, by_hand = root / "models/duanka-000000000000.tar.gz", root / "models/20210101-000000.tar.gz"
    old.parent.mkdir()
    for path in (old, by_hand):
        path.touch()
    trained = model.ready_model(root, quiet)
    assert trained.read_text(encoding="utf-8") == "new\n"
    assert sorted(path.name for path in old.parent.iterdir()) == sorted([trained.name, by_hand.name])


def test_a_failed_training_says_where_its_log_is(root: Path, quiet: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """And takes nothing away."""
    monkeypatch.setattr(model, "_command", lambda *_: rasa_that("echo InvalidConfigException; exit 3"))
    old = root / "models/duanka-000000000000.tar.gz"
    old.parent.mkdir()
    old.touch()
    with pytest.raises(CommandError, match="训练没有成功（退出码 3）") as raised:
        model.ready_model(root, quiet)
    assert raised.value.log == root / model.TRAINING_LOG
    assert raised.value.log.read_text(encoding="utf-8") == "InvalidConfigException\n"
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def test_the_command_of_a_training() -> None:
    """Rasa reads our folders, and writes the model under the name we look for."""
    command = " ".join(model._command(Path(), Path("out"), Path("models/duanka-0123456789ab.tar.gz"), force=True))
    assert command.endswith(
        "-m bot.rasa.patches.without_tensorflow train --domain bot/rasa/domain --config bot/rasa/config.yml --data data"
        " --out out --fixed-model-name duanka-0123456789ab --force"
    )


def test_a_model_of_another_user_is_used_and_a_folder_of_another_is_named(root: Path) -> None:
    """Who may not write to models/ serves the model that is there; else one sentence says what is lacking."""
    made = Path(tempfile.mkdtemp(dir="/tmp"))  # pytest's own folders are open to nobody else
    root = Path(shutil.copytree(root, made / "project"))
    found = model.model_file(root)
    found.parent.mkdir(exist_ok=True)
    found.write_bytes(b"trained by root")
    code = f"""
import os, sys
from pathlib import Path
import typer
from rich.console import Console
from bot.commands import run
from bot.rasa import model
root = Path({str(root)!r})
os.environ["HOME"] = "/nonexistent"
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
print(model.ready_model(root, Console(quiet=True)))
run.ROOT = root
try:
    with run._telling(Console(stderr=True)):
        model.ready_model(root, Console(quiet=True), force=True)
except typer.Exit as end:
    sys.exit(end.exit_code)
"""
    made.chmod(0o755)
    for folder in (found.parent, root):
        folder.chmod(0o555)
    try:
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        for folder in (root, found.parent):
            folder.chmod(0o755)
        shutil.rmtree(made)
    assert done.stdout.strip() == str(found), done.stderr
    assert done.returncode == 1
    assert "没有权限写" in done.stderr
    assert "Traceback" not in done.stderr
