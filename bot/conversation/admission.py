"""What both doors do with a text before anything else sees it. Pure: knows no Rasa, no HTTP, no clock.

A message that passes is text and nothing else: no invisible characters, no command of Rasa's, not too long, nothing
personal. One that does not pass is answered here, by a fixed sentence; a victim's wording is answered even then.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.answering import sentences
from bot.answering.apology import with_notice
from bot.answering.records import Answer
from bot.answering.safety import recognise
from bot.text.masking import mask, masked, without_tokens
from bot.text.normalise import normalise, visible

MOST_CHARACTERS = 300
# A number with something between all its digits; and how much of the beginning and the end of what is too long is read.
_LONGEST_NUMBER, _LOOKED_AT = 128, 400
# More is in no body that a resident may send; a member of the staff may paste a book.
_MOST_READ = 8192
# How Rasa marks an intent typed by hand; in full width it is the same to whoever typed it.
_COMMAND = "/"


@dataclass(frozen=True)
class Admitted:
    """A message that came in: `text` is what may be stored and understood; with a `reply` no turn is made of it."""

    text: str
    reply: Answer | None = None


def admit(raw: str, before: str = "") -> Admitted:
    """Clean a message. `text` keeps the person's script and width: understanding folds those by itself.

    `before` is the end of what the same person said last, masked: a number may begin there. However long the message
    is, the work is that of some hundred characters.
    """
    if len(raw) > _MOST_READ:
        raw = raw[: _MOST_READ - _LOOKED_AT] + raw[-_LOOKED_AT:]
    clean = visible(raw).strip()
    while unicodedata.normalize("NFKC", clean[:1]) == _COMMAND:
        clean = clean[1:].lstrip()
    if _too_many(clean):
        # Masked before it is cut: a cut could leave half a number that nobody recognises as one.
        text = mask(clean[: MOST_CHARACTERS + _LONGEST_NUMBER], before)
        return Admitted(mask(text[:MOST_CHARACTERS]), with_notice(_too_long(clean), masked(text)))
    text = mask(clean, before)
    if not normalise(clean):
        return Admitted(text, Answer("chat", sentences.NOTHING_SAID))
    return Admitted(text)


def _too_many(text: str) -> bool:
    """Tokens of an earlier masking are longer than what they stand for: they do not count, within reason."""
    return len(without_tokens(text)) > MOST_CHARACTERS or len(text) > 3 * MOST_CHARACTERS


def _too_long(text: str) -> Answer:
    if any(recognise(without_tokens(part)) == "victim" for part in (text[:_LOOKED_AT], text[-_LOOKED_AT:])):
        return Answer("emergency", sentences.EMERGENCY)
    return Answer("chat", sentences.TOO_LONG)
