"""Where the time of a message goes: Rasa's steps, by the clock, for `duanka_stage_seconds` (docs/deployment.md).

Rasa has no hook around them, so `time_stages` wraps four of its methods in the running process, as `intake` does; none
of the four calls another, so no time is counted twice. Our lock store calls it when Rasa makes it. What asks whether
we are there (bot/doors/health.py) is not counted. Written for one version of Rasa, and refuses any other.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor

from bot.conversation.metrics import figures
from bot.conversation.probes import is_probe
from bot.rasa.patches.version import expect_rasa

_TIMED = "_duanka_timed"
Step = Callable[..., Awaitable[Any]]
# Whose message it is: from what the step is given.
Sender = Callable[..., str | None]


def time_stages() -> None:
    """Time the conversation's reading and saving, the message's understanding, and the action, once."""
    expect_rasa("bot/rasa/patches/stage_timing.py")
    if getattr(MessageProcessor.save_tracker, _TIMED, False):
        return
    MessageProcessor.get_tracker = timed("reading", MessageProcessor.get_tracker, lambda _, sender: sender)
    MessageProcessor.parse_message = timed("understanding", MessageProcessor.parse_message, _of_message)
    RemoteAction.run = timed("action", RemoteAction.run, lambda _, _output, _nlg, tracker, *__: tracker.sender_id)
    MessageProcessor.save_tracker = timed("saving", MessageProcessor.save_tracker, lambda _, tracker: tracker.sender_id)


def timed(stage: str, step: Step, sender_of: Sender) -> Step:
    """Return `step`, its time counted under `stage` also when it fails or is given up."""
    seconds = figures().stage(stage)

    @wraps(step)
    async def run(*arguments: Any, **options: Any) -> Any:
        if is_probe(sender_of(*arguments) or ""):
            return await step(*arguments, **options)
        begun = time.perf_counter()
        try:
            return await step(*arguments, **options)
        finally:
            seconds.observe(time.perf_counter() - begun)

    setattr(run, _TIMED, True)
    return run


def _of_message(_: MessageProcessor, message: Any, *__: Any) -> str | None:
    sender: str | None = message.sender_id
    return sender
