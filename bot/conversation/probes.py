"""The conversations that only ask whether the assistant is there: nobody's, so they are neither counted nor kept."""

from __future__ import annotations

import uuid

from bot.answering import sentences

PROBE_SENDER = "duanka-ready"
PROBE_QUESTION = "银行卡可以借给别人用吗？"


def probe_sender() -> str:
    """Return the sender of a new conversation of that kind."""
    return f"{PROBE_SENDER}-{uuid.uuid4().hex}"


def is_probe(sender: str) -> bool:
    """Whether a conversation is one."""
    return sender.startswith(PROBE_SENDER)


def is_answer(text: object) -> bool:
    """Whether a reply says something: an apology for what is broken says nothing."""
    return isinstance(text, str) and bool(text.strip()) and sentences.UNAVAILABLE not in text
