"""Being forgotten by the running assistant: afterwards the bytes of whatever it wrote are searched, and Redis is asked.

What is said here is made by chance and stands nowhere else. The tests share an assistant and go on from each other.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import os
import random
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from postgres_program import postgres_program
from redis import Redis
from redis_program import RedisProgram, redis_program
from service import ROOT, Client, service
from simulated_wechat import CREDENTIALS, WeChat
from sqlalchemy import create_engine, inspect, text

from bot.answering.reply import Reply
from bot.conversation.exchange import sender_of
from bot.doors.wechat import notices
from bot.doors.wechat.credentials import VARIABLES
from bot.keeping.events import EventStore, TurnEvent
from bot.keeping.web_sessions import Ledger

DAY = 86_400.0
DEADLINE_SECONDS = 120.0
# Where a time stands, and whose it is: table and columns.
TIMES = (
    ("events", "timestamp", "sender_id"),
    ("web_sessions", "started", "session"),
    ("web_turns", "asked", "session"),
    ("turn_events", "at", "sender"),
)


@dataclass(frozen=True)
class Person:
    """Somebody who says `words`, and the name their conversation has."""

    words: str
    sender: str


@dataclass(frozen=True)
class Serving:
    """A running assistant, what it writes to, and since when."""

    client: Client
    database: str
    folder: Path
    begun: float

    @property
    def web(self) -> str:
        """Where the web door is."""
        return self.client.url.replace("/rest/webhook", "/web/")

    @property
    def wechat(self) -> WeChat:
        """The account before the WeChat door."""
        return WeChat([self.client.url.replace("/rest/webhook", "/wechat/webhook")])

    def written(self) -> Iterator[Path]:
        """Yield every file the assistant may have written: its folder, and what is new in the caches and logs."""
        for folder in (self.folder, ROOT / ".cache", ROOT / "var"):
            for file in folder.rglob("*"):
                if file.is_file() and (folder == self.folder or file.stat().st_mtime >= self.begun):
                    yield file

    def found(self, person: Person) -> set[str]:
        """Return the files in which the person's words or name stand, as text or as JSON writes it."""
        looked_for = {each for word in (person.words, person.sender) for each in _written(word)}
        return {file.name for file in self.written() if any(each in _read(file) for each in looked_for)}


def _written(word: str) -> tuple[bytes, ...]:
    return word.encode(), word.encode("unicode-escape"), word.encode("utf-16-le")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # somebody's temporary file
        return b""


def words() -> str:
    """Return something nobody else says, in letters and in Chinese."""
    chance = random.SystemRandom()
    return "".join(
        (*chance.choices(string.ascii_lowercase, k=10), *chance.choices("蕨蘑蜻蜓蚯蚓蜈蚣鹌鹑鹦鹉麒麟", k=4))
    )


def from_the_web(web: str) -> tuple[Person, str]:
    """Ask twice on the web, with feedback; return who did, and their token."""
    said = words()
    token = requests.post(web + "session", json={}, timeout=60).json()["session"]
    for number, question in enumerate(("卖银行卡会怎样", "借给朋友呢")):
        body = {"session": token, "id": f"message-{number}", "text": f"{said}，{question}"}
        answer = requests.post(web + "message", json=body, timeout=60)
        assert answer.status_code == 200
        assert said in answer.json()["text"]
    judged = {"session": token, "message": "message-0", "helpful": False, "comment": f"没看懂{said}"}
    assert requests.post(web + "feedback", json=judged, timeout=60).status_code == 204
    return Person(said, sender_of(token)), token


def history(web: str, token: str) -> requests.Response:
    """Ask for what was said in a session."""
    return requests.get(web + "history", headers={"Authorization": f"Bearer {token}"}, timeout=60)


async def from_wechat(wechat: WeChat, follower: str) -> Person:
    """Ask twice as a follower."""
    said = words()
    for question in ("卖银行卡会怎样", "电话卡借给朋友违法吗"):
        assert (await wechat.ask(follower, f"{said}，{question}"))[-1].text
    hashed = hmac.new(CREDENTIALS["sender_secret"].encode(), follower.encode(), hashlib.sha256).hexdigest()
    return Person(said, f"wechat-{hashed}")


def aged(folder: Path) -> Person:
    """Leave in an SQLite database what somebody said forty days ago."""
    person, at = Person(words(), "web-" + "d" * 40), time.time() - 40 * DAY
    url = f"sqlite:///{folder}/duanka.db"
    ledger, turns = Ledger(url, lambda: at), EventStore(url)
    ledger.open_session(person.sender)
    ledger.claim(person.sender, "message-0", person.words)
    ledger.finish(person.sender, "message-0", Reply(person.words, {}))
    turns.add(TurnEvent(at, person.sender, "web", person.words, "penalty", 0.9, "answer"))
    ledger.close()
    turns.close()
    return person


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisProgram]:
    """What WeChat's door remembers, and what is counted, stands here."""
    with redis_program() as started:
        yield started


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Person]:
    """A folder with a database, and who spoke forty days before the assistant was started on it."""
    folder = tmp_path_factory.mktemp("rights")
    return folder, aged(folder / "kept")


@pytest.fixture(scope="module")
def serving(old: tuple[Path, Person], redis: RedisProgram) -> Iterator[Serving]:
    """The assistant on that database, with both doors."""
    folder, person = old
    settings = {VARIABLES[name]: value for name, value in CREDENTIALS.items()}
    settings |= {VARIABLES["redis_url"]: redis.url, "DUANKA_REDIS": redis.url}
    begun = time.time() - 1
    assert person.words.encode() in b"".join(file.read_bytes() for file in (folder / "kept").iterdir())
    with service(folder / "run.log", settings) as client:
        yield Serving(client, f"sqlite:///{folder}/kept/duanka.db", folder, begun)


