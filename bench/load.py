"""Twice as many messages as can be answered, for ten minutes, from 200 people at once, victims among them.

    .venv/bin/python bench/load.py [--minutes 10] [--sessions 200] [--factor 2] [--rate R] [--lifted] [--hostile]

First the rate that can be sustained is measured (eight people who wait for each reply; `--rate` skips that), with the
limits lifted. Then a fresh assistant with the limits it is delivered with (`--lifted`: without any) gets `--factor`
times as much over the web door: each person writes at their own random times, whether or not others are answered,
comes from an address of their own, and leaves after twenty messages for the next one. One message in twenty is a
victim's. `--hostile` adds ten addresses that mean harm (bench/hostile.py). Memory is sampled. Loopback only.

Writes reports/load.json, .md and .png. Exit 1 unless: no 5xx, no broken connection, every 429 names the hotlines and
when to come back, 95 of 100 admitted messages within 3 s, every victim reads the emergency reply within 3 s, memory is
flat, and as much was really sent as was to be. Among hostile addresses a polite 503 may be read, too, by anybody.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from hostile import Hostile
from load_report import in_words, plot
from started import ROOT, UNLIMITED, Started, started

from bot.answering import sentences
from bot.commands.evaluate import read_questions
from bot.knowledge.messages import read_message

SEED, BEHIND_A_PROXY = 7, {"DUANKA_TRUSTED_PROXIES": "1"}
WARM_SECONDS, MEASURED_SECONDS, TOGETHER = 10.0, 40.0, 8
STAY, VICTIMS = 20, 0.05
SAMPLE_SECONDS = 5.0
BUDGET_SECONDS, VICTIM_SECONDS = 3.0, 3.0
# Who cannot begin a session tries again, as the chat does.
ARRIVALS = 3
# Who waits for a reply does not write meanwhile: with replies too slow, less is sent than was to be.
SENT = 0.95
# Later memory against that after the first fifth: caches fill, a conversation's objects come and go.
FLAT = 1.10


@dataclass(frozen=True)
class Asked:
    """One message: when it was sent and how long it took (seconds), its status (0: no connection), and its reply."""

    at: float
    seconds: float
    status: int
    kind: str
    victim: bool
    right: bool


@dataclass
class Crowd:
    """Everyone who writes, and what came of it."""

    url: str
    http: aiohttp.ClientSession
    texts: Sequence[str]
    victims: Sequence[str]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    addresses: itertools.count[int] = field(default_factory=itertools.count)
    asked: list[Asked] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    async def arrive(self) -> tuple[str, dict[str, str]]:
        """Begin a session from a new address; return its token and the header that a proxy would add."""
        number = next(self.addresses)
        headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        for _ in range(ARRIVALS):
            with suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with self.http.post(f"{self.url}session", json={}, headers=headers) as response:
                    if response.status == 201:
                        return (await response.json())["session"], headers
            await asyncio.sleep(1.0)
        return "", headers

    async def say(self, token: str, headers: dict[str, str]) -> None:
        """Send one message and keep what came of it."""
        victim = self.chance.random() < VICTIMS
        text = self.chance.choice(self.victims if victim else self.texts)
        at, message = time.monotonic(), {"session": token, "id": uuid.uuid4().hex, "text": text}
        try:
            async with self.http.post(f"{self.url}message", json=message, headers=headers) as response:
                body, status = await response.json(), response.status
                kind, right = judged(status, body, dict(response.headers))
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            status, kind, right = 0, type(error).__name__, False
        self.asked.append(Asked(at - self.begun, time.monotonic() - at, status, kind, victim, right))

    async def waiting_person(self, seconds: float) -> None:
        """Write, wait for the reply, write again; a new session every few messages."""
        while time.monotonic() - self.begun < seconds:
            token, headers = await self.arrive()
            for _ in range(STAY):
                if time.monotonic() - self.begun < seconds:
                    await self.say(token, headers)

    async def person(self, seconds: float, between: float) -> None:
        """Write at random times, `between` seconds apart on average; what is late is sent as soon as it can be."""
        due = self.chance.uniform(0, between)
        while due < seconds:
            token, headers = await self.arrive()
            for _ in range(STAY):
                await asyncio.sleep(max(0.0, due - (time.monotonic() - self.begun)))
                if time.monotonic() - self.begun >= seconds:
                    return
                await self.say(token, headers)
                due += self.chance.expovariate(1 / between)


def judged(status: int, body: Any, headers: dict[str, str]) -> tuple[str, bool]:
    """Return what kind of reply it is, and whether it is one that a person may get."""
    if status == 200:
        reply = body["reply"]
        kind = "apology" if reply["text"].endswith(sentences.UNAVAILABLE) else str(reply["custom"]["kind"])
        return kind, bool(reply["text"])
    return "limit", status in (429, 503) and "96110" in body["error"] and "Retry-After" in headers


async def sustained(it: Started) -> float:
    """Return the messages a second that eight people get replies to."""
    async with _crowd(it) as crowd:
        await asyncio.gather(*(crowd.waiting_person(WARM_SECONDS + MEASURED_SECONDS) for _ in range(TOGETHER)))
        ends = [each.at + each.seconds for each in crowd.asked]
        assert all(each.status == 200 for each in crowd.asked), Counter(each.status for each in crowd.asked)
        return sum(WARM_SECONDS <= end < WARM_SECONDS + MEASURED_SECONDS for end in ends) / MEASURED_SECONDS


async def overloaded(
    it: Started, sessions: int, rate: float, seconds: float, hostile: bool = False
) -> tuple[list[Asked], list[dict[str, float]], dict[str, Counter[str]]]:
    """Have the crowd send `rate` messages a second; return what came of each, the memory, and what the hostile read."""
    async with _crowd(it) as crowd, _http() as http:
        harm = Hostile(it, http)
        samples: list[dict[str, float]] = []
        watching = asyncio.create_task(_watch(it, crowd.begun, samples))
        people = (crowd.person(seconds, sessions / rate) for _ in range(sessions))
        await asyncio.gather(*people, *([harm.attack(seconds)] if hostile else []))
        watching.cancel()
        return crowd.asked, samples, harm.read


def main() -> None:
    """Measure, load, report."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--minutes", type=float, default=10.0)
    given.add_argument("--sessions", type=int, default=200)
    given.add_argument("--factor", type=float, default=2.0)
    given.add_argument("--rate", type=float, help="messages a second that can be sustained")
    given.add_argument("--lifted", action="store_true", help="without limits")
    given.add_argument("--hostile", action="store_true", help="with ten addresses that mean harm")
    options = given.parse_args()
    rate = options.rate or measured()
    with tempfile.TemporaryDirectory(prefix="duanka-load-") as made:
        settings = {**BEHIND_A_PROXY, **(UNLIMITED if options.lifted else {})}
        with started(Path(made), settings) as it:
            seconds = options.minutes * 60
            load = overloaded(it, options.sessions, rate * options.factor, seconds, options.hostile)
            asked, memory, harm = asyncio.run(load)
            alive = it.alive()
        complaints = Counter(_complaints(Path(made)))
    results = report(asked, memory, seconds)
    results |= {
        "limits": "lifted" if options.lifted else "as delivered", "sessions": options.sessions,
        "sustained": round(rate, 1), "offered": round(rate * options.factor, 1), "ran_to_the_end": alive,
        "hostile": {name: dict(read) for name, read in harm.items()},
        "complaints_in_logs": dict(complaints.most_common(8)), "load_of_the_machine": os.getloadavg(),
    }  # fmt: skip
    results["passed"] = passed(results)
    out = ROOT / "reports" / ("-".join(("load", *["lifted"] * options.lifted, *["hostile"] * options.hostile)))
    out.parent.mkdir(exist_ok=True)
    out.with_suffix(".json").write_text(json.dumps(results, indent=2), "utf-8")
    out.with_suffix(".md").write_text(in_words(results), "utf-8")
    plot([vars(each) for each in asked], memory, seconds, out.with_suffix(".png"))
    print(in_words(results))
    sys.exit(not all(results["passed"].values()))


