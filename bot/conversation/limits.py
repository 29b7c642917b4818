"""How often someone may ask: counted with the `limits` library, in memory or in Redis. Knows no HTTP and no door.

Every rate has a short window, which lets a burst through, and a long one. Who goes beyond reads a friendly sentence
with the hotlines; a victim gets the emergency reply, whatever the count. What is counted goes by a hash, so
that neither an address nor a session stands in Redis.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from limits import parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from bot.answering import sentences
from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.records import Answer
from bot.answering.reply import Reply
from bot.conversation.assistant import Ask
from bot.conversation.metrics import figures
from bot.keeping.circuit_breaker import CircuitBreaker
from bot.settings import Rates, Settings

logger = logging.getLogger(__name__)

Kind = Literal["session", "follower", "address", "opening", "service"]
# Who asks: what kind of name it is, and the name.
Who = tuple[Kind, str]

NAMESPACE = "duanka"
REDIS_SECONDS = 0.25


@dataclass(frozen=True)
class Held:
    """Too much: `answer` is what the person reads instead, `seconds` when there is room again (1 or more)."""

    answer: Answer
    seconds: int


def hold(message: Message, seconds: int) -> Held | None:
    """Return what is read instead of an answer by who has to wait so long; None for no time at all."""
    return Held(apology(message, sentences.BUSY), seconds) if seconds else None


class Counters:
    """The counts of one kind of store. `wait` may block: for Redis it is called on a thread."""

    def __init__(self, storage: Any, rates: Rates) -> None:
        """Keep where to count, and what is allowed. Raises ValueError for a rate that is none."""
        self._storage = storage  # the limiter itself holds it weakly
        self._limiter = FixedWindowRateLimiter(storage)
        self._items = {kind: tuple(parse_many(getattr(rates, kind))) for kind in rates.__dataclass_fields__}

    def wait(self, who: tuple[Who, ...]) -> int:
        """Count one more of each; return 0, or the seconds until the first that is full has room."""
        for kind, name in who:
            for item in self._items[kind]:
                parts = (NAMESPACE, kind, _hashed(name))
                if not self._limiter.hit(item, *parts) and (seconds := self._left(item, parts)):
                    return seconds
        return 0

    def _left(self, item: Any, parts: tuple[str, ...]) -> int:
        """Return the seconds until the window ends; one that ends later than it can was counted by a wrong clock."""
        seconds = int(self._limiter.get_window_stats(item, *parts)[0]) - int(time.time())
        if seconds > int(item.get_expiry()) + 1:
            self._limiter.clear(item, *parts)
            return 0
        return max(1, seconds)


class Limits:
    """Counts for all doors of this process; with Redis, together with other processes.

    What a process can answer is its own: `service` is counted by each for itself, so that the allowance grows with
    the processes, and by each door for itself, so that a flood of one leaves the other its room.
    """

    def __init__(self, rates: Rates, redis: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """Keep what is allowed; connect to nothing yet."""
        self._own = Counters(MemoryStorage(), rates)
        self._shared = Counters(_redis_storage(redis), rates) if redis else None
        # Threads, not one: Redis that answers slowly holds up who waits for it, and nobody else.
        self._threads = ThreadPoolExecutor(4, "limits") if redis else None
        self._breaker = CircuitBreaker(clock=clock)

    async def held(self, message: Message, *who: Who) -> Held | None:
        """Count a message; None when it may go on. Who comes later in `who` is not asked once one is full."""
        seconds = await self.wait(*who)
        return hold(message, seconds)

    async def wait(self, *who: Who) -> int:
        """Count; return 0, or the seconds until there is room."""
        seconds = await self._wait(*who)
        if seconds:
            figures().held(who[0][0])
        return seconds

    async def _wait(self, *who: Who) -> int:
        people = tuple(each for each in who if each[0] != "service")
        seconds = await self._wait_together(people) if people else 0
        return seconds or self._own.wait(tuple(each for each in who if each[0] == "service"))

    async def _wait_together(self, who: tuple[Who, ...]) -> int:
        if self._shared is None or self._breaker.is_open:
            return self._own.wait(who)
        try:
            waiting = asyncio.get_running_loop().run_in_executor(self._threads, self._shared.wait, who)
            seconds = await asyncio.wait_for(waiting, 2 * REDIS_SECONDS)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            if self._breaker.failed():
                logger.warning("Redis cannot be reached (%s): each process counts by itself", type(error).__name__)
            return self._own.wait(who)
        if self._breaker.succeeded():
            logger.warning("Redis is reached again")
        return seconds


def everyone(door: str) -> Who:
    """Return all who come by one door of this process: counted last, so that only what is let in is counted."""
    return "service", door


def limited(ask: Ask, limits: Limits, kind: Kind, door: str) -> Ask:
    """Return `ask` within the limits of one sender and of one door."""

    async def within(message: Message, sender: str) -> Reply | None:
        held = await limits.held(message, (kind, sender), everyone(door))
        return Reply.of(held.answer) if held else await ask(message, sender)

    return within


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64, which one customer has to himself."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    mapped = getattr(found, "ipv4_mapped", None)
    return (
        str(ipaddress.ip_network((found, 64), strict=False))
        if found.version == 6 and not mapped
        else str(mapped or found)
    )


@cache
def limits_of(settings: Settings) -> Limits:
    """Return the limits of this process: all doors count together."""
    return Limits(settings.rates, settings.redis)


def _redis_storage(url: str) -> Any:
    return RedisStorage(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)


def _hashed(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
