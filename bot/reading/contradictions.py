"""Two bulletins that give one measure different numbers: 5 years here and 3 years there, one card or two.

Looks only at sentences that lay something down, never at cases and sums: those differ by nature. A number is compared
only with numbers of its own measure, and two bulletins contradict each other only when they have no value of a measure
in common. Whether that is a mistake, a newer rule or another place's, an editor decides: both sentences are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from bot.reading.records import Bulletin, Passage

_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = r"(?:\d[\d,]{0,20}(?:\.\d+)?|[一二两三四五六七八九十]{1,3})"
# 「近5年」「5年来」「5年前」 tell of the past, 「2021年」「1月15日」 of a day.
_TERM = re.compile(
    rf"(?<![\d.近过第今去月])(?P<number>{_NUMBER})\s{{0,4}}(?P<unit>年|个月|天|日(?=内|以内)|小时)(?![\d前来间度级多])"
    r"(?P<bound>以上|以下)?"
)
_AMOUNT = re.compile(rf"(?<![\d.])(?P<number>{_NUMBER})\s{{0,4}}(?P<unit>万元|元)(?P<bound>以上|以下)?")
_COUNT = re.compile(rf"(?<![\d.])(?P<number>{_NUMBER})\s{{0,4}}(?P<unit>张|个|部)")
# A place's own lines; 110, 96110 and the like are everywhere the same and stand next to them.
_LINE = re.compile(
    r"(?:拨打|致电|电话|热线|专线)[^\d，。；]{0,8}(?P<line>0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4}|1[3-9]\d{9}|96\d{3})(?!\d)"
)
_NATIONAL = frozenset({"96110"})
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+")


@dataclass(frozen=True)
class Measure:
    """Something a bulletin may give a number: its name for editors, what tells it, and the form of the number."""

    name: str
    told_by: re.Pattern[str]
    value: re.Pattern[str]


def _measure(name: str, told_by: str, value: re.Pattern[str]) -> Measure:
    return Measure(name, re.compile(told_by), value)


_JUDGED = r"[^。；]{0,40}(处|判|徒刑|拘役)"
_PHONES = "举报、咨询的电话"
_MEASURES = (
    _measure("暂停非柜面业务的期限", r"非柜面|(使用|停用|暂停|限制)[^，。；]{0,6}(网银|手机银行)", _TERM),
    _measure("不得新开账户的期限", r"(不得|不能|禁止|限制)[^，。；]{0,6}(新开|开立|开设|开户)", _TERM),
    _measure("暂停支付账户业务的期限", r"支付[账帐]户[^。；，]{0,6}(业务|功能)", _TERM),
    _measure(
        "不得办理电话卡的期限",
        r"入网|(不得|不能|不再|不予|停止|禁止|限制)[^，。；]{0,12}(办理|开办|新办|办)[^，。；]{0,6}(电话卡|手机卡|移动电话)"
        # 「保留一张手机卡，不再办理新卡」: which cards the new one is not of, the words before say.
        r"|(只|仅)[^，。；]{0,8}保留[^，。；]{0,8}(电话卡|手机卡)|(电话卡|手机卡)[^。；]{0,10}(不得|不能|不再|不予)[^，。；]{0,6}新(卡|号)",
        _TERM,
    ),
    _measure("惩戒的期限", r"惩戒[^，。；]{0,6}(期限|时间|为期)|(期限|为期)[^，。；]{0,8}惩戒", _TERM),
    _measure("不良记录保留的期限", r"(征信|不良信用|失信)[^。；，]{0,10}(保留|保存|记录)", _TERM),
    _measure("帮助信息网络犯罪活动罪的刑期", rf"(帮助信息网络犯罪活动|帮信)罪?{_JUDGED}", _TERM),
    _measure("妨害信用卡管理罪的刑期", rf"妨害信用卡管理罪?{_JUDGED}", _TERM),
    _measure("掩饰、隐瞒犯罪所得罪的刑期", rf"掩饰、?隐瞒犯罪所得{_JUDGED}", _TERM),
    _measure("止付、冻结的时间", r"紧急止付|(冻结|止付)[^，。；]{0,6}(期限|时间)", _TERM),
    _measure("核实、申诉的时限", r"(申诉|核实|核查|解除惩戒|复核)[^，。；]{0,10}(时限|期限|内)", _TERM),
    _measure("罚款的数额", r"罚款", _AMOUNT),
    _measure("举报奖励的数额", r"奖励|奖金", _AMOUNT),
    _measure("可以保留的电话卡张数", r"保留[^，。；]{0,8}(手机卡|电话卡)", _COUNT),
    _measure("可以保留的银行卡张数", r"保留[^，。；]{0,8}银行卡", _COUNT),
    _measure(_PHONES, r"拨打|致电|电话|热线|专线", _LINE),
)


@dataclass(frozen=True)
class Said:
    """One value of a measure: the sentence that gives it, and the passage it stands in."""

    value: str
    sentence: str
    passage: Passage


@dataclass(frozen=True)
class Contradiction:
    """Two bulletins on one measure, with no value of it in common; `one` and `other` are a sentence of each."""

    measure: str
    one: Said
    other: Said


def contradictions(
    bulletins: Mapping[str, Bulletin], passages: Iterable[Passage], new: str | None = None
) -> tuple[Contradiction, ...]:
    """Return what bulletins in force contradict each other in; with `new`, what that one does, as `one` of each.

    Local hotlines are compared only within a place. At most one for each two bulletins and measure, in the order of the
    measures.
    """
    said = _said(bulletins, passages)
    found: list[Contradiction] = []
    for measure, by_stem in said.items():
        stems = sorted(by_stem, key=lambda stem: (stem != new, stem))
        for one, other in combinations(stems, 2):
            if new in (None, one) and _comparable(measure, bulletins[one], bulletins[other]):
                found += _apart(measure, by_stem[one], by_stem[other])
    return tuple(found)


def values_of(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield measure and value for each number a sentence gives a measure, 「5年」, 「20000元」."""
    plain = unicodedata.normalize("NFKC", re.sub(r"(?<=\d)\s+|\s+(?=\d)", "", sentence))
    for measure in _MEASURES:
        if measure.told_by.search(plain):
            yield from ((measure.name, value) for value in _values(measure, plain))


