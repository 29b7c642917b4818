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
            r"|一定要|务必|谨记|牢记|妥善保管|请(及时|立即|迅速|主动|尽快)",
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

# What a notice lays down in its own words. Looked for sentence by sentence, outside quotation marks: what a swindler
# asks for is no advice of the police. `unless` tells of what was done, or said by someone else.
_SPAN = r"[\d一二两三四五六七八九十]{1,3}\s*(年|个月|日|天|小时)(之|以)?内"
_ACTS = "办理|说明|登记|核实|停机|注销|投案|自首|上交|交还|归还|销户|挂失|报警|报案"
_COUNTER = "(局|所|厅|中心|网点|银行)"
_TOLD_IN_NEWS = (
    r"目前|近日|日前|去年|先后|会议|强调|部署|专案组|嫌疑人|检察院|法院|已(被|经|依法|将|对)|被(依法|行政|刑事|处)|对其|(?<![为除])了"
    r"|[\d一二两三四五六七八九十]\s?(余|多)?名"
)
_TOLD_BY_OTHERS = r"[谎声宣]称|为由|(对方|骗子|分子|短信|客服|群里)[^。；]{0,10}(说|写|称|提示|显示|告知|要求|发来)"
_LAID_DOWN: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern), re.compile(unless))
    for reason, pattern, unless in (
        (
            "写明后果",
            rf"{_SPAN}[^。；]{{0,24}}(不得|不再|不能|不予|只(为|能|可|保留|准)|仅(为|能|可|保留)|暂停|停用|停止|停办|关停|一概|一律|限制|禁止)"
            r"|一旦[^。；]{0,40}(将|要|会)(被)?(依法|面临|承担|列入|纳入|受到|追究|处罚|处以|暂停|停用|影响个人|公安)"
            r"|依法(从严|从重)?(予以|给予|处以|处)?(追究|处罚|拘留|罚款|治安管理处罚|行政处罚|行政拘留)"
            r"|(将|一律|予以|可以|并)处?[^，。；]{0,6}(追究|处罚|拘留|罚款)|处[^，。；]{0,12}以[上下][^，。；]{0,8}(拘留|罚款|徒刑)"
            r"|(将|会|要|一律)(被)?(列入|纳入|记入)[^，。；]{0,12}(黑名单|名单|失信|征信|信用)",
            _TOLD_IN_NEWS,
        ),
        (
            "提醒该怎么做",
            rf"(?<![邀申聘提恳宴敬])请(到|前往|(?![求示假教客帖])[^。；]{{0,30}}({_ACTS}|拨打|联系|咨询|保存|到[^，。；]{{0,16}}{_COUNTER}))"
            rf"|(应当|须|限[^，。；]{{0,12}}[内前]|之日起|即日起)[^。；]{{0,40}}({_ACTS}|到[^，。；]{{0,16}}{_COUNTER})"
            r"|可[^，。；]{0,4}(到|持|凭)[^。；]{0,24}(查询|办理|登记|咨询|核验|注销|挂失|申诉)"
            r"|(举报|咨询|报警)(电话|热线)[^，。；\d]{0,8}\d|查证属实[^。；]{0,12}奖励"
            r"|(主动|自动)(投案|自首|说明)[^。；]{0,16}(从轻|减轻|从宽|免除|不予)",
            rf"{_TOLD_BY_OTHERS}|会议|强调|部署|各(级|地|部门|单位)",
        ),
        (
            "写明不准做什么",
            r"(任何(单位|个人|人)[^。；]{0,10}|一律|均|不准|不得)(不得|不准|禁止|将|把|转借|转让|冒用|擅自|非法)"
            r"|禁止(任何|出租|出借|出售|买卖|转借|转让|非法)",
            rf"{_TOLD_BY_OTHERS}|会议|强调|部署",
        ),
    )
)
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」")

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
    laid_down = _laid_down(piece)
    if laid_down is not None:
        return laid_down
    if _CASE_HEADING.search(piece.heading):
        return Sorted("case", f"小标题是「{piece.heading}」")
    results = list(_RESULT.finditer(piece.text))
    total = _SUM.search(piece.text)
    if total or len(results) >= _FEWEST_RESULTS:
        return Sorted("figures", f"写明战果的数字：「{total[0] if total else results[0][0]}」")
    return Sorted("background", "没有后果、做法、案例或战果的数字")


def _laid_down(piece: Piece) -> Sorted | None:
    """Return advice when a sentence of the passage itself lays something down; None when none does."""
    for sentence in (_QUOTED.sub("“”", each) for each in piece.sentences):
        for reason, pattern, unless in _LAID_DOWN:
            found = pattern.search(sentence)
            if found and not unless.search(sentence):
                return Sorted("advice", f"{reason}：「{found[0].strip()}」")
    return None


def topics_of(piece: Piece, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the slugs of the topics one of whose marks is found in the heading or the text, in the list's order."""
    text = f"{piece.heading}\n{piece.text}"
    return tuple(topic.slug for topic in topics if _marked(topic.marks, text))


def _marked(marks: Iterable[str], text: str) -> bool:
    return any(re.search(mark, text) for mark in marks)


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(match.start() - 2, 0) : match.end() + 2].replace("\n", " ")
