"""Who forgets finds what Rasa's own parts hold, as an agent wraps them: the store, the broker, the locks."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import rasa_quietly  # noqa: F401
from rasa.core.agent import Agent
from sanic import Sanic
from test_tracker_store import DOMAIN, turn

from bot.keeping.events import EventStore
from bot.keeping.retention import NotForgottenError, Retention
from bot.rasa import lock_store, tracker_store
from bot.rasa.event_broker import TurnBroker
from bot.rasa.lock_store import Queues
from bot.rasa.tracker_store import Conversations
from bot.settings import Settings


@dataclass
class Running:
    """An agent without a model, and who forgets, as a server starts it."""

    store: Conversations
    retention: Retention
    agent: Agent
    broker: TurnBroker
    locked: list[Any] = field(default_factory=list)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file."""
    return tmp_path / "duanka.db"


@pytest.fixture
def play(database: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Running], Awaitable[None]]], None]:
    """Run a scene with these parts on the database; what they put into a process stays out of this one."""
    for module in (tracker_store, lock_store):
        for name in ("guard_every_door", "allow_beside", "be_thrifty"):
            monkeypatch.setattr(module, name, lambda: None, raising=False)
    monkeypatch.setattr(tracker_store, "REST_SECONDS", 0.0)
    url = f"sqlite:///{database}"
    monkeypatch.setenv("DUANKA_DATABASE", url)
    monkeypatch.delenv("DUANKA_REDIS", raising=False)

    async def run(scene: Callable[[Running], Awaitable[None]]) -> None:
        broker = TurnBroker(EventStore(url))
        store = Conversations(DOMAIN, event_broker=broker)
        agent, retention = (
            Agent(domain=DOMAIN, tracker_store=store, lock_store=Queues()),
            Retention(Settings(database=url)),
        )
        app = Sanic("forgetting")
        app.ctx.agent = agent
        await retention._start(app)
        try:
            await asyncio.wait_for(scene(Running(store, retention, agent, broker)), 120.0)
        finally:
            await retention._stop(app)
            await broker.close()
            Sanic._app_registry.clear()

    return lambda scene: asyncio.run(run(scene))


def senders(database: Path) -> set[str]:
    """Of whom anything is kept."""
    with closing(sqlite3.connect(database)) as asked:
        found = asked.execute("select sender_id from events union select sender from turn_events")
        return {row[0] for row in found}


def test_all_of_a_person_is_forgotten(play: Any, database: Path) -> None:
    """The rows that the broker still had to write, and the conversation; nobody else's."""

    async def scene(running: Running) -> None:
        for sender in ("me", "other"):
            await turn(running.store, "卖卡会怎样", sender)
        await running.retention.forget("me")
        assert await running.store.retrieve("me") is None

    play(scene)
    assert senders(database) == {"other"}


def test_a_turn_under_way_is_waited_for(play: Any, database: Path) -> None:
    """Whichever door it came through: Rasa holds a conversation for a turn, and so does who forgets it."""

    async def scene(running: Running) -> None:
        async with running.agent.lock_store.lock("me"):
            forgetting = asyncio.create_task(running.retention.forget("me"))
            await asyncio.sleep(0.3)
            assert not forgetting.done()
            await turn(running.store, "卖卡会怎样", "me")
        await forgetting

    play(scene)
    assert senders(database) == set()


def test_what_an_ill_database_lacked_is_not_written_afterwards(play: Any, database: Path) -> None:
    """It is told that nothing was promised; once it was forgotten, no turn of another brings it back."""

    async def scene(running: Running) -> None:
        await turn(running.store, "从前", "other")
        with closing(sqlite3.connect(database, isolation_level=None)) as locked:
            locked.execute("begin immediate")
            await turn(running.store, "我的", "me")
            await turn(running.store, "别人的", "other")
            with pytest.raises(NotForgottenError):
                await running.retention.forget("me")
            locked.execute("rollback")
        await running.retention.forget("me")
        await turn(running.store, "后来", "other")

    play(scene)
    assert senders(database) == {"other"}
