"""One message of a session in, one turn out, each once: the guard, the ledger and the turns put together.

Knows asyncio; knows neither Rasa nor HTTP. When the ledger is ill the person still gets an answer; it is kept
once the ledger is well again.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.answering.message import Message
from bot.answering.records import Answer
from bot.answering.reply import Reply
from bot.conversation.admission import Admitted, admit
from bot.conversation.assistant import Ask
from bot.conversation.ledger_thread import LedgerError, LedgerThread
from bot.conversation.metrics import figures
from bot.conversation.tails import Tails
from bot.conversation.turns import Turns
from bot.keeping.web_sessions import Claim, Ledger, Turn
from bot.text.masking import split_at_tokens

logger = logging.getLogger(__name__)

# Tell the staff of a judgement: (sender, question, helpful, comment).
Note = Callable[[str, str, bool, str], object]
# Erase what is kept of a sender.
Forget = Callable[[str], Awaitable[None]]
TOKEN_BYTES = 32
MOST_KNOWN = 100_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class UnknownSessionError(Exception):
    """The token opens no session."""


class UnknownMessageError(Exception):
    """The session has no message under this id."""


class OtherTextError(Exception):
    """The id was used before, for another text."""


@dataclass(frozen=True)
class Budget:
    """Seconds: for a reply, for one to a victim, for one call of the ledger, between two looks at a row.

    `grace` is what another process gets beyond a reply's budget before its message is taken over.
    """

    reply: float = 10.0
    victim: float = 3.0
    ledger: float = 1.5
    look: float = 0.1
    grace: float = 1.0

    def of(self, message: Message) -> float:
        """Return the time for a reply to a message."""
        return self.victim if message.kind == "victim" else self.reply


def sender_of(token: str) -> str:
    """Return Rasa's sender id of a session: a hash of its token. Raises UnknownSessionError for what is no token."""
    if not _TOKEN.fullmatch(token):
        raise UnknownSessionError
    return "web-" + hashlib.sha256(token.encode("ascii")).hexdigest()[:40]


