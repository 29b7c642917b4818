"""The pairs in tests/bulletins: what a notice must be read as, and what a broken one must be told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.reading.library import read_library
from bot.reading.records import Library, Topic

PAIRS = Path(__file__).parents[1] / "bulletins"
TODAY = date(2025, 1, 1)
TOPICS = (Topic("penalty", "后果", (), ("承担", "惩戒")), Topic("report", "举报", (), ("举报",)))
VALID = sorted((PAIRS / "valid").glob("*.md"))
INVALID = sorted({path.stem for suffix in ("md", "yml") for path in (PAIRS / "invalid").glob(f"*.{suffix}")})


@pytest.fixture(scope="module")
def valid() -> Library:
    return read_library(PAIRS / "valid", TOPICS, TODAY)


@pytest.fixture(scope="module")
def invalid() -> Library:
    return read_library(PAIRS / "invalid", TOPICS, TODAY)


def as_read(library: Library, stem: str) -> dict[str, Any]:
    """Return what the fixture's .json holds: the bulletin but for its body, and its passages but for their reasons."""
    bulletin = library.bulletins[stem]
    keys = ("title", "publisher", "origin", "place", "published", "url", "withdrawn", "superseded_by")
    values = {key: getattr(bulletin, key) for key in keys}
    described = {key: str(value) if isinstance(value, date) else value for key, value in values.items()}
    described["passages"] = [
        {
            "id": passage.id.partition("#")[2],
            "lines": list(passage.lines),
            "kind": passage.kind,
            "topics": list(passage.topics),
            "heading": passage.heading,
            "sentences": list(passage.sentences),
        }
        for passage in library.passages
        if passage.bulletin == stem
    ]
    return described


def test_there_are_fixtures() -> None:
    """An empty glob must not pass for success."""
    assert len(VALID) >= 7
    assert len(INVALID) >= 12


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_notice_is_read_as_its_json_says(path: Path, valid: Library) -> None:
    """Metadata, passages, kinds, topics, headings, sentences and lines are exactly those of the .json beside it."""
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert as_read(valid, path.stem) == expected


def test_valid_notices_have_no_problems(valid: Library) -> None:
    """Nothing is reported where nothing is wrong."""
    assert valid.problems == ()


@pytest.mark.parametrize("stem", INVALID)
def test_a_broken_notice_is_reported_as_its_txt_says(stem: str, invalid: Library) -> None:
    """Every problem is named with file, line, what is wrong and what is allowed, word for word as in the .txt."""
    expected = (PAIRS / "invalid" / f"{stem}.txt").read_text("utf-8").splitlines()
    found = [problem for problem in invalid.problems if problem.path.stem == stem]
    assert [str(problem).removeprefix(f"{PAIRS / 'invalid'}/") for problem in found] == expected


def test_problems_come_in_order(invalid: Library) -> None:
    """Problems are sorted by path, then by line, whatever order they were found in."""
    places = [(str(problem.path), problem.line) for problem in invalid.problems]
    assert places == sorted(places)


def test_a_broken_sidecar_does_not_take_its_bulletin_out(invalid: Library) -> None:
    """Only the entries that are wrong are left out: the notice itself is still read."""
    assert {"bad-sidecar", "broken-sidecar", "scalar-sidecar", "twice"} == set(invalid.bulletins)
    assert invalid.bulletins["twice"].place == "示例县"
