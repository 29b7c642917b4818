"""The report as a page for a reader at the police station: what it says, in which order. Pure: HTML comes out as text.

The page needs nothing beside itself: no script, no font, no request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from bot.answering.templates import templates_in
from bot.evaluation.baseline import Fall, Mark
from bot.evaluation.crossvalidation import FOLDS, Confusion
from bot.evaluation.judging import KINDS, Question
from bot.evaluation.names import EXPECTED, GIVEN, Names
from bot.evaluation.runs import Changes, Entry, Run

_TEMPLATE = "report.html"
# Of the classifier's mistakes and weakest intents, as many as one reads.
_MOST_MISTAKES = 10
# Of the words that would do as an answer, as many.
_MOST_EVIDENCE = 2
# A topic is called weak when it has at least so many questions wrong.
_WEAK = 1


@dataclass(frozen=True)
class Report:
    """All that is told. What was not measured is None: the last run, the baseline, the classifier.

    `expected` says in Chinese what each question should have got, by its id; `falls` are against `baseline`.
    """

    run: Run
    names: Names
    expected: Mapping[str, str]
    last: datetime | None = None
    changes: Changes | None = None
    baseline: Mapping[str, Mark] | None = None
    falls: tuple[Fall, ...] = ()
    confusion: Confusion | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What each question got."""
        return tuple(self.run.entries.values())

    @property
    def misses(self) -> tuple[Entry, ...]:
        """The questions that were not answered right."""
        return tuple(entry for entry in self.entries if not entry.first)

    @property
    def broken(self) -> tuple[Entry, ...]:
        """The questions whose replies broke a promise, right or wrong."""
        return tuple(entry for entry in self.entries if entry.problems)


