"""One replica and two behind nginx, over PostgreSQL and Redis, an action server beside each.

Messages a second and who is busy; a talk whose messages alternate beside the same talk at one replica; a kill -9 under
load. `PYTHONPATH=. .venv/bin/python bench/replicas.py`, five minutes with nothing else on the machine, writes
reports/replicas.json, .md and .png.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import ssl
import statistics
import tempfile
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from plots import plot_replicas
from replicas_report import Told, in_words, judged
from rich.console import Console
from sqlalchemy import create_engine, text

from bot.answering import sentences
from bot.commands.widget import ensure_widget
from bot.conversation.exchange import sender_of
from bot.processes.loopback import HOST, free_port
from bot.rasa.model import ready_model
from tests.postgres_program import mortal_postgres
from tests.redis_program import redis_program
from tests.replicas_program import Deployment, Person

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("银行卡借给朋友用违法吗？", "身份证丢了怎么办", "卖电话卡会怎么样", "去哪里举报", "那电话卡呢", "还有吗")
TALK = ("我在南宁", "卖银行卡会怎么样", "那电话卡呢", "还有吗", "出处是哪", "身份证丢了怎么办", "为什么", "那银行卡呢")
CLIENTS, SECONDS, WARM_SECONDS = (1, 8, 32), 12.0, 5.0
KILL_CLIENTS, KILL_AFTER, KILL_SECONDS = 16, 4.0, 20.0
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Talker:
    """One person who asks one question after the other, again under the same id when nothing comes back."""

    session: aiohttp.ClientSession
    url: str
    token: str = ""
    told: list[Told] = field(default_factory=list)

    async def begin(self) -> None:
        """Open a conversation."""
        async with self.session.post(f"{self.url}session", json={}) as response:
            self.token = (await response.json())["session"]

    async def talk(self, until: float) -> None:
        """Ask until then."""
        number = 0
        while time.perf_counter() < until:
            await self.ask(QUESTIONS[number % len(QUESTIONS)])
            number += 1

    async def ask(self, text: str) -> None:
        """Ask one question and note how long it took."""
        message = {"session": self.token, "id": uuid.uuid4().hex, "text": text}
        begun = time.perf_counter()
        while (said := await self._once(message)) is None:
            await asyncio.sleep(0.05)
        apology = sentences.UNAVAILABLE in said
        self.told.append(Told(message["id"], begun, time.perf_counter() - begun, said, apology))

    async def history(self) -> list[tuple[str, str]]:
        """Return what is kept: id and reply."""
        async with self.session.get(
            f"{self.url}history", headers={"Authorization": f"Bearer {self.token}"}
        ) as response:
            return [(turn["id"], turn["reply"]["text"]) for turn in (await response.json())["turns"]]

    async def _once(self, message: Mapping[str, str]) -> str | None:
        try:
            async with self.session.post(f"{self.url}message", json=message) as response:
                return str((await response.json())["reply"]["text"]) if response.status == 200 else None
        except aiohttp.ClientError:
            return None


@dataclass(frozen=True)
class Running:
    """What was started; `postgres` is the number of the server's process."""

    deployment: Deployment
    postgres: int


@contextmanager
def deployed(replicas: int) -> Iterator[Running]:
    """Start everything, with one replica or two."""
    with ExitStack() as stack:
        server = stack.enter_context(mortal_postgres())
        redis = stack.enter_context(redis_program())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="replicas-")))
        first = free_port()
        ports = (first, free_port() if replicas == 2 else first)
        deployment = Deployment(folder, server.url, redis, stack, ports)
        deployment.start()
        yield Running(deployment, int((server.data / "postmaster.pid").read_text().split()[0]))


async def people_of(running: Running, count: int) -> tuple[aiohttp.ClientSession, list[Talker]]:
    """Return so many people, who come in by TLS as everyone does, and what to close after them."""
    nginx = running.deployment.nginx
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=nginx.certificate), limit=0)
    session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60))
    talkers = [Talker(session, nginx.url) for _ in range(count)]
    await asyncio.gather(*(each.begin() for each in talkers))
    return session, talkers


def throughput(running: Running, count: int) -> dict[str, Any]:
    """Have `count` people ask for a while; return messages a second, times, and how busy each program was."""

    async def run() -> tuple[list[float], float, dict[str, float], Counter[str]]:
        session, talkers = await people_of(running, count)
        async with session:
            await asyncio.gather(*(each.talk(time.perf_counter() + WARM_SECONDS) for each in talkers))
            for each in talkers:
                each.told.clear()
            before, busy, begun = stages(running), processor(running), time.perf_counter()
            await asyncio.gather(*(each.talk(begun + SECONDS) for each in talkers))
            seconds = time.perf_counter() - begun
            after, took = processor(running), stages(running)
            took.subtract(before)
        spent = {name: round((after[name] - busy[name]) / seconds, 2) for name in after}
        return [each.seconds for talker in talkers for each in talker.told], seconds, spent, took

    times, seconds, spent, took = asyncio.run(run())
    return {
        "clients": count,
        "messages_a_second": round(len(times) / seconds, 1),
        "p50_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * statistics.quantiles(times, n=20)[-1], 1),
        "processors": spent,
        "stages_ms": {
            name: round(1000 * took[f"sum {name}"] / took[f"count {name}"], 1)
            for name in sorted(each.removeprefix("count ") for each in took if each.startswith("count "))
            if took[f"count {name}"]
        },
    }


