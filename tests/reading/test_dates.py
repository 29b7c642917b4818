"""A day is read however people write it, and nothing else is taken for one."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from bot.reading.dates import CHINA, written_day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026年11月20日", date(2026, 11, 20)),
        ("2026 年 1 月 2 日", date(2026, 1, 2)),
        ("2026.11.20", date(2026, 11, 20)),
        ("2026/1/2", date(2026, 1, 2)),
        ("２０２６年１月２日", date(2026, 1, 2)),
        ("二〇二六年十月十日", date(2026, 10, 10)),
        ("二○二六年十一月二十日", date(2026, 11, 20)),
        ("二〇二六年一月三十一日", date(2026, 1, 31)),
    ],
)
def test_a_day_is_read(written: str, day: date) -> None:
    """With dashes, points, strokes or characters, in digits or in numerals."""
    assert written_day(written) == day


@pytest.mark.parametrize("written", ["", "前天", "2026年13月1日", "20261120", "2026年11月", "于2026年11月20日起"])
def test_what_is_no_day_is_none(written: str) -> None:
    """Half a date, a day that does not exist, words around one."""
    assert written_day(written) is None


def test_a_day_is_the_countrys() -> None:
    """Half past midnight in Beijing is another day than in London, all the year."""
    for month in (1, 7):
        late = datetime(2026, month, 1, 16, 30, tzinfo=timezone.utc)
        assert late.astimezone(CHINA).isoformat() == f"2026-0{month}-02T00:30:00+08:00"
