"""Figures for Prometheus: counts and times, never a person's words or name. Knows prometheus-client; knows no Rasa.

One `Figures` a process; every replica is asked for its own.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.answering import sentences

if TYPE_CHECKING:
    from bot.answering.message import Message
    from bot.answering.reply import Reply
    from bot.conversation.assistant import Ask  # who waits there is counted here

SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# What the file of the knowledge says of its size; `postings` are the entries of the index: a term in a passage.
SIZES = ("bulletins", "in_force", "passages", "postings")
# A stage may take less than a thousandth of a second.
STAGE_SECONDS = (0.0005, 0.001, 0.002, 0.005, *SECONDS)
# What comes over Rasa's own doors: the name a program gives its channel is its own, and could be any.
REST = "rest"
_counting: ContextVar[bool] = ContextVar("duanka_counting", default=False)


class Figures:
    """What is counted in this process."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        self._messages = Counter(
            "duanka_messages", "Messages put to the assistant.", ("door", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "duanka_reply_seconds",
            "From a message's turn to its reply.",
            ("door",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._waiting = Gauge("duanka_waiting", "Messages being answered now.", ("door",), registry=self.registry)
        self._held = Counter("duanka_held", "Refused by the limits, by who asked.", ("who",), registry=self.registry)
        self._stages = Histogram(
            "duanka_stage_seconds",
            "Where the time of a message goes; stages follow each other.",
            ("stage",),
            buckets=STAGE_SECONDS,
            registry=self.registry,
        )
        self.queue = Gauge("duanka_queue", "Messages in line: not begun on.", registry=self.registry)
        ProcessCollector(registry=self.registry)

    def counted(self, ask: Ask, door: str) -> Ask:
        """Return `ask`, its messages counted under `door`, by what came of them.

        `unavailable` is an apology, `silent` no reply at all, `late` one that came too late, `failed` an error.
        """
        self._seconds.labels(door), self._waiting.labels(door)  # there from the first moment, at nothing

        async def count(message: Message, sender: str) -> Reply | None:
            with self.message(door) as came_to:
                reply = await ask(message, sender)
                came_to(outcome_of(reply))
                return reply

        return count

    @contextmanager
    def message(self, door: str) -> Iterator[Callable[[str], None]]:
        """Count the message of the block; what it yields is told the outcome. Nobody counts it again."""
        waiting, seconds = self._waiting.labels(door), self._seconds.labels(door)
        begun, outcome = time.perf_counter(), ["failed"]
        waiting.inc()
        token = _counting.set(True)
        try:
            yield lambda told: outcome.__setitem__(0, told)
        except asyncio.CancelledError:
            outcome[0] = "late"
            raise
        finally:
            _counting.reset(token)
            waiting.dec()
            seconds.observe(time.perf_counter() - begun)
            self._messages.labels(door, outcome[0]).inc()

    def stage(self, name: str) -> Histogram:
        """Return where the seconds of a stage are told."""
        return self._stages.labels(name)

    def held(self, who: str) -> None:
        """Count a message or a new session that went beyond a limit; `who` is the kind of who asked."""
        self._held.labels(who).inc()

    def text(self, knowledge: Path) -> bytes:
        """Return all of it as Prometheus reads it; what is known of the knowledge stands in that file."""
        read = CollectorRegistry()
        read.register(_Knowledge(knowledge))
        return bytes(generate_latest(self.registry) + generate_latest(read))


class _Knowledge(Collector):
    """Tells of the knowledge, when asked: what the process that answers wrote of it last."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing as long as nothing was read."""
        try:
            said = json.loads(self._file.read_text("utf-8"))
            read_at = datetime.fromisoformat(said["read_at"]).timestamp()
            counts = {name: float(said[name]) for name in SIZES if name in said}
        except (OSError, ValueError, KeyError, TypeError):
            return
        yield GaugeMetricFamily("duanka_knowledge_read_timestamp_seconds", "When it was read.", value=read_at)
        failed = float(bool(said.get("failed")))
        yield GaugeMetricFamily("duanka_knowledge_failed", "1: it cannot be read anew.", value=failed)
        for name, count in counts.items():
            yield GaugeMetricFamily(f"duanka_knowledge_{name}", f"How many: {name}.", value=count)


def is_counted() -> bool:
    """Whether the message of this task is counted already, by the door it came in by."""
    return _counting.get()


def outcome_of(reply: Reply | None) -> str:
    """Return the kind of a reply; an apology for what broke is `unavailable`, none at all `silent`."""
    if reply is None:
        return "silent"
    if sentences.UNAVAILABLE in reply.text:
        return "unavailable"
    return str(reply.custom.get("kind") or "chat")


@cache
def figures() -> Figures:
    """Return this process's own."""
    return Figures()
