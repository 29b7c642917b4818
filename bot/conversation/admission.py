"""What both doors do with a text before anything else sees it. Knows no Rasa, no HTTP, no clock.

A message that passes is read, once: it says something, and is not too long. One that does not pass is answered here,
by a fixed sentence; a victim is answered even then.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering import sentences
from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.records import Answer
from bot.knowledge.messages import read_message


@dataclass(frozen=True)
class Admitted:
    """A message that came in; with a `reply` no turn is made of it."""

    message: Message
    reply: Answer | None = None

    @property
    def text(self) -> str:
        """What may be stored and shown of it: it keeps the person's script and width."""
        return self.message.masked


def admit(raw: str, before: str = "") -> Admitted:
    """Read a message, and see whether it may be asked.

    `before` is the end of what the same person said last, masked: a number may begin there.
    """
    message = read_message(raw, before)
    if message.too_long:
        return Admitted(message, apology(message, Answer("chat", sentences.TOO_LONG)))
    if not message.clean and not message.personal:
        return Admitted(message, Answer("chat", sentences.NOTHING_SAID))
    return Admitted(message)