def stages(running: Running) -> Counter[str]:
    """Return what the replicas' duanka_stage_seconds say together: "sum" and "count" of each stage."""
    found: Counter[str] = Counter()
    for port in dict.fromkeys(running.deployment.ports):
        with urllib.request.urlopen(f"http://{HOST}:{port}/webhooks/health/metrics") as response:
            told = response.read().decode()
        for what, stage, value in re.findall(r'^duanka_stage_seconds_(sum|count)\{stage="(\w+)"\} (\S+)$', told, re.M):
            found[f"{what} {stage}"] += float(value)  # type: ignore[assignment]
    return found


def alternating(running: Running) -> dict[str, Any]:
    """Have one person's follow-ups alternate between the replicas, beside the same talk at one of them alone."""
    nginx, ports = running.deployment.nginx, running.deployment.ports
    one = Person(f"http://{HOST}:{ports[0]}/webhooks/web/", True)
    both = Person(nginx.url, nginx.certificate)
    before = len(nginx.log())
    for said in TALK:
        one.say(said)
        both.say(said)
    asked = [line for line in nginx.log()[before:].splitlines() if "/webhooks/web/message" in line]
    given = Counter(port for line in asked for port in re.findall(rf"{HOST}:(\d+)", line))
    return {
        "messages": len(TALK),
        "at_each_replica": [given[str(port)] for port in ports],
        "replies_as_at_one_replica": sum(mine == theirs for mine, theirs in zip(both.told, one.told, strict=True)),
        "history_as_told": both.history() == both.told,
        "apologies": sum(sentences.UNAVAILABLE in reply for _, reply in both.told),
    }


def killed(running: Running) -> dict[str, Any]:
    """Kill one of two replicas while people talk; return what became of the messages."""

    async def run() -> dict[str, Any]:
        session, talkers = await people_of(running, KILL_CLIENTS)
        async with session:
            talks = asyncio.gather(*(each.talk(time.perf_counter() + KILL_SECONDS) for each in talkers))
            await asyncio.sleep(KILL_AFTER)
            at = time.perf_counter()
            os.killpg(running.deployment.replicas[1].process.pid, signal.SIGKILL)
            await talks
            histories = [await each.history() for each in talkers]
        people = [sender_of(each.token) for each in talkers]
        taken_over, turns = kept_of(running, people)
        return judged([each.told for each in talkers], histories, taken_over, turns, at)

    return asyncio.run(run())


def kept_of(running: Running, people: list[str]) -> tuple[set[str], int]:
    """Return the messages that were made a second process's own, and how many turns the people's conversations have."""
    engine = create_engine(running.deployment.database)
    try:
        with engine.connect() as database:
            who = {"people": tuple(people)}
            again = "SELECT id FROM web_turns WHERE attempt > 1 AND session IN :people"
            turns = "SELECT count(*) FROM events WHERE type_name = 'user' AND sender_id IN :people"
            return {row.id for row in database.execute(text(again), who)}, database.execute(text(turns), who).scalar()
    finally:
        engine.dispose()


def processor(running: Running) -> dict[str, float]:
    """Return the processor seconds each program has used since it began."""
    deployment, redis = running.deployment, running.deployment.redis.process
    assert redis
    roots = {
        "rasa": [child.process.pid for child in deployment.replicas],
        "actions": [child.process.pid for child in deployment.actions],
        "redis": [redis.pid],
        "postgres": [running.postgres],
        "nginx": [int((deployment.nginx.folder / "nginx.pid").read_text())],
        "this client": [os.getpid()],
    }
    table = _table()
    return {name: sum(_seconds(table, pid, name != "this client") for pid in pids) for name, pids in roots.items()}


def _table() -> dict[int, tuple[int, float]]:
    """Return the parent and the processor seconds of every process."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        found[int(path.parent.name)] = (int(parts[1]), (int(parts[11]) + int(parts[12])) / TICK)
    return found


def _seconds(table: Mapping[int, tuple[int, float]], pid: int, below: bool) -> float:
    """Return what a process used, and with `below` those it started."""
    own = table.get(pid, (0, 0.0))[1]
    return own + (sum(_seconds(table, child, True) for child, (up, _) in table.items() if up == pid) if below else 0.0)


def main() -> None:
    """Measure all of it."""
    os.chdir(ROOT)
    for name in ("SESSION", "FOLLOWER", "ADDRESS", "OPENING", "SERVICE"):
        os.environ[f"DUANKA_LIMIT_{name}"] = "1000000 per minute"
    console = Console()
    ready_model(ROOT, console)
    ensure_widget(ROOT, console)
    results: dict[str, Any] = {"processors": os.cpu_count(), "load_before": os.getloadavg(), "throughput": {}}
    for replicas in (1, 2):
        with deployed(replicas) as running:
            results["throughput"][replicas] = [throughput(running, count) for count in CLIENTS]
            if replicas == 2:
                results["alternating"] = alternating(running)
                results["killed"] = killed(running)
    reports = ROOT / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "replicas.json").write_text(json.dumps(results, indent=1), "utf-8")
    (reports / "replicas.md").write_text(in_words(results), "utf-8")
    plot_replicas(results, reports / "replicas.png")
    console.print(in_words(results), markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
