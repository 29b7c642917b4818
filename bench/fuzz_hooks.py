"""What schemathesis does not know: a session that exists. Loaded by it (bench/fuzz.py), in its own environment."""

from __future__ import annotations

import json
import os
import urllib.request
from functools import cache
from typing import Any

import schemathesis

# Of so many messages one goes into no session; the others into one that exists, so that they are answered.
EXISTING = 4


@cache
def session(_number: int) -> str:
    """Begin one of a few sessions."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(os.environ["FUZZED_DOOR"] + "session", b"{}", headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(json.load(response)["session"])


@schemathesis.hook
def map_body(_context: Any, body: Any) -> Any:
    """Put a session that exists where any text stands: any text is allowed there, so a body stays right or wrong."""
    if isinstance(body, dict) and isinstance(body.get("session"), str):
        chosen = len(json.dumps(body, default=str))
        if chosen % EXISTING:
            return {**body, "session": session(chosen % 20)}
    return body
