"""Honest about age: how long ago, and when to say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.age import caution, chinese_date, elapsed, gloss, is_old
from bot.reading.records import Authority, Bulletin, LaterRule

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


TODAY = date(2026, 11, 24)


def bulletin(published: date | None, authority: Authority = "city", **more: date) -> Bulletin:
    made = Bulletin("b", "通报", "警方", None, "南宁", published, None, None, None, ())
    return replace(made, authority=authority, **more)


def test_an_old_bulletin_says_how_old_it_is() -> None:
    """Whole years, that the rules may have changed, whom to ask: one sentence; the day stands with the source."""
    said = caution([bulletin(date(2021, 6, 20))], TODAY, 2)
    assert said == "通报距今5年多，规定可能已有变，以最新公布为准，可问96110。"


def test_of_an_undated_bulletin_no_age_is_guessed() -> None:
    """That it has no date stands with the source; the rules may have changed all the same."""
    assert caution([bulletin(None)], TODAY, 2) == "规定可能已有变，以最新公布为准，可问96110。"


def test_the_first_bulletin_is_spoken_of() -> None:
    """An old or undated one behind it is reason enough for a caution, but its age is not taken for the first one's."""
    young, old = bulletin(date(2026, 10, 1)), bulletin(date(2020, 11, 23))
    assert caution([young, old], TODAY, 2) == caution([bulletin(None)], TODAY, 2)
    assert caution([old, young], TODAY, 2) == "通报距今6年多，规定可能已有变，以最新公布为准，可问96110。"


@pytest.mark.parametrize("bulletins", [[], [bulletin(date(2026, 6, 1))], [bulletin(date(2024, 11, 24))]])
def test_recent_bulletins_need_no_caution(bulletins: list[Bulletin]) -> None:
    """Up to the set age, that day included, nothing is said."""
    assert caution(bulletins, TODAY, 2) is None


def test_the_day_after_the_set_age_is_old() -> None:
    """The set age is what the settings say."""
    assert caution([bulletin(date(2024, 11, 23))], TODAY, 2) is not None
    assert caution([bulletin(date(2024, 11, 23))], TODAY, 3) is None


LAW = LaterRule("中华人民共和国反电信网络诈骗法", date(2022, 12, 1), ("penalty",))
SANCTIONS = LaterRule("电信网络诈骗及其关联违法犯罪联合惩戒办法", date(2024, 12, 1), ("penalty",), "联合惩戒办法")


def test_rules_that_came_later_are_named() -> None:
    """Those in force today, after what was published before them, or nobody knows when; a law without its country."""
    said = "后来有《反电信网络诈骗法》《联合惩戒办法》，规定可能不同，可问96110。"
    assert caution([bulletin(date(2021, 6, 20))], TODAY, 2, (LAW, SANCTIONS)) == said
    assert caution([bulletin(None)], TODAY, 2, (LAW, SANCTIONS)) == said
    between = caution([bulletin(date(2023, 6, 20))], TODAY, 2, (LAW, SANCTIONS))
    assert between == "后来有《联合惩戒办法》，规定可能不同，可问96110。"
    before = caution([bulletin(date(2021, 6, 20))], date(2021, 7, 1), 2, (LAW, SANCTIONS))
    assert before is None


def test_nothing_came_after_a_statute_in_force() -> None:
    """Of it only that it is in force is said."""
    statute = bulletin(date(2022, 9, 2), "law", in_force_from=date(2022, 12, 1))
    assert caution([statute], TODAY, 2, (SANCTIONS,)) == caution([statute], TODAY, 2)


@pytest.mark.parametrize("authority", ["law", "national", "provincial"])
def test_a_statute_in_force_is_said_to_be_so(authority: Authority) -> None:
    """However old it is: that its rules may have changed would be wrong."""
    statute = bulletin(date(2022, 9, 2), authority, in_force_from=date(2022, 12, 1))
    assert caution([statute], TODAY, 2) == "该规定2022年12月1日起施行，现行有效，可问96110。"
    assert caution([replace(statute, in_force_until=TODAY)], TODAY, 2) == caution([statute], TODAY, 2)


def test_a_statute_that_is_not_in_force_is_not_said_to_be() -> None:
    """Before its first day, and after its last."""
    statute = bulletin(date(2022, 9, 2), "law", in_force_from=date(2027, 1, 1))
    assert caution([statute], TODAY, 2) == "该规定2027年1月1日起才施行，可问96110。"
    ended = replace(statute, in_force_from=date(2022, 12, 1), in_force_until=date(2026, 11, 23))
    assert caution([ended], TODAY, 2) == "该规定2026年11月23日已到期，规定可能已有变，以最新公布为准，可问96110。"


@pytest.mark.parametrize(
    "words", ["今年10月10日，公安部部署", "去年以来抓获", "10月17日公布", "本月起", "近日抓获", "昨天"]
)
def test_a_time_that_counts_from_the_bulletin_is_explained(words: str) -> None:
    """By the year it was written in; of an undated one that nobody knows it."""
    assert gloss(words, date(2020, 11, 23)) == "通报写于2020年"
    assert gloss(words, None) == "通报未注明写于哪一年"


@pytest.mark.parametrize(
    "words", ["2021年6月20日，抓获83人", "2021 年 6月起", "5年内不得新开账户", "每月流水", "三个月内"]
)
def test_a_time_that_stands_by_itself_needs_no_word(words: str) -> None:
    """A date with its year, and a length of time, mean the same in any year."""
    assert gloss(words, date(2020, 11, 23)) is None


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
