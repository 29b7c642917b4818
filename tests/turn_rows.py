"""Rows of turns, to count and to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.keeping.events import Considered, TurnEvent

DAY = datetime(2026, 11, 24)


def turn(question: str = "卖卡会怎样", hour: int = 9, **changes: Any) -> TurnEvent:
    """Return an answered turn of the web door, on DAY at a full hour."""
    plain = TurnEvent(
        at=DAY.replace(hour=hour).timestamp(),
        sender="web-1",
        channel="web",
        question=question,
        intent="penalty",
        confidence=0.9,
        outcome="answer",
        quoted=("linyi-duanka#p12",),
        considered=(Considered("linyi-duanka#p12", 0.97),),
        seconds=0.1,
    )
    return replace(plain, **changes)


def unanswered(question: str, hour: int = 10, **changes: Any) -> TurnEvent:
    """Return a turn for which nothing was found."""
    near = Considered("linyi-duanka#p02", 0.3, "依据不足")
    return turn(question, hour, outcome="abstain", intent="nlu_fallback", quoted=(), considered=(near,), **changes)
