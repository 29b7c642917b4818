"""What a message leads to: a turn of the assistant, one of this door's own sentences, or what an earlier one is owed.

Knows the guard, the turns and the deliveries; knows neither HTTP nor XML nor Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering import sentences as answers
from bot.answering.records import Answer
from bot.answering.safety import recognise
from bot.channels.guard import admit
from bot.channels.retention import Forget, NotForgottenError
from bot.channels.turns import Reply, Turns
from bot.channels.wechat import menu, sentences
from bot.channels.wechat.deliveries import TURN_SECONDS, Deliveries, Message, Parcel
from bot.channels.wechat.incoming import Incoming
from bot.channels.wechat.rendering import Pages, Style, paginate, suggest
from bot.reading.records import Topic
from bot.retrieval.normalise import normalise

# A victim does not wait for the assistant, and never for a second attempt.
VICTIM_SECONDS = 3.0
_MARKS = re.compile(r"""^[\s"'“”‘’「」【】()（）]+|[\s"'“”‘’「」【】()（）。.!！~,，、]+$""")


@dataclass(frozen=True)
class Replying:
    """`asks` are the questions that menu keys stand for, `greeting` those shown with the welcome.

    `forget` erases what is kept of a follower.
    """

    turns: Turns
    deliveries: Deliveries
    style: Style
    asks: Mapping[str, str]
    greeting: tuple[str, ...]
    forget: Forget

    async def write(self, incoming: Incoming, message: Message) -> Parcel:
        """Return what the message leads to, however long that takes."""
        match incoming.kind:
            case "came":
                return Parcel(suggest(sentences.WELCOME, self.greeting, self.style))
            case "chosen":
                return await self._chosen(incoming.text, message)
            case "said":
                return await self._said(incoming.text, message)
            case "unheard":
                return _own(sentences.UNHEARD)
            case _:
                return _own(sentences.UNREADABLE)

    async def _chosen(self, key: str, message: Message) -> Parcel:
        if key == menu.EMERGENCY:
            return self._laid(Answer("emergency", answers.EMERGENCY))
        question = self.asks.get(key)
        return await self._asked(question, message) if question else _own(sentences.OLD_MENU)

    async def _said(self, raw: str, message: Message) -> Parcel:
        admitted = admit(raw)
        if admitted.reply:
            return self._laid(admitted.reply)
        word = _MARKS.sub("", normalise(admitted.text))
        if word in sentences.ERASE:
            return await self._erase(message)
        if word in sentences.CONTINUE and (key := await self.deliveries.owed_to(message)):
            return await self.deliveries.collect(key)
        if word in sentences.REST and (rest := await self.deliveries.rest_for(message.sender)):
            return Parcel(rest)
        if len(word) == 1 and word in "123456789":
            return await self._numbered(int(word), message)
        return await self._asked(admitted.text, message)

    async def _erase(self, message: Message) -> Parcel:
        """Forget the follower, once what they asked before has its reply."""

        async def forget() -> None:
            await self.deliveries.before(message)
            await self.forget(message.sender)
            await self.deliveries.forget(message)

        await self.deliveries.owe(message)
        try:
            await self.turns.after_others(message.sender, forget)
        except NotForgottenError:
            return _own(sentences.NOT_ERASED)
        return _own(sentences.ERASED)

    async def _numbered(self, number: int, message: Message) -> Parcel:
        """Ask what a number stands for; one that stands for nothing may come from a reply of long ago."""
        shown = await self.deliveries.suggestions_for(message.sender)
        if number <= len(shown):
            return await self._asked(shown[number - 1], message)
        return Parcel(suggest(sentences.NO_NUMBER, shown or self.greeting, self.style))

    async def _asked(self, question: str, message: Message) -> Parcel:
        await self.deliveries.owe(message)
        seconds = VICTIM_SECONDS if recognise(question) == "victim" else TURN_SECONDS
        return Parcel(paginate(await self.turns.take(message.sender, question, seconds), self.style))

    def _laid(self, answer: Answer) -> Parcel:
        return Parcel(paginate(Reply.of(answer), self.style), passing=True)


def _own(sentence: str) -> Parcel:
    return Parcel(Pages((sentence,)), passing=True)


def greeting(topics: Sequence[Topic], most: int = 3) -> tuple[str, ...]:
    """Return what to ask first: the first question of each of the first topics."""
    return tuple(topic.asks[0] for topic in topics if topic.asks)[:most]
