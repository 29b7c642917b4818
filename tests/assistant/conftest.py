"""The real thing, started once for all tests of this folder, and what Rasa checks by itself beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from service import PASSWORD, ROOT, Client, Kept, service

from bot.commands.evaluate import read_questions
from bot.doors.desk.access import hash_password
from bot.evaluation.judging import Question, Source, sources_of
from bot.reading.library import read_library
from bot.reading.topics import read_topics

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the assistant."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.assistant)


@pytest.fixture(scope="session", autouse=True)
def in_the_repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Rasa and our settings look for their folders in the working directory; conversations are the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path_factory.mktemp('conversations')}/duanka.db")
        # What a test sends in a second nobody types in an hour.
        for name in ("SESSION", "FOLLOWER", "ADDRESS", "OPENING", "SERVICE"):
            patch.setenv(f"DUANKA_LIMIT_{name}", "1000000 per minute")
        yield


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The running assistant; started by the first test that asks for it, ended after the last."""
    with service(tmp_path_factory.mktemp("service") / "run.log") as started:
        yield started


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """An assistant that has a staff page, over a copy of the knowledge that a test may change."""
    folder = tmp_path_factory.mktemp("kept")
    knowledge = Path(shutil.copytree(ROOT / "knowledge", folder / "knowledge"))
    settings = {"DUANKA_KNOWLEDGE": str(knowledge), "DUANKA_STAFF_PASSWORD": hash_password(PASSWORD)}
    with service(folder / "run.log", settings) as started:
        yield Kept(started, knowledge, f"sqlite:///{folder}/kept/duanka.db")


@pytest.fixture(scope="session")
def sources() -> Mapping[str, Source]:
    """The bulletins, to hold quotes against."""
    knowledge = ROOT / "knowledge"
    return sources_of(read_library(knowledge / "bulletins", read_topics(knowledge / "topics.yml"), date.today()))


@pytest.fixture(scope="session")
def questions() -> tuple[Question, ...]:
    """The golden questions."""
    return read_questions([ROOT / "tests/questions"])
