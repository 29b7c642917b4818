"""What a person reads when no answer could be made: whatever broke, a victim is sent to 110 / 96110 first."""

from __future__ import annotations

from dataclasses import replace

from bot.answering import sentences
from bot.answering.records import Answer
from bot.answering.safety import recognise
from bot.text.masking import masked, without_tokens


def apology(text: str, why: str = sentences.UNAVAILABLE) -> Answer:
    """Return the reply to a message that is not answered: an emergency for a victim's wording, else `why`."""
    return with_notice(_apology(without_tokens(text), why), masked(text))


def with_notice(answer: Answer, personal: bool) -> Answer:
    """Return the answer with the request to send nothing personal, when something `personal` was sent."""
    return replace(answer, notice=sentences.KEEP_TO_YOURSELF) if personal else answer


def _apology(text: str, why: str) -> Answer:
    if recognise(text) == "victim":
        return Answer("emergency", sentences.EMERGENCY)
    return Answer("abstain", why)
