"""The running assistant, as its tests see it: started and ended as an operator would, asked as a channel would."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.commands.evaluate import ask
from bot.evaluation.judging import Reply, parse_reply
from bot.processes.loopback import HOST, free_port, replies, replies_on_the_web
from bot.processes.programs import POLL_SECONDS

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 600.0
END_SECONDS = 120.0
REPLY_SECONDS = 60.0
READY = "断卡问答已就绪"
PASSWORD = "两只老虎-跑得快-2026"  # of the staff page, where there is one
# `duanka`, but for where its programs' logs lie: two that run side by side would write into the same ones.
DUANKA = """
import sys
from pathlib import Path
from bot.commands import run
run.LOGS = Path(sys.argv.pop(1))
from bot.__main__ import main
main()
"""
# What must not stand in a log: an error, or where one came from.
COMPLAINT = re.compile(r"\bERROR\b|\bCRITICAL\b|Traceback \(most recent call last\)")


@dataclass(frozen=True)
class Client:
    """One person's way to the assistant over REST: each message in a new conversation unless one is named."""

    url: str
    logs: Path | None = None  # where its programs' logs lie, if we started it

    def bubbles(self, text: str, sender: str | None = None) -> list[dict[str, Any]]:
        """Return the messages that come back, as they come."""
        answer = ask(self.url, text, sender, REPLY_SECONDS)
        assert isinstance(answer, list)
        return answer

    def say(self, text: str, sender: str | None = None) -> Reply:
        """Return the reply."""
        return parse_reply(self.bubbles(text, sender))

    def conversation(self) -> Conversation:
        """Return a new conversation."""
        return Conversation(self)


@dataclass(frozen=True)
class Kept:
    """An assistant with people who keep it right: its knowledge may be changed, its database looked into."""

    client: Client
    knowledge: Path
    database: str

    @property
    def staff(self) -> str:
        """Where the staff page is."""
        return self.client.url.replace("/rest/webhook", "/staff/")

    @property
    def web(self) -> str:
        """Where the web door is."""
        return self.client.url.replace("/rest/webhook", "/web/")


@dataclass(frozen=True)
class Conversation:
    """Messages of one person, one after the other."""

    client: Client
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)

    def say(self, text: str) -> Reply:
        """Return the reply to the next message."""
        return self.client.say(text, self.sender)


@contextmanager
def service(log: Path, settings: Mapping[str, str] = {}) -> Iterator[Client]:
    """The whole assistant, as `duanka run` starts it with `settings`; afterwards Ctrl-C, and nothing is left."""
    port = free_port()
    url = f"http://{HOST}:{port}/webhooks/rest/webhook"
    command = (sys.executable, *duanka(log.parent / "logs", "run", "--port", str(port)))
    # A database of the tests' own: an operator's conversations are none of their business.
    environment = {**os.environ, "DUANKA_DATABASE": f"sqlite:///{log.parent}/kept/duanka.db", **settings}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_ready(process, log, url)
        yield Client(url, log.parent / "logs")
        _end(process, log)
    finally:
        _kill(process)


def duanka(logs: Path, *words: str) -> tuple[str, ...]:
    """What Python is to be told so that it does what `duanka` does with `words`, its logs in a folder of our own."""
    return "-c", DUANKA, str(logs), *words


def descendants(parent: int) -> tuple[int, ...]:
    """Return the numbers of every process that `parent` started, and that those started."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in table.splitlines():
        pid, ppid = map(int, line.split())
        children.setdefault(ppid, []).append(pid)
    found: list[int] = []
    waiting = [parent]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return tuple(found)


def left_of(numbers: Sequence[int], seconds: float = 60.0) -> list[int]:
    """Return those of the processes that still run after `seconds`; none as soon as all are gone."""
    deadline = time.monotonic() + seconds
    while (left := [number for number in numbers if _alive(number)]) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return left


def complaints(log: Path) -> list[str]:
    """Return the lines of a log that tell of an error."""
    return [line for line in log.read_text("utf-8", errors="replace").splitlines() if COMPLAINT.search(line)]


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path, url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while READY not in log.read_text("utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"duanka run did not become ready:\n{log.read_text('utf-8', errors='replace')}")
        time.sleep(POLL_SECONDS)
    on_the_web = url.replace("/rest/webhook", "/web/")
    assert replies(url) or replies_on_the_web(on_the_web), "duanka run says that it is ready and is not"


def _end(process: subprocess.Popen[bytes], log: Path) -> None:
    started = descendants(process.pid)
    assert started, "duanka run has no services"
    process.send_signal(signal.SIGINT)
    assert process.wait(END_SECONDS) == 0, log.read_text("utf-8")
    assert left_of(started) == [], "processes outlive duanka run"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Whatever went wrong before, leave nothing behind."""
    for number in (process.pid, *descendants(process.pid)) if process.poll() is None else ():
        os.kill(number, signal.SIGKILL)
    process.wait()


def _alive(number: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")
