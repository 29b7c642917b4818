"""What a message leads to: a turn of the assistant, one of this door's own sentences, or what an earlier one is owed.

Knows the guard, the turns and the deliveries; knows neither HTTP nor XML nor Rasa.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat

from bot.answering import sentences as answers
from bot.answering.message import Message as Said
from bot.answering.records import Answer
from bot.conversation.admission import admit
from bot.conversation.duty import asks_for_a_person
from bot.conversation.turns import Turns
from bot.doors.wechat import menu, notices
from bot.doors.wechat.deliveries import TURN_SECONDS, Deliveries, Message
from bot.doors.wechat.incoming import Incoming
from bot.doors.wechat.pagination import FURTHER, Style, paginate, suggest
from bot.doors.wechat.parcel import Parcel
from bot.doors.wechat.wishes import Wish, choice_of, is_emoji, wish_of, word_of
from bot.keeping.retention import Forget, NotForgottenError
from bot.keeping.tallies import Way
from bot.reading.records import Topic

# Who unsubscribed is forgotten although the database cannot do it at once: tried again after these seconds, the last
# of them again and again.
AGAIN_SECONDS = (5.0, 30.0, 120.0, 600.0)
# A victim does not wait for the assistant, and never for a second attempt.
VICTIM_SECONDS = 3.0


@dataclass(frozen=True)
class Replying:
    """`asks` are the questions that menu keys stand for, `greeting` those shown with the welcome.

    `transfer`: who asks for a person is passed to the account's own staff.
    `forget` erases what is kept of a follower; `unfinished` is what could not be erased yet. `count` notes who came
    by a QR code or by the menu.
    """

    turns: Turns
    deliveries: Deliveries
    style: Style
    asks: Mapping[str, str]
    greeting: tuple[str, ...]
    forget: Forget
    count: Callable[[Way, str], None]
    transfer: bool = False
    unfinished: set[asyncio.Task[None]] = field(default_factory=set, compare=False, repr=False)

    async def write(self, incoming: Incoming, message: Message) -> Parcel:
        """Return what the message leads to, however long that takes."""
        if incoming.came_by:
            self.count(*incoming.came_by)
        match incoming.kind:
            case "came":
                return Parcel(suggest(notices.WELCOME, self.greeting, self.style))
            case "chosen":
                return await self._chosen(incoming.text, message)
            case "said":
                return await self._said(incoming.text, message)
            case "left":
                return await self._left(message)
            case "viewed":
                return Parcel.of("")
            case "unheard":
                return Parcel.of(notices.UNHEARD)
            case _:
                return Parcel.of(notices.UNREADABLE)

    async def _chosen(self, key: str, message: Message) -> Parcel:
        if key == menu.EMERGENCY:
            return Parcel.laid(Answer("emergency", answers.EMERGENCY), self.style)
        question = self.asks.get(key)
        return await self._asked(admit(question).message, message) if question else Parcel.of(notices.OLD_MENU)

    async def _said(self, raw: str, message: Message) -> Parcel:
        admitted = admit(raw)
        if admitted.reply:
            return Parcel.laid(admitted.reply, self.style)
        if self.transfer and asks_for_a_person(admitted.text):
            return Parcel.of(notices.TRANSFER)
        word = word_of(admitted.text)
        wish, choice = wish_of(word), choice_of(word)
        if wish == "erase":
            return await self._erase(message)
        if choice is not None:
            return await self._numbered(choice, message)
        if (wish or is_emoji(raw)) and (more := await self._more(message, first=wish)):
            return more
        return Parcel.of(notices.UNREADABLE) if is_emoji(raw) else await self._asked(admitted.message, message)

    async def _more(self, message: Message, first: Wish | None) -> Parcel | None:
        """Return what the follower is owed, or the rest of the last reply, or what is further told; None without any.

        Whatever word asked for it, they get what there is: first what the word names.
        """
        for kind in ("owed", "rest") if first == "owed" else ("rest", "owed"):
            if kind == "rest" and (rest := await self.deliveries.offers.rest_for(message.sender)):
                return rest
            if kind == "owed" and (key := await self.deliveries.owed_to(message)):
                return await self.deliveries.collect(key)
        if await self.deliveries.offers.has_further(message.sender):
            return await self._asked(admit(FURTHER).message, message)
        return None

    async def _erase(self, message: Message) -> Parcel:
        """Forget the follower, once what they asked before has its reply."""
        await self.deliveries.owe(message)
        try:
            await self._forget(message)
        except NotForgottenError:
            return Parcel.of(notices.NOT_ERASED)
        return Parcel.of(notices.ERASED)

    async def _left(self, message: Message) -> Parcel:
        """Forget who unsubscribed; nobody reads a reply, so nobody asks again: it is tried until it is done."""
        try:
            await self._forget(message)
        except NotForgottenError:
            later = asyncio.create_task(self._forget_later(message))
            self.unfinished.add(later)
            later.add_done_callback(self.unfinished.discard)
        return Parcel.of("")

    async def _forget(self, message: Message) -> None:
        async def forget() -> None:
            await self.deliveries.before(message)
            await self.forget(message.sender)
            await self.deliveries.forget(message)

        await self.turns.after_others(message.sender, forget)

    async def _forget_later(self, message: Message) -> None:
        for seconds in chain(AGAIN_SECONDS, repeat(AGAIN_SECONDS[-1])):
            await asyncio.sleep(seconds)
            with suppress(NotForgottenError):
                await self._forget(message)
                return

    async def _numbered(self, number: int, message: Message) -> Parcel:
        """Ask what a number stands for; one that stands for nothing leads on, or comes from a reply of long ago."""
        shown = await self.deliveries.offers.suggestions_for(message.sender)
        if number <= len(shown):
            return await self._asked(admit(shown[number - 1]).message, message)
        if more := await self._more(message, first=None):
            return more
        return Parcel(suggest(notices.NO_NUMBER, shown or self.greeting, self.style))

    async def _asked(self, question: Said, message: Message) -> Parcel:
        await self.deliveries.owe(message)
        seconds = VICTIM_SECONDS if question.kind == "victim" else TURN_SECONDS
        pages = paginate(await self.turns.take(message.sender, question, seconds), self.style)
        return Parcel(pages, created=message.created)


def greeting(topics: Sequence[Topic], most: int = 3) -> tuple[str, ...]:
    """Return what to ask first: the first question of each of the first topics."""
    return tuple(topic.asks[0] for topic in topics if topic.asks)[:most]
