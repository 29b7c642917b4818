"""Nothing personal is kept: messages with personal numbers through every door, then a search of every byte written.

    .venv/bin/python bench/personal.py [--messages 10000] [--seconds 420] [--shell 200] [--seed 1]

Messages are drawn by `--seed` (tests/personal_messages.py: every kind of number, every way to write it) and
divided among the web door, the page without JavaScript, WeChat and REST of one running assistant, all asked at once;
`--shell` more are typed into `duanka shell`. Then databases with their logs (-wal), the programs' logs, `.cache`,
`.rasa`, status files and the figures for Prometheus are searched for each number as it was written, as it is
stored (NFKC), and as plain digits. As many harmless messages are masked, and 500 of them asked. Loopback only;
ends by itself (about 40 messages a second on two cores); writes reports/personal.json; exit 1 when anything was found.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pexpect
from started import ROOT, UNLIMITED, Started, started

# isort: split
# `started` has made these rooms of tests/ known.
from doors import Doors, Sent, drawn, traces_of
from personal_messages import harmless, left
from traces import find

from bot.answering import sentences
from bot.conversation.admission import admit

# How many of ten messages a door gets, and how many people talk there at once.
SHARES, PEOPLE = {"web": 3, "plain": 2, "wechat": 3, "rest": 2}, {"web": 3, "plain": 2, "wechat": 3, "rest": 2}
# One person says so much.
SAID = 10
SAMPLE = 500
MOST_TOUCHED = 0.01
# Two characters nobody types, with nothing personal: the search must find them in the database, or it searches wrongly.
MARKER = "龘靐"
NOT_SEARCHED = ("uv", "bench")  # programs and public data below .cache
Talk = Callable[[Sequence[str]], Awaitable[list[str]]]


@dataclass(frozen=True)
class Heard:
    """What one door's messages led to; `repeated` are those whose number came back in what the person read."""

    messages: int
    seconds: float
    told: int
    repeated: list[str]

    def figures(self) -> dict[str, Any]:
        """Return it for the report."""
        rate = round(self.messages / self.seconds, 1)
        return {
            "messages": self.messages,
            "per_second": rate,
            "told_to_keep_it": self.told,
            "repeated": len(self.repeated),
        }


async def through(talk: Talk, messages: Sequence[Sent], people: int, seconds: float) -> Heard:
    """Have so many people at once say all of it, or as much as they begin in so many seconds."""
    groups = iter([messages[at : at + SAID] for at in range(0, len(messages), SAID)])
    begun, said, told, repeated = time.monotonic(), 0, 0, []

    async def person() -> None:
        nonlocal said, told
        while time.monotonic() - begun < seconds and (group := next(groups, None)):
            said += len(group)
            read = await talk([sent.text for sent in group])
            told += sum(sentences.KEEP_TO_YOURSELF in text for text in read)
            repeated.extend(
                sent.text for sent, text in zip(group, read, strict=True) if sent.traces() & _shown(sent, text)
            )

    await asyncio.gather(*(person() for _ in range(people)))
    return Heard(said, time.monotonic() - begun, told, repeated)


def _shown(sent: Sent, text: str) -> set[str]:
    return {trace for trace in sent.traces() if trace in text}


async def every_door(
    it: Started, messages: Sequence[Sent], seed: int, seconds: float
) -> tuple[dict[str, Heard], list[str]]:
    """Send the messages through all doors at once; return what came of it, and the names that were told."""
    async with _http() as http:
        doors = Doors(it, http, seed)
        parts, start = {}, 0
        for name, share in SHARES.items():
            size = round(len(messages) * share / sum(SHARES.values()))
            parts[name] = messages[start : start + size]
            start += size
        for name in SHARES:
            await getattr(doors, name)([f"{MARKER}{name}身份证丢了怎么办"])
        heard = await asyncio.gather(
            *(through(getattr(doors, n), part, PEOPLE[n], seconds) for n, part in parts.items())
        )
        return dict(zip(parts, heard, strict=True)), doors.names


async def asked_harmless(it: Started, texts: Sequence[str]) -> int:
    """Ask over the web door; return how many came out otherwise than the masking function says."""
    async with _http() as http:
        session, different = "", 0
        for at, text in enumerate(texts):
            if at % SAID == 0:
                async with http.post(f"{it.web}session", json={}) as response:
                    session = (await response.json())["session"]
            message = {"session": session, "id": uuid.uuid4().hex, "text": text}
            async with http.post(f"{it.web}message", json=message) as response:
                different += (await response.json())["text"] != admit(text).text
        return different


@asynccontextmanager
async def _http() -> Any:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        yield http


