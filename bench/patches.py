"""What each patch of Rasa's message path saves: processor time of a message, with all of them and with one undone.

The way of the web door without HTTP: its own asker, Rasa's agent, our stores, the action in its process. Run:
`.venv/bin/python bench/patches.py [ROUNDS]`; each round asks the same questions once a variant, in turns, so that what
else the machine does falls on all alike. Printed are the median, and what undoing adds, with the middle half
of the rounds.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.answering.message import Message  # noqa: E402
from bot.knowledge.messages import read_message  # noqa: E402
from bot.rasa.patches.without_tensorflow import leave_tensorflow_out  # noqa: E402

MESSAGES, WARM = 24, 30
QUESTIONS = (
    "出售银行卡有什么后果",
    "身份证丢了怎么办",
    "你好",
    "看到有人收卡去哪里举报",
    "物联网卡能不能插别的设备",
    "还有吗",
)


def replaced() -> dict[str, tuple[Any, str, Any]]:
    """Return what `be_thrifty` replaces, as it is now: by name, the owner, the attribute and its value."""
    from rasa.core import processor
    from rasa.core.actions.action import RemoteAction
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import Event
    from rasa.shared.core.trackers import DialogueStateTracker

    owners = (
        (RemoteAction, "_validate_action_result"),
        (RemoteAction, "_action_call_format"),
        (Event, "resolve_by_type"),
        (DaskGraphRunner, "run"),
        (Domain, "is_empty"),
        (DialogueStateTracker, "copy"),
        (processor, "copy"),
    )
    return {f"{owner.__name__}.{name}": (owner, name, vars(owner)[name]) for owner, name in owners}


async def seconds(ask: Callable[[Message, str], Any], sender: str, count: int) -> float:
    """Return the processor's seconds a message, this process's alone: the action has its own."""
    begun = time.process_time()
    for number in range(count):
        reply = await ask(read_message(QUESTIONS[number % len(QUESTIONS)]), f"{sender}-{number // 12}")
        assert reply is not None, "no reply"
        assert "暂时查不到" not in reply.text, "the action does not answer"
    return (time.process_time() - begun) / count


async def measure(rounds: int) -> dict[str, list[float]]:
    """Return each variant's seconds a message, a number a round."""
    from rasa.core.agent import load_agent
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot.conversation.rasa_assistant import asker
    from bot.rasa.action_endpoint import actions
    from bot.rasa.model import model_file

    configure_logging_and_warnings(warn_only_once=True, filter_repeated_logs=True)  # as `rasa run` does
    configure_structlog()
    theirs = replaced()
    assert model_file(ROOT).exists(), "no model for what lies here: duanka train"
    agent = await load_agent(str(model_file(ROOT)), endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"))
    ours = replaced()
    ask = asker(agent.handle_message, "web")
    await seconds(ask, "warm", WARM)
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for variant in ("all", *ours, "none"):
            undone = ours if variant == "none" else [variant] if variant in ours else []
            for each in undone:
                owner, name, value = theirs[each]
                setattr(owner, name, value)
            found.setdefault(variant, []).append(await seconds(ask, f"{variant}-{number}", MESSAGES))
            for owner, name, value in ours.values():
                setattr(owner, name, value)
        keep(found)
    await actions().close()
    return found


def main(rounds: int) -> None:
    """Measure, print a table, and keep the figures in reports/."""
    os.chdir(ROOT)
    leave_tensorflow_out()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DUANKA_DATABASE"] = f"sqlite:///{folder}/bench.db"
        found = asyncio.run(measure(rounds))
    for name, each in found.items():
        # Round by round: what else the machine does in one falls on both.
        more = sorted((value - with_all) * 1000 for value, with_all in zip(each, found["all"], strict=True))
        low, middle, high = statistics.quantiles(more, n=4) if len(more) > 1 else more * 3
        print(f"{name:40} {statistics.median(each) * 1000:7.2f} ms  {middle:+7.2f} ms ({low:+.2f} to {high:+.2f})")


def keep(found: dict[str, list[float]]) -> None:
    """Write the figures of the rounds so far."""
    report = ROOT / "reports" / "patches.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps(found, indent=1), "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
