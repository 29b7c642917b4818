"""The rows of the fault table in docs/operations.md, with the real parts: started, broken and mended by the test.

In each: every message gets a reply, what was answered is in the history afterwards, each once, and nobody lends a hand
but the one who mends the part itself.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests
from people import MEND_SECONDS, OTHER, QUESTION, REPLY_SECONDS, VICTIM, Person, all_kept, until
from programs import Assistant, kill
from service import READY_SECONDS, ROOT, descendants

from bot.answering import sentences
from bot.commands.backup import back_up, bring_back
from bot.commands.run import rasa_server
from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import CommandError, running, wait_until
from tests.postgres_program import mortal_postgres

pytestmark = pytest.mark.alone


@dataclass
class Place:
    """An assistant that may be broken, and where its parts lie."""

    assistant: Assistant
    knowledge: Path
    database: Path
    folder: Path

    def person(self) -> Person:
        """Someone new."""
        return Person(self.assistant.url)

    def log(self) -> str:
        """What the programs wrote so far."""
        return "\n".join(path.read_text("utf-8", errors="replace") for path in self.folder.glob("*.log"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An assistant of this module's own, over SQLite and a copy of the knowledge."""
    folder = tmp_path_factory.mktemp("faults")
    knowledge = Path(shutil.copytree(ROOT / "knowledge", folder / "knowledge"))
    with ExitStack() as stack:
        yield Place(
            Assistant(folder, stack, {"DUANKA_KNOWLEDGE": str(knowledge)}), knowledge, folder / "kept/duanka.db", folder
        )


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Within the block the process group hangs: it is there, and does nothing."""
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(pid, signal.SIGCONT)


def test_the_action_server_hangs(place: Place) -> None:
    """Within ten seconds everyone reads where to call, a victim within three; when it works again, so do answers."""
    person, victim = place.person(), place.person()
    assert person.kind(QUESTION) == "answer"
    with stopped(place.assistant.actions.process.pid):
        assert victim.kind(VICTIM) == "emergency"
        assert "110" in victim.told[0][1][:20]
        assert person.say(OTHER)["text"] == sentences.UNAVAILABLE
    assert person.kind(OTHER) == "answer"
    assert all_kept(person, victim)


def test_the_action_server_dies(place: Place) -> None:
    """At once everyone reads where to call; started again, it answers."""
    person = place.person()
    kill(place.assistant.actions)
    assert person.say(OTHER)["text"] == sentences.UNAVAILABLE
    assert person.kind(VICTIM) == "emergency"
    place.assistant.start_actions()
    until(lambda: person.kind(QUESTION) == "answer", "no answer after the action server came back")
    assert all_kept(person)


def test_the_knowledge_is_gone_or_broken(place: Place) -> None:
    """The last good state answers meanwhile, the operator reads what is wrong, and a mended folder serves by itself."""
    person, away = place.person(), place.knowledge.with_name("away")
    assert person.kind(QUESTION) == "answer"
    place.knowledge.rename(away)
    time.sleep(1.5)
    assert person.kind(QUESTION) == "answer"
    away.rename(place.knowledge)
    synonyms = place.knowledge / "synonyms.yml"
    good = synonyms.read_bytes()
    synonyms.write_bytes(b"[ this is : no table\n")
    until(lambda: "synonyms.yml:2: " in place.log(), "the operator was not told")
    assert person.kind(QUESTION) == "answer"
    synonyms.write_bytes(good)
    bulletin = next(iter((place.knowledge / "bulletins").glob("*.md")))
    bulletin.with_name("broken.md").write_bytes(b"\xff\xfe\x00 no text")
    assert person.kind(QUESTION) == "answer"
    bulletin.with_name("broken.md").unlink()
    assert person.kind(OTHER) == "answer"
    assert all_kept(person)


def test_the_knowledge_is_not_there_at_the_start(place: Place) -> None:
    """People read where to call; as soon as the folder is there, they are answered, without a restart."""
    person, away = place.person(), place.knowledge.with_name("away")
    kill(place.assistant.actions)
    place.knowledge.rename(away)
    place.assistant.start_actions()
    assert person.say(QUESTION)["text"] == sentences.UNAVAILABLE
    assert person.kind(VICTIM) == "emergency"
    away.rename(place.knowledge)
    assert person.kind(QUESTION) == "answer"
    assert all_kept(person)


@pytest.mark.parametrize("seconds", [2.0, 8.0])
def test_sqlite_is_locked(place: Place, seconds: float) -> None:
    """By another program, for a moment or beyond every wait: all are answered, and all of it is kept afterwards."""
    people = [place.person() for _ in range(3)]
    assert people[0].kind(QUESTION) == "answer"
    with closing(sqlite3.connect(place.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = time.monotonic() + seconds
        assert [person.kind(QUESTION) for person in people] == ["answer"] * 3
        time.sleep(max(release - time.monotonic(), 0.0))
        other.execute("ROLLBACK")
    until(lambda: all_kept(*people), "what was answered while the database was locked was not kept")


def test_the_disk_is_full(place: Place) -> None:
    """Not one byte more can be written, not even a log: all are answered; with room again it is all kept."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    pids = (place.assistant.rasa.process.pid, *descendants(place.assistant.rasa.process.pid))
    _let_grow(pids, 0)
    try:
        assert [person.kind(text) for text in (OTHER, VICTIM, QUESTION)] == ["answer", "emergency", "answer"]
        assert not all_kept(person), "the disk was not full"
    finally:
        _let_grow(pids, resource.RLIM_INFINITY)
    assert person.kind(OTHER) == "answer"
    until(lambda: all_kept(person), "what was answered while the disk was full was not kept")


