"""What falls where Rasa starts the action beside itself: the action's process, killed or hanging, and Rasa."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from people import OTHER, QUESTION, VICTIM, Person, all_kept, until
from programs import Delivered, kill

from bot.answering import sentences

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where its database and its logs lie."""
    return tmp_path_factory.mktemp("beside")


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Delivered]:
    """An assistant of this module's own, over SQLite."""
    with ExitStack() as stack:
        yield Delivered(folder, stack)


def log(folder: Path) -> str:
    """What the programs wrote so far."""
    return "\n".join(path.read_text("utf-8", errors="replace") for path in folder.glob("*.log"))


def test_the_actions_process_is_killed(assistant: Delivered, folder: Path) -> None:
    """The next message is answered by another one, and the operator reads that it ended."""
    person = Person(assistant.url)
    assert person.kind(QUESTION) == "answer"
    before = assistant.acting()
    os.kill(before, signal.SIGKILL)
    assert person.kind(OTHER) == "answer"
    assert assistant.acting() != before
    assert "the action's process ended (exit code -9)" in log(folder)
    assert all_kept(person)


def test_the_actions_process_hangs(assistant: Delivered, folder: Path) -> None:
    """Everyone reads where to call in time, a victim within three seconds; then it is ended and begun anew."""
    person, victim = Person(assistant.url), Person(assistant.url)
    assert person.kind(QUESTION) == "answer"
    before = assistant.acting()
    os.kill(before, signal.SIGSTOP)
    assert victim.kind(VICTIM) == "emergency"
    assert "110" in victim.told[0][1][:20]
    assert person.say(OTHER)["text"] == sentences.UNAVAILABLE
    until(lambda: person.kind(QUESTION) == "answer", "no answer after the action had hung")
    assert assistant.acting() != before
    assert "the action answered nobody for" in log(folder)
    assert all_kept(person, victim)


def test_nothing_is_left_of_it_when_rasa_is_killed(assistant: Delivered) -> None:
    """It hears that nobody is there to ask any more, and ends."""
    assert Person(assistant.url).kind(QUESTION) == "answer"
    acting = assistant.acting()
    os.kill(assistant.rasa.process.pid, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{acting}").exists(), "the action's process is still there")
    kill(assistant.rasa)
    assistant.start_rasa()
    assert Person(assistant.url).kind(QUESTION) == "answer"
