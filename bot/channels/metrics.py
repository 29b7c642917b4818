"""Figures for Prometheus: counts and times, never a person's words or name. Knows prometheus-client; knows no Rasa.

One `Figures` a process; every replica is asked for its own.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.answering import sentences
from bot.channels.turns import Ask, Reply

SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


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
        self.line = Histogram(
            "duanka_line_seconds",
            "Waiting for earlier messages of the same conversation.",
            buckets=SECONDS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)

    def counted(self, ask: Ask, door: str) -> Ask:
        """Return `ask`, its messages counted under `door`, by what came of them.

        `unavailable` is an apology, `silent` no reply at all, `late` one that came too late, `failed` an error.
        """
        waiting, seconds = self._waiting.labels(door), self._seconds.labels(door)

        async def count(text: str, sender: str) -> Reply | None:
            begun, outcome = time.perf_counter(), "failed"
            waiting.inc()
            try:
                reply = await ask(text, sender)
                outcome = outcome_of(reply)
                return reply
            except asyncio.CancelledError:
                outcome = "late"
                raise
            finally:
                waiting.dec()
                seconds.observe(time.perf_counter() - begun)
                self._messages.labels(door, outcome).inc()

        return count

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
            counts = {name: float(said[name]) for name in ("bulletins", "in_force", "passages")}
        except (OSError, ValueError, KeyError, TypeError):
            return
        yield GaugeMetricFamily("duanka_knowledge_read_timestamp_seconds", "When it was read.", value=read_at)
        failed = float(bool(said.get("failed")))
        yield GaugeMetricFamily("duanka_knowledge_failed", "1: it cannot be read anew.", value=failed)
        for name, count in counts.items():
            yield GaugeMetricFamily(f"duanka_knowledge_{name}", f"How many: {name}.", value=count)


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
