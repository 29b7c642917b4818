"""What this door notes (ttl_store.py), under which names, and for how long. Pure."""

from __future__ import annotations

from typing import Literal

# How long a message's text, and what is owed, is remembered (seconds).
KEEP = 3600
Kind = Literal[
    # Of a message, by its key:
    "seen",  # how often it came
    "working",  # that somebody works on it
    "done",  # the parcel it led to
    "sent",  # its text, from the moment it is first given away
    "given",  # where its late answer went: to the first message that asked for it, or by itself
    # Of a sender:
    "had",  # the messages they sent
    "open",  # those of them whose answer is still to be delivered
    "rest",  # what of the last reply has not been shown
    "further",  # that there is more to tell of it
    "suggested",  # what the numbers stand for
    # Of a signature's stamp:
    "stamp",  # the message that came with it first
]


def name_of(kind: Kind, of: str) -> str:
    """Return the name of a note."""
    return f"{kind}:{of}"
