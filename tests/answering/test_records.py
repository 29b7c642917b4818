"""What goes into an answer and comes out of it, and how a conversation's memory is kept."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.records import HOTLINES, OUTCOME_NAMES, Answer, Memory, Outcome, Quote
from bot.reading.records import Passage

WORDS = "绝对不能出租、出借。"
RULE = Passage("linyi#p01", "linyi", "", WORDS, (WORDS,), "advice", ("penalty",), (3, 3), "")
NAMES = st.text(max_size=10)
MEMORIES = st.builds(
    Memory,
    question=st.none() | st.text(),
    topics=st.dictionaries(NAMES, st.floats(0, 1)),
    place=st.none() | NAMES,
    shown=st.lists(NAMES).map(tuple),
    last=st.lists(NAMES).map(tuple),
    alarmed=st.booleans(),
    about=st.none() | st.text(),
    pending=st.none() | st.text(),
    choices=st.lists(NAMES).map(tuple),
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
    """These seven and no other: every door knows them."""
    assert set(get_args(Outcome)) == {"answer", "near", "abstain", "ask", "emergency", "refuse", "chat"}
    assert set(OUTCOME_NAMES) == set(get_args(Outcome))


@pytest.mark.parametrize("outcome", ["answer", "near"])
def test_what_rests_on_a_quote_has_one(outcome: Outcome) -> None:
    """Neither an answer nor the nearest passage can be made of nothing."""
    with pytest.raises(ValueError, match=f"a reply of kind {outcome} without a quote"):
        Answer(outcome, "通报里是这样说的：")


@pytest.mark.parametrize("point", ["绝对不能出租、出借。", "…不能出租、出借。", "绝对不能\n出租…", "…不能…"])
def test_a_point_is_part_of_its_quote(point: str) -> None:
    """Word for word, white space aside; an end that was cut is marked."""
    assert Quote(RULE, RULE.text, 1, point, 1.0).point == point


@pytest.mark.parametrize("point", ["", "…", "可以出租、出借。", "绝对不能…出借。", "绝对不能出租、出借！"])
def test_a_point_that_does_not_stand_there_is_refused(point: str) -> None:
    """Not one changed character, nothing left out in the middle, not empty."""
    with pytest.raises(ValueError, match="no part of its quote from linyi#p01"):
        Quote(RULE, RULE.text, 1, point)


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_is_one(probability: float) -> None:
    """Between 0 and 1."""
    with pytest.raises(ValueError, match="not between 0 and 1"):
        Quote(RULE, RULE.text, 1, RULE.text, probability)


def test_both_hotlines_are_always_there() -> None:
    """96110 and 110."""
    assert set(HOTLINES) == {"96110", "110"}


def test_an_answer_cannot_be_changed() -> None:
    """Once made, a record is what it is."""
    with pytest.raises(FrozenInstanceError):
        Answer("chat", "您好！").lead = "别的"  # type: ignore[misc]
