"""The rules that came later: the form of their list, and what is said when it has another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.reading.later import parse_later, read_later
from bot.reading.records import LaterRule, Problem
from bot.reading.topics import read_topics

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
GOOD = "- name: 某某办法\n  since: 2024-12-01\n  topics: [penalty]\n"


def test_rules_are_read() -> None:
    """Each entry becomes a record."""
    found = parse_later(Path("l.yml"), GOOD.encode(), ("penalty",))
    assert found == (LaterRule("某某办法", date(2024, 12, 1), ("penalty",)),)


def test_a_rule_may_have_a_short_name() -> None:
    """By it people know it, and an answer stays short."""
    (rule,) = parse_later(Path("l.yml"), (GOOD + "  short: 办法\n").encode(), ("penalty",))
    assert isinstance(rule, LaterRule)
    assert (rule.name, rule.short) == ("某某办法", "办法")


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        (GOOD + "  short: []\n", 4, "'short' 不是文字"),
        (GOOD.replace("since", "sinse"), 2, "不认识的项 'sinse'"),
        (GOOD.replace("2024-12-01", "去年"), 2, "'since' 不是日期"),
        (GOOD.replace("penalty", "fine"), 3, "话题 'fine' 不存在"),
        (GOOD.replace("[penalty]", "penalty"), 3, "'topics' 不是列表"),
        ("- name: 某某办法\n", 1, "缺少 'since'"),
        ("name: 某某办法\n", 1, "不是规定的列表"),
        ("- 某某办法\n", 1, "规定不是一组 `名称: 值`"),
        ("- name: [\n", 2, "不是合格的 YAML"),
    ],
)
def test_a_bad_entry_is_reported_with_its_line(text: str, line: int, wrong: str) -> None:
    """Where, what is wrong, and what is allowed."""
    found = parse_later(Path("l.yml"), text.encode(), ("penalty",))
    assert any(
        isinstance(each, Problem) and (each.line, each.wrong) == (line, wrong) and each.allowed for each in found
    )


def test_reading_refuses_a_bad_list_and_takes_none_for_empty(tmp_path: Path) -> None:
    """An error names the file and the line; a folder without the list has no later rules."""
    path = tmp_path / "later.yml"
    assert read_later(path, ("penalty",)) == ()
    path.write_text(f"{GOOD}- 甲\n", "utf-8")
    with pytest.raises(ValueError, match=r"later\.yml:4: 规定不是一组"):
        read_later(path, ("penalty",))


def test_our_own_list_is_sound() -> None:
    """It names the law and the measure that came after the first bulletins, the older first."""
    slugs = [topic.slug for topic in read_topics(KNOWLEDGE / "topics.yml")]
    rules = read_later(KNOWLEDGE / "later.yml", slugs)
    assert [(rule.name, rule.since) for rule in rules][:2] == [
        ("中华人民共和国反电信网络诈骗法", date(2022, 12, 1)),
        ("电信网络诈骗及其关联违法犯罪联合惩戒办法", date(2024, 12, 1)),
    ]
