"""Of the events of a turn, as Rasa publishes them, one row; whatever is wrong, no turn is held up."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import OperationalError

from bot.conversation.probes import PROBE_SENDER
from bot.keeping.events import Considered, EventStore, TurnEvent
from bot.rasa import event_broker
from bot.rasa.event_broker import TurnBroker

CUSTOM = {"kind": "answer", "quotes": [{"passage": "linyi-duanka#p12"}, {"passage": "nanning-app#p03"}]}
CONSIDERED = [["linyi-duanka#p12", 0.97, None], ["x#p01", 0.1, "依据不足"]]


def turn(question: str = "卖卡会怎样", at: float = 1000.0) -> list[Event]:
    """Return the events of one turn, as Rasa has them, in its order."""
    parsed = {"intent": {"name": "penalty", "confidence": 0.9}}
    return [
        ActionExecuted("action_session_start", timestamp=at - 1),
        SessionStarted(timestamp=at - 1),
        ActionExecuted("action_listen", timestamp=at - 1),
        UserUttered(question, parsed["intent"], parse_data=parsed, input_channel="web", timestamp=at),
        ActionExecuted("action_answer", timestamp=at + 0.2),
        BotUttered("通报里是这样说的：", timestamp=at + 0.2),
        BotUttered(None, {"custom": CUSTOM}, timestamp=at + 0.25),
        SlotSet("memory", {"question": question}, timestamp=at + 0.25),
        SlotSet("considered", CONSIDERED, timestamp=at + 0.25),
        ActionExecuted("action_listen", timestamp=at + 0.3),
    ]


def publish(to: EventBroker, sender: str, events: Sequence[Event]) -> None:
    """Hand them over as the tracker store does."""
    for event in events:
        to.publish({"sender_id": sender, **event.as_dict()})


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of the settings, not there yet."""
    url = f"sqlite:///{tmp_path}/kept/events.db"
    monkeypatch.setenv("DUANKA_DATABASE", url)
    return url


def rows(database: str) -> tuple[TurnEvent, ...]:
    store = EventStore(database)
    found = store.since(0.0)
    store.close()
    return found


async def made(kind: str = "bot.rasa.event_broker.TurnBroker") -> EventBroker:
    """Return the broker as Rasa makes it from endpoints.yml."""
    created = await EventBroker.create(EndpointConfig(type=kind))
    assert isinstance(created, TurnBroker)
    return created


def test_one_turn_is_one_row(database: str) -> None:
    """Question, intent, outcome, quotes, what was considered, door and time, once Rasa listens again."""

    async def scene() -> None:
        made_broker = await made()
        publish(made_broker, "web-1", turn())
        await made_broker.close()

    asyncio.run(scene())
    (row,) = rows(database)
    assert row == TurnEvent(
        at=1000.0,
        sender="web-1",
        channel="web",
        question="卖卡会怎样",
        intent="penalty",
        confidence=0.9,
        outcome="answer",
        quoted=("linyi-duanka#p12", "nanning-app#p03"),
        considered=(Considered("linyi-duanka#p12", 0.97), Considered("x#p01", 0.1, "依据不足")),
        seconds=0.25,
    )


def test_turns_of_several_people_do_not_mix(database: str) -> None:
    """Their events may come in any order between each other; each person's second turn knows nothing of the first."""

    async def scene() -> None:
        made_broker = await made()
        for one, other in zip(turn("问甲"), turn("问乙"), strict=True):
            publish(made_broker, "web-1", [one])
            publish(made_broker, "web-2", [other])
        publish(made_broker, "web-1", [each for each in turn("再问甲", 2000.0) if not isinstance(each, SlotSet)])
        await made_broker.close()

    asyncio.run(scene())
    assert [(row.sender, row.question, len(row.considered)) for row in rows(database)] == [
        ("web-1", "问甲", 2),
        ("web-2", "问乙", 2),
        ("web-1", "再问甲", 0),
    ]


def test_probes_and_beginnings_leave_none(database: str) -> None:
    """Who only asks whether the assistant is there is nobody; a session that began without a question is no turn."""

    async def scene() -> None:
        made_broker = await made()
        publish(made_broker, f"{PROBE_SENDER}-1", turn())
        publish(made_broker, "web-1", turn()[:3])
        publish(made_broker, "web-1", turn()[3:9])
        await made_broker.close()

    asyncio.run(scene())
    assert rows(database) == ()


def test_a_turn_without_a_reply_says_so(database: str) -> None:
    """It is a row all the same: silence is what the staff most need to see."""

    async def scene() -> None:
        made_broker = await made()
        publish(made_broker, "web-1", [turn()[3], turn()[-1]])
        await made_broker.close()

    asyncio.run(scene())
    assert [(row.outcome, row.quoted, row.seconds) for row in rows(database)] == [("silent", (), 0.0)]


