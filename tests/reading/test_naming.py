"""Names of bulletins: what is allowed, and what is proposed."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.naming import is_stem, propose_stem


@pytest.mark.parametrize("stem", ["linyi-duanka", "2021-06-20-nanning-2", "a"])
def test_lower_case_letters_digits_and_hyphens_are_allowed(stem: str) -> None:
    """Such a name is the same on every machine and in every address."""
    assert is_stem(stem)


@pytest.mark.parametrize("stem", ["", "临沂", "A", "a_b", "a--b", "-a", "a/b", "../a", "a.md", "a" * 61])
def test_anything_else_is_not(stem: str) -> None:
    """Above all nothing that leads out of the folder."""
    assert not is_stem(stem)


def test_a_stem_tells_when_where_and_what() -> None:
    """Date, place and the title's first words, in pinyin; the place is not said twice."""
    assert propose_stem("临沂警方重拳出击", "临沂", date(2021, 3, 1), ()) == "2021-03-01-linyi-jingfangzhongquan"


def test_what_is_not_known_is_left_out() -> None:
    """An undated bulletin gets no date, one without a Chinese title no words; never an empty name."""
    assert propose_stem("你的卡被封停了吗？", None, None, ()) == "nidekabei"
    assert propose_stem("APP!", None, None, ()) == "tongbao"


def test_a_stem_that_is_taken_gets_a_number() -> None:
    """The first that is free."""
    assert propose_stem("你的卡被封停了", None, None, {"nidekabei", "nidekabei-2"}) == "nidekabei-3"


@pytest.mark.parametrize("title", ["吕梁：请绿色出行", "【重磅】“断卡”行动", "𠮷𠮷𠮷𠮷", "1" * 200])
def test_every_proposal_is_allowed(title: str) -> None:
    """Whatever the title."""
    assert is_stem(propose_stem(title, "吕梁", date(2021, 1, 1), ()))
