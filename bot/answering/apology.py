"""What a person reads when no answer could be made: whatever broke, a victim is sent to 110 / 96110 first."""

from __future__ import annotations

from dataclasses import replace

from bot.answering import sentences
from bot.answering.message import Message
from bot.answering.records import Answer


def apology(message: Message | None = None, why: str | Answer = sentences.UNAVAILABLE) -> Answer:
    """Return the reply to a message that is not answered: an emergency for a victim, else `why`."""
    answer = Answer("abstain", why) if isinstance(why, str) else why
    if message is None:
        return answer
    return with_notice(emergency() if message.kind == "victim" else answer, message.personal)


def emergency() -> Answer:
    """Return what a victim reads where no passage can be looked for."""
    return Answer("emergency", sentences.EMERGENCY)


def with_notice(answer: Answer, personal: bool) -> Answer:
    """Return the answer with the request to send nothing personal, when something `personal` was sent."""
    return replace(answer, notice=sentences.KEEP_TO_YOURSELF) if personal else answer
