"""The list of topics: its form, and what is said when it has another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading.records import Problem, Topic
from bot.reading.topics import parse_topics, read_topics

GOOD = "- slug: penalty\n  name: 后果\n  asks: [会怎样？]\n  marks: ['惩戒(措施)?']\n"


def test_topics_are_read() -> None:
    """Each entry becomes a record, in order."""
    assert parse_topics(Path("t.yml"), GOOD.encode()) == (Topic("penalty", "后果", ("会怎样？",), ("惩戒(措施)?",)),)


def test_a_topic_may_have_cases() -> None:
    """What somebody may mean whose question leaves it out is a list too, and need not be there."""
    (topic,) = parse_topics(Path("t.yml"), (GOOD + "  cases: [卖了卡, 借了卡]\n").encode())
    assert isinstance(topic, Topic)
    assert topic.cases == ("卖了卡", "借了卡")


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        (GOOD + GOOD, 5, "话题 'penalty' 出现了两次"),
        (GOOD + "- slug: a\n  name: 甲\n  asks: []\n", 5, "缺少 'marks'"),
        (GOOD.replace("marks", "mark"), 4, "不认识的项 'mark'"),
        (GOOD.replace("[会怎样？]", "会怎样？"), 3, "'asks' 的类型不对"),
        (GOOD + "  cases: 卖了卡\n", 5, "'cases' 的类型不对"),
        (GOOD.replace("(措施)?", "("), 4, "'惩戒(' 不是正则表达式"),
        (GOOD.replace("penalty", "后果"), 1, "slug '后果' 不合格"),
        (GOOD + "  says: [fine]\n", 5, "says 里的 'fine' 不存在"),
        ("slug: a\n", 1, "不是话题的列表"),
        ("- 甲\n", 1, "话题不是一组 `名称: 值`"),
        ("- a: [\n", 2, "不是合格的 YAML"),
    ],
)
def test_a_bad_entry_is_reported_with_its_line(text: str, line: int, wrong: str) -> None:
    """The other entries are read all the same."""
    found = [entry for entry in parse_topics(Path("t.yml"), text.encode()) if isinstance(entry, Problem)]
    assert [(problem.line, problem.wrong) for problem in found] == [(line, wrong)]


def test_reading_refuses_a_bad_list(tmp_path: Path) -> None:
    """Who asks for topics gets all of them or an error that names the file and the line."""
    path = tmp_path / "topics.yml"
    path.write_text(GOOD + "- 甲\n", "utf-8")
    with pytest.raises(ValueError, match=r"topics\.yml:5: 话题不是一组"):
        read_topics(path)


def test_our_own_topics_are_sound() -> None:
    """The list we ship has its form, and the two topics that are kinds have no marks."""
    topics = read_topics(Path(__file__).parents[2] / "knowledge" / "topics.yml")
    assert {"penalty", "lost_id", "report"} <= {topic.slug for topic in topics}
