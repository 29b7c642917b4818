"""Conversations in a database: what was said is there again, and an ill database silences nobody."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import warnings
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import rasa_quietly  # noqa: F401
from postgres_program import PostgresProgram
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.probes import PROBE_SENDER
from bot.keeping.storage import is_corrupt, set_aside_if_corrupt
from bot.processes.loopback import HOST, free_port
from bot.rasa import tracker_store
from bot.rasa.tracker_store import MOST_EVENTS, Conversations

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of how slots were filled in Rasa 2
    DOMAIN = Domain.from_dict({"slots": {"memory": {"type": "any", "mappings": [{"type": "custom"}]}}})
Make = Callable[..., Conversations]


@dataclass
class Broker:
    """Keeps what it is given."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def publish(self, event: dict[str, Any]) -> None:
        self.events.append(event)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the file is to be; its folder is made by the store."""
    return tmp_path / "var" / "duanka.db"


@pytest.fixture
def make(database: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Make a store, as Rasa does; the guard that it puts into a process stays out of this one."""
    monkeypatch.setattr(tracker_store, "guard_every_door", lambda: None)
    monkeypatch.setattr(tracker_store, "REST_SECONDS", 0.0)
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{database}")
    return lambda broker=None: Conversations(DOMAIN, host=None, event_broker=broker)


