"""Tables that leave the house: what residents typed is text there too."""

from __future__ import annotations

import csv
import io

import pytest

from bot.editing.tables import HEADINGS, cell, questions_csv
from bot.keeping.events import TurnEvent


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", " =", "\u200b=", "|", "%"])
def test_no_cell_is_a_formula(start: str) -> None:
    """Whatever spelling the sign has, and whatever stands unseen before it."""
    assert cell(f"{start}HYPERLINK(1)").startswith("'")


def test_plain_words_stay_as_they_are() -> None:
    """Chinese, numbers, a sign in the middle."""
    for words in ("卖卡会怎样", "96110", "1+1", "", "“=”是什么"):
        assert cell(words) == words


def test_a_row_for_each_turn() -> None:
    """With the title of what was quoted, and what the person thought of it."""
    turn = TurnEvent(
        0.0,
        "web-1",
        "web",
        '＝cmd|"x"\n第二行',
        "x",
        0.5,
        "answer",
        ("a#p01", "a#p02"),
        helpful=False,
        comment="没说清",
    )
    written = questions_csv((turn,), {"a": "甲地通报"})
    assert written.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert tuple(head) == HEADINGS
    assert row[2] == '\'＝cmd|"x"\n第二行'
    assert (row[4], row[5], row[6]) == ("甲地通报", "没帮助", "没说清")
