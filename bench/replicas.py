"""One replica and two behind nginx, over PostgreSQL and Redis: messages a second, who is busy; a kill -9 under load.

`PYTHONPATH=. .venv/bin/python bench/replicas.py`, five minutes with nothing else on the machine, writes
reports/replicas.json and reports/replicas.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console

from bot.answering import sentences
from bot.commands.loopback import free_port
from bot.commands.model import ready_model
from bot.commands.widget import ensure_widget
from tests.postgres_program import mortal_postgres
from tests.redis_program import redis_program
from tests.replicas_program import Deployment

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("银行卡借给朋友用违法吗？", "身份证丢了怎么办", "卖电话卡会怎么样", "去哪里举报", "那电话卡呢", "还有吗")
CLIENTS, SECONDS, WARM_SECONDS = (1, 8, 32), 12.0, 5.0
KILL_CLIENTS, KILL_AFTER, KILL_SECONDS = 16, 4.0, 20.0
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Talker:
    """One person who asks one question after the other, again under the same id when nothing comes back."""

    session: aiohttp.ClientSession
    url: str
    token: str = ""
    told: list[tuple[str, float, float, bool]] = field(default_factory=list)  # id, begun, seconds, an apology
    texts: dict[str, str] = field(default_factory=dict)

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
        self.texts[message["id"]] = said
        self.told.append((message["id"], begun, time.perf_counter() - begun, sentences.UNAVAILABLE in said))

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

    async def run() -> tuple[list[float], float, dict[str, float]]:
        session, talkers = await people_of(running, count)
        async with session:
            await asyncio.gather(*(each.talk(time.perf_counter() + WARM_SECONDS) for each in talkers))
            for each in talkers:
                each.told.clear()
            busy, begun = processor(running), time.perf_counter()
            await asyncio.gather(*(each.talk(begun + SECONDS) for each in talkers))
            seconds = time.perf_counter() - begun
            after = processor(running)
        spent = {name: round((after[name] - busy[name]) / seconds, 2) for name in after}
        return [each[2] for talker in talkers for each in talker.told], seconds, spent

    times, seconds, spent = asyncio.run(run())
    return {
        "clients": count,
        "messages_a_second": round(len(times) / seconds, 1),
        "p50_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * statistics.quantiles(times, n=20)[-1], 1),
        "processors": spent,
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
        return _judged(talkers, histories, at)

    return asyncio.run(run())


def _judged(talkers: Sequence[Talker], histories: Sequence[list[tuple[str, str]]], at: float) -> dict[str, Any]:
    under_way = [each for talker in talkers for each in talker.told if each[1] < at < each[1] + each[2]]
    # Whose message the killed one had waits for it to be taken over; the others' go on.
    with_it = [each for each in under_way if each[2] > 5.0]
    others = [each for talker in talkers for each in talker.told if each[1] + each[2] > at and each not in with_it]
    lost = sum(
        (id, text) not in kept for t, kept in zip(talkers, histories, strict=True) for id, text in t.texts.items()
    )
    twice = sum(len(kept) - len({id for id, _ in kept}) for kept in histories)
    return {
        "acknowledged": sum(len(talker.texts) for talker in talkers),
        "lost": lost,
        "kept_twice": twice,
        "with_the_killed_replica": len(with_it),
        "with_it_longest_s": round(max((each[2] for each in with_it), default=0.0), 2),
        "with_it_apologies": sum(each[3] for each in with_it),
        "others_after_the_kill": len(others),
        "others_longest_s": round(max(each[2] for each in others), 2),
        "others_apologies": sum(each[3] for each in others),
    }


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
                results["killed"] = killed(running)
    reports = ROOT / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "replicas.json").write_text(json.dumps(results, indent=1), "utf-8")
    (reports / "replicas.md").write_text(table_of(results), "utf-8")
    console.print(table_of(results), markup=False, highlight=False, soft_wrap=True)


def table_of(results: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [
        "Processor time in ms a message, of each program; messages and times by the clock.",
        "",
        "| replicas | people | messages/s | p50 ms | p95 ms | Rasa | actions | PostgreSQL | Redis | nginx | client |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for replicas, rows in results["throughput"].items():
        for row in rows:
            used = row["processors"]
            names = ("rasa", "actions", "postgres", "redis", "nginx", "this client")
            cells = (round(1000 * used[name] / row["messages_a_second"], 1) for name in names)
            numbers = (row["clients"], row["messages_a_second"], row["p50_ms"], row["p95_ms"], *cells)
            lines.append(f"| {replicas} | {' | '.join(str(number) for number in numbers)} |")
    lines += [
        "",
        f"Load before: {results['load_before'][0]:.1f}",
        "",
        *(f"- {name.replace('_', ' ')}: {value}" for name, value in results["killed"].items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
