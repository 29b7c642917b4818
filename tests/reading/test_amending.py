"""A sidecar's text: composed, and changed by one entry without losing anything else."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from bot.reading.amending import amend, compose


def test_a_new_sidecar_has_its_comments_first() -> None:
    """One entry a line, quoted where YAML needs it."""
    text = compose(["收进"], {"title": "甲: 乙", "published": date(2021, 1, 2)})
    assert text == "# 收进\ntitle: '甲: 乙'\npublished: 2021-01-02\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "withdrawn: 2024-05-01\n"),
        ("# 说明\n", "# 说明\nwithdrawn: 2024-05-01\n"),
        ("place: 甲", "place: 甲\nwithdrawn: 2024-05-01\n"),
        ("withdrawn: 2020-01-01  # 为什么\nplace: 甲\n", "withdrawn: 2024-05-01  # 为什么\nplace: 甲\n"),
        ("passages:\n  # 段\n  p01: {kind: case}\n", "passages:\n  # 段\n  p01: {kind: case}\nwithdrawn: 2024-05-01\n"),
    ],
)  # fmt: skip
def test_one_entry_changes_and_all_else_stays(before: str, after: str) -> None:
    """Comments, order and spacing are the editor's."""
    assert amend(before, "withdrawn", date(2024, 5, 1)) == after


@pytest.mark.parametrize("value", ["a: b", "- a", "'", '"', "#x", "2021-01-01", "yes", "多行\n也行", "甲 #乙"])
def test_any_text_is_written_so_that_it_reads_the_same(value: str) -> None:
    """Nothing a title may hold breaks the sidecar."""
    text = amend("place: |\n  甲\nurl: http://x\n", "place", value)
    assert yaml.safe_load(text) == {"place": value, "url": "http://x"}


@pytest.mark.parametrize("text", ["{a: b}", "- a\n", "a: [", "words\n"])
def test_what_is_not_one_entry_a_line_is_refused(text: str) -> None:
    """Rather no change than a broken file."""
    with pytest.raises(ValueError, match="不是"):
        amend(text, "withdrawn", date(2024, 5, 1))
