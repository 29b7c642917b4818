"""The closed keys of a sidecar, and the line of everything wrong in one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.reading.bounds import Start
from bot.reading.records import Problem
from bot.reading.sidecar import KEYS, Sidecar, read_sidecar

TODAY = date(2025, 1, 1)


def read(text: str) -> tuple[Sidecar, tuple[Problem, ...]]:
    return read_sidecar(Path("a.yml"), text.encode(), ("penalty", "report"), TODAY)


def test_every_key_is_read() -> None:
    """What an editor writes is what the record holds."""
    sidecar, problems = read(
        "title: 甲\npublisher: 乙\norigin: 丙\nplace: 丁\npublished: 2024-05-06\nurl: https://example.org\n"
        "withdrawn: 2024-06-07\nsuperseded_by: other\nkeep: [3, 5-7]\n"
        "outdates: {other: [8-9, 12 第二句]}\nsettled: {other: 近似}\n"
        "recognised: 2025-01-01\nsplit: {12: 第二句, 13: [甲, 乙]}\njoin: {20: 另一段}\n"
        "authority: city\nin_force_from: 2024-07-01\nin_force_until: 2034-07-01\n"
        "passages:\n  p07: {kind: case, topics: [report]}\n  8-9: {superseded_by: 新办法, since: 2024-12-01}\n"
        "  12 第二句: {kind: case}\n"
    )
    assert problems == ()
    assert set(sidecar.lines) == set(KEYS)
    assert (sidecar.title, sidecar.publisher, sidecar.origin, sidecar.place) == ("甲", "乙", "丙", "丁")
    assert (sidecar.published, sidecar.withdrawn) == (date(2024, 5, 6), date(2024, 6, 7))
    assert (sidecar.url, sidecar.superseded_by) == ("https://example.org", "other")
    assert sidecar.keep == {3, 5, 6, 7}
    assert [(each.line, each.words, each.at) for each in sidecar.split] == [
        (12, "第二句", 13),
        (13, "甲", 13),
        (13, "乙", 13),
    ]
    assert [(each.line, each.words) for each in sidecar.join] == [(20, "另一段")]
    assert [(each.bulletin, each.span, each.line) for each in sidecar.outdates] == [
        ("other", (8, 9), 10),
        ("other", None, 10),
    ]
    assert sidecar.settled == {"other": ("近似",)}
    assert sidecar.authority == "city"
    assert (sidecar.in_force_from, sidecar.in_force_until) == (date(2024, 7, 1), date(2034, 7, 1))
    superseded = sidecar.passages["8-9"]
    assert (superseded.span, superseded.superseded_by, superseded.since) == ((8, 9), "新办法", date(2024, 12, 1))
    assert (found := sidecar.passages["12 第二句"]).start == Start(12, "第二句", found.line)
    assert (sidecar.passages["p07"].kind, sidecar.passages["p07"].topics) == ("case", ("report",))


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "{}\n"])
def test_an_empty_sidecar_changes_nothing(text: str) -> None:
    """No entries, no problems."""
    assert read(text) == (Sidecar(), ())


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("place: 甲\ntitel: 乙\n", 2, "不认识的项 'titel'"),
        ("place: [甲]\n", 1, "'place' 不是文字"),
        ("outdates: {a: [b]}\n", 1, "'outdates' 里的 'b' 不是段落"),
        ("outdates: [a]\n", 1, "'outdates' 看不懂"),
        ("settled: {a: {b: c}}\n", 1, "'settled' 里的 'a' 看不懂"),
        ("recognised: yes\n", 1, "'recognised' 'yes' 看不懂"),
        ("place:\n", 1, "'place' 不是文字"),
        ("published: 2025-01-02\n", 1, "'published' 的日期 2025-01-02 在将来"),
        ("withdrawn: 昨天\n", 1, "'withdrawn' 不是日期"),
        ("passages:\n  p01:\n    kind: advise\n", 3, "kind 'advise' 不存在"),
        ("passages:\n  p01:\n    topics: [penalty,\n      weather]\n", 4, "话题 'weather' 不存在"),
        ("passages:\n  p01: {topics: penalty}\n", 2, "'topics' 不是列表"),
        ("passages:\n  p1: {kind: case}\n", 2, "'p1' 不是段落的编号"),
        ("passages:\n  p01: case\n", 2, "不是一组 `名称: 值`"),
        ("place: 甲\n  publisher: [\n", 2, "不是合格的 YAML，整个文件没有采用"),
    ],
)
def test_what_is_wrong_is_reported_on_its_line(text: str, line: int, wrong: str) -> None:
    """The line is that of the key or value, not of the file's beginning."""
    _, problems = read(text)
    assert [(problem.line, problem.wrong) for problem in problems] == [(line, wrong)]


def test_sound_entries_count_beside_broken_ones() -> None:
    """A typing error in one line does not undo a withdrawal in another."""
    sidecar, problems = read("withdrawn: 2024-06-07\nplaze: 甲\n")
    assert len(problems) == 1
    assert sidecar.withdrawn == date(2024, 6, 7)


@pytest.mark.parametrize("item", ["0", "7-5", "甲", "1-999999", "[1]"])
def test_lines_to_keep_are_numbers_of_lines(item: str) -> None:
    """What is none is reported; the others count."""
    sidecar, problems = read(f"keep: [2, {item}]\n")
    assert sidecar.keep == {2}
    assert [(problem.line, problem.allowed) for problem in problems] == [(1, "写成 [12, 15-20]，行号从 1 数起")]


@pytest.mark.parametrize(
    ("said", "unchecked"), [("unchecked", True), ("2025-01-01", False), ("yes", True), ("[]", True)]
)
def test_what_is_recognised_is_unchecked_until_a_day_is_said(said: str, unchecked: bool) -> None:
    """What cannot be understood is no check either."""
    assert read(f"recognised: {said}\n")[0].unchecked is unchecked
