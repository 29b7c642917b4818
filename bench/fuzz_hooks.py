"""What schemathesis does not know: sessions that exist. Loaded by it (bench/fuzz.py), in its own environment."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from functools import cache
from typing import Any

import schemathesis

# Of so many calls one keeps what was drawn; the others name a session, or a message, that exists.
DRAWN, SESSIONS, MESSAGE = 4, 20, "message-1"


def call(name: str, body: object) -> Any:
    """Make a call of the web door."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(os.environ["FUZZED_DOOR"] + name, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def begun() -> str:
    """Begin a session, say something in it, and return it."""
    session = str(call("session", {})["session"])
    call("message", {"session": session, "id": MESSAGE, "text": "身份证丢了怎么办"})
    return session


@cache
def existing(_number: int) -> str:
    """Return one of a few sessions."""
    return begun()


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Put what exists where any text stands: what was drawn stays as right or wrong as it was."""
    drawn = len(json.dumps(body, default=str))
    if not isinstance(body, dict) or drawn % DRAWN == 0:
        return body
    body = dict(body)
    if _is_text(body.get("session")):
        body["session"] = begun() if context.operation.path == "/erase" else existing(drawn % SESSIONS)
    if _is_text(said := body.get("message")) and re.fullmatch("[A-Za-z0-9_-]{8,64}", said):
        body["message"] = MESSAGE
    return body


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value
