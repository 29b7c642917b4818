"""Two replicas and two action servers behind nginx, over PostgreSQL and Redis: one service to whoever asks it."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from programs import kill
from rich.console import Console
from service import ROOT
from sqlalchemy import create_engine, text

from bot.answering import sentences
from bot.commands.widget import ensure_widget
from bot.conversation.exchange import sender_of
from bot.processes.loopback import HOST
from bot.rasa.model import ready_model
from tests.postgres_program import postgres_program
from tests.redis_program import redis_program
from tests.replicas_program import READY_SECONDS, REPLY_SECONDS, Deployment, Person

pytestmark = pytest.mark.alone
PEOPLE, MESSAGES = 6, 12
TALK = (
    "我在南宁",
    "卖银行卡会怎么样",
    "那电话卡呢",
    "还有吗",
    "出处是哪",
    "身份证丢了怎么办",
    "为什么",
    "骗子正在让我转账",
)
QUESTIONS = ("银行卡借给朋友用违法吗？", "身份证丢了怎么办", "卖电话卡会怎么样", "去哪里举报")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """All of it, started once."""
    ready_model(ROOT, Console(quiet=True))
    ensure_widget(ROOT, Console(quiet=True))
    with ExitStack() as stack:
        database = stack.enter_context(postgres_program())
        redis = stack.enter_context(redis_program())
        deployment = Deployment(tmp_path_factory.mktemp("replicas"), database, redis, stack)
        deployment.start()
        yield deployment


def through_nginx(deployed: Deployment) -> Person:
    """Someone new whose messages alternate."""
    return Person(deployed.nginx.url, deployed.nginx.certificate)


def asked(deployed: Deployment) -> Counter[int]:
    """How many messages nginx gave to each replica: by port."""
    lines = [line for line in deployed.nginx.log().splitlines() if "/webhooks/web/message" in line]
    return Counter(int(port) for line in lines for port in re.findall(rf"{HOST}:(\d+)", line))


def figure(port: int, name: str) -> float:
    """Return the sum of a replica's figures of that name."""
    told = requests.get(f"http://{HOST}:{port}/webhooks/health/metrics", timeout=REPLY_SECONDS).text
    return sum(float(line.rsplit(" ", 1)[1]) for line in told.splitlines() if re.match(rf"{name}[{{ ]", line))


def test_one_persons_messages_alternate(deployed: Deployment) -> None:
    """A talk full of follow-ups reads the same, whether one replica answers all of it or each every other message."""
    port = deployed.ports[0]
    alone, alternating = Person(f"http://{HOST}:{port}/webhooks/web/", True), through_nginx(deployed)
    before = asked(deployed)
    for said in TALK:
        alone.say(said)
        alternating.say(said)
    assert alternating.told == alone.told == alternating.history() == alone.history()
    assert not any(sentences.UNAVAILABLE in reply for _, reply in alone.told)
    given = asked(deployed) - before
    assert all(given[port] >= len(TALK) / 2 - 1 for port in deployed.ports), given


def test_a_burst_keeps_its_order(deployed: Deployment) -> None:
    """Messages of one person that come at both replicas at once are answered one after the other, each once."""
    url = f"http://{HOST}:{{}}/webhooks/web/"
    people = [Person(url.format(port), True) for port in deployed.ports]
    people[1].token = people[0].token
    threads = [threading.Thread(target=people[n % 2].say, args=(QUESTIONS[n % 4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(people[0].history()) == sorted(people[0].told + people[1].told)
    order = [
        event for (event,) in rows(deployed, "SELECT type_name FROM events WHERE sender_id = :s ORDER BY id", people[0])
    ]
    turns = "".join({"user": "u", "bot": "b"}.get(event, "") for event in order)
    assert re.fullmatch("(?:ub+){4}", turns), f"two turns were made at once: {turns}"


def test_what_operators_see(deployed: Deployment) -> None:
    """Live, ready and figures, at each replica and not through nginx; nobody's words among the figures."""
    through_nginx(deployed).say("我的名字是王小明，银行卡借给朋友用违法吗？")
    for port in deployed.ports:
        health = f"http://{HOST}:{port}/webhooks/health/"
        assert requests.get(f"{health}live", timeout=REPLY_SECONDS).json() == {"live": True}
        assert requests.get(f"{health}ready", timeout=REPLY_SECONDS).json()["ready"] is True
        assert figure(port, "duanka_messages_total") > 0
        assert figure(port, "duanka_reply_seconds_count") == figure(port, "duanka_messages_total")
        assert figure(port, "duanka_waiting") == 0
        told = requests.get(f"{health}metrics", timeout=REPLY_SECONDS).text
        assert 'door="web"' in told
        assert "王小明" not in told
        assert "web-" not in told
    outside = requests.get(
        deployed.nginx.url.replace("/web/", "/health/metrics"), verify=deployed.nginx.certificate, timeout=REPLY_SECONDS
    )
    assert outside.status_code == 404
    proxied = requests.get(f"{health}metrics", headers={"X-Forwarded-For": "1.2.3.4"}, timeout=REPLY_SECONDS)
    assert proxied.status_code == 404


def test_a_replica_is_killed_under_load(deployed: Deployment) -> None:
    """kill -9 while six people talk: everything they were told is kept, each message once; the talks go on."""
    people = [through_nginx(deployed) for _ in range(PEOPLE)]
    failed: list[BaseException] = []

    def talk(person: Person) -> None:
        try:
            for number in range(MESSAGES):
                person.say(QUESTIONS[number % len(QUESTIONS)])
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=talk, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + READY_SECONDS
    while sum(len(person.told) for person in people) < PEOPLE * MESSAGES / 3 and not failed:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    kill(deployed.replicas[1])
    for thread in threads:
        thread.join()
    assert failed == []
    for person in people:
        assert len(person.told) == MESSAGES
        assert person.history() == person.told
    counted = rows(deployed, "SELECT session, id, count(*) FROM web_turns GROUP BY session, id HAVING count(*) > 1")
    assert counted == []


def rows(deployed: Deployment, question: str, person: Person | None = None) -> list[Any]:
    """Ask the database; `:s` is the person's conversation."""
    engine = create_engine(deployed.database)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(question), {"s": sender_of(person.token)} if person else {}))
    finally:
        engine.dispose()
