"""One turn of a conversation, whatever the door: in order, within a time budget, and never silent.

Knows asyncio; knows neither Rasa nor HTTP. What asks the assistant is given as a function.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.assistant import Ask
from bot.conversation.queueing import in_line

logger = logging.getLogger(__name__)


class Turns:
    """Puts messages to the assistant, those of one sender one after the other in the order they came."""

    def __init__(self, ask: Ask) -> None:
        """Keep how to ask."""
        self._ask = ask
        self._queues: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    async def take(self, sender: str, message: Message, seconds: float) -> Reply:
        """Return the reply, or the apology once `seconds` have gone by since the call, waiting in line included.

        A turn that runs out of time is cancelled, so that it leaves no trace in the conversation and holds up no other.
        Whatever breaks, the person gets a reply; only our own cancellation is passed on.
        """
        try:
            reply = await asyncio.wait_for(self._in_order(sender, message), seconds)
        except asyncio.TimeoutError:
            logger.error("no reply within %.1f s", seconds)
            reply = None
        except Exception as error:  # nobody is left without a word; values may be a person's words and stay out
            logger.error("asking failed: %s", type(error).__name__)
            reply = None
        return reply or Reply.of(apology(message))

    async def after_others(self, sender: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something in the line of a sender's messages: those before it have had their reply."""
        async with self._turn(sender):
            await work()

    async def _in_order(self, sender: str, message: Message) -> Reply | None:
        with in_line():
            async with self._turn(sender):
                return await self._ask(message, sender)

    @asynccontextmanager
    async def _turn(self, sender: str) -> AsyncIterator[None]:
        """Wait for one's turn; asyncio's lock is fair: first come, first served."""
        queue = self._queues.setdefault(sender, asyncio.Lock())
        self._waiting[sender] += 1
        try:
            async with queue:
                yield
        finally:
            self._waiting[sender] -= 1
            if not self._waiting[sender]:
                del self._waiting[sender], self._queues[sender]
