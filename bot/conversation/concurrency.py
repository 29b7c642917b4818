"""Turns are begun a few at a time: a process that begins a hundred at once gives no answer in five seconds.

Understanding a message keeps the process busy; what is begun meanwhile only waits for the same processor, and so does
the clock of every attempt. Waiting for a slow action keeps nobody busy: after a moment a turn no longer counts. Who may
be a victim waits for nobody.
"""

from __future__ import annotations

import asyncio

from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.assistant import Ask

# A message takes some 35 ms of processor: six are understood within the moment (seconds).
MOST_BEGUN = 6
MOMENT = 0.25
# The same where a reply has ten seconds: a busy machine's turns are done before others begin.
LONG_MOMENT = 1.0


def paced(ask: Ask, most: int = MOST_BEGUN, moment: float = MOMENT) -> Ask:
    """Return `ask`, of which at most `most` are in the first `moment` (seconds) at a time; first come, first served."""
    places = asyncio.Semaphore(most)

    async def begin(message: Message, sender: str) -> Reply | None:
        if message.kind == "victim":
            return await ask(message, sender)
        await places.acquire()
        timer = asyncio.get_running_loop().call_later(moment, places.release)
        try:
            return await ask(message, sender)
        finally:
            # Released once: by the timer, or here when the turn was quicker.
            if timer.when() > asyncio.get_running_loop().time():
                timer.cancel()
                places.release()

    return begin