@dataclass(frozen=True)
class Share:
    """A row of a table: how many of how many."""

    name: str
    right: int
    count: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all."""
        return 100 * self.right // self.count


def render(report: Report) -> str:
    """Return the page."""
    from bot.evaluation import drawing  # imported late: matplotlib takes a second, and few verbs need it

    entries = report.entries
    return _environment().get_template(_TEMPLATE).render(
        report=report,
        sentences=tuple(summary(report)),
        good=not report.broken and not report.falls,
        total=Share("全部", len(entries) - len(report.misses), len(entries)),
        topics=_weakest_first(shares(entries, lambda entry: entry.topic, report.names.topic)),
        kinds=shares(_in_order(entries), lambda entry: entry.expect, lambda kind: EXPECTED[kind]),
        charts=tuple(_charts(entries)),
        matrix=Markup(drawing.confusion(report.confusion)) if report.confusion else None,
        most=_MOST_MISTAKES,
        folds=FOLDS,
        expects=EXPECTED,
        gives=GIVEN,
        colours=drawing,
    )  # fmt: skip


def summary(report: Report) -> Iterator[str]:
    """Yield the sentences at the top: how much is right, what it means, what changed, where it is weak."""
    count, wrong = len(report.entries), len(report.misses)
    right = Share("", count - wrong, count)
    yield f"问了 {count} 道考题，答对 {right.right} 道（{right.percent}%），答错 {wrong} 道。"
    if report.broken:
        yield f"有 {len(report.broken)} 条回复违背了承诺（比如引文在通报里找不到），改好之前不要上线。"
    else:
        yield "每一句引文都能在通报里逐字找到，都写明了出处。"
    yield _since(report)
    if report.baseline is not None:
        yield _against(report)
    weak = [share for share in _by_topic(report) if share.count - share.right >= _WEAK][:1]
    for share in weak:
        yield f"最薄弱的是「{share.name}」：{share.count} 道答对 {share.right} 道。"


def shares(entries: Sequence[Entry], key: Callable[[Entry], str], name: Callable[[str], str]) -> tuple[Share, ...]:
    """Return how many of the questions of each group were right, in the order in which the groups come up."""
    groups: dict[str, list[bool]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry.first)
    return tuple(Share(name(group), sum(right), len(right)) for group, right in groups.items())


def expectation(question: Question, titles: Mapping[str, str]) -> str:
    """Say in Chinese what a question should get: the words and their bulletin, or the kind of reply."""
    if question.expect != "answer":
        return EXPECTED[question.expect]
    named = question.evidence[:_MOST_EVIDENCE]
    words = "，或".join(f"「{words}」（《{titles.get(stem, stem)}》）" for stem, words in named)
    more = len(question.evidence) - len(named)
    others = f"，或另外 {more} 处" if more else ""
    city = f"，出自{question.city}的通报" if question.city else ""
    return f"第一条引文里有{words}{others}{city}"


def fall_sentence(fall: Fall, names: Names) -> str:
    """Say which figure fell, from what to what, and how much would have been let pass."""
    if fall.now is None:
        return f"{names.figure(fall.name)}（{fall.name}）：这次没有量到，基准里是 {fall.mark.value:.4f}"
    lost = fall.mark.value - fall.now
    return (
        f"{names.figure(fall.name)}（{fall.name}）：从 {fall.mark.value:.4f} 降到 {fall.now:.4f}，"
        f"降了 {lost:.4f}，误差只有 {fall.mark.noise:.4f}"
    )


def _since(report: Report) -> str:
    if report.changes is None or report.last is None:
        return "这是第一次评测，还没有上一次可以比较。"
    better, worse = len(report.changes.better), len(report.changes.worse)
    when = f"和上一次（{moment(report.last)}）相比"
    if not better and not worse:
        return f"{when}，对错没有变化。"
    return f"{when}，变好 {better} 道，变差 {worse} 道。"


def _against(report: Report) -> str:
    if not report.falls:
        return "和基准相比没有退步，这次改动可以放心用。"
    return f"和基准相比，有 {len(report.falls)} 个数字退步超过了误差（列在下面），弄清原因之前不要上线。"


def _by_topic(report: Report) -> tuple[Share, ...]:
    return _weakest_first(shares(report.entries, lambda entry: entry.topic, report.names.topic))


def _weakest_first(found: Sequence[Share]) -> tuple[Share, ...]:
    return tuple(sorted(found, key=lambda share: share.right / share.count))


def _in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: KINDS.index(entry.expect)))


@dataclass(frozen=True)
class Chart:
    """A distribution: what the questions have in common, the threshold, how many lie on the wrong side of it."""

    title: str
    least: float
    svg: Markup
    answerable: int
    missed: int
    unanswerable: int
    passed: int


def _charts(entries: Sequence[Entry]) -> Iterator[Chart]:
    """Yield a chart for each threshold: questions that name the subject, and those that do not."""
    from bot.evaluation import drawing

    thresholds = sorted({entry.support.least for entry in entries if entry.support})
    for number, least in enumerate(thresholds):
        those = [entry for entry in entries if entry.support and entry.support.least == least]
        asked = [entry.support.best for entry in those if entry.expect == "answer" and entry.support]
        beyond = [entry.support.best for entry in those if entry.expect == "abstain" and entry.support]
        title = "问题里没有提到卡、证件等通报所讲的事（门槛更高）" if number else "问题里提到了通报所讲的事"
        if asked or beyond:
            yield Chart(
                title,
                least,
                Markup(drawing.supports(those, least)),
                len(asked),
                sum(best < least for best in asked),
                len(beyond),
                sum(best >= least for best in beyond),
            )


def moment(at: datetime) -> str:
    """Return date and time as one says them: 11月24日 12:40."""
    return f"{at.month}月{at.day}日 {at:%H:%M}"


@cache
def _environment() -> Environment:
    environment = templates_in(Path(__file__).parent)
    environment.filters.update(moment=moment)
    environment.globals.update(fall_sentence=fall_sentence)
    return environment
