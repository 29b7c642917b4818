"""The web channel's JSON: its schemas (draft 2020-12), and reading a body strictly by them. Knows no HTTP server.

The same schemas validate what comes in and are served in the OpenAPI document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from bot.answering.records import OUTCOMES

MOST_COMMENT = 500

Schema = dict[str, Any]


def _object(properties: Schema, required: tuple[str, ...] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


_TEXT: Schema = {"type": "string"}
# PostgreSQL stores no NUL.
_TYPED: Schema = {"type": "string", "pattern": "^[^\\x00]*$"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"type": "boolean"}
# Python's `$` also matches before a last line break: hence the look-ahead.
_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$(?!\\n)"}
_KIND: Schema = {"enum": list(OUTCOMES)}

# Replies kept from before there were points, articles and notices are without them.
_WHOLE_QUOTE: Schema = {
    "text": _TEXT,
    "bulletin": _TEXT,
    "passage": _TEXT,
    "lines": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "citation": {"type": "integer"},
}
_PROBABILITY: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_QUOTE = _object(
    {**_WHOLE_QUOTE, "point": _TEXT, "gloss": _MAYBE_TEXT, "probability": _PROBABILITY}, required=tuple(_WHOLE_QUOTE)
)
_WHOLE_CITATION: Schema = {
    "number": {"type": "integer"},
    "bulletin": _TEXT,
    "title": _TEXT,
    "publisher": _MAYBE_TEXT,
    "place": _MAYBE_TEXT,
    "published": {"type": ["string", "null"], "format": "date"},
    "url": _MAYBE_TEXT,
    "reader": _TEXT,
}
_CITATION = _object({**_WHOLE_CITATION, "article": _MAYBE_TEXT}, required=tuple(_WHOLE_CITATION))
_SHOWN = {
    "kind": _KIND,
    "lead": _TEXT,
    "quotes": _list(_ref("Quote")),
    "citations": _list(_ref("Citation")),
    "caution": _MAYBE_TEXT,
    "close": _MAYBE_TEXT,
    "suggestions": _list(_TEXT),
    "hotlines": _list(_TEXT),
}
_CUSTOM = _object({**_SHOWN, "notice": _MAYBE_TEXT, "further": _MAYBE_TEXT}, required=tuple(_SHOWN))
_TURN = _object(
    {
        "id": _ID,
        "text": _TEXT,
        "at": {"type": "string", "format": "date-time"},
        "reply": {"anyOf": [_ref("Reply"), {"type": "null"}]},
        "helpful": {"type": ["boolean", "null"]},
    }
)
_TOPIC = _object({"slug": _TEXT, "name": _TEXT, "ask": _TEXT})
_FEEDBACK = {
    "session": _TYPED,
    "message": _ID,
    "helpful": _FLAG,
    "comment": {**_TYPED, "maxLength": MOST_COMMENT},
}

SCHEMAS: Mapping[str, Schema] = MappingProxyType(
    {
        "Empty": _object({}),
        "Session": _object({"session": _TEXT}),
        "Message": _object({"session": _TYPED, "id": _ID, "text": _TYPED}),
        "Feedback": _object(_FEEDBACK, ("session", "message", "helpful")),
        "Erase": _object({"session": _TYPED}),
        "Turn": _TURN,
        "Reply": _object({"text": _TEXT, "custom": _ref("Custom")}),
        "Custom": _CUSTOM,
        "Quote": _QUOTE,
        "Citation": _CITATION,
        "History": _object({"turns": _list(_ref("Turn"))}),
        "Topic": _TOPIC,
        "Topics": _object({"topics": _list(_ref("Topic")), "places": _list(_TEXT)}),
        "Error": _object({"error": _TEXT}),
    }
)


class MalformedError(Exception):
    """A body that is not what the call takes; its text says what is wrong, in Chinese, and repeats nothing of it."""


@dataclass(frozen=True)
class Message:
    """The body of `POST message`."""

    session: str
    id: str
    text: str


@dataclass(frozen=True)
class Feedback:
    """The body of `POST feedback`."""

    session: str
    message: str
    helpful: bool
    comment: str = ""


def parse_empty(body: bytes) -> None:
    """Accept `{}` and nothing else. Raises MalformedError."""
    _read(body, "Empty")


def parse_message(body: bytes) -> Message:
    """Return the message in a body. Raises MalformedError."""
    return Message(**_read(body, "Message"))


def parse_erase(body: bytes) -> str:
    """Return the session that a body names. Raises MalformedError."""
    return str(_read(body, "Erase")["session"])


def parse_feedback(body: bytes) -> Feedback:
    """Return the feedback in a body. Raises MalformedError."""
    return Feedback(**_read(body, "Feedback"))


@cache
def validator(name: str) -> Any:
    """Return the validator of one of SCHEMAS."""
    return Draft202012Validator({**_ref(name), "components": {"schemas": dict(SCHEMAS)}})


def _read(body: bytes, name: str) -> dict[str, Any]:
    value = _decode(body)
    error = best_match(validator(name).iter_errors(value))
    if error is not None:
        raise MalformedError(_say(error))
    assert isinstance(value, dict)
    return value


def _decode(body: bytes) -> object:
    """Return the value of a JSON text: no key twice, no NaN, nothing that is no character."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate cannot be
    except (ValueError, RecursionError):  # also what is nested too deep to be ours
        raise MalformedError("请求不是合格的 JSON（UTF-8 编码）") from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _refuse(_constant: str) -> None:
    raise ValueError


def _say(error: ValidationError) -> str:
    where = "".join(f"“{part}”" for part in error.absolute_path) or "请求"
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{where}缺少“{missing[0]}”这一项"
    if error.validator == "additionalProperties":
        return f"{where}里有不认识的项"
    if error.validator == "type":
        return f"{where}的类型不对"
    if error.validator_value == _TYPED["pattern"]:
        return f"{where}里有不允许的字符"
    if error.validator == "maxLength":
        return f"{where}太长，最多 {error.validator_value} 个字"
    return f"{where}的写法不对"
