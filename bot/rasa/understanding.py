"""What the trained classifier makes of messages, without a running service."""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answering.message import Message
from bot.answering.records import Understanding
from bot.knowledge.messages import read_message
from bot.processes.programs import CommandError
from bot.rasa.model import QUIET


@dataclass(frozen=True)
class Heard:
    """A message as the answerer gets it."""

    message: Message
    understood: Understanding


def understand(models: Path, question: str) -> Understanding:
    """Load the newest model in `models` and classify `question`. Takes some ten seconds: Rasa is imported.

    Raises CommandError when there is no model.
    """
    found = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise CommandError(f"{models} 里没有训练好的模型；请先 make train，或加上 --without-intent")
    return hear(found[-1], [question])[0].understood


def hear(model: Path, messages: Sequence[str]) -> tuple[Heard, ...]:
    """Load one model and run its whole NLU pipeline over each of the messages."""
    with quietly():
        from rasa.core.agent import Agent  # imported late: it takes ten seconds, and few verbs need it

        agent = Agent.load(str(model))

        async def parse() -> list[Mapping[str, Any]]:
            return [await agent.parse_message(message) for message in messages]

        return tuple(_heard(said, parsed) for said, parsed in zip(messages, asyncio.run(parse()), strict=True))


@contextmanager
def quietly() -> Iterator[None]:
    """Within the block Rasa says nothing of what it does, and its libraries nothing of each other; errors stay."""
    os.environ.update(QUIET)
    with warnings.catch_warnings(record=True):  # collected, not ignored: some of those libraries set filters anew
        import jieba
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)
        jieba.setLogLevel(logging.ERROR)
        yield


def _heard(said: str, parsed: Mapping[str, Any]) -> Heard:
    understood = Understanding(
        intent=parsed["intent"]["name"],
        confidence=float(parsed["intent"]["confidence"]),
        probabilities={entry["name"]: float(entry["confidence"]) for entry in parsed["intent_ranking"]},
    )
    return Heard(read_message(said), understood)
