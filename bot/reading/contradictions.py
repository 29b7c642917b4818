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
from functools import lru_cache
from itertools import combinations

from bot.reading.numbering import value_of
from bot.reading.records import Bulletin, Passage

_NUMBER = r"(?:\d[\d,]{0,20}(?:\.\d{1,4})?|[一二两三四五六七八九十百千零〇]{1,7}|半)"
# 「近5年」「5年来」「5年前」 tell of the past, 「2021年」「1月15日」 of a day.
_TERM = re.compile(
    rf"(?<![\d.近过第今去月一二两三四五六七八九十])(?P<number>{_NUMBER})\s{{0,4}}"
    r"(?P<unit>个?工作日|年|个月|天|日(?=内|以内)|小时)(?P<half>半)?(?![\d前来间度级多])(?P<bound>以上|以下)?"
)
_DAYS = re.compile(rf"(?<![\d.月第])(?P<number>{_NUMBER})\s{{0,4}}(?P<unit>日|天)(?P<bound>以上|以下)?")
_AMOUNT = re.compile(
    rf"(?<![\d.])(?P<number>{_NUMBER})\s{{0,4}}(?P<unit>千万元?|百万元?|亿元|万元?|千元|百元|元)(?P<bound>以上|以下)?(?![人次名份张条欧英美泰日韩卢港])"
)
_COUNT = re.compile(rf"(?<![\d.第])(?P<number>{_NUMBER})\s{{0,4}}(?P<unit>张|个|部)(?!月|工作)")
_FACTORS = {"千万": 10_000_000, "百万": 1_000_000, "亿": 100_000_000, "万": 10_000, "千": 1000, "百": 100}
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


