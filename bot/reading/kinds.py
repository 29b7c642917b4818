"""What a passage is for: advice, a case, figures or background; and which topics it is on.

Rules in the order a reader would ask them: is someone named? does it tell residents something? does it count? The
reason is written for editors, who may overrule both in a sidecar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.reading.cutting import Piece
from bot.reading.records import Kind, Topic

# 李某, 施某广, 佛子岭路某小区; not 某些, 某种, 某某 (nobody in particular).
_NAMED = re.compile(
    r"[\u4e00-\u9fff]某(?![些种个类项次时天日年月段样某])"
    r"|[\u4e00-\u9fff](某某|先生|女士|小姐)(?!吗|您|们)|（化名）"
)
_CASE_HEADING = re.compile(r"案例|案情")

_ADVICE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        (
            "写明后果",
            r"以下惩戒|惩戒措施|受到惩戒|惩戒对象|牢狱之灾|刑事责任|都可能被暂停|帮凶|公开向社会曝光"
            r"|依法(予以)?(严惩|打击处理)",
        ),
        ("写明什么违法", r"(属于|是|均为|都是|即是)(严重的?)?(违法|犯罪|违法犯罪)(行为|！|。)|严厉打击此类"),
        (
            "写明到哪里举报、求助",
            r"请.{0,8}(拨打|举报|报警|报案|联系)|(拨打|致电).{0,4}(110|96110)|可.{0,6}(拨打|举报)",
        ),
        (
            "提醒该怎么做",
            r"提醒|警方(建议|提示)|建议(广大|市民|大家|您)|(市民|群众|大家|您|居民)(要|应|需|切)"
            r"|一定要|务必|谨记|牢记|妥善保管|请(及时|立即|迅速|主动|尽快|到|前往)",
        ),
        (
            "提醒不要做什么",
            r"不要|切勿|切忌|千万(别|不)|(绝对|绝|决)不能|严禁|请勿|勿(点|信|转|将|把)|不(出租|出借|轻信|透露|点击)|不得(出租|出借|出售|买卖)|别信",
        ),
        ("解释是什么", r"是指|指的是|又称|即“|（简称|(?<!以下)简称“|以[^，。]{0,40}为主要内容的|”(包括|就是|是)[：“]"),
        ("写明打击哪些人", r"链条上的所有人|第[一二三四五六七八九十]类：|团伙。主要是|针对的?(是|人群)"),
        ("请居民安装官方应用", r"安装.{0,3}“?国家反诈中心"),
    )
)

_COUNT = r"\d[\d.,]*\s*(多|余)?(万|亿|千)?(多|余)?\s*(名|人|个|起|宗|张|部|台|套|处|条|元|户|次|件|家)"
_RESULT = re.compile(
    r"(抓获|打掉|捣毁|查缴|缴获|扣押|收缴|止付|冻结|挽回|拦截|劝阻|刑拘|刑事拘留|逮捕|取保候审|行政处罚|惩戒|治理|查处"
    r"|返还|训诫|破获|查获|起诉|涉案|涉及|流水)[^。；，、\d]{0,24}" + _COUNT
)
# 「各地共抓获……405名」 is a sum even when it stands alone.
_SUM = re.compile(r"共(抓获|打掉|捣毁|查处|查获|破获|止付|冻结|挽回|拦截|劝阻|训诫|惩戒)[^。；，、\d]{0,24}" + _COUNT)
_FEWEST_RESULTS = 2


@dataclass(frozen=True)
class Sorted:
    """A passage's kind, and why."""

    kind: Kind
    reason: str


def kind_of(piece: Piece) -> Sorted:
    """Return the kind of a passage by the first rule that fits; background when none does."""
    named = _NAMED.search(piece.text)
    if named:
        return Sorted("case", f"写到具体的人或地方：「{_around(piece.text, named)}」")
    for reason, pattern in _ADVICE:
        found = pattern.search(piece.text)
        if found:
            return Sorted("advice", f"{reason}：「{found[0].strip()}」")
    if _CASE_HEADING.search(piece.heading):
        return Sorted("case", f"小标题是「{piece.heading}」")
    results = list(_RESULT.finditer(piece.text))
    total = _SUM.search(piece.text)
    if total or len(results) >= _FEWEST_RESULTS:
        return Sorted("figures", f"写明战果的数字：「{total[0] if total else results[0][0]}」")
    return Sorted("background", "没有后果、做法、案例或战果的数字")


def topics_of(piece: Piece, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the slugs of the topics one of whose marks is found in the heading or the text, in the list's order."""
    text = f"{piece.heading}\n{piece.text}"
    return tuple(topic.slug for topic in topics if _marked(topic.marks, text))


def _marked(marks: Iterable[str], text: str) -> bool:
    return any(re.search(mark, text) for mark in marks)


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(match.start() - 2, 0) : match.end() + 2].replace("\n", " ")
