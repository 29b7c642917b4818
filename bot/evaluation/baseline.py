"""The numbers a change must not make worse: what is measured, what the baseline file says, and what fell.

A figure may fall by its noise: how far it moves when something changes that is neither better nor worse
(docs/decisions/0012). Opens no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml

from bot.evaluation.crossvalidation import Confusion
from bot.evaluation.judging import KINDS
from bot.evaluation.runs import Entry
from bot.reading.header import decode, error_line
from bot.reading.records import Problem

Figures = Mapping[str, float]
ALL, KEPT = "golden.all", "golden.promises"
TOPIC, KIND = "golden.topic.", "golden.kind."
MACRO_F1, ACCURACY = "classifier.macro_f1", "classifier.accuracy"
# Figures are shares from 0 to 1, kept to as many places: 189 questions are told apart, and the last bits are not.
_PLACES = 4
_KEYS = ("value", "noise")
_ALLOWED = "每行是 `名称: {value: 0 到 1 的数, noise: 0 到 1 的数}`；请用 duanka eval --update-baseline 重写"
_HEAD = """\
# 基准：改动之后，这些数字不能比 value 低出 noise 以上，否则 duanka eval --check 不通过。
# 由 duanka eval --update-baseline 写成，不要手改；noise 是怎样量出来的，见 docs/decisions/0012-evaluation-baseline.md。
"""


@dataclass(frozen=True)
class Mark:
    """What a figure was when the baseline was written, and its noise."""

    value: float
    noise: float


@dataclass(frozen=True)
class Fall:
    """A figure that fell by more than its noise. `now` is None when it is no longer measured."""

    name: str
    mark: Mark
    now: float | None


def golden_figures(entries: Sequence[Entry]) -> Figures:
    """Return the shares of right replies: of all, by topic and by kind; and of those that break no promise."""
    groups: dict[str, list[bool]] = {ALL: [], KEPT: []}
    for entry in entries:
        groups[ALL].append(entry.first)
        groups[KEPT].append(not entry.problems)
        groups.setdefault(TOPIC + entry.topic, []).append(entry.first)
    for kind in KINDS:
        asked = [entry.first for entry in entries if entry.expect == kind]
        groups.update({KIND + kind: asked} if asked else {})
    return {name: _rounded(sum(right) / len(right)) for name, right in groups.items() if right}


def classifier_figures(confusion: Confusion) -> Figures:
    """Return what cross-validation says of the classifier."""
    return {MACRO_F1: _rounded(confusion.macro_f1), ACCURACY: _rounded(confusion.accuracy)}


def spread(runs: Sequence[Figures]) -> Figures:
    """Return, for each figure, how far the highest and the lowest of the runs lie apart."""
    names = runs[0] if runs else {}
    return {name: _rounded(max(run[name] for run in runs) - min(run[name] for run in runs)) for name in names}


def mean(runs: Sequence[Figures]) -> Figures:
    """Return the mean of each figure."""
    return {name: _rounded(sum(run[name] for run in runs) / len(runs)) for name in (runs[0] if runs else {})}


def mark(figures: Figures, noise: Figures) -> Mapping[str, Mark]:
    """Return a baseline. Raises KeyError when the noise of a figure was not measured."""
    return MappingProxyType({name: Mark(value, noise[name]) for name, value in figures.items()})


def falls(figures: Figures, baseline: Mapping[str, Mark]) -> tuple[Fall, ...]:
    """Return the figures of the baseline that fell by more than their noise, and those that are gone."""
    return tuple(
        Fall(name, mark, figures.get(name))
        for name, mark in baseline.items()
        if name not in figures or _rounded(mark.value - figures[name]) > mark.noise
    )


def write_baseline(baseline: Mapping[str, Mark]) -> str:
    """Return the text of the baseline's file, one figure a line."""
    lines = (f"{name}: {{value: {mark.value}, noise: {mark.noise}}}\n" for name, mark in baseline.items())
    return _HEAD + "".join(lines)


def parse_baseline(path: Path, data: bytes) -> Mapping[str, Mark] | Problem:
    """Read the baseline's file, or say what is wrong with it."""
    text = decode(path, data)
    if isinstance(text, Problem):
        return text
    try:
        kept = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return Problem(path, error_line(error), "不是合格的 YAML", _ALLOWED)
    if not isinstance(kept, dict) or not kept:
        return Problem(path, 1, "没有数字", _ALLOWED)
    wrong = next((name for name, entry in kept.items() if not _is_mark(entry)), None)
    if wrong is not None:
        return Problem(path, _line_of(text, str(wrong)), f"'{wrong}' 不合格", _ALLOWED)
    return MappingProxyType(
        {str(name): Mark(float(entry["value"]), float(entry["noise"])) for name, entry in kept.items()}
    )


def _is_mark(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == set(_KEYS)
        and all(isinstance(entry[key], int | float) and 0 <= entry[key] <= 1 for key in _KEYS)
    )


def _line_of(text: str, name: str) -> int:
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(name)), 1)


def _rounded(value: float) -> float:
    return round(value, _PLACES)
