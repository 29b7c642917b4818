"""Whatever reaches the web door over real HTTP: never a 5xx, never a traceback, always a sentence with the hotlines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from fuzz_times import times
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "doors"))
from door import Door, door

EXAMPLES = times(120)
RATES = {f"DUANKA_LIMIT_{name}": "100000 per second" for name in ("SESSION", "ADDRESS", "OPENING", "SERVICE")}
PLACES = (
    "session",
    "message",
    "history",
    "feedback",
    "topics",
    "plain",
    "openapi.json",
    "chat",
    "bulletins/",
    "nothing",
)
KEYS = st.sampled_from(["session", "id", "text", "message", "helpful", "comment", "x", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.just("a" * 43),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A door that lets as many in as come."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "dist" / "assets").mkdir(parents=True)
    for name in ("widget.js", "chat.html", "assets/a.js"):
        (folder / "dist" / name).write_text("built")
    with door(folder, RATES) as opened:
        yield opened
    logs = "".join(path.read_text("utf-8", errors="replace") for path in folder.glob("*.log"))
    assert "Traceback" not in logs


def check(response: requests.Response) -> None:
    """A success, or a refusal that says where to call."""
    assert response.status_code < 500, (response.status_code, response.text)
    assert "Traceback" not in response.text
    if response.status_code >= 400 and response.headers.get("Content-Type", "").startswith("application/json"):
        error = response.json()
        assert "96110" in error["error"]
        assert list(error) == ["error"]


@fuzzed
@given(st.sampled_from(PLACES[:4]), st.dictionaries(KEYS, VALUES, max_size=5) | VALUES)
def test_any_json(web: Door, place: str, body: Any) -> None:
    """Of whatever shape, with numbers that JSON has not."""
    check(
        web.http.post(web.url + place, data=json.dumps(body), headers={"Content-Type": "application/json"}, timeout=30)
    )


@fuzzed
@given(
    st.sampled_from(PLACES),
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]),
    st.binary(max_size=300),
)
def test_any_bytes(web: Door, place: str, method: str, body: bytes) -> None:
    """With every method, to every address."""
    check(web.http.request(method, web.url + place, data=body, timeout=30, allow_redirects=False))


@fuzzed
@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_any_address(web: Door, path: str) -> None:
    """Below the door's own, with what people put after a `?`."""
    for address in (path, f"bulletins/{path}", f"assets/{path}", f"chat?place={path}"):
        check(web.http.get(web.url + requests.utils.quote(address, safe="/?=%."), timeout=30, allow_redirects=False))


@fuzzed
@given(st.text(st.characters(), max_size=400))
def test_any_question(web: Door, text: str) -> None:
    """A turn with a reply that says something, or a refusal; sent again, the same."""
    token = web.session()
    body = json.dumps({"session": token, "id": "message-1", "text": text})
    first, again = (web.http.post(web.url + "message", data=body, timeout=30) for _ in range(2))
    check(first)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.status_code != 200 or first.json()["reply"]["text"]


@fuzzed
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120))
def test_any_token(web: Door, token: str) -> None:
    """Opens nothing."""
    response = web.http.get(web.url + "history", headers={"Authorization": f"Bearer {token.strip()}"}, timeout=30)
    check(response)
    assert response.status_code == 401
