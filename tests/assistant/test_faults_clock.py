"""The clock of the machine jumps under both programs: libfaketime moves what they are told the time is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests
from people import OTHER, QUESTION, VICTIM, Person, all_kept, until
from programs import Assistant

from tests.needed import missing

pytestmark = pytest.mark.alone
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which a test writes by how much the clock is wrong."""
    if not LIBRARIES:
        missing("没有 libfaketime（Debian 软件包 faketime）")
    file = tmp_path_factory.mktemp("clock") / "clock"
    file.write_text("+0\n")
    return file


@pytest.fixture(scope="module")
def assistant(clock: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant whose time of day is the file's; how long something takes is still measured rightly."""
    settings = {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with ExitStack() as stack:
        yield Assistant(tmp_path_factory.mktemp("jumping"), stack, settings)


def days_off(person: Person) -> float:
    """Return by how many days the assistant thought it was later when the person said the last thing."""
    headers = {"Authorization": f"Bearer {person.token}"}
    turns = requests.get(f"{person.url}history", headers=headers, timeout=60).json()["turns"]
    return (datetime.fromisoformat(turns[-1]["at"]) - datetime.now(timezone.utc)) / timedelta(days=1)


@pytest.mark.parametrize("jump", [40, -40])
def test_the_clock_jumps(assistant: Assistant, clock: Path, jump: int) -> None:
    """Forty days forward or back, and right again: everyone is answered at once, and all is kept, in its order."""
    person = Person(assistant.url)
    assert person.kind(QUESTION) == "answer"
    clock.write_text(f"{jump:+}d\n")
    later = Person(assistant.url)
    assert [person.kind(OTHER), later.kind(QUESTION), later.kind(VICTIM)] == ["answer", "answer", "emergency"]
    assert abs(days_off(later) - jump) < 1
    clock.write_text("+0\n")
    assert [person.kind(QUESTION), later.kind(OTHER)] == ["answer", "answer"]
    until(lambda: all_kept(person, later), "what was said while the clock was wrong is not in order")