class BrokenStore(EventStore):
    """A database that fails at each call."""

    def add(self, event: TurnEvent) -> None:
        raise OperationalError(f"INSERT {event.question}", {}, Exception("down"))


class SlowStore(EventStore):
    """A database that does nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.go = threading.Event()
        self.kept: list[TurnEvent] = []

    def add(self, event: TurnEvent) -> None:
        self.go.wait()
        self.kept.append(event)


def test_a_broken_database_fails_no_turn(caplog: pytest.LogCaptureFixture) -> None:
    """Publishing returns; the log tells the kind of the error and not a word of the question."""

    async def scene() -> None:
        broken = TurnBroker(BrokenStore("sqlite://"))
        publish(broken, "web-1", turn("我的隐私"))
        await broken.close()

    with caplog.at_level(logging.DEBUG, logger="bot"):
        asyncio.run(scene())
    assert "OperationalError" in caplog.text
    assert "隐私" not in caplog.text


class SickStore(SlowStore):
    """A database that is ill for its first call, and well from then on."""

    def __init__(self) -> None:
        super().__init__()
        self.go.set()
        self.ill = True

    def add(self, event: TurnEvent) -> None:
        if self.ill:
            self.ill = False
            raise OperationalError("INSERT", {}, Exception("down"))
        super().add(event)


def test_rows_are_written_once_the_database_is_well_again() -> None:
    """In their order, those of who has left excepted."""
    store = SickStore()

    async def scene() -> None:
        made_broker = TurnBroker(store)
        publish(made_broker, "web-1", turn("问甲"))
        publish(made_broker, "web-2", turn("问乙"))
        await made_broker.close()

    asyncio.run(scene())
    assert [row.question for row in store.kept] == ["问甲", "问乙"]


def test_who_has_left_is_written_no_more() -> None:
    """What waited for the database goes with them."""
    store = SickStore()

    async def scene() -> None:
        made_broker = TurnBroker(store)
        publish(made_broker, "web-1", turn("问甲"))
        await made_broker.forget("web-1")
        publish(made_broker, "web-2", turn("问乙"))
        await made_broker.close()

    asyncio.run(scene())
    assert [row.question for row in store.kept] == ["问乙"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"event": None},
        {"event": "user", "sender_id": None},
        {"event": "bot", "sender_id": "web-1", "data": {"custom": "x"}},
        {"event": "user", "sender_id": "web-1", "timestamp": "x"},
        {"event": "slot", "sender_id": "web-1", "name": "considered", "value": [["few"]]},
    ],
)
def test_odd_events_fail_no_turn(database: str, event: dict[str, Any]) -> None:
    """What Rasa has never sent, before, within and after a turn: the next turn still leaves its row."""

    async def scene() -> None:
        made_broker = await made()
        made_broker.publish(event)
        publish(made_broker, "web-1", turn()[3:5])
        made_broker.publish(event)
        publish(made_broker, "web-1", turn()[-1:])
        publish(made_broker, "web-2", turn("下一问"))
        await made_broker.close()

    asyncio.run(scene())
    assert "下一问" in [row.question for row in rows(database)]


def test_a_slow_database_holds_up_nobody() -> None:
    """Publishing returns while it does nothing; what waits is written before the broker is closed."""
    store = SlowStore()

    async def scene() -> None:
        slow = TurnBroker(store)
        for number in range(20):
            publish(slow, f"web-{number}", turn())
        store.go.set()
        await slow.close()

    asyncio.run(scene())
    assert [event.sender for event in store.kept] == [f"web-{number}" for number in range(20)]


def test_memory_has_a_bound(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """More turns than may wait for a stuck database leave no row, and the log says so."""
    monkeypatch.setattr(event_broker, "MOST_WAITING", 3)
    store = SlowStore()

    async def scene() -> None:
        slow = TurnBroker(store)
        for number in range(5):
            publish(slow, f"web-{number}", turn())
        store.go.set()
        await slow.close()
        publish(slow, "web-9", turn())  # a turn that ends while the service stops

    asyncio.run(scene())
    assert len(store.kept) == 3
    assert caplog.text.count("too slow") == 2
    assert "stopping" in caplog.text


def test_a_person_is_forgotten(database: str) -> None:
    """Rows that wait are written first, so that who forgets finds them; a turn half gathered is dropped."""

    async def scene() -> None:
        made_broker = await made()
        publish(made_broker, "me", turn())
        publish(made_broker, "me", turn("没答完")[:5])
        assert isinstance(made_broker, TurnBroker)
        await made_broker.forget("me")
        assert [row.question for row in rows(database)] == ["卖卡会怎样"]
        publish(made_broker, "me", turn("没答完")[5:])
        await made_broker.close()

    asyncio.run(scene())
    assert [row.question for row in rows(database)] == ["卖卡会怎样"]
