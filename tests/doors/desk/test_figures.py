"""A day's figures and each bulletin's citations: counts over turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from turn_rows import turn, unanswered

from bot.doors.desk.figures import HOURS, OTHER, UNNAMED, Come, Trend, citations, comings, glance, trends
from bot.reading.library import read_library
from bot.reading.topics import read_topics

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"
TOPICS = read_topics(KNOWLEDGE / "topics.yml")
PENALTY = next(topic.name for topic in TOPICS if topic.slug == "penalty")


def test_a_day() -> None:
    """Outcomes, hours, doors, topics, feedback and the middle of the waiting times."""
    seen = glance(
        [
            turn(hour=9, seconds=0.1, helpful=True),
            turn(hour=9, seconds=0.2, helpful=False),
            unanswered("退税", hour=10, channel="wechat", seconds=5.0),
            turn("我被骗了", hour=23, outcome="emergency", intent="victim", seconds=0.05),
            turn("你好", hour=0, outcome="chat", intent="greet", seconds=0.3),
        ],
        TOPICS,
    )
    assert seen.questions == 5
    assert dict(seen.outcomes) == {"answer": 2, "abstain": 1, "emergency": 1, "chat": 1}
    assert {hour: count for hour, count in enumerate(seen.by_hour) if count} == {0: 1, 9: 2, 10: 1, 23: 1}
    assert len(seen.by_hour) == HOURS
    assert seen.by_channel == (("web", 4), ("wechat", 1))
    assert (seen.helpful, seen.unhelpful, seen.seconds) == (1, 1, 0.2)


def test_trends() -> None:
    """Topics, channels, and places that questions name, this stretch of time beside the one before it."""
    now = [turn("临沂卖卡会怎样"), turn("卖卡会怎样", channel="wechat"), turn("你好", outcome="chat", intent="greet")]
    before = [turn("在临沂和清远卖卡会怎样", channel="<b>")]
    found = trends(now, before, TOPICS)
    assert found["话题"] == (Trend(PENALTY, 2, 1),)
    assert found["渠道"] == (Trend("网页", 2, 0), Trend("微信公众号", 1, 0), Trend(OTHER, 0, 1))
    assert found["问题里说到的地方"] == (Trend("临沂", 1, 1), Trend("清远", 0, 1))


def test_topics_are_those_of_questions() -> None:
    """By Chinese name, most often first; talk and victims are on no topic, what was not understood is on another."""
    talk = [turn("你好", outcome="chat", intent="greet"), turn("救命", outcome="emergency", intent="victim")]
    seen = glance([unanswered("退税"), turn(), turn(), *talk], TOPICS)
    assert seen.by_topic == ((PENALTY, 2), (OTHER, 1))


def test_a_day_without_questions() -> None:
    """Nought everywhere, and no waiting time."""
    seen = glance([], TOPICS)
    assert (seen.questions, sum(seen.by_hour), seen.by_topic, seen.seconds) == (0, 0, (), None)


def test_how_people_came() -> None:
    """Scenes with who followed by them, entries by what stands on the menu, those of an older one by their key."""
    month = {("scanned", "b"): 4, ("followed", "a"): 2, ("scanned", "a"): 3, ("menu", "topic:x"): 7, ("menu", "b"): 1}
    day = {("followed", "a"): 1, ("menu", "b"): 1}
    scenes, entries = comings(day, {**month, ("scanned", ""): 1}, {"topic:x": "卖卡"})
    assert scenes == (Come("a", 1, 5, 1, 2), Come("b", 0, 4), Come(UNNAMED, 0, 1))
    assert entries == (Come("卖卡", 0, 7), Come("b", 1, 1))
    assert comings({}, {}, {}) == ((), ())


def test_citations_of_each_bulletin() -> None:
    """A reply that quotes a bulletin twice cites it once; the advice that was never quoted is named."""
    library = read_library(KNOWLEDGE / "bulletins", TOPICS, date(2026, 1, 1))
    advice = [each.id for each in library.passages if each.bulletin == "linyi-duanka" and each.kind == "advice"]
    quoted = (advice[0], advice[1])
    cited = citations([replace(turn(), quoted=quoted), turn(quoted=("gone#p01",)), turn(quoted=())], library)
    assert set(cited) == set(library.bulletins)
    assert cited["linyi-duanka"].times == 1
    assert [passage.id for passage in cited["linyi-duanka"].never] == advice[2:]
    assert all(each.times == 0 for stem, each in cited.items() if stem != "linyi-duanka")
