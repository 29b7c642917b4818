"""What `rasa shell` prints behind a reply: one line for the staff, where Rasa prints the whole `custom` object as JSON.

Rasa's console prints every object a channel sends, two screens of it behind each answer, and has no hook there; so
`tell_in_one_line` replaces that one function in the running process, and our store calls it when Rasa makes it.
Written for one version of Rasa, and refuses any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from rasa.core.channels import console

from bot.answering.records import OUTCOME_NAMES
from bot.rasa.patches.version import expect_rasa

Print = Callable[..., Any]
_DONE = "_duanka_in_one_line"


def tell_in_one_line() -> None:
    """Replace what prints a message on the terminal, once. Raises RuntimeError for another version of Rasa."""
    expect_rasa("bot/rasa/patches/terminal.py")
    if not getattr(console._print_bot_output, _DONE, False):
        console._print_bot_output = _in_one_line(console._print_bot_output)


def behind(custom: Mapping[str, Any]) -> str:
    """Return what lies behind a reply: its outcome, the passages with how likely each answers, how to read on."""
    passages = [_passage(quote) for quote in custom.get("quotes") or () if isinstance(quote, Mapping)]
    name = OUTCOME_NAMES.get(str(custom.get("kind")), str(custom.get("kind")))
    return "｜".join(part for part in (f"（{name}", " ".join(passages), _ways(custom)) if part) + "）"


def _passage(quote: Mapping[str, Any]) -> str:
    probability = quote.get("probability")
    sure = f" {probability:.2f}" if isinstance(probability, float) and probability > 0 else ""
    return f"{quote.get('passage')}{sure}"


def _ways(custom: Mapping[str, Any]) -> str:
    further = custom.get("further")
    return further.rstrip("。") if isinstance(further, str) else ""


def _in_one_line(print_message: Print) -> Print:
    @wraps(print_message)
    def print_briefly(message: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        custom = message.get("custom")
        if isinstance(custom, Mapping):
            message = {key: value for key, value in message.items() if key != "custom"}
            print(behind(custom))
        return print_message(message, *arguments, **named)

    setattr(print_briefly, _DONE, True)
    return print_briefly
