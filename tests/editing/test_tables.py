"""Tables that leave the house: what residents typed is text there too."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from bot.editing.tables import HEADINGS, cell, csv_of, question_rows, xlsx_of
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
    written = csv_of(question_rows((turn,), {"a": "甲地通报"}))
    assert written.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert tuple(head) == HEADINGS
    assert row[2] == '\'＝cmd|"x"\n第二行'
    assert (row[4], row[5], row[6]) == ("甲地通报", "没帮助", "没说清")


@pytest.mark.parametrize("start", ["=", "＝", "＋", "@", "\t=", "-"])
def test_no_cell_of_a_workbook_is_a_formula(start: str) -> None:
    """Neither in the file, which holds text there, nor when somebody saves it as CSV; numbers are numbers."""
    typed = f"{start}HYPERLINK(1)\x00\x1b\ud800"
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of([("问题", [("问题", "次数"), (typed, 3)]), ("按话题", [])])))
    assert book.sheetnames == ["问题", "按话题"]
    (_, (words, times)) = book["问题"].iter_rows()
    assert (words.data_type, words.value) == ("s", f"'{start}HYPERLINK(1)")
    assert (times.data_type, times.value) == ("n", 3)


def test_a_workbook_takes_what_is_too_long() -> None:
    """A cell holds no more than Excel takes."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of([("问题", [("字" * 40_000,)])])))
    assert len(book["问题"]["A1"].value) == 32_000
