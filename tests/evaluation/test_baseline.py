"""The numbers a change must not make worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.baseline import (
    Fall,
    Mark,
    classifier_figures,
    falls,
    golden_figures,
    mark,
    mean,
    parse_baseline,
    spread,
    write_baseline,
)
from bot.evaluation.crossvalidation import Confusion
from bot.evaluation.runs import Entry
from bot.reading.records import Problem

ROOT = Path(__file__).resolve().parents[2]
HERE = Path("baseline.yml")
BASELINE = {"golden.all": Mark(0.9, 0.02), "classifier.macro_f1": Mark(0.83, 0.005)}


def entry(number: int, topic: str, expect: str, right: bool, problems: tuple[str, ...] = ()) -> Entry:
    """What one question got."""
    return Entry(f"{topic}-{number}", "问", topic, expect, expect, "答", right, True, problems)


def test_figures_are_shares_of_right_replies() -> None:
    """Of all, by topic, by kind; a reply that is right in the second place only does not count; kinds in one order."""
    entries = [
        entry(1, "talk", "chat", True),
        entry(2, "talk", "chat", True),
        entry(1, "penalty", "answer", False, ("回复是空的",)),
    ]
    assert golden_figures(entries) == {
        "golden.all": 0.6667,
        "golden.promises": 0.6667,
        "golden.topic.talk": 1.0,
        "golden.topic.penalty": 0.0,
        "golden.kind.answer": 0.0,
        "golden.kind.chat": 1.0,
    }


def test_the_classifier_has_two_figures() -> None:
    """Accuracy 3 of 4; F1 of a is 2·2/(2+3), of b 2·1/(2+1)."""
    confusion = Confusion({("a", "a"): 2, ("b", "b"): 1, ("b", "a"): 1})
    assert classifier_figures(confusion) == {"classifier.macro_f1": 0.7333, "classifier.accuracy": 0.75}


def test_noise_is_how_far_the_seeds_lie_apart() -> None:
    """Highest minus lowest; the value is their mean."""
    runs = [{"a": 0.8, "b": 1.0}, {"a": 0.83, "b": 1.0}, {"a": 0.82, "b": 1.0}]
    assert spread(runs) == {"a": 0.03, "b": 0.0}
    assert mean(runs) == {"a": 0.8167, "b": 1.0}


@pytest.mark.parametrize(
    ("now", "fell"),
    [
        ({"golden.all": 0.9, "classifier.macro_f1": 0.83}, []),
        ({"golden.all": 0.95, "classifier.macro_f1": 0.9}, []),
        ({"golden.all": 0.88, "classifier.macro_f1": 0.825}, []),
        ({"golden.all": 0.8799, "classifier.macro_f1": 0.83}, [Fall("golden.all", BASELINE["golden.all"], 0.8799)]),
        ({"golden.all": 0.9, "new": 0.1}, [Fall("classifier.macro_f1", BASELINE["classifier.macro_f1"], None)]),
    ],
)
def test_a_fall_is_more_than_the_noise(now: dict[str, float], fell: list[Fall]) -> None:
    """As much as the noise is let pass; a figure that is gone is a fall; a new one is none."""
    assert falls(now, BASELINE) == tuple(fell)


def test_without_noise_one_question_is_a_fall() -> None:
    """Nothing is let pass where five seeds moved nothing."""
    right = [entry(number, "talk", "chat", True) for number in range(10)]
    worse = [*right[:-1], entry(9, "talk", "chat", False)]
    figures = golden_figures(right)
    baseline = mark(figures, dict.fromkeys(figures, 0.0))
    assert falls(golden_figures(right), baseline) == ()
    assert [fall.name for fall in falls(golden_figures(worse), baseline)] == [
        "golden.all",
        "golden.topic.talk",
        "golden.kind.chat",
    ]


def test_noise_that_was_not_measured_is_an_error() -> None:
    """A figure without it would have nothing to fall by."""
    with pytest.raises(KeyError, match=r"golden\.all"):
        mark({"golden.all": 0.9}, {})


def test_the_baseline_comes_back_as_it_was_written() -> None:
    """One figure a line: a change shows as a line in a review."""
    text = write_baseline(BASELINE)
    assert parse_baseline(HERE, text.encode()) == BASELINE
    assert "golden.all: {value: 0.9, noise: 0.02}" in text.splitlines()


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("", 1, "没有数字"),
        ("- 1", 1, "没有数字"),
        ("# 基准\na: {", 2, "不是合格的 YAML"),
        ("a: {value: 1, noise: 0}\nb: {value: 1}", 2, "'b' 不合格"),
        ("a: {value: 1.5, noise: 0}", 1, "'a' 不合格"),
        ("a: {value: 很好, noise: 0}", 1, "'a' 不合格"),
        ("a: {value: 1, noise: -1}", 1, "'a' 不合格"),
        ("a: {value: .nan, noise: 0}", 1, "'a' 不合格"),
        ("a: {value: 1, noise: 0, more: 1}", 1, "'a' 不合格"),
    ],
)
def test_a_bad_baseline_is_reported_with_its_line(text: str, line: int, wrong: str) -> None:
    """A figure that is skipped would be kept by nobody."""
    problem = parse_baseline(HERE, text.encode())
    assert isinstance(problem, Problem)
    assert (problem.wrong, problem.line) == (wrong, line)


def test_our_baseline_keeps_every_topic() -> None:
    """The committed file can be read, and has a figure for each file of golden questions and for the classifier."""
    path = ROOT / "tests" / "baseline.yml"
    baseline = parse_baseline(path, path.read_bytes())
    assert not isinstance(baseline, Problem), baseline
    topics = {f"golden.topic.{file.stem}" for file in (ROOT / "tests" / "questions").glob("*.yml")}
    assert {"golden.all", "golden.promises", "classifier.macro_f1", *topics} <= set(baseline)
    assert baseline["golden.promises"].value == 1.0
