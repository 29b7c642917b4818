"""The chat without JavaScript: the conversation so far, and forms. Knows no cookie and no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.message import MOST_CHARACTERS
from bot.answering.records import HOTLINES
from bot.answering.reply import Reply
from bot.doors.web.pages.replies import ShownReply, show
from bot.doors.web.pages.templates import HERE, render
from bot.reading.records import Topic

# More than one may ask: what a field cuts is lost unseen, who is told that it is too long can shorten it, and a long
# story of a victim's gets its reply. Less than a form may weigh, at nine bytes a character.
MOST_TYPED = 800


class Turn(Protocol):
    """What the page shows of a turn: the question, cleaned and masked, and its reply, None while it is being made."""

    @property
    def text(self) -> str:
        """The question."""

    @property
    def reply(self) -> Reply | None:
        """The reply."""


@dataclass(frozen=True)
class ShownTurn:
    """A turn as the template takes it."""

    text: str
    reply: ShownReply | None


@dataclass(frozen=True)
class Proposal:
    """A question to ask by one press. `id` is its message id: another than the form's, so that either may be sent."""

    id: str
    text: str


def plain_page(
    turns: Sequence[Turn],
    form_id: str,
    notice: str | None = None,
    topics: Sequence[Topic] = (),
    elder: bool = False,
) -> str:
    """Return the page at `plain`, oldest turn first; the newest answer has the id `latest`.

    `form_id` becomes the id of the message typed next (8 to 60 characters of an id: the proposals' ids are made from
    it). `notice` is one sentence on what went wrong. `topics` are proposed while nothing has been asked.
    """
    shown = tuple(ShownTurn(turn.text, show(turn.reply) if turn.reply else None) for turn in turns)
    latest = shown[-1].reply if shown else None
    asks = latest.suggestions if latest else tuple(topic.asks[0] for topic in topics if topic.asks and not shown)
    if latest and latest.kind == "emergency":  # who must call now is not to go on asking
        asks = ()
    return render(
        "plain.html",
        HERE,
        elder,
        turns=shown,
        form_id=form_id,
        notice=notice,
        choosing=latest is not None and latest.kind == "ask",
        proposals=tuple(_proposals(form_id, asks)),
        hotlines=HOTLINES,
        most_characters=MOST_CHARACTERS,
        most_typed=MOST_TYPED,
    )


def _proposals(form_id: str, asks: Iterable[str]) -> Iterable[Proposal]:
    return (Proposal(f"{form_id}-{number}", text) for number, text in enumerate(asks, start=1))