def measured() -> float:
    """Return the rate that can be sustained, of an assistant of its own."""
    settings = {**UNLIMITED, **BEHIND_A_PROXY}
    with tempfile.TemporaryDirectory(prefix="duanka-load-") as made, started(Path(made), settings) as it:
        return asyncio.run(sustained(it))


def report(asked: Sequence[Asked], memory: Sequence[dict[str, float]], seconds: float) -> dict[str, Any]:
    """Return the figures."""
    admitted = [each for each in asked if each.status == 200 and not each.victim]
    victims = [each for each in asked if each.victim]
    return {
        "minutes": round(seconds / 60, 1),
        "messages": len(asked),
        "sent_a_second": round(len(asked) / seconds, 1),
        "statuses": dict(Counter(str(each.status) for each in asked)),
        "kinds_of_admitted": dict(Counter(each.kind for each in admitted)),
        "not_right": dict(Counter(f"{each.status} {each.kind}" for each in asked if not each.right)),
        "admitted": {"a_second": round(len(admitted) / seconds, 1), **_spread(admitted)},
        "victims": {
            "messages": len(victims),
            "read_the_emergency_reply": sum(each.kind == "emergency" for each in victims),
            **_spread(victims),
        },
        "limited": _spread([each for each in asked if each.status == 429]),
        "memory_mb": {"rasa": _growth([each["rasa"] for each in memory])},
    }


