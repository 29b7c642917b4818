"""The conversations that only ask whether the assistant is there: nobody's, so they are neither counted nor kept."""

from __future__ import annotations

import uuid

PROBE_SENDER = "duanka-ready"
PROBE_QUESTION = "银行卡可以借给别人用吗？"


def probe_sender() -> str:
    """Return the sender of a new conversation of that kind."""
    return f"{PROBE_SENDER}-{uuid.uuid4().hex}"


def is_probe(sender: str) -> bool:
    """Whether a conversation is one."""
    return sender.startswith(PROBE_SENDER)
