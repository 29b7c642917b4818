"""What goes into an answer and comes out of it, and how a conversation's memory is kept."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.records import HOTLINES, Answer, Memory, Outcome

NAMES = st.text(max_size=10)
MEMORIES = st.builds(
    Memory,
    question=st.none() | st.text(),
    topics=st.dictionaries(NAMES, st.floats(0, 1)),
    place=st.none() | NAMES,
    shown=st.lists(NAMES).map(tuple),
    last=st.lists(NAMES).map(tuple),
)


@given(MEMORIES)
def test_memory_survives_the_tracker(memory: Memory) -> None:
    """What a slot holds as JSON is read back as it was."""
    assert Memory.from_dict(json.loads(json.dumps(memory.as_dict()))) == memory


@pytest.mark.parametrize(
    "slot",
    [
        None,
        {},
        {"question": None},
        {"topics": None, "shown": None, "last": None},
        {"something": "from another version"},
    ],
)
def test_what_an_older_version_wrote_is_an_empty_memory(slot: dict[str, Any] | None) -> None:
    """A slot without a memory, or with half of one, never breaks a conversation."""
    assert Memory.from_dict(slot) == Memory()


def test_the_outcomes_are_a_closed_list() -> None:
    """These five and no other: every door knows them."""
    assert set(get_args(Outcome)) == {"answer", "abstain", "emergency", "refuse", "chat"}


def test_both_hotlines_are_always_there() -> None:
    """96110 and 110."""
    assert set(HOTLINES) == {"96110", "110"}


def test_an_answer_cannot_be_changed() -> None:
    """Once made, a record is what it is."""
    with pytest.raises(FrozenInstanceError):
        Answer("chat", "您好！").lead = "别的"  # type: ignore[misc]
