"""The whole assistant beside a vanilla Rasa bot (bench/vanilla): messages a second, time a message, start, memory.

    .venv/bin/duanka train && .venv/bin/python bench/assistant.py [ours | vanilla] ...

Each is started alone, on one machine, and asked the golden questions by people who wait for their replies. Ours has
all of it: guard, masking, limits (raised), SQLite, turn events. Results go to reports/assistant.json, .md and .png;
what was not measured this time is kept from the last. About eight minutes.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant_report import in_words, plot, ratios  # noqa: E402
from clients import conversation, load, three_at_once  # noqa: E402
from subjects import Running, Subject, ours, running, vanilla  # noqa: E402

from bot.commands.evaluate import read_questions  # noqa: E402

SUBJECTS: dict[str, tuple[Callable[[Path], Subject], tuple[str, ...], int]] = {
    # How to make it, its doors, and how many long conversations (vanilla's takes minutes).
    "vanilla": (vanilla, ("rest",), 1),
    "ours": (ours, ("rest", "web"), 5),
}
PEOPLE, SECONDS, WARM_SECONDS = (1, 8, 32), 12.0, 3.0
STARTS, MESSAGES, QUICK = 2, 500, 10


def main(names: Sequence[str]) -> None:
    """Measure the named assistants and write what was found."""
    os.chdir(ROOT)
    out = ROOT / "reports"
    out.mkdir(exist_ok=True)
    file = out / "assistant.json"
    results: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    for name in names:
        results[name] = measure(name)
    results["machine"] = {"cores": os.cpu_count(), "load_after": os.getloadavg()}
    if all(name in results for name in SUBJECTS):
        results["ratios"] = ratios(results)
        plot(results, out / "assistant.png")
    file.write_text(json.dumps(results, indent=2), "utf-8")
    (out / "assistant.md").write_text(in_words(results), "utf-8")
    print(in_words(results))


def measure(name: str) -> dict[str, Any]:
    """Start it some times; in the last start, have people write to it."""
    make, doors, long = SUBJECTS[name]
    texts = questions()
    starts: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        subject = make(Path(folder))
        log = Path(folder) / "log"
        for _ in range(STARTS):
            with running(subject, log) as assistant:
                starts.append(assistant.seconds)
        with running(subject, log) as assistant:
            starts.append(assistant.seconds)
            under_load = asyncio.run(_asked(assistant, doors, long, texts))
    return {"start_s": [round(each, 2) for each in starts], **under_load}


async def _asked(assistant: Running, doors: Sequence[str], long: int, texts: Sequence[str]) -> dict[str, Any]:
    url = assistant.subject.url
    found: dict[str, Any] = {"memory_mb": {"after start": assistant.memory()}, "load": {}}
    for door in doors:
        await load(url, door, 2, WARM_SECONDS, texts)
        for people in PEOPLE:
            found["load"][f"{door} {people}"] = spread(await load(url, door, people, SECONDS, texts))
    found["memory_mb"]["after load"] = assistant.memory()
    talks = [await conversation(url, "rest", MESSAGES, texts) for _ in range(long)]
    found["conversation_ms"] = [round(statistics.median(each) * 1000, 2) for each in zip(*talks, strict=True)]
    found["quick"] = {door: await _quick(url, door, texts) for door in doors}
    return found


async def _quick(url: str, door: str, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds (medians): what the third of three messages at once waits, and what the two before it take alone."""
    both = [await three_at_once(url, door, texts[3 * turn : 3 * turn + 3]) for turn in range(QUICK)]
    waits = [max(0.0, quick[2] - apart[2]) for apart, quick in both]
    return {"third waits": _ms(waits), "two before take": _ms([sum(apart[:2]) for apart, _ in both])}


def spread(taken: Sequence[float]) -> dict[str, float]:
    """Return messages a second and the spread of their times in milliseconds."""
    hundredths = statistics.quantiles(taken, n=100)
    return {
        "per_second": round(len(taken) / SECONDS, 1),
        "p50_ms": _ms(taken),
        "p95_ms": round(hundredths[94] * 1000, 2),
        "p99_ms": round(hundredths[98] * 1000, 2),
    }


def questions() -> list[str]:
    """Return the golden questions, in an order that is always the same."""
    texts = [each.text for each in read_questions([ROOT / "tests/questions"]) if each.text.strip()]
    return random.Random(6).sample(texts, len(texts))


def _ms(seconds: Sequence[float]) -> float:
    return round(statistics.median(seconds) * 1000, 2)


if __name__ == "__main__":
    main(sys.argv[1:] or list(SUBJECTS))
