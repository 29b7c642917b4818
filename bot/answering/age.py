"""Honest about age: the caution that goes with old or undated bulletins, and what a day in a quote is counted from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.reading.records import Bulletin, LaterRule

_MAY_HAVE_CHANGED = "规定可能已有变，以最新公布为准，可问96110。"
# Left out of the name of a law, as everybody does.
_COUNTRY = "中华人民共和国"
# Who lays down rules that are in force from a day on: of these it is known whether they still are.
_STATUTE = ("law", "national", "provincial")
# A time that only tells something to who knows when it was written: 今年10月, 去年, 10月17日.
_RELATIVE = re.compile(
    r"今年|去年|前年|明年|年初|年底|[本上下]个?(?:月|周|季度)|[今昨明]日|今天|昨天|明天|当前|目前|近年|近期|近日|日前"
    r"|(?<![\d年])(?<!年 )\d{1,2}月(?:\d{1,2}日)?"
)


def chinese_date(day: date) -> str:
    """Return 2021年6月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def elapsed(published: date, today: date) -> str:
    """Return how long ago in whole years: 5年 on the day itself, 5年多 after it, 不到1年 before the first."""
    years = today.year - published.year - ((today.month, today.day) < (published.month, published.day))
    if years < 1:
        return "不到1年"
    anniversary = (today.month, today.day) == (published.month, published.day)
    return f"{years}年" if anniversary else f"{years}年多"


def is_old(published: date, today: date, years: int) -> bool:
    """Whether more than `years` years have passed."""
    return (today.year - years, today.month, today.day) > (published.year, published.month, published.day)


def caution(bulletins: Sequence[Bulletin], today: date, years: int, later: Sequence[LaterRule] = ()) -> str | None:
    """Return one sentence on what is cited, the first above all, or None when nothing need be said.

    A statute in force is said to be so. Of others the rules are named that came `later`, or it is said how old they
    are, when they are older than `years`.
    """
    if not bulletins:
        return None
    first = bulletins[0]
    if first.authority in _STATUTE and first.in_force_from:
        return _term(first, first.in_force_from, today)
    came = [rule for rule in later if rule.since <= today and not (first.published and first.published >= rule.since)]
    if came:
        names = "".join(f"《{rule.short or rule.name.removeprefix(_COUNTRY)}》" for rule in came)
        return f"后来有{names}，规定可能不同，可问96110。"
    if first.published and is_old(first.published, today, years):
        return f"通报距今{elapsed(first.published, today)}，{_MAY_HAVE_CHANGED}"
    aged = (each for each in bulletins if each.published is None or is_old(each.published, today, years))
    return _MAY_HAVE_CHANGED if next(aged, None) else None


def _term(statute: Bulletin, since: date, today: date) -> str:
    """Say whether a statute is in force today."""
    until = statute.in_force_until
    if until and until < today:
        return f"该规定{chinese_date(until)}已到期，{_MAY_HAVE_CHANGED}"
    if since > today:
        return f"该规定{chinese_date(since)}起才施行，可问96110。"
    return f"该规定{chinese_date(since)}起施行，现行有效，可问96110。"


def is_relative(words: str) -> bool:
    """Whether the words name a time that is counted from the day they were written."""
    return bool(_RELATIVE.search(words))


def gloss(words: str, published: date | None) -> str | None:
    """Say when what is quoted was written, if it names a time that is counted from then; None if it names none."""
    if not is_relative(words):
        return None
    return f"通报写于{published.year}年" if published else "通报未注明写于哪一年"
