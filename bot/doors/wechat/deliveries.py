"""Which text answers which attempt, within WeChat's five seconds: docs/decisions/0008-wechat-five-seconds.md.

Knows asyncio and the notes; knows neither HTTP nor XML nor Rasa. What asks the assistant is given as a function.
One message is one piece of work and one text: `sent` holds that text from the moment it is first given away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answering.apology import apology
from bot.doors.wechat import notices
from bot.doors.wechat.noted import KEEP, name_of
from bot.doors.wechat.offers import Offers
from bot.doors.wechat.pagination import MOST_BYTES, Style, size
from bot.doors.wechat.parcel import Parcel
from bot.doors.wechat.ttl_store import Notes
from bot.reading.dates import CHINA

logger = logging.getLogger(__name__)

# An attempt's answer leaves within this time of its arrival, or not at all.
PATIENCE = 4.5
ATTEMPTS = 3
# When so much time has gone since the first attempt, the present one is WeChat's last, whichever reached us.
LAST_FROM = 9.0
# When so much has gone, no attempt is left.
GONE_BY = 15.0
# How long a turn may take, waiting in line included; then there is an apology.
TURN_SECONDS = 60.0
_POLL = 0.1
_LATE = "late"
# Whoever works on a message says so every second. Silent for so long, its process was killed: another takes over.
WORKING = 3
_RENEWED = 1.0


@dataclass(frozen=True)
class Message:
    """`key` tells it from every other and is the same when it is sent again; both it and `sender` are hashes.

    `created` is WeChat's time in seconds, 0 when it is not known.
    """

    key: str
    sender: str
    created: int = 0


Write = Callable[[], Awaitable[Parcel]]


class Deliveries:
    """Gives each attempt its text. Each process has one; the notes are what several share."""

    def __init__(self, notes: Notes, style: Style, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the notes, how replies look, and the clock that arrivals are measured with."""
        self._notes = notes
        self.offers = Offers(notes)
        self._style = style
        self._clock = clock
        self._writing: dict[str, asyncio.Task[Parcel]] = {}

    async def deliver(self, message: Message, write: Write, arrival: float) -> str | None:
        """Return the text for this attempt at `message`, or None when WeChat shall send it again.

        `write` is called for one attempt only, also of those that come in the same moment, and runs on whatever becomes
        of the attempt; once more for a later one, when the process it ran in was killed.
        """
        text = await self._delivery(message, write, arrival)
        return None if text is None else self._shown(text)

    @property
    def wait(self) -> str:
        """What is said while an answer is being looked for."""
        return self._shown(notices.WAIT)

    def _shown(self, text: str) -> str:
        return text if self._style.links else notices.without_links(text)

    async def _delivery(self, message: Message, write: Write, arrival: float) -> str | None:
        visit = await self._notes.visit(name_of("seen", message.key), KEEP)
        if visit.count == 1:
            await self._notes.append(name_of("had", message.sender), message.key, KEEP)
        elif sent := await self._notes.get(name_of("sent", message.key)):
            return sent
        parcel = await self._wait(message, write, arrival + PATIENCE)
        if parcel is None and visit.count < ATTEMPTS and visit.age < LAST_FROM:
            return None
        # To its end, also when the connection is cut: what is told and what is noted belong together.
        return await asyncio.shield(self._settle(message, parcel))

    async def owed_to(self, message: Message) -> str | None:
        """Return the key of the oldest message of the sender whose answer is still to be delivered, or None."""
        for key in await self._notes.entries(name_of("open", message.sender)):
            age = await self._notes.age(name_of("seen", key), KEEP)
            if age is None:
                await self._notes.remove(name_of("open", message.sender), key)
            elif key != message.key and await self._is_waited_for(key, age):
                return key
        return None

    async def _is_waited_for(self, key: str, age: float) -> bool:
        if age > GONE_BY:
            # From here on its own attempts, should one be late, say what the last one said.
            await self._notes.add(name_of("sent", key), notices.WAIT, KEEP)
        return await self._notes.get(name_of("sent", key)) == notices.WAIT

    async def owe(self, message: Message) -> None:
        """Note that an answer to the message is to be delivered, with its attempts or on 继续."""
        await self._notes.append(name_of("open", message.sender), message.key, KEEP)

    async def collect(self, key: str) -> Parcel:
        """Wait for the answer to an earlier message; it is an apology when nobody works on it any more."""
        while (parcel := await self._noted(key)) is None:
            age = await self._notes.age(name_of("seen", key), KEEP)
            if age is None or age > TURN_SECONDS + GONE_BY:
                parcel = self._apology()
                break
            await asyncio.sleep(_POLL)
        return replace(parcel, owed=key)

    async def take_late(self, message: Message) -> str | None:
        """Wait for the answer that is owed to a message and return its text, to be sent; None once it was given.

        From then on it counts as given, unless `leave_late` says that it could not be.
        """
        parcel = await self.collect(message.key)
        own = await self._noted(message.key)
        if own and own.owed:  # it asked for another's answer: that one is sent by itself
            return None
        if not await self._notes.add(name_of("given", message.key), _LATE, KEEP):
            return None
        text = await self._text(message, parcel)
        await self._delivered(message, parcel)
        return self._shown(text)

    async def leave_late(self, message: Message) -> None:
        """It could not be sent: it is owed as before, on 继续."""
        await self._notes.take(name_of("given", message.key))
        await self.owe(message)

    async def before(self, message: Message) -> None:
        """Wait until what the sender asked before the message is answered, here or in another process."""
        for key in await self._before(name_of("open", message.sender), message.key):
            await self.collect(key)

    async def forget(self, message: Message) -> None:
        """Forget what the sender was told, is owed, and may ask for by a word or a number, up to this message.

        That they sent something is still counted, under a hash: what WeChat sends again gets the same as this message.
        """
        had, owed = name_of("had", message.sender), name_of("open", message.sender)
        for key in {*await self._before(had, message.key), *await self._before(owed, message.key)}:
            await self._notes.remove(had, key)
            await self._notes.remove(owed, key)
            await self._notes.take(name_of("done", key))
            await self._notes.put(name_of("sent", key), notices.ERASED, KEEP)
        await self._notes.remove(had, message.key)
        await self.offers.forget(message.sender)

    async def _before(self, name: str, key: str) -> tuple[str, ...]:
        listed = await self._notes.entries(name)
        return listed[: listed.index(key)] if key in listed else listed

    async def claim(self, stamp: str, key: str) -> bool:
        """Whether the signature with this stamp belongs to the message: it does to the first that came with it."""
        return await self._is_first(name_of("stamp", stamp), key)

    async def _is_first(self, name: str, key: str) -> bool:
        return await self._notes.add(name, key, KEEP) or await self._notes.get(name) == key

    def _begin(self, message: Message, write: Write) -> None:
        self._writing[message.key] = asyncio.create_task(self._write(message, write))

    async def _write(self, message: Message, write: Write) -> Parcel:
        saying_so = asyncio.create_task(self._say_so(message.key))
        try:
            parcel = await self._written(write)
            await self._notes.put(name_of("done", message.key), parcel.dump(), KEEP)
        finally:
            self._writing.pop(message.key, None)
            saying_so.cancel()
        return parcel

    async def _written(self, write: Write) -> Parcel:
        try:
            return await write()
        except Exception as error:  # nobody is left without a word; values may be a person's words and stay out
            logger.error("writing a reply failed: %s", type(error).__name__)
            return self._apology()

    async def _say_so(self, key: str) -> None:
        # Not only until cancelled: Redis' client loses a cancellation that comes in the moment a command is sent.
        while key in self._writing:
            await self._notes.put(name_of("working", key), "", WORKING)
            await asyncio.sleep(_RENEWED)

    def _apology(self) -> Parcel:
        return Parcel.laid(apology(), self._style)

    async def _wait(self, message: Message, write: Write, until: float) -> Parcel | None:
        """Return what the work on a message led to, here or in another process, or None when it is not done in time.

        Nobody works on it, not yet or not any more: it is begun here.
        """
        while (task := self._writing.get(message.key)) is None:
            if (parcel := await self._noted(message.key)) or self._clock() + _POLL >= until:
                return parcel
            if await self._notes.add(name_of("working", message.key), "", WORKING):
                self._begin(message, write)
            else:
                await asyncio.sleep(_POLL)
        done, _ = await asyncio.wait({task}, timeout=max(0.0, until - self._clock()))
        return task.result() if done and not task.cancelled() else None

    async def _noted(self, key: str) -> Parcel | None:
        noted = await self._notes.get(name_of("done", key))
        return Parcel.load(noted) if noted else None

    async def _settle(self, message: Message, parcel: Parcel | None) -> str:
        """Return the one text of the message: what was given away first, else this."""
        if sent := await self._notes.get(name_of("sent", message.key)):
            return sent
        if parcel and parcel.owed:
            parcel = await self._handed_out(message, parcel)
        text = await self._text(message, parcel) if parcel else notices.WAIT
        if not await self._notes.add(name_of("sent", message.key), text, KEEP):
            return await self._notes.get(name_of("sent", message.key)) or text
        if parcel:
            await self._delivered(message, parcel)
        return text

    async def _handed_out(self, message: Message, parcel: Parcel) -> Parcel:
        """Return what is owed for the first message that asked for it, at each of its attempts; for others, why not."""
        if await self._notes.get(name_of("sent", parcel.owed)) == notices.ERASED:
            return Parcel.of(notices.ERASED)
        if not await self._is_first(name_of("given", parcel.owed), message.key):
            return Parcel.of(notices.ALREADY_SENT)
        await self._notes.remove(name_of("open", message.sender), parcel.owed)
        return parcel

    async def _text(self, message: Message, parcel: Parcel) -> str:
        page, *others = parcel.pages.texts
        clock = _clock(parcel.created)
        found = notices.FOUND_AT.format(clock=clock) if clock else notices.FOUND
        lines = [found] if parcel.owed and not parcel.pages.urgent else []
        lines += [notices.REST_AT.format(clock=clock)] if parcel.rest and clock else []
        lines += [page, *([notices.MORE] if others else [])]
        lines += [notices.ALSO_OWED] if parcel.owed and await self.owed_to(message) else []
        text = "\n".join(lines)
        assert size(text) <= MOST_BYTES, "a page leaves room for the lines around it"
        return text

    async def _delivered(self, message: Message, parcel: Parcel) -> None:
        """Note what the sender has now read, and what they may ask for by a word or a number."""
        await self._notes.remove(name_of("open", message.sender), message.key)
        if not parcel.passing:
            await self.offers.make(message.sender, parcel)


def _clock(created: int) -> str:
    """Return the time of day that the follower sees beside their message, "" when it is not known."""
    return datetime.fromtimestamp(created, CHINA).strftime("%H:%M") if created else ""
