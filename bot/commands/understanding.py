"""What the trained classifier makes of one message, without a running service."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from bot.answering.records import Understanding
from bot.commands.model import QUIET
from bot.commands.processes import CommandError


def understand(models: Path, question: str) -> Understanding:
    """Load the newest model in `models` and classify `question`. Takes some ten seconds: Rasa is imported.

    Raises CommandError when there is no model.
    """
    found = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise CommandError(f"{models} 里没有训练好的模型；请先 make train，或加上 --without-intent")
    os.environ.update(QUIET)
    from rasa.core.agent import Agent  # imported late: it takes ten seconds, and only this verb needs it

    parsed = asyncio.run(Agent.load(str(found[-1])).parse_message(question))
    return Understanding(
        intent=parsed["intent"]["name"],
        confidence=float(parsed["intent"]["confidence"]),
        probabilities={entry["name"]: float(entry["confidence"]) for entry in parsed["intent_ranking"]},
    )