# What was imposed on somebody (「被罚款50万元」「作出……的行政处罚」) is a case's, whatever the passage is taken for.
_IMPOSED = re.compile(
    r"(?:作出|给予|处以|宣布)[^。；]{0,24}(?:行政处罚|罚款)|被[^。；]{0,16}(?:罚款|拘留)"
    r"|已[^，。；]{0,8}(?:罚款|拘留)|(?:罚款|拘留)[^，。；]{0,12}的?行政处罚"
)
_JUDGED = r"[^。；]{0,40}(处|判|徒刑|拘役)"
_NO_COUNTER, _TERM_OF_MEASURES = "暂停非柜面业务的期限", "惩戒的期限"
_PHONES = "举报、咨询的电话"
_MEASURES = (
    _measure(_NO_COUNTER, r"非柜面|(使用|停用|暂停|限制)[^，。；]{0,6}(网银|手机银行)", _TERM),
    _measure("不得新开账户的期限", r"(不得|不能|禁止|限制)[^，。；]{0,6}(新开|开立|开设|开户)", _TERM),
    _measure("暂停支付账户业务的期限", r"支付[账帐]户[^。；，]{0,6}(业务|功能)", _TERM),
    _measure(
        "不得办理电话卡的期限",
        r"入网|(不得|不能|不再|不予|停止|禁止|限制)[^，。；]{0,12}(办理|开办|新办|办)[^，。；]{0,6}(电话卡|手机卡|移动电话)"
        # 「保留一张手机卡，不再办理新卡」: which cards the new one is not of, the words before say.
        r"|(只|仅)[^，。；]{0,8}保留[^，。；]{0,8}(电话卡|手机卡)|(电话卡|手机卡)[^。；]{0,10}(不得|不能|不再|不予)[^，。；]{0,6}新(卡|号)",
        _TERM,
    ),
    _measure(_TERM_OF_MEASURES, r"惩戒[^，。；]{0,6}(期限|时间|为期)|(期限|为期)[^，。；]{0,8}惩戒", _TERM),
    _measure("不良记录保留的期限", r"(征信|不良信用|失信)[^。；，]{0,10}(保留|保存|记录)", _TERM),
    _measure("帮助信息网络犯罪活动罪的刑期", rf"(帮助信息网络犯罪活动|帮信)罪?{_JUDGED}", _TERM),
    _measure("妨害信用卡管理罪的刑期", rf"妨害信用卡管理罪?{_JUDGED}", _TERM),
    _measure("掩饰、隐瞒犯罪所得罪的刑期", rf"掩饰、?隐瞒犯罪所得{_JUDGED}", _TERM),
    _measure("止付、冻结的时间", r"紧急止付|(冻结|止付)[^，。；]{0,6}(期限|时间)", _TERM),
    _measure("核实、申诉的时限", r"(申诉|核实|核查|解除惩戒|复核)[^，。；]{0,10}(时限|期限|内)", _TERM),
    _measure("罚款的数额", r"罚款", _AMOUNT),
    _measure("拘留的日数", r"拘留", _DAYS),
    _measure("举报奖励的数额", r"奖励|奖金", _AMOUNT),
    _measure(
        "一人可以办理的电话卡张数",
        r"(?:不得?超过|最多|至多|不多于|限[办制]|上限)[^，。；]{0,10}\d+\s*张[^，。；]{0,6}(?:电话卡|手机卡|号卡)"
        r"|(?:办理|开办|持有|名下|入网)[^，。；]{0,10}(?:电话卡|手机卡|号卡)[^，。；]{0,12}(?:不得?超过|最多|至多|限|上限)",
        _COUNT,
    ),
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
    for measure, own in said.items():
        # Whoever is under the measures may use no counter: one term, told in two ways.
        also = said[_NO_COUNTER] if measure == _TERM_OF_MEASURES and own else {}
        by_stem = {stem: [*own.get(stem, ()), *also.get(stem, ())] for stem in {**own, **also}}
        stems = sorted(by_stem, key=lambda stem: (stem != new, stem))
        for one, other in combinations(stems, 2):
            told = {one, other} & own.keys()
            if told and new in (None, one) and _comparable(measure, bulletins[one], bulletins[other]):
                found += _apart(measure, by_stem[one], by_stem[other])
    return tuple(found)


# The same sentences are asked about at each look at a draft.
@lru_cache(maxsize=50_000)
def values_of(sentence: str) -> tuple[tuple[str, str], ...]:
    """Return measure and value for each number a sentence gives a measure, 「5年」, 「20000元」."""
    return tuple(_values_of(sentence))


def _values_of(sentence: str) -> Iterator[tuple[str, str]]:
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
    amount, unit, bound = _count(groups["number"]), groups["unit"], groups.get("bound") or ""
    if groups.get("half"):
        amount += 0.5
    if unit in ("年", "个月"):
        return "" if unit == "年" and amount > 100 else f"{_term(amount if unit == '个月' else 12 * amount)}{bound}"
    if unit == "小时" and amount % 24 == 0:
        amount, unit = amount / 24, "天"
    factor = next((factor for written, factor in _FACTORS.items() if unit.startswith(written)), 1)
    unit = {"日": "天", "个工作日": "工作日"}.get(unit, "元" if factor > 1 else unit)
    return f"{factor * amount:.10g}{unit}{bound}"


def _term(months: float) -> str:
    """Return a term as people say it: half a year and six months are one."""
    return f"{months / 12:g}年" if months % 12 == 0 else f"{months:g}个月"


def _count(written: str) -> float:
    """Return the number: 20,000, 二十, 两千五百, 半."""
    if written == "半":
        return 0.5
    if written[0].isdigit():
        return float(written.replace(",", ""))
    return float(value_of(written))


def _said(bulletins: Mapping[str, Bulletin], passages: Iterable[Passage]) -> dict[str, dict[str, list[Said]]]:
    """Return what is said of each measure, by bulletin, of bulletins in force."""
    found: dict[str, dict[str, list[Said]]] = {measure.name: defaultdict(list) for measure in _MEASURES}
    for passage in passages:
        if passage.kind in ("case", "figures") or not bulletins[passage.bulletin].in_force:
            continue
        for sentence in passage.sentences:
            if _IMPOSED.search(sentence):
                continue
            for measure, value in values_of(sentence):
                found[measure][passage.bulletin].append(Said(value, sentence.strip(), passage))
    return found


def _comparable(measure: str, one: Bulletin, other: Bulletin) -> bool:
    return measure != _PHONES or (one.place is not None and one.place == other.place)


def _apart(measure: str, ones: list[Said], others: list[Said]) -> Iterator[Contradiction]:
    if not {each.value for each in ones} & {each.value for each in others}:
        yield Contradiction(measure, ones[0], others[0])
