"""What a person reads when no answer could be made: whatever broke, a victim is sent to 110 / 96110 first."""

from __future__ import annotations

from bot.answering import sentences
from bot.answering.records import Answer
from bot.answering.safety import recognise


def apology(text: str) -> Answer:
    """Return the reply to a message that could not be answered: an emergency for a victim's wording, else abstain."""
    if recognise(text) == "victim":
        return Answer("emergency", sentences.EMERGENCY)
    return Answer("abstain", sentences.UNAVAILABLE)
