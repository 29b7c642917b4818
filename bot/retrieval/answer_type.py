"""The kind of answer a question asks for, and the wording a passage has when it gives one.

Classical question answering calls it the expected answer type: 「多少人」 wants a count, 「几年」 a term of years,
「什么是卡农」 a sentence that defines 卡农. It only lifts a passage; it never excludes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.text.words import searchable_passage

_NUMBER = r"(?:\d[\d.]{0,14}|[一二三四五六七八九十百两]{1,8})"


@dataclass(frozen=True)
class AnswerType:
    """`asks` recognises the question, `gives` the passage; both are read in searchable form."""

    name: str
    asks: re.Pattern[str]
    gives: re.Pattern[str]


WHOM_TO_TELL = "向谁举报"
TYPES = (
    AnswerType(
        "抓了多少人",
        re.compile(r"(?:抓|逮|落网|抓获).{0,4}(?:多少|几)|(?:多少|几).{0,6}(?:被抓|落网|抓获)"),
        re.compile(rf"(?:抓获|落网|嫌疑人|人员)[^。;]{{0,60}}?{_NUMBER}(?:余|多|万)*(?:名|人)(?!警)"),
    ),
    AnswerType(
        "多少人",
        re.compile(
            r"(?:多少|几)(?:个|名|位)?(?:人|嫌疑人|骗子|卡农|卡贩|卡头|罪犯|犯)|人数|抓了多少|抓了几|逮了(?:多少|几)"
        ),
        re.compile(
            rf"(?:人|嫌疑人|人员|团伙)(?:共)?{_NUMBER}(?:余|多|万|余万)*(?:名|人)|{_NUMBER}(?:余|多|万)*(?:名|人)"
        ),
    ),
    AnswerType(
        "多少钱",
        re.compile(
            r"多少钱|几块钱|几万|金额|赚(?:了)?多少|挣(?:了)?多少|得(?:了)?多少|获利多少|资金多少|多少资金|多少万|多少亿|卖(?:了)?多少"
        ),
        re.compile(rf"{_NUMBER}(?:余|多|万|亿|余万|万余)*(?:元|亿|块)"),
    ),
    AnswerType(
        "多少",
        re.compile(r"多少(?!钱)|几(?:张|台|部|个|起|处|宗|套|条|次)|数量|数字|总共|一共"),
        re.compile(rf"{_NUMBER}(?:余|多|万)*(?:张|台|部|个|起|处|宗|套|条|人次|名|人)"),
    ),
    AnswerType(
        "几年",
        re.compile(
            r"几年|多久|多长时间|多少年|期限|时长|年限|五年|5年|三年|两年|隔多|等多|何时恢复|什么时候(?:能|才能|可以)|恢复"
        ),
        re.compile(r"(?:\d|[一二三五十])年内"),
    ),
    AnswerType(
        "几张",
        re.compile(
            r"(?:留|剩|保留|还有|只能有|能有|允许).{0,6}(?:几|一|1|多少)?张|留不留|剩几|(?:别的|其他|其它|其余|剩下|另外|名下).{0,6}(?:卡|号).{0,8}(?:停|用|冻|封|影响|牵连|连累)"
        ),
        re.compile(r"保留1张|保留一张|其余|名下所有卡"),
    ),
    AnswerType(
        "电话",
        re.compile(
            r"(?:什么|哪个|啥|哪|几号|多少).{0,2}(?:电话(?!卡)|号码|热线)|(?:电话|热线|号码).{0,3}(?:多少|是啥|是什么|几号)|打哪(?:个|里)|打给谁|拨什么|打什么|打几"
        ),
        re.compile(r"拨打.{0,6}(?:110|96110)"),
    ),
    AnswerType(
        WHOM_TO_TELL,
        re.compile(
            r"(?:去|上|到|向|跟|找|给|往|告诉)(?:哪|谁|什么地方|啥地方|哪个).{0,8}(?:举报|报告|反映|说|报|讲)|哪(?:里|儿)(?:可以|能)?(?:举报|检举|揭发|告发)|(?:怎么|咋|如何|怎样)(?:才能)?(?:举报|检举|揭发|告发)|"
            r"谁管|找谁|(?:说给|告诉|讲给)(?:警察|公安|派出所|你们).{0,4}(?:可以|行|吗|么|不)|打边个电话|哪个单位|哪个部门管|给谁说|跟谁|往哪(?:里|儿)?报|报给谁|该给谁|反映"
        ),
        re.compile(r"拨打.{0,6}(?:110|96110)|向公安机关举报"),
    ),
    AnswerType(
        "为什么",
        re.compile(r"为什么|为啥|为何|干嘛要|原因|目的|凭什么|图什么|有什么用|意义|由来|缘由|起因|咋要|怎么要"),
        re.compile(r"根源|帮凶|坚决遏制|因为|铲除|斩断犯罪"),
    ),
    AnswerType(
        "哪年哪月",
        re.compile(
            r"(?:什么时候|啥时候|哪年|哪一年|哪天|哪一天|几月|几号|何时|哪个月|多会儿).{0,10}(?:开始|部署|启动|搞|起|抓|行动|开展|收网|公布)?"
        ),
        re.compile(r"\d{1,2}月\d{1,2}日|去年\d{1,2}月|\d{4}年"),
    ),
    AnswerType(
        "哪里",
        re.compile(
            r"(?:哪些|哪几个|哪个|什么|啥|哪)(?:地方|地区|省|城市|市)|哪(?:里|儿)(?!举报|报)|(?:弄|寄|送|卖|运|流|转)到(?:了)?哪|哪去了"
        ),
        re.compile(r"(?:赴|前往|送至|邮寄至|贩卖至|在)[^,。;]{1,14}(?:市|县|区|等地|边境|小区|公寓|团伙|机场|大道)"),
    ),
    AnswerType(
        "后来怎样",
        re.compile(r"后来|结果怎么|最后怎么|咋处理了|怎么处理了|怎么判|判了|刑拘|下场|结局"),
        re.compile(r"刑事拘留|批准逮捕|强制措施|取保候审|刑拘\d|审查中|侦办中"),
    ),
)
_BY_NAME = {kind.name: kind for kind in TYPES}
_WHOM_TO_TELL = ("电话", WHOM_TO_TELL)
_TOLD = ("抓了多少人", "多少人", "多少", "多少钱", "哪里")
_DEFINING = re.compile(
    r"(?:什么是|啥是|啥叫|什么叫|何为|何谓|解释(?:一下|下)?|叫做?)(?P<after>[^的是]{1,8}?)(?:$|[?？呢啊呀吗]|的意思|行动)"
    r"|(?P<before>[^的是]{1,8}?)(?:都|主要|指的是|是|指|到底|究竟|算|专门|一般|干|做|搞|有|包括|包含)*(?:些)?"
    r"(?:什么|啥|哪种|哪类|哪两|哪些|哪几|谁)(?:意思|东西|人|玩意|的|含义|卡|样|种|个|事|活|啊|呀|呢)*(?:$|[?？])"
)


def asked_types(question: str) -> tuple[AnswerType, ...]:
    """Return the answer types a question in searchable form asks for; a definition is made to its own term."""
    found = tuple(kind for kind in TYPES if kind.asks.search(question))
    if any(kind.name in _WHOM_TO_TELL for kind in found):
        # 「来了几个人收卡 该给谁说」: what was seen is told with its number, and 哪里 is where to tell it.
        found = tuple(kind for kind in found if kind.name not in _TOLD)
    term = defined_term(question)
    return (*found, _definition(term)) if term else found


def gives(text: str, types: Iterable[AnswerType]) -> int:
    """Return how many of `types` a passage's text gives."""
    types = tuple(types)
    if not types:  # most questions ask for none, and this runs for every passage
        return 0
    return sum([_gives_kind(kind.name, text) if kind.name in _BY_NAME else _matches(kind, text) for kind in types])


@lru_cache(maxsize=8192)
def _gives_kind(name: str, text: str) -> bool:
    """Whether a passage gives a kind of answer; kept, because the same few passages are asked again and again."""
    return _matches(_BY_NAME[name], text)


def _matches(kind: AnswerType, text: str) -> bool:
    return bool(kind.gives.search(searchable_passage(text)))


def defined_term(question: str) -> str | None:
    """Return the term whose meaning a question asks for (什么是卡农 → 卡农), or None."""
    match = _DEFINING.search(question)
    term = (match["after"] or match["before"] or "") if match else ""
    term = re.sub(r"^(?:请问|那个|这个|那|这|所谓|说|你们|警方|公安|通报|里|中)+|[^\w]", "", term)
    return term or None


def _definition(term: str) -> AnswerType:
    escaped = re.escape(term)
    gives_it = (
        rf"(?:简称|即|又称|称为|叫做?|称之为|类:).{{0,2}}{escaped}|{escaped}.{{0,8}}(?:是指|指的是|,即)|{escaped}团伙"
    )
    return AnswerType(f"什么是{term}", re.compile(escaped), re.compile(gives_it))