def in_the_shell(folder: Path, messages: Sequence[Sent], seconds: float) -> Heard:
    """Type them into `duanka shell`, as staff would, one after the other."""
    import os

    environment = {**os.environ, "DUANKA_DATABASE": f"sqlite:///{folder}/shell.db", "TERM": "xterm"}
    shell = pexpect.spawn(
        sys.executable, ["-m", "bot", "shell"], cwd=str(ROOT), env={**environment, "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8", timeout=300, dimensions=(50, 200),
    )  # fmt: skip
    said, told, prompt = 0, 0, "Your input ->"
    try:
        shell.expect_exact(prompt)
        begun = time.monotonic()
        for sent in messages:
            if time.monotonic() - begun > seconds:
                break
            said += 1
            shell.send(f"{sent.text}\r")
            shell.expect_exact("hotlines", timeout=60)
            told += sentences.KEEP_TO_YOURSELF in str(shell.before)
            shell.expect_exact(prompt, timeout=60)
        taken = time.monotonic() - begun
        shell.send("/stop\r")
        shell.expect(pexpect.EOF, timeout=60)
    finally:
        shell.close(force=True)
    return Heard(said, taken, told, [])


def typed(messages: Sequence[Sent]) -> Iterator[Sent]:
    """Return those that a terminal takes as they are: one line, nothing it would obey."""
    return (sent for sent in messages if sent.text.isprintable() and not sent.text.startswith((" ", "/")))


def files_of(folder: Path) -> list[Path]:
    """Return every file that the assistant may have written to."""
    roots = (
        folder,
        ROOT / ".rasa",
        ROOT / "var",
        *(each for each in (ROOT / ".cache").iterdir() if each.name not in NOT_SEARCHED),
    )
    files = (file for root in roots for file in ([root] if root.is_file() else root.rglob("*")))
    return sorted(file for file in files if file.is_file())


async def metrics(it: Started) -> str:
    """Return what the service tells Prometheus. Raises aiohttp.ClientResponseError where it tells nothing."""
    async with _http() as http, http.get(it.web.replace("/webhooks/web", "/webhooks/health") + "metrics") as response:
        response.raise_for_status()
        return await response.text()


def main() -> None:
    """Send, search, report."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--messages", type=int, default=10_000)
    given.add_argument("--seconds", type=float, default=420.0)
    given.add_argument("--shell", type=int, default=200)
    given.add_argument("--seed", type=int, default=1)
    options = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="duanka-personal-") as made:
        report = prove(Path(made), options.messages, options.seconds, options.shell, options.seed)
    out = ROOT / "reports" / f"personal-{options.seed}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=2, ensure_ascii=False), "utf-8")
    print(json.dumps(report, indent=2, ensure_ascii=False))
    harmless_ok = report["harmless"]["touched"] <= MOST_TOUCHED * report["harmless"]["messages"]
    repeated = sum(door["repeated"] for door in report["doors"].values())
    sys.exit(bool(report["found"] or repeated or not harmless_ok or report["harmless"]["asked_otherwise"]))


def prove(folder: Path, count: int, seconds: float, in_shell: int, seed: int) -> dict[str, Any]:
    """Return the report."""
    messages, chance = drawn(seed, count), random.Random(seed)
    spoken = list(itertools.islice(typed(drawn(seed + 1_000_000, 3 * in_shell + 20)), in_shell))
    innocent = [harmless(chance) for _ in range(count)]
    with started(folder, UNLIMITED) as it:
        heard, names = asyncio.run(every_door(it, messages, seed, seconds))
        otherwise = asyncio.run(asked_harmless(it, innocent[:SAMPLE]))
        said = asyncio.run(metrics(it))
        alive = it.alive()
        (folder / "metrics.txt").write_text(said)
        while_running = _search(folder, messages, names)
    if spoken:
        heard["shell"] = in_the_shell(folder, spoken, seconds)
    found = {**while_running, **_search(folder, [*messages, *spoken], names)}
    files = files_of(folder)
    return {
        "seed": seed,
        "doors": {name: each.figures() for name, each in heard.items()},
        "it_ran_to_the_end": alive,
        "searched": {"files": len(files), "megabytes": round(sum(file.stat().st_size for file in files) / 1e6, 1)},
        "metrics_bytes": len(said.encode()),
        "traces_sought": len(traces_of([*messages, *spoken]) | set(names)),
        "marker_found": bool(find([f"{MARKER}web", f"{MARKER}wechat", f"{MARKER}rest"], files)),
        "found": {trace: sorted(where) for trace, where in sorted(found.items())[:50]},
        "masked_wholly": sum(not left(admit(sent.text).text, sent.secret) for sent in messages),
        "harmless": {
            "messages": count,
            "touched": sum(admit(text).text != text for text in innocent),
            "asked": len(innocent[:SAMPLE]),
            "asked_otherwise": otherwise,
        },
    }


def _search(folder: Path, messages: Sequence[Sent], names: Sequence[str]) -> dict[str, set[str]]:
    return find(traces_of(messages) | set(names), files_of(folder))


if __name__ == "__main__":
    main()
