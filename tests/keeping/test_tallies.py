"""Counts of a day, in SQLite and in PostgreSQL, added to by several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from bot.keeping.erasure import DAY, Records
from bot.keeping.tallies import Tallied, Tallies

TODAY = date(2026, 11, 30)
POSTER = Tallied(TODAY, "wechat", "followed", "poster")


def test_several_add_at_once(url: str) -> None:
    """Nothing is lost and nothing counted twice; way, key, door and day are told apart, doors are added up."""
    many = [Tallies(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: many[number % 4].add({POSTER: 2}), range(40)))
    many[0].add({Tallied(TODAY, "wecom", "followed", "poster"): 1, Tallied(TODAY, "wechat", "menu", "poster"): 5})
    many[0].add({Tallied(TODAY - timedelta(days=1), "wechat", "followed", "poster"): 100})
    assert list(many[1].between(TODAY, TODAY).items()) == [(("followed", "poster"), 81), (("menu", "poster"), 5)]
    assert many[1].between(TODAY - timedelta(days=1), TODAY)["followed", "poster"] == 181
    assert many[1].between(TODAY + timedelta(days=1), TODAY + timedelta(days=9)) == {}
    for each in many:
        each.close()


def test_they_go_by_their_age(url: str) -> None:
    """With the other figures of the staff page, and not before."""
    tallies, records = Tallies(url), Records(url)
    now = 2_000_000_000.0
    for age in (1, 179, 181):
        tallies.add({Tallied(date.fromtimestamp(now - age * DAY), "wechat", "menu", f"{age} days"): 1})
    records.purge(now, 30, 180)
    assert {key for _, key in tallies.between(date(2000, 1, 1), date(2100, 1, 1))} == {"1 days", "179 days"}
    tallies.close()
    records.close()
