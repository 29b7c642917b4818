"""The rows the staff look at: kept, judged, settled, erased and purged. A real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.keeping.events import Considered, EventStore, TurnEvent

ONE = TurnEvent(
    at=1000.0,
    sender="web-1",
    channel="web",
    question="卖卡会怎样",
    intent="penalty",
    confidence=0.9,
    outcome="answer",
    quoted=("linyi-duanka#p12",),
    considered=(Considered("linyi-duanka#p12", 0.97), Considered("x#p01", 0.1, "依据不足")),
    seconds=0.06,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    """A new database, in a folder that is not there yet."""
    kept = EventStore(f"sqlite:///{tmp_path}/var/events.db")
    yield kept
    kept.close()


def test_what_is_added_comes_back(store: EventStore) -> None:
    """Every field, in the order of time."""
    later = replace(ONE, at=2000.0, question=None, considered=(), quoted=())
    store.add(later)
    store.add(ONE)
    assert store.since(0.0) == (ONE, later)
    assert store.since(1500.0) == (later,)


def test_feedback_goes_to_the_latest_of_that_question(store: EventStore) -> None:
    """Who asks twice judges what was read last; a question never asked is judged by nobody."""
    store.add(ONE)
    store.add(replace(ONE, at=2000.0))
    assert store.judge("web-1", "卖卡会怎样", False, "看不懂")
    assert [(event.helpful, event.comment) for event in store.since(0.0)] == [(None, None), (False, "看不懂")]
    assert not store.judge("web-2", "卖卡会怎样", False, "")


def test_settled_wordings_keep_the_latest_time(store: EventStore) -> None:
    """Settled again, it is settled later."""
    store.settle(["甲", "乙", "甲"], 10.0)
    store.settle(["甲"], 20.0)
    assert dict(store.settled()) == {"甲": 20.0, "乙": 10.0}


def test_a_person_can_be_forgotten(store: EventStore) -> None:
    """All of one sender, nothing of another."""
    other = replace(ONE, sender="web-2")
    store.add(ONE)
    store.add(other)
    assert store.erase("web-1") == 1
    assert store.since(0.0) == (other,)


def test_words_go_before_rows(store: EventStore) -> None:
    """First the question, the comment and who asked; the figures stay until their own time is over."""
    for at in (100.0, 1000.0, 5000.0):
        store.add(replace(ONE, at=at, comment="说明"))
    store.purge(texts_before=2000.0, before=500.0)
    assert [(event.at, event.question, event.comment, event.sender) for event in store.since(0.0)] == [
        (1000.0, None, None, ""),
        (5000.0, "卖卡会怎样", "说明", "web-1"),
    ]