async def turn(store: Conversations, text: str, sender: str = "a-person") -> DialogueStateTracker:
    """One message, as Rasa's processor handles it: fetch, add, save."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if not tracker.events:
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], DOMAIN)
        tracker.update(ActionExecuted("action_listen"), DOMAIN)
    tracker.update(UserUttered(text, {"name": "penalty", "confidence": 0.9}), DOMAIN)
    said = [ActionExecuted("action_answer"), BotUttered(f"关于{text}"), SlotSet("memory", {"question": text})]
    tracker.update_with_events([*said, ActionExecuted("action_listen")], DOMAIN)
    await store.save(tracker)
    return tracker


async def turns(store: Conversations, *texts: str) -> None:
    for text in texts:
        await turn(store, text)


def texts_of(tracker: DialogueStateTracker | None) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def rows(database: Path, what: str = "data", type_name: str = "user") -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        return [
            row for (row,) in connection.execute(f"select {what} from events where type_name='{type_name}' order by id")
        ]


def kept(database: Path) -> int:
    return len(rows(database))


def run(work: Awaitable[Any]) -> Any:
    async def awaited() -> Any:
        return await work

    return asyncio.run(awaited())


def test_what_was_said_is_there_again(make: Make, database: Path) -> None:
    """After a restart the conversation goes on: its turns, its memory."""
    run(turns(make(), "卖卡", "那电话卡呢"))
    tracker = run(make().retrieve("a-person"))
    assert texts_of(tracker) == ["卖卡", "那电话卡呢"]
    assert tracker.get_slot("memory") == {"question": "那电话卡呢"}
    assert rows(database, "action_name", "slot") == ["memory", "memory"]
    assert rows(database, "intent_name") == ["penalty", "penalty"]


def test_people_are_kept_apart(make: Make) -> None:
    """Each sender has a conversation of their own."""
    store = make()
    run(turn(store, "卖卡", "one"))
    run(turn(store, "丢了身份证", "two"))
    assert texts_of(run(store.retrieve("one"))) == ["卖卡"]
    assert sorted(run(store.keys())) == ["one", "two"]
    assert run(store.retrieve("three")) is None


def test_a_long_conversation_is_read_back_in_part(make: Make, database: Path) -> None:
    """The last turns, whole ones, with the memory; every event is kept, once, and all of them can be had."""
    texts = [f"问题{number}" for number in range(60)]
    store = make()
    run(turns(store, *texts))
    tracker = run(store.retrieve("a-person"))
    assert len(tracker.events) <= MOST_EVENTS
    assert isinstance(tracker.events[0], UserUttered)
    assert texts_of(tracker) == texts[-len(texts_of(tracker)) :]
    assert len(texts_of(tracker)) >= 8
    assert tracker.get_slot("memory") == {"question": "问题59"}
    assert texts_of(run(store.retrieve_full_tracker("a-person"))) == texts
    assert kept(database) == 60


def test_a_new_session_begins_anew(make: Make) -> None:
    """As in Rasa: what came before the latest session is kept, and not read."""
    store = make()

    async def two_sessions() -> DialogueStateTracker | None:
        tracker = await turn(store, "卖卡")
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], DOMAIN)
        await store.save(tracker)
        await turn(store, "丢了身份证")
        return await store.retrieve("a-person")

    assert texts_of(run(two_sessions())) == ["丢了身份证"]
    assert texts_of(run(store.retrieve_full_tracker("a-person"))) == ["卖卡", "丢了身份证"]


def test_saving_twice_keeps_it_once(make: Make, database: Path) -> None:
    """Rasa may save a tracker several times in a turn; the broker too has each event once."""
    broker = Broker()
    store = make(broker)
    tracker = run(turn(store, "卖卡"))
    run(store.save(tracker))
    assert kept(database) == 1
    assert [event["text"] for event in broker.events if event["event"] == "user"] == ["卖卡"]
    run(turn(store, "还有吗"))
    assert [event["text"] for event in broker.events if event["event"] == "user"] == ["卖卡", "还有吗"]


def test_a_tracker_from_elsewhere(make: Make, database: Path) -> None:
    """One that this store did not make is compared with what is kept, as Rasa does."""
    store = make()
    known = run(turn(store, "卖卡"))
    copied = DialogueStateTracker.from_dict(
        "a-person", [event.as_dict() for event in known.events], [AnySlot("memory", [{}])]
    )
    copied.update(UserUttered("还有吗"))
    run(store.save(copied))
    assert kept(database) == 2


def test_asking_whether_it_is_there_leaves_no_trace(make: Make, database: Path) -> None:
    """`duanka run` asks a question of its own at each start."""
    store = make()
    run(turn(store, "卖卡", f"{PROBE_SENDER}-0123"))
    run(turn(store, "卖卡"))
    assert rows(database, "sender_id") == ["a-person"]


def test_a_cancelled_turn_is_kept_whole_or_not_at_all(make: Make, database: Path) -> None:
    """A turn that runs out of time while it is saved breaks nothing for the next."""
    store = make()

    async def cancelled() -> None:
        task = asyncio.ensure_future(turn(store, "卖卡"))
        await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await turn(store, "还有吗")

    run(cancelled())
    assert kept(database) in (1, 2)
    assert texts_of(run(store.retrieve("a-person")))[-1] == "还有吗"


def test_a_locked_database(make: Make, database: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits long, follow-ups keep their memory, and what was said is written once it is free, without a hand."""
    store = make()

    async def locked() -> None:
        await turn(store, "卖卡")
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with caplog.at_level(logging.DEBUG):
                await asyncio.wait_for(turn(store, "龘靐丢了身份证"), 60.0)
                tracker = await asyncio.wait_for(turn(store, "还有吗"), 60.0)
            assert texts_of(tracker) == ["卖卡", "龘靐丢了身份证", "还有吗"]
            other.execute("ROLLBACK")
        assert kept(database) == 1
        await turn(store, "别人问的", "someone-else")

    run(locked())
    assert sorted(rows(database, "sender_id")) == ["a-person"] * 3 + ["someone-else"]
    assert texts_of(run(make().retrieve("a-person"))) == ["卖卡", "龘靐丢了身份证", "还有吗"]
    assert "the database failed at _write: OperationalError" in caplog.text
    assert "龘靐" not in caplog.text


def test_a_full_disk(make: Make, database: Path) -> None:
    """The turn goes on; when there is room again, what was said is written."""
    store = make()

    async def full() -> None:
        await turn(store, "卖卡")

        def most_pages(count: int) -> None:
            with store.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA max_page_count={count}")

        store.engine.dispose = lambda: None  # the limit belongs to the connection
        store._thread.submit(most_pages, 1).result()
        texts = ["长" * 2000 for _ in range(5)]
        await turns(store, *texts)
        assert kept(database) < 6
        store._thread.submit(most_pages, 100000).result()
        await turn(store, "还有吗")

    run(full())
    assert kept(database) == 7


