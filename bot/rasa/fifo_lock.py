"""Who is next in a conversation when several processes serve: a line in Redis, first come, first served.

Who waits is called by who leaves. A place is a lease that its process renews: one that was killed frees its place
within LEASE_MS. Every step is one script, so that no two see the same line differently. Knows Redis; knows no Rasa.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import RedisError

from bot.keeping.circuit_breaker import REST_SECONDS, CircuitBreaker

logger = logging.getLogger(__name__)

PREFIX = "duanka:line:"
LEASE_MS = 4000
RENEW_SECONDS = 1.0
# How often one who waits looks whether those before it are still there; who is called does not wait for it.
LOOK_SECONDS = 1
REDIS_SECONDS = 0.5
# A line nobody is left to clear goes by itself.
LINE_MS = 600_000
_ILL = (RedisError, OSError, asyncio.TimeoutError)

# Who is first, once those whose lease has ended are taken out; false when nobody is.
_FIRST = """
local function first()
    while true do
        local token = redis.call('LINDEX', KEYS[1], 0)
        if not token or redis.call('EXISTS', KEYS[1] .. ':' .. token) == 1 then return token end
        redis.call('LPOP', KEYS[1])
    end
end
"""
_ENTER = (
    _FIRST
    + """
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], 1, 'PX', ARGV[2])
return first() == ARGV[1] and 1 or 0
"""
)
# 1: it is your turn. 0: wait. -1: you are not in line (any more).
_LOOK = (
    _FIRST
    + """
if first() == ARGV[1] then return 1 end
return redis.call('LPOS', KEYS[1], ARGV[1]) and 0 or -1
"""
)
_LEAVE = (
    _FIRST
    + """
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('DEL', KEYS[1] .. ':' .. ARGV[1], KEYS[1] .. ':' .. ARGV[1] .. ':called')
local token = first()
if token then
    redis.call('RPUSH', KEYS[1] .. ':' .. token .. ':called', 1)
    redis.call('PEXPIRE', KEYS[1] .. ':' .. token .. ':called', ARGV[2])
end
"""
)


@dataclass(frozen=True)
class Place:
    """A place in the line of one conversation. It is given up at `until`, by this process's clock that cannot jump."""

    line: str
    until: float
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def lease(self) -> str:
        """The key that is there as long as somebody holds the place."""
        return f"{self.line}:{self.token}"


class Lines:
    """The lines of all conversations. While Redis is away nobody waits here: the log says so, once each way."""

    def __init__(self, url: str, lease_ms: int = LEASE_MS) -> None:
        """Keep where Redis is; connect when first needed."""
        self._redis, self._patient = _connected(url, REDIS_SECONDS), _connected(url, LOOK_SECONDS + REDIS_SECONDS)
        self._enter, self._look, self._leave = (self._redis.register_script(each) for each in (_ENTER, _LOOK, _LEAVE))
        self._lease_ms = lease_ms
        self._entering = asyncio.Lock()
        self._held: set[Place] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._breaker = CircuitBreaker(REST_SECONDS)

    def place(self, conversation: str, seconds: float) -> Place:
        """Return a place to enter with; it is held for at most `seconds`."""
        name = hashlib.blake2b(conversation.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        # In braces what a Redis cluster keeps together.
        return Place(f"{PREFIX}{{{name}}}", time.monotonic() + seconds)

    async def enter(self, place: Place) -> None:
        """Stand in line. Those of one process enter in the order in which they call."""
        async with self._entering:
            self._held.add(place)  # before: who is cancelled on the way may be in line already
            arguments = (place.token, self._lease_ms, LINE_MS)
            if await self._attempt(lambda: self._enter((place.line,), arguments)) is None:
                self._held.discard(place)
            else:
                self._renew()

    async def wait(self, place: Place) -> bool:
        """Return True once it is one's turn, or once Redis cannot tell; False when the place's time is over."""
        while place in self._held and place.until > time.monotonic():
            seen = await self._attempt(lambda: self._look((place.line,), (place.token,)))
            if seen == 1 or seen is None:
                return True
            if seen == -1:
                logger.warning("a place in line was lost: this process was held up, or Redis began anew")
                return True
            await self._attempt(lambda: self._patient.blpop([f"{place.lease}:called"], LOOK_SECONDS))
        return place.until > time.monotonic()

    async def leave(self, place: Place) -> None:
        """Give the place up, wherever in line it is, and call who is first now."""
        if place in self._held:
            self._held.discard(place)
            await self._attempt(lambda: self._leave((place.line,), (place.token, self._lease_ms)))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._renewing:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewing
        for redis in (self._redis, self._patient):
            await redis.close(close_connection_pool=True)

    def _renew(self) -> None:
        """Have the leases renewed for as long as there are any."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._keep_renewing())

    async def _keep_renewing(self) -> None:
        while self._held:
            await asyncio.sleep(RENEW_SECONDS)
            now = time.monotonic()
            self._held -= {place for place in self._held if place.until < now}
            await self._attempt(self._renew_all)

    async def _renew_all(self) -> int:
        """Lengthen every lease there is; one that has ended is not begun anew."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for place in self._held:
                pipe.pexpire(place.lease, self._lease_ms)
            await pipe.execute()
        return 0

    async def _attempt(self, do: Callable[[], Awaitable[Any]]) -> Any:
        """Return what Redis says; None while it cannot be reached (and what it says nothing to)."""
        if self._breaker.is_open:
            return None
        try:
            said = await do()
        except _ILL as error:
            if self._breaker.failed():
                logger.warning("Redis cannot be reached (%s): each process keeps its own lines", type(error).__name__)
            return None
        if self._breaker.succeeded():
            logger.warning("Redis is reached again: the lines are common")
        return said


def _connected(url: str, seconds: float) -> Any:
    """Return a client. A connection that was closed while it was idle is opened again: every script may be repeated."""
    return Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=REDIS_SECONDS,
        decode_responses=True,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[NoConnectionError],
    )
