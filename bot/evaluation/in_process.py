"""Golden questions put to the trained model and the answerer in this process: no server, the same code as behind one.

Each question is the first of a conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.answering.records import Memory
from bot.answering.rendering import render_custom, render_text
from bot.evaluation.judging import Reply, parse_reply
from bot.evaluation.runs import Support
from bot.rasa.understanding import Heard, hear


@dataclass(frozen=True)
class Rehearsed:
    """The reply to a question, and how well the best passage of its search supports an answer."""

    reply: Reply
    support: Support


def rehearse(model: Path, answerer: Answerer, questions: Sequence[str], today: date) -> tuple[Rehearsed, ...]:
    """Return what each question gets, in their order."""
    return tuple(_answered(heard, answerer, today) for heard in hear(model, questions))


def _answered(heard: Heard, answerer: Answerer, today: date) -> Rehearsed:
    answer, _ = answerer.reply(heard.message, heard.understood, Memory(), today)
    bubbles = [{"text": render_text(answer)}, {"custom": render_custom(answer)}]
    return Rehearsed(parse_reply(bubbles), _support(heard, answerer))


def _support(heard: Heard, answerer: Answerer) -> Support:
    """Of the search that stands behind an answer, also where something else was said in the end."""
    result = answerer.look_up(heard.message.mended, heard.understood)
    return Support(result.answered, result.sure)
