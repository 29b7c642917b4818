"""How often someone may ask: bursts, sustained rates, victims, Redis that comes and goes, clocks that jump."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from redis_program import redis_program

from bot.answering import sentences
from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation import limits as limits_module
from bot.conversation.limits import Limits, everyone, limited, network_of
from bot.knowledge.messages import read_message
from bot.settings import Rates

FEW = Rates(session="3 per 2 second; 4 per minute", follower="1 per minute", address="6 per minute", service="8/minute")
# The time as limits sees it, where a test does not look at Redis.
NOON = 1_800_000_000.0
VICTIM = "我刚刚被骗了，钱已经转过去了"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that went away."""
    monkeypatch.setattr(limits_module, "REDIS_SECONDS", 30.0)


def waits(limits: Limits, *who: tuple[str, str], times: int = 1) -> list[int]:
    """Count so many times; return what each had to wait."""

    async def count() -> list[int]:
        return [await limits.wait(*who) for _ in range(times)]  # type: ignore[arg-type]

    return asyncio.run(count())


def test_a_burst_passes_and_then_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three at once are let through; the fourth waits for the short window, no longer."""
    monkeypatch.setattr(time, "time", lambda: NOON)
    limits = Limits(FEW)
    assert waits(limits, ("session", "a"), times=3) == [0, 0, 0]
    (seconds,) = waits(limits, ("session", "a"))
    assert 1 <= seconds <= 2
    monkeypatch.setattr(time, "time", lambda: NOON + 2.1)
    assert waits(limits, ("session", "a")) == [0]


def test_the_long_window_holds_who_goes_on() -> None:
    """Within the burst every time, and still too many in a minute."""
    limits = Limits(Rates(session="100 per second; 4 per minute"))
    assert waits(limits, ("session", "a"), times=5)[:4] == [0] * 4
    assert 50 <= waits(limits, ("session", "a"))[0] <= 60


def test_one_does_not_use_up_anothers() -> None:
    """Each session has its own count; the address they share has one, and so has the service."""
    limits = Limits(FEW)
    assert [waits(limits, ("session", name), ("address", "10.0.0.1"))[0] for name in "abcdef"] == [0] * 6
    assert waits(limits, ("session", "g"), ("address", "10.0.0.1"))[0] > 0
    assert waits(limits, ("session", "g"), ("address", "10.0.0.2"), everyone("web")) == [0]


def test_who_is_held_does_not_use_up_the_service() -> None:
    """One session that floods leaves the others their room."""
    limits = Limits(FEW)
    waits(limits, ("session", "a"), everyone("web"), times=50)
    assert waits(limits, ("session", "b"), everyone("web")) == [0]


def test_one_door_leaves_the_other_its_room() -> None:
    """A flood on the web takes nothing from the followers of the Official Account."""
    limits = Limits(FEW)
    assert waits(limits, everyone("web"), times=20)[-1] > 0
    assert waits(limits, everyone("wechat")) == [0]


def test_the_allowance_of_all_grows_with_the_processes() -> None:
    """What the service can answer is what its processes can: with Redis too, each has its own."""
    with redis_program() as redis:
        one, other = Limits(FEW, redis.url), Limits(FEW, redis.url)
        assert waits(one, ("session", "a"), everyone("web"), times=2) == [0, 0]
        assert [waits(one, everyone("web"), times=7)[-1] > 0, waits(other, everyone("web"), times=8)[-1]] == [True, 0]


def test_a_victim_is_never_limited_away() -> None:
    """Beyond the limit the emergency reply comes, and the assistant is not asked for it."""
    limits, asked = Limits(FEW), []

    async def ask(message: Message, sender: str) -> Reply:
        text = message.masked
        asked.append((text, sender))
        return Reply("答", {})

    async def talk() -> list[str]:
        within = limited(ask, limits, "follower", "wechat")
        replies = [await within(read_message(text), "me") for text in ("银行卡能借吗", "再问一句", VICTIM)]
        return [reply.text for reply in replies if reply]

    said = asyncio.run(talk())
    assert asked == [("银行卡能借吗", "me")]
    assert said == ["答", sentences.BUSY, sentences.EMERGENCY]
    assert "96110" in sentences.BUSY
    assert "110" in sentences.BUSY.replace("96110", "")


def test_redis_counts_for_all_processes() -> None:
    """Two processes with the same Redis share the count, and no name stands in it."""
    with redis_program() as redis:
        one, other = Limits(FEW, redis.url), Limits(FEW, redis.url)
        assert waits(one, ("follower", "openid-1")) == [0]
        assert waits(other, ("follower", "openid-1"))[0] > 0
        from redis import Redis

        with Redis.from_url(redis.url) as client:
            keys = client.keys()
            assert keys
            assert not any(b"openid" in key for key in keys)
            assert all(0 < client.ttl(key) <= 60 for key in keys)


def test_without_redis_each_counts_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    """It falls, is said once, the limits hold on; it comes back and counts again."""
    clock = [0.0]
    with redis_program() as redis, caplog.at_level(logging.WARNING, "bot.conversation.limits"):
        limits = Limits(FEW, redis.url, lambda: clock[0])
        assert waits(limits, ("follower", "a")) == [0]
        redis.stop()
        assert [seconds > 0 for seconds in waits(limits, ("follower", "b"), times=5)] == [False] + [True] * 4
        redis.start()
        clock[0] = 6.0
        assert waits(limits, ("follower", "c")) == [0]
    assert [record.message.split(" (")[0] for record in caplog.records] == [
        "Redis cannot be reached",
        "Redis is reached again",
    ]


def test_a_clock_set_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that would end in a day is forgotten."""
    limits, real = Limits(FEW), time.time
    monkeypatch.setattr(time, "time", lambda: real() + 86_400)
    assert waits(limits, ("follower", "a"), times=2)[1] > 0
    monkeypatch.setattr(time, "time", real)
    assert waits(limits, ("follower", "a"), times=2)[0] == 0


def test_memory_does_not_grow() -> None:
    """What nobody asks about any more is forgotten."""
    limits = Limits(Rates(session="5 per second"))
    storage = limits._own._storage
    waits(limits, *(("session", str(number)) for number in range(1000)))
    deadline = time.monotonic() + 60
    while len(storage.storage) > 1 or len(storage.expirations) > 1:  # forgotten on another thread, when one asks
        assert time.monotonic() < deadline
        time.sleep(0.2)
        waits(limits, ("session", "last"))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("unknown", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    """A customer has a /64 of IPv6 to himself; to change within it gains nothing."""
    assert network_of(address) == network
