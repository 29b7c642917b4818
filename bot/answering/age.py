"""Honest about age: the caution that goes with an answer from old or undated bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.answering.records import Citation

_MAY_HAVE_CHANGED = "规定可能已有调整，请以公安机关最新公布为准"


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


def caution(citations: Sequence[Citation], today: date, years: int) -> str | None:
    """Return one sentence on the bulletins that are older than `years` or undated, or None when all are recent."""
    aged = [
        citation for citation in citations if citation.published is None or is_old(citation.published, today, years)
    ]
    if not aged:
        return None
    if len(citations) == 1:
        return f"{_one('该通报', aged[0], today)}，{_MAY_HAVE_CHANGED}。"
    listed = "；".join(_one(f"来源{citation.number}", citation, today) for citation in aged)
    return f"{listed}。{_MAY_HAVE_CHANGED}。"


def _one(subject: str, citation: Citation, today: date) -> str:
    if citation.published is None:
        return f"{subject}未注明日期"
    return f"{subject}发布于{chinese_date(citation.published)}，距今{elapsed(citation.published, today)}"
