"""Where a message's time goes, in a running assistant: each stage of each message once, and nothing twice."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import rasa_quietly  # noqa: F401
import requests
from people import Person
from service import Client

from bot.conversation.metrics import Figures
from bot.conversation.probes import PROBE_SENDER
from bot.rasa.patches import stage_timing
from bot.rasa.patches.stage_timing import timed

QUESTION = "身份证丢了怎么办"
RASAS = ("line", "reading", "understanding", "action", "saving")
LEDGERS = ("entering", "keeping")
MESSAGES = 3


def figures_of(client: Client) -> Counter[str]:
    """Return what /webhooks/health/metrics says: figure and labels → value."""
    told = requests.get(client.url.replace("/rest/webhook", "/health/metrics"), timeout=60).text
    return Counter({name: float(value) for name, value in re.findall(r"^(duanka\S*) (\S+)$", told, re.M)})  # type: ignore[misc]


def counts(figures: Counter[str]) -> dict[str, float]:
    """Return how often each stage was counted."""
    return {stage: figures[f'duanka_stage_seconds_count{{stage="{stage}"}}'] for stage in (*RASAS, *LEDGERS)}


def since(client: Client, before: Counter[str]) -> Counter[str]:
    """Return what was counted since."""
    now = figures_of(client)
    return Counter({name: value - before[name] for name, value in now.items()})


def test_rest(client: Client) -> None:
    """Each stage once a message; together they are no longer than the messages took; the outcome is counted."""
    before, begun = figures_of(client), time.perf_counter()
    for _ in range(MESSAGES):
        client.say(QUESTION)
    took, seen = time.perf_counter() - begun, since(client, before)
    assert counts(seen) == {**dict.fromkeys(RASAS, MESSAGES), **dict.fromkeys(LEDGERS, 0)}
    stages_took = sum(seen[f'duanka_stage_seconds_sum{{stage="{stage}"}}'] for stage in RASAS)
    assert 0 < stages_took <= seen['duanka_reply_seconds_sum{door="rest"}'] <= took
    assert seen['duanka_messages_total{door="rest",outcome="answer"}'] == MESSAGES
    assert seen['duanka_stage_seconds_sum{stage="action"}'] > 0


def test_the_web_door(client: Client) -> None:
    """The two steps of the ledger beside Rasa's; the message is the web door's and not counted again as Rasa's."""
    person = Person(client.url.replace("/rest/webhook", "/web/"))
    before, begun = figures_of(client), time.perf_counter()
    for _ in range(MESSAGES):
        person.say(QUESTION)
    took, seen = time.perf_counter() - begun, since(client, before)
    assert counts(seen) == dict.fromkeys((*RASAS, *LEDGERS), MESSAGES)
    assert sum(seen[f'duanka_stage_seconds_sum{{stage="{stage}"}}'] for stage in (*RASAS, *LEDGERS)) <= took
    assert seen['duanka_messages_total{door="web",outcome="answer"}'] == MESSAGES
    assert not any('door="rest"' in name and value for name, value in seen.items())


def test_waiting_behind_ones_own_messages(client: Client) -> None:
    """What comes while another of its conversation is answered waits in line, and the queue is empty afterwards."""
    before, someone = figures_of(client), uuid.uuid4().hex
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: client.say(QUESTION, someone), range(12)))
    seen = since(client, before)
    others = sum(seen[f'duanka_stage_seconds_sum{{stage="{stage}"}}'] for stage in RASAS if stage != "line")
    assert counts(seen)["line"] == 12
    # Whoever waits for nobody is in line for less than a hundredth of that.
    assert seen['duanka_stage_seconds_sum{stage="line"}'] > 0.1 * others
    assert figures_of(client)["duanka_queue"] == 0


def test_the_index(client: Client) -> None:
    """Its age and its size are those of the knowledge that is served."""
    client.say(QUESTION)
    figures = figures_of(client)
    assert 0 < time.time() - figures["duanka_knowledge_read_timestamp_seconds"] < 24 * 3600
    assert (
        figures["duanka_knowledge_postings"]
        > figures["duanka_knowledge_passages"]
        > figures["duanka_knowledge_bulletins"]
    )


def test_the_probe_is_no_message(client: Client) -> None:
    """Asking whether the assistant is ready changes no figure of messages or stages."""
    before = figures_of(client)
    assert requests.get(client.url.replace("/rest/webhook", "/health/ready"), timeout=60).json()["ready"]
    client.say(QUESTION, f"{PROBE_SENDER}-{uuid.uuid4().hex}")
    assert not any(since(client, before).values())


@pytest.mark.parametrize(("sender", "counted"), [("someone", 1), (f"{PROBE_SENDER}-1", 0), (None, 1)])
def test_a_step_that_fails_took_its_time(sender: str | None, counted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it raises is passed on, and it is counted, unless the probe asked."""
    own = Figures()
    monkeypatch.setattr(stage_timing, "figures", lambda: own)

    async def fail(_sender: str | None) -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 the one that was raised
        asyncio.run(timed("reading", fail, lambda name: name)(sender))  # type: ignore[arg-type]
    assert own.registry.get_sample_value("duanka_stage_seconds_count", {"stage": "reading"}) == counted
