"""The point of a quote: the few words of it that answer, shown before anything else.

A point is at most MOST characters, word for word and in one piece: a whole sentence or several, or of a sentence that
is too long a run of its clauses, cut ends marked 「…」. It is chosen by what it says of the question, whether it gives
the kind of answer that is asked for, and, with a reader of meanings, how near the sentence comes. It knows no topics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from bot.answering.records import CUT
from bot.retrieval.query import Query
from bot.text.words import Segmenter, searchable_passage

MOST = 80
# From a question and sentences to how near each comes to it: cosines of centred vectors, compared only with each other.
SentenceScorer = Callable[[str, Sequence[str]], Sequence[float] | None]

# The weights, near those that a logistic choice among the runs gave for 929 questions over sixty articles that are not
# shipped; a point of so many characters holds what is asked in about nine of ten right quotes of ours.
SAID, SHARED, NEARNESS, WHOLE, LENGTH, MORE = 0.14, 0.05, 5.0, 0.6, 0.4, 0.3
# A bracket or a quotation that is cut open reads ill.
UNBALANCED = 1.5

_CLAUSE = re.compile(r"[^，,；;：:。！？!?\n]*[，,；;：:。！？!?\n]+[”’」』）)》\"]*|[^，,；;：:。！？!?\n]+")
_NUMBERING = re.compile(
    r"\s{0,9}(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．:：]\s{0,9}(?!\d)|[①-⑳●■◆▲★▶➤·•-]\s{0,9})"
)
# Words that lean on what stands before them: a point that began so would say nothing, or another thing.
_LEANS = re.compile(
    r"(?:(?:否则|要不然|不然|并且|并(?!非)|而且|而|且|或者|或|以及|及(?!时|早)|其中|其(?!他|它|余)|这些|这类|这种|这样|这|该|"
    r"此类|此外|此(?!次|前|后)|那些|那|他们|她们|它们|他(?!人)|她|它|上述|以上|前述|同时|另外|另(?!一)|但是|但|不过|然而|因此|因而|"
    r"所以|对此(?=[，,])|为此|从而|进而|于是|由此|随后|之后|然后|后(?![果台续期方])|也|还(?!款|贷)|均|都(?!市)|则|即(?![将时使便日])|等(?![级待候])|"
    r"甚至|又|再(?!次)|就(?![业医诊读])|才(?!能)|便(?![民利])|如此)[，,]?)+"
)
# A head that only announces a list, and a question, are no answer: where there is anything else, they are no point.
_NO_ANSWER = re.compile(r"[：:？?][”’」』）)》]*\s*$")
_PAIRS = ("“”", "‘’", "（）", "()", "《》", "「」", "【】")
_LOOSE = "，,；;：:、 \n"
_ENDS = re.compile(r"[。！？!?；;：:，,、…”’」』）)》]$")
_NUMBER = r"(?:\d[\d.,]*|[一二两三四五六七八九十百千万亿]+)\s*(?:余|多)?\s*(?:万|亿)?\s*(?:余|多)?\s*"
# How many of what is asked, and in which units that is told; asked of nothing that is counted so, any of them will do.
_QUANTITY = re.compile(r"(?:多少|几(?!乎)|多[大高重])(?P<what>.{0,4})|人数|数量|金额")
_UNITS = (
    "人名位",
    "元块钱",
    "张",
    "起宗件案",
    "台部",
    "个",
    "套",
    "条",
    "次",
    "家户所",
    "辆",
    "吨斤克",
    "种类项",
    "笔",
    "岁",
    "倍%％",
)
QUANTITY_GAIN = 2.0


@dataclass(frozen=True)
class Cue:
    """What a question asks for, how a clause looks that gives it, and what giving it is worth."""

    asks: re.Pattern[str]
    gives: re.Pattern[str]
    gain: float


CUES = (
    Cue(  # whether
        re.compile(
            r"[吗么嘛][?？\s]*$|([能可会要行算该用让准许给是有犯合])不\1|没有[?？\s]*$|[犯违合]法|犯罪|[能是可]否|是不是|可不可以|能不能|会不会"
        ),
        re.compile(
            r"不得|不能|不可|不准|不允许|禁止|严禁|允许|可以|违法|犯罪|构成|属于|涉嫌|绝不|绝对|切勿|千万别|无需|不需|不会|应当|必须"
        ),
        0.9,
    ),
    Cue(  # how long
        re.compile(r"几年|几天|几个月|几个?小时|多久|多长|期限|多少[年天]|年限"),
        re.compile(
            r"(?<!\d)(?:\d{1,3}|[一二两三四五六七八九十半]{1,9})个?(?:年(?!\d)|月(?!\d)|天|小时|分钟|周|工作日)|永久|终身|长期"
        ),
        1.3,
    ),
    Cue(  # when
        re.compile(r"什么时候|啥时|何时|哪[年天月]|哪一[年天]|几[月号]|什么时间|多会儿"),
        re.compile(r"\d{1,4}\s{0,9}[年月日时]|[今去前]年"),
        1.0,
    ),
    Cue(  # which number to call
        re.compile(
            r"(?:什么|哪个|啥|打哪|打给).{0,3}(?:电话|号码|热线)|(?:电话|号码|热线).{0,2}(?:多少|几|是)|打(?:给谁|哪|什么|啥|几)"
        ),
        re.compile(r"\d{3,}"),
        1.0,
    ),
    Cue(  # what something is
        re.compile(
            r"什么是|啥是|[叫是](?:个)?(?:什么|啥)(?:意思|东西|玩意|骗局|人|[?？\s]*$)|[什啥]么?意思|什么叫|啥叫|何谓|何为|怎么回事|咋回事"
        ),
        re.compile(r"是指|指的是|所谓|即|就是|简称|称为|又称|俗称|叫做?|是一种|是通过"),
        0.6,
    ),
    Cue(  # why
        re.compile(r"为什么|为啥|为何|凭什么|凭啥|原因|目的|图(?:个)?[什啥]"),
        re.compile(r"因为|由于|原因|为了|为(?!止)|导致|使得|目的|旨在|以便|从而"),
        0.9,
    ),
    Cue(  # who, where
        re.compile(
            r"谁|哪些人|[什啥]么?人|哪[里儿]|在哪|[去上向找]哪|哪个?(?:地方|部门|单位|网站|平台|省|市|县)|[什啥]么?地方"
        ),
        re.compile(r"人员|群体|者|部门|机关|公安|法院|检察|派出所|中心|窗口|网站|平台|[省市县区]|[一-龥]某"),
        0.8,
    ),
)


@dataclass(frozen=True)
class _Clause:
    """A clause of a quote: its place in the text, and the number of its sentence."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class _Run:
    """A possible point: of clauses `first` to `last` what stands from `start` to `end`; whether its ends were cut."""

    first: int
    last: int
    start: int
    end: int
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True)
class Pointer:
    """Finds points with the words of one index; `scorer`, if there is one, reads what words do not say."""

    segmenter: Segmenter
    scorer: SentenceScorer | None = None

    def point(self, sentences: Sequence[str], query: Query) -> str:
        """Return the point of a quote that consists of `sentences`; of a quote that is short, all of it."""
        text = "".join(sentences)
        clauses = tuple(_clauses(sentences))
        every = tuple(_runs(clauses, text))
        runs = tuple(run for run in every if not _NO_ANSWER.search(text[run.start : run.end])) or every
        if not runs:
            return _flat(text)
        worth = self._worth(clauses, text, query)
        near = self._nearness(sentences, query)
        best = max(runs, key=lambda run: _value(run, clauses, text, worth, near))
        return _marked(best, text)

    def _worth(self, clauses: Sequence[_Clause], text: str, query: Query) -> NDArray[np.float64]:
        """Return what each clause says: a row a clause, a column a feature of the question or a cue."""
        cues = tuple(_cues(query.text))
        rows = [self._said(text[clause.start : clause.end], query, cues) for clause in clauses]
        return np.array(rows, dtype=np.float64).reshape(len(clauses), -1)

    def _said(self, clause: str, query: Query, cues: Sequence[Cue]) -> list[float]:
        clean, words = searchable_passage(clause), self.segmenter.terms_of(clause)
        said = [SAID * feature.importance * feature.said_by(words, clean) for feature in query.telling]
        shared = [SHARED * (pair in clean) for pair in _pairs(query.text)]
        return said + shared + [cue.gain * bool(cue.gives.search(clause)) for cue in cues]

    def _nearness(self, sentences: Sequence[str], query: Query) -> NDArray[np.float64]:
        found = self.scorer(query.text, sentences) if self.scorer and len(sentences) > 1 else None
        if found is None:
            return np.zeros(len(sentences))
        scores = np.asarray(found, dtype=np.float64)
        return np.asarray(NEARNESS * (scores - scores.mean()), dtype=np.float64)