def test_the_service_purges_by_itself(old: tuple[Path, Person], serving: Serving) -> None:
    """Soon after its start nothing is left of what was said forty days before."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while serving.found(old[1]) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert serving.found(old[1]) == set()


def test_who_wishes_is_forgotten_at_both_doors(serving: Serving, redis: RedisProgram) -> None:
    """No byte of their words and names is left in files, logs and Redis; others' conversations stay."""
    (mine, token), (theirs, other) = from_the_web(serving.web), from_the_web(serving.web)

    async def followers() -> tuple[Person, Person]:
        leaving, staying = await from_wechat(serving.wechat, "oLeaving"), await from_wechat(serving.wechat, "oStaying")
        assert serving.found(leaving)
        assert leaving.sender in in_redis(redis)
        told = (await serving.wechat.ask("oLeaving", "删除我的记录"))[-1].text
        assert str(told).endswith(notices.ERASED)
        return leaving, staying

    assert serving.found(mine)
    assert requests.post(serving.web + "erase", json={"session": token}, timeout=60).status_code == 204
    leaving, staying = asyncio.run(followers())
    for person in (mine, leaving):
        assert serving.found(person) == set()
        assert person.words not in in_redis(redis)
        assert person.sender not in in_redis(redis)
    for person in (theirs, staying):
        assert serving.found(person) & {"duanka.db", "duanka.db-wal"}
    assert b"oLeaving" not in b"".join(_read(file) for file in serving.written())
    assert "oLeaving" not in in_redis(redis)
    assert len(history(serving.web, other).json()["turns"]) == 2
    assert history(serving.web, token).status_code == 401


def test_duanka_purge_beside_the_service(serving: Serving) -> None:
    """What was moved forty days back is gone, what is of today stays; the service goes on."""
    (past, token), wechat = from_the_web(serving.web), serving.wechat
    follower = asyncio.run(from_wechat(wechat, "oPast"))
    for person in (past, follower):  # a turn's row is written beside the reply
        until_written(serving.database, person, turns=2)
    time_back(serving.database, (past.sender, follower.sender))
    today, _ = from_the_web(serving.web)
    purge(serving.database)
    for person in (past, follower):
        assert serving.found(person) == set()
    assert serving.found(today)
    assert history(serving.web, token).status_code == 401
    assert asyncio.run(from_wechat(wechat, "oPast"))


def test_rows_of_postgresql(tmp_path: Path) -> None:
    """Erased and purged there, too: no row of any table has their words or names; others' have."""
    begun = time.time() - 1
    with postgres_program() as url, service(tmp_path / "run.log", {"DUANKA_DATABASE": url}) as client:
        serving = Serving(client, url, tmp_path, begun)
        (mine, token), (past, _), (theirs, _) = (from_the_web(serving.web) for _ in range(3))
        assert all(in_rows(url, each) for each in (mine, past, theirs))
        assert requests.post(serving.web + "erase", json={"session": token}, timeout=60).status_code == 204
        assert not in_rows(url, mine)
        time_back(url, (past.sender,))
        purge(url)
        assert not in_rows(url, past)
        assert in_rows(url, theirs)
        assert serving.found(mine) | serving.found(past) == set()


def purge(url: str) -> None:
    """Run `duanka purge` as an operator would."""
    command, environment = (sys.executable, "-m", "bot", "purge"), {**os.environ, "DUANKA_DATABASE": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def until_written(url: str, person: Person, turns: int) -> None:
    """Wait until the rows of so many turns stand in the database."""
    engine: Any = create_engine(url, connect_args={"timeout": 60} if url.startswith("sqlite") else {})
    counted = text("select count(*) from turn_events where sender = :sender")
    deadline = time.monotonic() + 60
    while True:
        with engine.connect() as database:
            if database.execute(counted, {"sender": person.sender}).scalar_one() >= turns:
                break
        assert time.monotonic() < deadline, "a turn left no row"
        time.sleep(0.1)
    engine.dispose()


def time_back(url: str, senders: tuple[str, ...]) -> None:
    """Move all that is kept of these people forty days into the past."""
    engine: Any = create_engine(url, connect_args={"timeout": 60} if url.startswith("sqlite") else {})
    with engine.begin() as database:
        for (table, time_column, name_column), sender in itertools.product(TIMES, senders):
            moved = f"update {table} set {time_column} = {time_column} - {40 * DAY} where {name_column} = :sender"
            database.execute(text(moved), {"sender": sender})
    engine.dispose()


def in_rows(url: str, person: Person) -> bool:
    """Whether the person's words or name stand in any row of any table; of the words, what JSON leaves as it is."""
    engine: Any = create_engine(url)
    with engine.connect() as database:
        tables = inspect(engine).get_table_names()
        rows = [str(tuple(row)) for table in tables for row in database.execute(text(f'select * from "{table}"'))]
    engine.dispose()
    return any(word in row for row in rows for word in (person.words[:10], person.sender))


def in_redis(redis: RedisProgram) -> str:
    """Return everything that stands in Redis: names, texts and lists."""
    with closing(Redis.from_url(redis.url, decode_responses=True)) as asked:
        lists = (name for name in asked.scan_iter() if asked.type(name) == "list")
        texts = (name for name in asked.scan_iter() if asked.type(name) == "string")
        found = [
            *(f"{name} {asked.lrange(name, 0, -1)}" for name in lists),
            *(f"{name} {asked.get(name)}" for name in texts),
        ]
        return "\n".join((*found, *asked.scan_iter()))
