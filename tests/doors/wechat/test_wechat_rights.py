"""「删除我的记录」 and leaving, at two processes that share a Redis: what is left there and in the database."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from redis import Redis
from redis_program import RedisProgram, redis_program
from simulated_wechat import CREDENTIALS, Got, WeChat
from wechat_door import Door, doors

from bot.doors.wechat import notices

GONE = ("oUnsubscribed", "oRevoked", "oCancelled")


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisProgram]:
    """Shared by both."""
    with redis_program() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database is, and a row in it of the follower whom Rasa would have talked to."""
    made = tmp_path_factory.mktemp("rights")
    with closing(sqlite3.connect(made / "door.db")) as database, database:
        database.execute("create table events (id integer primary key, sender_id, timestamp real, data)")
        for follower in ("oLeaving", "oStaying", *GONE):
            database.execute("insert into events values (null, ?, 4e9, '说过的话')", (sender(follower),))
    return made


@pytest.fixture(scope="module")
def pair(folder: Path, redis: RedisProgram) -> Iterator[tuple[Door, ...]]:
    """Two processes."""
    with doors(folder, {**CREDENTIALS, "redis_url": redis.url}, 2) as started:
        yield started


def sender(follower: str) -> str:
    """The name of a follower's conversation."""
    return "wechat-" + hmac.new(CREDENTIALS["sender_secret"].encode(), follower.encode(), hashlib.sha256).hexdigest()


def noted(redis: RedisProgram) -> str:
    """Everything that stands in Redis, names and all."""
    with closing(Redis.from_url(redis.url, decode_responses=True)) as asked:
        names = list(asked.scan_iter())
        values = (asked.lrange(name, 0, -1) if asked.type(name) == "list" else asked.get(name) for name in names)
        return "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))


def test_a_follower_is_forgotten_everywhere(pair: tuple[Door, ...], redis: RedisProgram, folder: Path) -> None:
    """The slow answer that another process makes comes first; then neither words nor name are left, but others' are."""

    async def scene() -> list[Got]:
        wechat = WeChat([each.url for each in pair])
        await wechat.ask("oStaying", "我留下来的话")
        await wechat.ask("oLeaving", "我离开前的话")
        slow = asyncio.create_task(wechat.ask("oLeaving", "等300我离开前的慢话"))
        while not any("慢话" in turn["text"] for each in pair for turn in each.turns()):
            await asyncio.sleep(0.02)
        told = await wechat.ask("oLeaving", "删除我的记录")
        await slow
        return told

    before_last = asyncio.run(scene())
    assert str(before_last[-1].text).endswith(notices.ERASED)
    assert "我离开前" not in noted(redis)
    assert sender("oLeaving") not in noted(redis)
    assert "我留下来的话" in noted(redis)
    with closing(sqlite3.connect(folder / "door.db")) as database:
        assert sender("oLeaving") not in [row[0] for row in database.execute("select sender_id from events")]
    files = b"".join(file.read_bytes() for file in (*folder.glob("door.db*"), *folder.glob("*.log")))
    assert sender("oLeaving").encode() not in files
    assert b"oLeaving" not in files


@pytest.mark.parametrize(
    ("follower", "told"),
    [
        ("oUnsubscribed", {"Event": "unsubscribe", "EventKey": ""}),
        ("oRevoked", {"Event": "user_authorization_revoke", "OpenID": "oRevoked", "RevokeInfo": "1"}),
        ("oCancelled", {"Event": "user_authorization_cancellation", "OpenID": "oCancelled"}),
    ],
)
def test_who_leaves_is_forgotten_everywhere(
    follower: str, told: dict[str, str], pair: tuple[Door, ...], redis: RedisProgram, folder: Path
) -> None:
    """In Redis, database and logs there is neither name nor word of them; who comes back is somebody new."""
    words = f"{follower}走之前的话"

    async def scene() -> tuple[Got, list[Got]]:
        wechat = WeChat([each.url for each in pair])
        await wechat.say(follower, f"等100{words}")
        by_platform = "OpenID" in told
        gone = await wechat.event("oPlatform" if by_platform else follower, **told)
        return gone, [await wechat.event(follower, Event="subscribe", EventKey=""), await wechat.say(follower, "1")]

    gone, (came, chosen) = asyncio.run(scene())
    assert gone.text == ""
    assert str(came.text).startswith(notices.WELCOME)
    assert str(chosen.text).startswith("答：")
    assert words not in noted(redis)
    with closing(sqlite3.connect(folder / "door.db")) as database:
        kept = [row[0] for row in database.execute("select sender_id from events")]
    assert sender(follower) not in kept
    assert sender("oStaying") in kept
    files = b"".join(file.read_bytes() for file in (*folder.glob("door.db*"), *folder.glob("*.log")))
    for trace in (follower, sender(follower), sender(follower).removeprefix("wechat-"), words):
        assert trace.encode() not in files
