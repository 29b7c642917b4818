"""Logistic regression against DIET: macro-F1 by 5-fold cross-validation, training, start-up and time per message.

    .venv/bin/python bench/classifiers.py [lr] [diet]

Both pipelines run one after the other on the same machine and data (data/nlu); results go to reports/classifiers.json.
DIET takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = {"lr": "bot/rasa/config.yml", "diet": "bench/nlu-diet.yml"}
QUIET = {"SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
QUESTIONS = ("卖银行卡会怎么样", "身份证丢了要查什么", "不用的电话卡怎么处理", "你好", "今天天气怎么样") * 40


def main(names: list[str]) -> None:
    """Measure the named pipelines and write what was found."""
    os.chdir(ROOT)
    os.environ.update(QUIET)
    out = Path("reports")
    out.mkdir(exist_ok=True)
    results = {name: measure(name, CONFIGS[name], out) for name in names}
    (out / "classifiers.json").write_text(json.dumps(results, indent=2), "utf-8")
    print(json.dumps(results, indent=2))


def measure(name: str, config: str, out: Path) -> dict[str, float]:
    """Cross-validate, train, load and time one pipeline. Seconds, milliseconds and F1 from 0 to 1."""
    folder = out / f"cross-validation-{name}"
    command = (
        "test",
        "nlu",
        "--nlu",
        "data/nlu",
        "--config",
        config,
        "--cross-validation",
        "--folds",
        "5",
        "--no-plot",
    )
    rasa(*command, "--out", str(folder))
    report = json.loads((folder / "intent_report.json").read_text("utf-8"))
    begun = time.perf_counter()
    rasa(
        "train",
        "nlu",
        "--nlu",
        "data/nlu",
        "--config",
        config,
        "--out",
        str(out),
        "--fixed-model-name",
        f"bench-{name}",
    )
    trained = time.perf_counter() - begun
    timing = subprocess.run(
        (sys.executable, __file__, "--time", str(out / f"bench-{name}.tar.gz")),
        check=True,
        capture_output=True,
        text=True,
    )
    f1 = {"macro_f1": report["macro avg"]["f1-score"], "accuracy": report["accuracy"]}
    return {**f1, "train_seconds": round(trained, 1), **json.loads(timing.stdout.splitlines()[-1])}


def rasa(*arguments: str) -> None:
    """Run the real command line; its output is kept out of the way."""
    subprocess.run(
        (sys.executable, "-m", "rasa", *arguments), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def time_messages(model: str) -> None:
    """Print as JSON how long loading takes, imports included, and the median time of a message."""
    begun = time.perf_counter()
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    loaded = time.perf_counter() - begun

    async def parse() -> list[float]:
        times = []
        for question in QUESTIONS:
            start = time.perf_counter()
            await agent.parse_message(question)
            times.append((time.perf_counter() - start) * 1000)
        return times

    times = asyncio.run(parse())
    print(json.dumps({"load_seconds": round(loaded, 1), "p50_ms": round(statistics.median(times), 2)}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--time"]:
        time_messages(sys.argv[2])
    else:
        main(sys.argv[1:] or list(CONFIGS))
