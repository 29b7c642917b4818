"""The two assistants that bench/assistant.py compares: how each is made, started alone, and what memory it holds."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.processes.loopback import HOST, free_port, replies
from bot.rasa.model import QUIET, model_file

ROOT = Path(__file__).resolve().parents[1]
VANILLA = ROOT / "bench/vanilla"
READY_SECONDS, END_SECONDS = 300.0, 30.0
LIMITS = {f"DUANKA_LIMIT_{each}": "10000000 per minute" for each in
          ("SESSION", "FOLLOWER", "ADDRESS", "OPENING", "SERVICE")}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """Commands that start an assistant, where from, and where it then answers."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    folder: Path
    url: str
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """An assistant that answers: seconds from start to its first reply, and its processes."""

    subject: Subject
    seconds: float
    processes: tuple[int, ...]

    def memory(self) -> dict[str, float]:
        """Return megabytes of all its processes: resident, and proportional (pages that are shared count once)."""
        found = [_memory(number) for first in self.processes for number in (first, *_descendants(first))]
        return {kind: round(sum(each[kind] for each in found) / 1024, 1) for kind in ("Rss", "Pss")}


def ours(folder: Path) -> Subject:
    """Return our assistant, as `duanka run` starts it, with a database in `folder`. It must be trained."""
    assert model_file(ROOT).exists(), "not trained: duanka train"
    port = free_port()
    command = (sys.executable, "-m", "bot", "run", "--port", str(port))
    settings = {"DUANKA_DATABASE": f"sqlite:///{folder}/duanka.db", **LIMITS}
    return Subject("ours", (command,), ROOT, f"http://{HOST}:{port}", settings)


def vanilla(folder: Path) -> Subject:
    """Return the vanilla bot: Rasa and its action server, as its documentation starts them; trained when needed."""
    model, port, actions = _vanilla_model(), free_port(), free_port()
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(yaml.safe_dump({"action_endpoint": {"url": f"http://{HOST}:{actions}/webhook"}}), "utf-8")
    rasa = (sys.executable, "-m", "rasa", "run")
    serve = (*rasa, "-m", str(model), "--port", str(port), "-i", HOST, "--credentials", "credentials.yml",
             "--endpoints", str(endpoints))  # fmt: skip
    act = (*rasa, "actions", "--actions", "replying", "--port", str(actions))
    return Subject("vanilla", (act, serve), VANILLA, f"http://{HOST}:{port}", {**QUIET, "SANIC_HOST": HOST})


@contextmanager
def running(subject: Subject, log: Path) -> Iterator[Running]:
    """Start it and wait for its first reply; end it and whatever it started when the block is left."""
    begun = time.monotonic()
    with log.open("ab") as output:
        started = [_start(command, subject, output) for command in subject.commands]
    try:
        while not replies(f"{subject.url}/webhooks/rest/webhook"):
            assert all(each.poll() is None for each in started), f"{subject.name} ended: see {log}"
            assert time.monotonic() - begun < READY_SECONDS, f"{subject.name} is not ready: see {log}"
            time.sleep(0.1)
        yield Running(subject, time.monotonic() - begun, tuple(each.pid for each in started))
    finally:
        for each in started:
            _end(each)


def _start(command: tuple[str, ...], subject: Subject, output: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **subject.environment}
    return subprocess.Popen(
        command, cwd=subject.folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        start_new_session=True,
    )  # type: ignore[call-overload]  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    below = _descendants(process.pid)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        for number in (process.pid, *below):
            os.kill(number, signal.SIGKILL)
        process.wait()


def _vanilla_model() -> Path:
    """Return its model for the domain and the training data that ours has now; trained in .cache/bench."""
    sources = [VANILLA / "config.yml", ROOT / "bot/rasa/domain", ROOT / "data"]
    files = [file for each in sources for file in (sorted(each.rglob("*.yml")) if each.is_dir() else [each])]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    model = ROOT / f".cache/bench/vanilla-{digest}.tar.gz"
    if not model.exists():
        model.parent.mkdir(parents=True, exist_ok=True)
        what = ("--config", str(sources[0]), "--domain", str(sources[1]), "--data", str(sources[2]))
        where = ("--out", str(model.parent), "--fixed-model-name", model.name.removesuffix(".tar.gz"))
        command = (sys.executable, "-m", "rasa", "train", *what, *where)
        subprocess.run(command, cwd=VANILLA, env={**os.environ, **QUIET}, check=True, stdout=subprocess.DEVNULL)
    return model


def _descendants(parent: int) -> list[int]:
    """Return the numbers of every process that `parent` started, and that those started."""
    children = Path(f"/proc/{parent}/task")
    below = [int(number) for task in children.glob("*/children") for number in task.read_text().split()]
    return below + [number for each in below for number in _descendants(each)]


def _memory(number: int) -> dict[str, int]:
    """Return kilobytes."""
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("Rss:", "Pss:"))}