def _let_grow(pids: tuple[int, ...], size: int) -> None:
    """Have Linux refuse these programs to write a file beyond `size` bytes."""
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_rasa_is_told_to_stop_in_the_middle_of_a_turn(place: Place) -> None:
    """SIGTERM: the turn under way is answered first; then it ends, and the next start knows the turn."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    replies: list[str] = []
    talk = threading.Thread(target=lambda: replies.append(person.kind(OTHER)))
    with stopped(place.assistant.actions.process.pid):
        talk.start()
        until(lambda: (OTHER, None) in person.history(), "the message did not come in")
        place.assistant.rasa.process.send_signal(signal.SIGTERM)
        time.sleep(1.0)
    talk.join(2 * REPLY_SECONDS)
    assert replies == ["answer"]
    assert place.assistant.rasa.process.wait(MEND_SECONDS) is not None
    place.assistant.start_rasa()
    assert all_kept(person)


def test_kill_9_in_the_middle_of_a_turn(place: Place) -> None:
    """Sent again with the same id after the restart, the message gets its reply, once; what was told before stands."""
    person, id = place.person(), uuid.uuid4().hex
    assert person.kind(QUESTION) == "answer"
    with stopped(place.assistant.actions.process.pid):
        talk = threading.Thread(target=lambda: _left_alone(person, id))
        talk.start()
        until(lambda: (OTHER, None) in person.history(), "the message did not come in")
        kill(place.assistant.rasa)
        talk.join(MEND_SECONDS)
    place.assistant.start_rasa()
    assert person.say(OTHER, id)["custom"]["kind"] in ("answer", "abstain")
    assert all_kept(person)


def _left_alone(person: Person, id: str) -> None:
    with pytest.raises(requests.ConnectionError):
        person.say(OTHER, id)


def test_sqlite_is_corrupt(place: Place) -> None:
    """All are answered; the next start sets the file aside by itself; the backup brings the old conversations back."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    saved = place.folder / f"saved-{uuid.uuid4().hex}"
    back_up(f"sqlite:///{place.database}", saved)
    with pytest.raises(CommandError, match="请先停止服务"):
        bring_back(f"sqlite:///{place.database}", saved)
    place.database.write_bytes(b"damaged" * 10_000)
    later = place.person()
    assert [later.kind(QUESTION), later.kind(VICTIM)] == ["answer", "emergency"]
    kill(place.assistant.rasa)
    place.assistant.start_rasa()
    assert list(place.database.parent.glob("duanka.db.corrupt-*"))
    fresh = place.person()
    assert fresh.kind(QUESTION) == "answer"
    assert all_kept(fresh)
    kill(place.assistant.rasa)
    bring_back(f"sqlite:///{place.database}", saved)
    place.assistant.start_rasa()
    assert all_kept(person)


def test_the_model_cannot_be_loaded(tmp_path: Path) -> None:
    """Rasa runs without understanding anything: everyone reads where to call, a victim 110; the log names the model."""
    port, log = free_port(), tmp_path / "rasa.log"
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no model")
    program = replace(rasa_server(port, free_port(), broken), log=log)
    program = replace(program, environment={**program.environment, "DUANKA_DATABASE": f"sqlite:///{tmp_path}/a.db"})
    with running(program) as (rasa,):
        wait_until(lambda: answers(f"http://{HOST}:{port}/webhooks/web/"), READY_SECONDS, (rasa,), rasa, "没有启动完")
        person = Person(f"http://{HOST}:{port}/webhooks/web/")
        assert person.say(QUESTION)["text"] == sentences.UNAVAILABLE
        assert person.kind(VICTIM) == "emergency"
        assert all_kept(person)
    assert "broken.tar.gz" in log.read_text("utf-8")


def test_postgresql_stops_and_starts(tmp_path: Path) -> None:
    """All are answered while it is away; all of it is there once it is back, and nobody restarted anything of ours."""
    with mortal_postgres() as server, ExitStack() as stack:
        assistant = Assistant(tmp_path, stack, {"DUANKA_DATABASE": server.url})
        people = [Person(assistant.url) for _ in range(2)]
        assert [person.kind(QUESTION) for person in people] == ["answer"] * 2
        server.stop()
        assert [person.kind(OTHER) for person in people] == ["answer"] * 2
        assert people[0].kind(VICTIM) == "emergency"
        server.start()
        assert [person.kind(QUESTION) for person in people] == ["answer"] * 2
        until(lambda: all_kept(*people), "what was answered while PostgreSQL was away was not kept")


def test_each_row_of_the_table_names_a_test_that_is_there() -> None:
    """docs/operations.md promises no more than what is tested."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/operations.md").read_text("utf-8"))
    assert len(named) >= 15
    assert [pair for pair in named if f"def {pair[1]}(" not in (ROOT / pair[0]).read_text("utf-8")] == []
