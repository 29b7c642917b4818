"""Which model fits what lies in the folders, and how to train it. Knows Rasa's command line, not Rasa.

A model is named by the fingerprint of everything it is made from, so that "is it up to date?" is "is the file there?".
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from bot.processes.programs import CommandError, Program, running
from bot.processes.progress import waiting

INPUTS = (
    "data",
    "bot/rasa/classifier.py",
    "bot/rasa/components.py",  # of that folder what trains; stores and doors only serve
    "bot/rasa/config.yml",
    "bot/rasa/domain",
    "bot/rasa/featurizer.py",
    "bot/rasa/policies.py",
    "bot/text",  # what our components learn with
    "knowledge/lexicon",
    "knowledge/synonyms.yml",  # whose words a mistyped one may stand for
    "requirements.lock",
)
WITHOUT_TENSORFLOW = "bot.rasa.patches.without_tensorflow"
TRAINING_LOG = Path(".cache/logs/train.log")
QUIET = {
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "PYTHONUTF8": "1",
    "PYTHONWARNINGS": "ignore",
    # Beside everything else that may be deleted: the service may write into few folders (deploy/systemd).
    "RASA_CACHE_DIRECTORY": ".cache/rasa",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def ready_model(root: Path, console: Console, force: bool = False) -> Path:
    """The model for what lies in `root` now; trained only if it is not there yet, or if `force`d.

    It is the newest file in models/, which is the one a plain `rasa shell` takes. Raises CommandError when training
    fails; the models that were there then stay.
    """
    model = model_file(root)
    if force or not model.exists():
        _train(root, model, console, force)
        _remove_older(model)
    with suppress(PermissionError):  # it is another user's, who trained it: it can be read all the same
        os.utime(model)
    return model


def model_file(root: Path) -> Path:
    """Where the model for what lies in `root` now is, or will be once it is trained."""
    return root / "models" / f"duanka-{fingerprint(root)[:12]}.tar.gz"


def fingerprint(root: Path) -> str:
    """SHA-256, in hexadecimal, over the names and contents of all a model is made from."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        start = root / name
        paths = [start] if start.is_file() else sorted(start.rglob("*"))
        yield from (path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def _train(root: Path, model: Path, console: Console, force: bool) -> None:
    """Train beside the models and move the result in whole: an interrupted training leaves no half model.

    In their own folder: each folder that systemd lets us write to is a mount of its own, across which nothing is moved.
    """
    model.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=model.parent) as out:
        program = Program("训练", _command(root, Path(out), model, force), root / TRAINING_LOG, QUIET)
        with running(program) as (child,), waiting(console, "训练模型（通常一到两分钟）"):
            if child.process.wait():
                raise CommandError(f"训练没有成功（退出码 {child.process.returncode}）", program.log)
        os.replace(Path(out) / model.name, model)


def _command(root: Path, out: Path, model: Path, force: bool) -> tuple[str, ...]:
    assistant = root / "bot/rasa"
    options = {
        "--domain": assistant / "domain",
        "--config": assistant / "config.yml",
        "--data": root / "data",
        "--out": out,
        "--fixed-model-name": model.name.removesuffix(".tar.gz"),
    }
    words = (str(word) for option in options.items() for word in option)
    return (sys.executable, "-m", WITHOUT_TENSORFLOW, "train", *words, *(["--force"] if force else []))


def _remove_older(model: Path) -> None:
    for other in model.parent.glob("duanka-*.tar.gz"):
        if other != model:
            other.unlink(missing_ok=True)