def test_no_database_at_all(make: Make, database: Path) -> None:
    """It cannot be opened when we start: people are answered, and it is used as soon as it can be."""
    database.mkdir(parents=True)
    store = make()
    run(turn(store, "卖卡"))
    assert texts_of(run(turn(store, "还有吗"))) == ["卖卡", "还有吗"]
    database.rmdir()
    run(turn(store, "为什么"))
    assert [len(texts_of(run(make().retrieve("a-person")))), kept(database)] == [3, 3]


@pytest.mark.parametrize(
    "damage", [b"this is no database, but long enough to be looked at" * 100, b"SQLite format 3\x00" + b"\xff" * 9000]
)
def test_a_corrupt_file_is_set_aside(
    make: Make, database: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A new one is begun beside it, the operator is told, and nothing is deleted."""
    database.parent.mkdir()
    database.write_bytes(damage)
    run(turn(make(), "卖卡"))
    assert kept(database) == 1
    (aside,) = database.parent.glob("duanka.db.corrupt-*")
    assert aside.read_bytes() == damage
    assert f"已移到 {aside}" in caplog.text


def test_pages_damaged_in_the_middle(make: Make, database: Path) -> None:
    """A file that opens and is damaged inside is found out too."""
    run(turns(make(), *("问题" * 300 for _ in range(40))))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(os.urandom(4096 * 6))
    assert is_corrupt(database)
    assert set_aside_if_corrupt(f"sqlite:///{database}")
    assert not database.exists()


def test_a_sound_file_stays(make: Make, database: Path) -> None:
    """Locked, in use or empty is not corrupt."""
    run(turn(make(), "卖卡"))
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert set_aside_if_corrupt(f"sqlite:///{database}") is None
    assert set_aside_if_corrupt("postgresql://localhost/duanka") is None
    assert set_aside_if_corrupt(f"sqlite:///{database.parent}/none.db") is None


def test_postgresql(make: Make, postgres: PostgresProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same store, with nothing but another address."""
    monkeypatch.setenv("DUANKA_DATABASE", postgres.new_database())
    store = make()
    run(turns(store, *(f"问题{number}" for number in range(30))))
    again = make()
    assert texts_of(run(again.retrieve("a-person")))[-1] == "问题29"
    assert len(texts_of(run(again.retrieve_full_tracker("a-person")))) == 30
    for each in (store, again):
        each.engine.dispose()


def test_postgresql_that_is_down(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noticed at once, and the conversation goes on in memory."""
    monkeypatch.setenv("DUANKA_DATABASE", f"postgresql://duanka@{HOST}:{free_port()}/postgres")
    store = make()
    run(turn(store, "卖卡"))
    assert texts_of(run(turn(store, "还有吗"))) == ["卖卡", "还有吗"]


def test_a_person_is_forgotten_in_memory(make: Make, database: Path) -> None:
    """What the database could not take is dropped, what is being written is waited for; others keep theirs."""

    async def scene(store: Conversations) -> None:
        await turn(store, "先有表", "other")
        with closing(sqlite3.connect(database, isolation_level=None)) as locked:
            locked.execute("begin immediate")
            await turn(store, "我的", "me")
            await turn(store, "别人的", "other")
            await store.forget("me")
            locked.execute("rollback")
        await turn(store, "后来", "other")

    run(scene(make()))
    assert set(rows(database, "sender_id")) == {"other"}
    assert kept(database) == 3


def test_what_is_being_saved_is_waited_for(make: Make, database: Path) -> None:
    """Whoever forgets after it finds everything written, though the turn itself was cancelled."""

    async def scene(store: Conversations) -> int:
        await turn(store, "第一句", "me")
        saving = asyncio.create_task(turn(store, "第二句", "me"))
        while not store._saving:
            await asyncio.sleep(0)
        saving.cancel()
        await store.forget("me")
        assert store._saving == {}
        return kept(database)

    assert run(scene(make())) == 2