def _values(measure: Measure, sentence: str) -> Iterator[str]:
    """Yield the values nearest to each mention of the measure: in its own clauses, else before, else after them."""
    clauses = list(_CLAUSE.finditer(sentence))
    for told in measure.told_by.finditer(sentence):
        first = sum(clause.end() <= told.start() for clause in clauses)
        last = sum(clause.start() < told.end() for clause in clauses)
        before = [clauses[at : at + 1] for at in range(first - 1, max(first - 3, -1), -1)]
        near = (clauses[first:last], *before, clauses[last : last + 1])
        found = (tuple(_values_in(measure, each)) for each in near)
        yield from next((values for values in found if values), ())


def _values_in(measure: Measure, clauses: Iterable[re.Match[str]]) -> Iterator[str]:
    values = (_value(match) for clause in clauses for match in measure.value.finditer(clause[0]))
    yield from (value for value in values if value)


def _value(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if "line" in groups:
        number = match["line"].replace("-", "")
        return "" if number in _NATIONAL else number
    amount = _count(groups["number"]) * (10_000 if groups["unit"] == "万元" else 1)
    if groups["unit"] == "年" and amount > 100:
        return ""
    return f"{amount:g}{'元' if groups['unit'] == '万元' else groups['unit']}{groups.get('bound') or ''}"


def _count(written: str) -> float:
    if written[0] not in _NUMERALS:
        return float(written.replace(",", ""))
    tens, ten, ones = written.partition("十")
    if not ten:
        return _NUMERALS[written[0]]
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)


def _said(bulletins: Mapping[str, Bulletin], passages: Iterable[Passage]) -> dict[str, dict[str, list[Said]]]:
    """Return what is said of each measure, by bulletin, of bulletins in force."""
    found: dict[str, dict[str, list[Said]]] = {measure.name: defaultdict(list) for measure in _MEASURES}
    for passage in passages:
        if passage.kind in ("case", "figures") or not bulletins[passage.bulletin].in_force:
            continue
        for sentence in passage.sentences:
            for measure, value in values_of(sentence):
                found[measure][passage.bulletin].append(Said(value, sentence.strip(), passage))
    return found


def _comparable(measure: str, one: Bulletin, other: Bulletin) -> bool:
    return measure != _PHONES or (one.place is not None and one.place == other.place)


def _apart(measure: str, ones: list[Said], others: list[Said]) -> Iterator[Contradiction]:
    if not {each.value for each in ones} & {each.value for each in others}:
        yield Contradiction(measure, ones[0], others[0])