def _cues(question: str) -> Iterator[Cue]:
    """Yield what a question asks for."""
    yield from (cue for cue in CUES if cue.asks.search(question))
    quantity = _QUANTITY.search(question)
    if quantity:
        what = quantity["what"] or quantity.group()
        units = [unit for unit in _UNITS if any(letter in what for letter in unit)] or _UNITS
        yield Cue(_QUANTITY, re.compile(f"{_NUMBER}[{''.join(units)}]"), QUANTITY_GAIN)


def _pairs(text: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters of a question, each once."""
    letters = re.sub(r"\W", "", text)
    return tuple(dict.fromkeys(letters[place : place + 2] for place in range(len(letters) - 1)))


def _clauses(sentences: Sequence[str]) -> Iterator[_Clause]:
    """Yield every clause in order; the number before an item of a list belongs to none."""
    place = 0
    for number, sentence in enumerate(sentences):
        numbering = _NUMBERING.match(sentence)
        begin = numbering.end() if numbering and numbering.end() < len(sentence.rstrip()) else 0
        for match in _CLAUSE.finditer(sentence, begin):
            blank = len(match.group()) - len(match.group().lstrip())
            if match.group().strip():
                yield _Clause(place + match.start() + blank, place + match.end(), number)
        place += len(sentence)


def _runs(clauses: Sequence[_Clause], text: str) -> Iterator[_Run]:
    """Yield every run that may be a point: whole sentences, and parts of those that are too long or lean."""
    spans = [[*group] for _, group in groupby(range(len(clauses)), key=lambda place: clauses[place].sentence)]
    for number, span in enumerate(spans):
        start, leans = clauses[span[0]].start, _leans(clauses[span[0]], text)
        for last in () if leans else (later[-1] for later in spans[number:]):
            if clauses[last].end - start > MOST:
                break
            yield _Run(span[0], last, start, clauses[last].end)
        if leans or clauses[span[-1]].end - start > MOST:
            yield from _parts(span, clauses, text)


def _parts(span: Sequence[int], clauses: Sequence[_Clause], text: str) -> Iterator[_Run]:
    """Yield the runs of clauses of one sentence; a clause that leans begins none, but may stand without that word."""
    for first in span:
        start, lean = clauses[first].start, _leans(clauses[first], text)
        start += lean.end() if lean else 0
        for last in range(first, first + 1 if lean else span[-1] + 1):
            if clauses[last].end - start > MOST and last > first:
                break
            end = min(clauses[last].end, start + MOST)
            if text[start:end].strip(_LOOSE):
                cut_before = first > span[0] or bool(lean)
                yield _Run(first, last, start, end, cut_before, last < span[-1] or end < clauses[last].end)


def _leans(clause: _Clause, text: str) -> re.Match[str] | None:
    return _LEANS.match(text[clause.start : clause.end])


def _value(
    run: _Run, clauses: Sequence[_Clause], text: str, worth: NDArray[np.float64], near: NDArray[np.float64]
) -> float:
    words = text[run.start : run.end]
    said = float(worth[run.first : run.last + 1].max(axis=0).sum()) if worth.shape[1] else 0.0
    nearest = float(near[clauses[run.first].sentence : clauses[run.last].sentence + 1].max(initial=-np.inf))
    whole = WHOLE * (not run.cut_before and not run.cut_after)
    more = MORE * (clauses[run.last].sentence - clauses[run.first].sentence)
    return said + nearest + whole + LENGTH * len(words) / MOST - more - UNBALANCED * _is_unbalanced(words)


def _is_unbalanced(words: str) -> bool:
    return any(words.count(pair[0]) != words.count(pair[1]) for pair in _PAIRS)


def _marked(run: _Run, text: str) -> str:
    """Return the words of a run, with 「…」 where its sentence goes on."""
    words = _flat(text[run.start : run.end])
    words = words.rstrip(_LOOSE) if run.cut_after else words
    return f"{CUT if run.cut_before else ''}{words}{CUT if run.cut_after else ''}"


def _flat(text: str) -> str:
    """Return the text on one line; a line that ends without a mark is set apart by a blank."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(line if _ENDS.search(line) else f"{line} " for line in lines).strip()
