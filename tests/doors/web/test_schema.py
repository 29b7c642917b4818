"""The JSON of the web channel: read strictly, by the schemas that are served."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.doors.web.openapi import document
from bot.doors.web.schema import (
    MOST_COMMENT,
    SCHEMAS,
    Feedback,
    MalformedError,
    Message,
    parse_empty,
    parse_feedback,
    parse_message,
)

GOOD = {"session": "s", "id": "m-000001", "text": "卖卡会怎样"}


def test_what_is_right() -> None:
    """A body of each call becomes its record."""
    assert parse_message(json.dumps(GOOD).encode()) == Message("s", "m-000001", "卖卡会怎样")
    given = {"session": "s", "message": "m-000001", "helpful": False}
    assert parse_feedback(json.dumps(given).encode()) == Feedback("s", "m-000001", False, "")
    assert parse_feedback(json.dumps({**given, "comment": "好"}).encode()).comment == "好"
    parse_empty(b" {} ")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"{'session': 's'}",
        b'{"session": "s", "session": "t", "id": "m-000001", "text": "x"}',
        b'{"session": "s", "id": "m-000001", "text": NaN}',
        b'{"session": "s", "id": "m-000001", "text": Infinity}',
        b'{"session": "s", "id": "m-000001", "text": "\\ud800"}',
        b'{"session": "s", "id": "m-000001", "text": "a\\u0000b"}',
        b'{"session": "s", "id": "m-000001", "text": "a\x00b"}',
        b'{"session": "s", "id": "m-000001", "text": "\xc3\x28"}',
        b"[" * 8000,
        b'{"a":' * 1500 + b"1" + b"}" * 1500,
        b"1" * 8000,
    ],
)
def test_what_is_no_json_of_ours(body: bytes) -> None:
    """Broken, doubled, no number, no character, too deep: refused in Chinese, none of it repeated."""
    with pytest.raises(MalformedError) as refused:
        parse_message(body)
    assert re.search("[一-鿿]", str(refused.value))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": None}, "“text”的类型不对"),
        ({"text": ["密"]}, "“text”的类型不对"),
        ({"text": 1e400}, None),
        ({"id": "short"}, "“id”的写法不对"),
        ({"id": "m-000001\n"}, "“id”的写法不对"),
        ({"id": "编号编号编号编号"}, "“id”的写法不对"),
        ({"id": "x" * 65}, "“id”的写法不对"),
        ({"sender": "someone"}, "请求里有不认识的项"),
        ({"__proto__": {}}, "请求里有不认识的项"),
    ],
)
def test_a_wrong_message(change: dict[str, Any], said: str | None) -> None:
    """It says which key is wrong; no other key is let through."""
    with pytest.raises(MalformedError) as refused:
        parse_message(json.dumps({**GOOD, **change}).encode())
    assert said in (None, str(refused.value))


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_key(key: str) -> None:
    """It names the key."""
    body = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(MalformedError, match=f"请求缺少“{key}”这一项"):
        parse_message(json.dumps(body).encode())


def test_wrong_feedback() -> None:
    """Yes or no is true or false, and the comment has an end."""
    given = {"session": "s", "message": "m-000001", "helpful": True, "comment": ""}
    for change in ({"helpful": "yes"}, {"helpful": 1}, {"helpful": None}, {"comment": "好" * (MOST_COMMENT + 1)}):
        with pytest.raises(MalformedError):
            parse_feedback(json.dumps({**given, **change}).encode())


def test_nothing_but_empty() -> None:
    """A session is begun with nothing: no client chooses anything of it."""
    with pytest.raises(MalformedError):
        parse_empty(b'{"session": "mine"}')


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_schemas(name: str) -> None:
    """Each is valid in its draft, and every object of it is closed."""
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["additionalProperties"] is False


def test_the_document_names_only_what_it_has() -> None:
    """Every reference of the OpenAPI document leads to a schema in it, and every call has its success."""
    served = json.loads(json.dumps(document("1.0")))
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(served)))
    assert named <= set(served["components"]["schemas"])
    calls = [call for path in served["paths"].values() for call in path.values()]
    assert len(calls) == 6
    assert all(set(call["responses"]) & {"200", "201", "204"} for call in calls)


@pytest.mark.parametrize("name", ["Message", "Feedback", "Erase"])
def test_what_the_schema_allows_is_accepted(name: str) -> None:
    """A character that no database of ours keeps is refused by the schema that is served, not by a rule beside it."""
    typed = [part for part in SCHEMAS[name]["properties"].values() if part["type"] == "string"]
    for part in typed:
        validator = Draft202012Validator({"pattern": part["pattern"]})
        assert not validator.is_valid("abcdefgh\x00")
    with pytest.raises(MalformedError, match="“text”里有不允许的字符"):
        parse_message(json.dumps({**GOOD, "text": "a\x00b"}).encode())
    assert parse_message(json.dumps({**GOOD, "text": "卖卡\n"}).encode()).text == "卖卡\n"