class Exchange:
    """The sessions of one process. Every call is a coroutine."""

    def __init__(self, ledger: Ledger, ask: Ask, budget: Budget = Budget(), note: Note | None = None) -> None:
        """Keep the ledger, how to ask, and what to tell of a judgement; start nothing."""
        self._ledger = ledger
        self._thread = LedgerThread(ledger, budget.ledger)
        self._turns = Turns(ask)
        self._budget = budget
        self._note = note
        self._running: dict[tuple[str, str], tuple[str, asyncio.Task[Turn]]] = {}
        self._latest: dict[str, asyncio.Task[Turn]] = {}
        self._leaving: set[str] = set()
        # Sessions that were there when they were last looked for: a claim finds out if one has gone since.
        self._known: OrderedDict[str, None] = OrderedDict()
        self._tails = Tails()

    async def prepare(self) -> None:
        """Connect to the database before the first person comes; what is wrong with it is logged."""
        await self._thread.prepare()

    def close(self) -> None:
        """Leave the database."""
        self._thread.close()

    async def open(self) -> str:
        """Begin a session and return its token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        try:
            await self._thread.do(self._ledger.open_session, sender_of(token))
        except LedgerError:
            logger.error("a session was opened and not kept")
        self._note_known(sender_of(token))
        return token

    async def knows(self, token: str) -> bool:
        """Whether the token opens a session; also when the ledger cannot tell: nobody is turned away for that.

        Asked before a message is counted, read or understood.
        """
        try:
            sender = sender_of(token)
        except UnknownSessionError:
            return False
        if sender not in self._known:
            try:
                if not await self._thread.do(self._ledger.has, sender):
                    return False
            except LedgerError:
                return True
        self._note_known(sender)
        return True

    def _note_known(self, sender: str) -> None:
        self._known[sender] = None
        self._known.move_to_end(sender)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def admit(self, token: str, raw: str) -> Admitted:
        """Read a message of a session: a number that began in the one before is masked to its end."""
        return admit(raw, self._tails.of(sender_of(token)) if _TOKEN.fullmatch(token) else "")

    async def message(self, token: str, id: str, admitted: Admitted, instead: Answer | None = None) -> Turn:
        """Return the turn of a message, made now, being made, or made before; with `instead`, nobody is asked.

        Who asked may leave: the turn is made all the same. Raises UnknownSessionError and OtherTextError.
        """
        sender = sender_of(token)
        if sender in self._leaving or not await self.knows(token):
            raise UnknownSessionError
        if instead and not admitted.reply:
            admitted = replace(admitted, reply=instead)
        text_running, task = self._running.get((sender, id)) or self._start(sender, id, admitted)
        if not _is_same(text_running, admitted.text):
            raise OtherTextError
        self._tails.add(sender, admitted.text)
        return await asyncio.shield(task)

    async def history(self, token: str) -> tuple[Turn, ...]:
        """Return the last turns, oldest first. Raises UnknownSessionError and LedgerError."""
        turns = await self._thread.do(self._ledger.history, sender_of(token))
        if turns is None:
            raise UnknownSessionError
        return turns

    async def judge(self, token: str, id: str, helpful: bool, comment: str) -> None:
        """Keep what a person thinks of a reply. Raises UnknownSessionError, UnknownMessageError and LedgerError."""
        sender, said = sender_of(token), admit(comment).text
        question = await self._thread.do(self._ledger.judge, sender, id, helpful, said)
        if question is None:
            raise UnknownMessageError if await self._thread.do(self._ledger.has, sender) else UnknownSessionError
        if self._note:
            with suppress(LedgerError):  # logged; the ledger has it
                await self._thread.do(self._note, sender, question, helpful, said)

    async def erase(self, token: str, forget: Forget) -> None:
        """Forget a session; what is being answered in it, anywhere, is answered first. Nothing more is taken in it.

        `forget` erases what the database and the assistant hold of a sender; what it raises is passed on.
        Raises UnknownSessionError and LedgerError.
        """
        sender = sender_of(token)
        if not await self._thread.do(self._ledger.has, sender):
            raise UnknownSessionError
        self._leaving.add(sender)
        self._known.pop(sender, None)
        self._tails.forget(sender)
        try:
            running = {task for (who, _), (_, task) in self._running.items() if who == sender}
            if running:
                await asyncio.wait(running)
            await self._answered(sender)
            await self._thread.forget(sender)
            await forget(sender)
        finally:
            self._leaving.discard(sender)

    async def _answered(self, sender: str) -> None:
        """Wait for what another process answers, as long as it may take for that; one that was killed never does."""
        until = time.monotonic() + self._budget.reply + self._budget.grace
        while time.monotonic() < until:
            turns = await self._thread.do(self._ledger.history, sender)
            if all(turn.reply for turn in turns or ()):
                return
            await asyncio.sleep(self._budget.look)

    def _start(self, sender: str, id: str, admitted: Admitted) -> tuple[str, asyncio.Task[Turn]]:
        task = asyncio.create_task(self._turn(sender, id, admitted, self._latest.get(sender)))
        self._running[sender, id], self._latest[sender] = (admitted.text, task), task
        task.add_done_callback(lambda done: self._end(sender, id, done))
        return self._running[sender, id]

    def _end(self, sender: str, id: str, task: asyncio.Task[Turn]) -> None:
        del self._running[sender, id]
        if self._latest.get(sender) is task:
            del self._latest[sender]
        if not task.cancelled():
            task.exception()  # who asked may have left: looked at here, so that asyncio does not complain

    async def _turn(self, sender: str, id: str, admitted: Admitted, before: asyncio.Task[Turn] | None) -> Turn:
        begun = time.monotonic()
        budget = self._budget.of(admitted.message)
        try:
            claim = await self._claim(sender, id, admitted.text, budget)
        except LedgerError:
            # Those before it in line may have been claimed in time: it does not overtake them.
            if before:
                await asyncio.wait([before], timeout=max(budget - (time.monotonic() - begun), 0.0))
            reply = await self._reply(sender, admitted, budget - (time.monotonic() - begun))
            # Should the claim be done after all, late, its reply comes after it.
            self._thread.submit(self._ledger.finish, sender, id, reply)
            return Turn(id, admitted.text, time.time(), reply)
        turn = claim.turn
        if turn is None:
            self._known.pop(sender, None)
            raise UnknownSessionError
        if not _is_same(turn.text, admitted.text):
            raise OtherTextError
        if turn.reply:
            return turn
        # A message that was taken over has waited already; it still gets a moment.
        seconds = max(budget - (time.monotonic() - begun), self._budget.grace)
        reply = await self._reply(sender, admitted, seconds)
        return Turn(id, turn.text, turn.at, await self._finish(sender, id, reply))

    async def _claim(self, sender: str, id: str, text: str, budget: float) -> Claim:
        """Return once the message is ours, or answered, or unknown.

        Who waits is counted here too: the database's clock may jump, and nobody waits for one that was set back.
        """
        begun, attempt = time.monotonic(), 1
        with figures().stage("entering").time():
            claim: Claim = await self._thread.do(self._ledger.claim, sender, id, text)
        while _is_elsewhere(claim, text):
            if claim.attempt != attempt:  # someone else took it over: they get their time
                begun, attempt = time.monotonic(), claim.attempt
            if max(claim.waited, time.monotonic() - begun) > budget + self._budget.grace:
                # Its process was killed: it would have written an apology by now.
                if await self._thread.do(self._ledger.take_over, sender, id, claim.attempt):
                    return claim
            else:
                await asyncio.sleep(self._budget.look)
            claim = await self._thread.do(self._ledger.look, sender, id)
        return claim

    async def _reply(self, sender: str, admitted: Admitted, seconds: float) -> Reply:
        if admitted.reply:
            return Reply.of(admitted.reply)
        return await self._turns.take(sender, admitted.message, max(seconds, 0.0))

    async def _finish(self, sender: str, id: str, reply: Reply) -> Reply:
        try:
            with figures().stage("keeping").time():
                stands: Reply = await self._thread.do(self._ledger.finish, sender, id, reply)
        except LedgerError:
            return reply
        return stands


def _is_elsewhere(claim: Claim, text: str) -> bool:
    """Whether another process makes the reply to this very message."""
    turn = claim.turn
    return claim.state == "kept" and turn is not None and turn.reply is None and _is_same(turn.text, text)


def _is_same(kept: str, said: str) -> bool:
    """Whether two masked texts may be one: what was masked with the message before it in mind counts as anything."""
    if kept == said:
        return True
    first, *rest = split_at_tokens(kept)
    if not rest or not said.startswith(first):
        return False
    place = len(first)
    for part in rest[:-1]:
        if (found := said.find(part, place)) < 0:
            return False
        place = found + len(part)
    return said.endswith(rest[-1]) and len(said) - len(rest[-1]) >= place
