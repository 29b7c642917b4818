"""Honest about age: how long ago, and when to say so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.age import caution, chinese_date, elapsed, is_old
from bot.answering.records import Citation

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def cited(number: int, published: date | None) -> Citation:
    return Citation(number, f"b{number}", "通报", "南宁警方", "南宁", published, None, f"bulletins/b{number}#p01")


def test_an_old_bulletin_says_how_old_it_is() -> None:
    """Date, whole years, and that the rules may have changed: the sentence the issue asks for."""
    said = caution([cited(1, date(2021, 6, 20))], date(2026, 11, 24), 2)
    assert said == "该通报发布于2021年6月20日，距今5年多，规定可能已有调整，请以公安机关最新公布为准。"


def test_an_undated_bulletin_says_so() -> None:
    """No date is never a guess, and never silence."""
    said = caution([cited(1, None)], date(2026, 11, 24), 2)
    assert said is not None
    assert "未注明日期" in said
    assert "规定可能已有调整，请以公安机关最新公布为准" in said
    assert "距今" not in said


def test_several_bulletins_are_told_apart() -> None:
    """Each old or undated one by its number, with its own age; a recent one is not mentioned."""
    said = caution([cited(1, None), cited(2, date(2026, 10, 1)), cited(3, date(2020, 11, 23))], date(2026, 11, 24), 2)
    assert said is not None
    assert "来源1未注明日期" in said
    assert "来源2" not in said
    assert "来源3发布于2020年11月23日，距今6年多" in said
    assert said.count("请以公安机关最新公布为准") == 1


@pytest.mark.parametrize("citations", [[], [cited(1, date(2026, 6, 1))], [cited(1, date(2024, 11, 24))]])
def test_recent_bulletins_need_no_caution(citations: list[Citation]) -> None:
    """Up to the set age, that day included, nothing is said."""
    assert caution(citations, date(2026, 11, 24), 2) is None


def test_the_day_after_the_set_age_is_old() -> None:
    """The set age is what the settings say."""
    assert caution([cited(1, date(2024, 11, 23))], date(2026, 11, 24), 2) is not None
    assert caution([cited(1, date(2024, 11, 23))], date(2026, 11, 24), 3) is None


@pytest.mark.parametrize(
    ("published", "today", "said"),
    [
        (date(2021, 6, 20), date(2021, 6, 20), "不到1年"),
        (date(2021, 6, 20), date(2022, 6, 19), "不到1年"),
        (date(2021, 6, 20), date(2022, 6, 20), "1年"),
        (date(2021, 6, 20), date(2022, 6, 21), "1年多"),
        (date(2021, 6, 20), date(2026, 6, 19), "4年多"),
        (date(2021, 6, 20), date(2026, 6, 20), "5年"),
        (date(2021, 6, 20), date(2026, 11, 24), "5年多"),
        (date(2020, 2, 29), date(2021, 2, 28), "不到1年"),
        (date(2020, 2, 29), date(2021, 3, 1), "1年多"),
        (date(2020, 2, 29), date(2024, 2, 29), "4年"),
    ],
)
def test_age_in_whole_years(published: date, today: date, said: str) -> None:
    """Anniversaries count from the day itself; 多 from the day after."""
    assert elapsed(published, today) == said


@given(DAYS, st.integers(1, 30), st.integers(1, 364))
def test_years_and_some_days_are_years_and_more(published: date, years: int, days: int) -> None:
    """Whole years never run ahead of the calendar."""
    if (published.month, published.day) == (2, 29):
        published += timedelta(days=1)
    anniversary = published.replace(year=published.year + years)
    assert elapsed(published, anniversary) == f"{years}年"
    assert elapsed(published, anniversary + timedelta(days=days)) == f"{years}年多"
    assert is_old(published, anniversary + timedelta(days=1), years)
    assert not is_old(published, anniversary, years)


@given(DAYS)
def test_a_date_reads_as_chinese(day: date) -> None:
    """Without leading noughts, and back to the same day."""
    year, rest = chinese_date(day).split("年")
    month, rest = rest.split("月")
    assert date(int(year), int(month), int(rest.removesuffix("日"))) == day
    assert not month.startswith("0")
    assert chinese_date(date(2021, 6, 2)) == "2021年6月2日"