def passed(results: dict[str, Any]) -> dict[str, bool]:
    """Return each promise and whether it was kept."""
    victims, harm = results["victims"], results["hostile"]
    polite = {"200", "429", *(["503"] if harm else [])}
    return {
        "only 200 and the polite limit": set(results["statuses"]) <= polite and not results["not_right"],
        "95 of 100 admitted within 3 s": results["admitted"]["p95"] <= BUDGET_SECONDS,
        "every victim read the emergency reply": victims["read_the_emergency_reply"] == victims["messages"] > 0,
        "every victim within 3 s": victims["max"] <= VICTIM_SECONDS,
        "whoever means harm reads no 5xx but the polite one": not any("5xx" in read for read in harm.values()),
        "as much was sent as was to be": results["sent_a_second"] >= SENT * results["offered"],
        "memory is flat": all(each["growth"] <= FLAT for each in results["memory_mb"].values()),
        "it ran to the end": results["ran_to_the_end"],
    }


def _spread(asked: Sequence[Asked]) -> dict[str, float]:
    taken = sorted(each.seconds for each in asked) or [0.0]
    return {
        name: round(taken[min(len(taken) - 1, int(len(taken) * share))], 3)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    }


def _growth(samples: Sequence[float]) -> dict[str, float]:
    """Compare the last fifth with the second: by then everything was asked once."""
    fifth = max(1, len(samples) // 5)
    early, late = statistics.median(samples[fifth : 2 * fifth] or samples), statistics.median(samples[-fifth:])
    return {"start": samples[0], "early": early, "late": late, "most": max(samples), "growth": round(late / early, 3)}


def _complaints(folder: Path) -> list[str]:
    """Return the kinds of errors in the logs, without times and numbers."""
    lines = (line for path in folder.glob("*.log") for line in path.read_text("utf-8", errors="replace").splitlines())
    kept = [line.split("ERROR", 1)[-1] for line in lines if "ERROR" in line or line.startswith("Traceback")]
    return ["".join(each for each in line if not each.isdigit())[:120].strip() for line in kept]


async def _watch(it: Started, begun: float, samples: list[dict[str, float]]) -> None:
    """Sample the memory until cancelled."""
    while True:
        samples.append({"at": time.monotonic() - begun, **it.memory()})
        await asyncio.sleep(SAMPLE_SECONDS)


@asynccontextmanager
async def _crowd(it: Started) -> AsyncIterator[Crowd]:
    """People who ask the golden questions; victims are those whom the rules know, limits or none."""
    texts = [each.text for each in read_questions([ROOT / "tests/questions"])]
    victims = [text for text in texts if read_message(text).kind == "victim"]
    async with _http() as http:
        yield Crowd(it.web, http, [text for text in texts if text not in victims], victims)


def _http() -> aiohttp.ClientSession:
    """Return a client that opens as many connections as it is asked to."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), connector=aiohttp.TCPConnector(limit=0))


if __name__ == "__main__":
    main()
