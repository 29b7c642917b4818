"""What of a text is a person's by its shape and is no bare number: mail, plates, passports, rooms of a house. Pure.

Works on a folded text (`digits`) in which the bare numbers (`personal`) are blanked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.digits import UNITS
from bot.text.named import NAMES, UNIT
from bot.text.personal import Kind, Span

_AT = r" {0,2}(?:@|\[@\]|\(@\)|\(at\)|\[at\]|<at>|\{at\}|艾特|爱特|圈a|a圈| at |(?<=[a-z\d])(?-i:AT)(?=[a-z\d])|#|&|\*)"
_DOT = r" ?(?:\.|。|点| dot |\(dot\)|\[dot\]) ?"
_MAIL = re.compile(
    rf"(?<![A-Za-z0-9._%+\-])(?:[A-Za-z0-9]{{1,32}} dot )?[A-Za-z0-9._%+\-]{{1,64}}?{_AT} {{0,2}}(?:"
    # 「a@qq.com。code: 1234」: the next sentence's first word is not of the address.
    rf"[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z0-9\-]{{1,63}}){{0,5}}{_DOT}[A-Za-z]{{2,24}}"
    r"(?![A-Za-z]| ?(?:[:=]|[(\[<{]at))|"
    r"(?:qq|16[36]|126|139|189|gmail|sina|sohu|foxmail|hotmail|outlook|yeah|icloud|aliyun)(?![A-Za-z0-9]))",
    re.IGNORECASE | re.ASCII,
)
_AT_SIGNS = re.compile(r"[@#&*]|[(\[<{]at|[艾爱]特|圈a|a圈|at", re.IGNORECASE)
# A name in an app, and one before a name of a place: @money_king88, li.si@2020.
_HANDLE = re.compile(
    r"(?<![A-Za-z0-9._%+\-@])(?:[A-Za-z0-9._\-]{2,32})?@[A-Za-z][A-Za-z0-9_]{3,31}|[A-Za-z0-9._\-]{2,32}@\d{2,8}(?!\d)",
    re.ASCII,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-Z] ?(?:[·•・.\-#,*/_~|]|[杠横点])? ?"
    r"(?=(?: ?[A-Z]){0,4} ?\d)"
    r"(?:(?: ?[A-HJ-NP-Z0-9]){6}|(?: ?[A-HJ-NP-Z0-9]){5}|(?=[O\d]*\d[O\d]*\d)[O\d]{5}|"
    r"\d{4}[学警挂港澳领使试超])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# Passports, permits of Hong Kong, Macao and Taiwan, foreigners' cards, by what their numbers look like.
_APART = r"(?:[ \-._#*/·~+]{0,2}\d)"
_TRAVEL = re.compile(
    rf"(?<![A-Za-z0-9\-_/.])(?:[A-Z]{{1,2}}{_APART}{{8}}|[A-Z]{{2}}{_APART}{{7}}|[HM]{_APART}{{10}}|"
    rf"[A-Z]\d{{6}} ?\([0-9A]\)|[A-Z][12]\d{{8}}|[A-Z]{{3}}{_APART}{{12}})(?![A-Za-z0-9\-_/])",
    re.IGNORECASE | re.ASCII,
)
_DOCUMENTS = re.compile(NAMES["id"], re.IGNORECASE)
_FILE_BEFORE = re.compile(
    r"(?:案号|编号|案件|文号|[警报]单号|警情|回执|批次|票号|车次|航班|型号|版本|发票|/)[^\d]{0,4}$"
)
# 12号3栋502室; 24号3点 is a time.
_ROOM = r"(?:[栋幢座楼层室户房门]|单元|号楼)"
_HOUSE = re.compile(
    rf"\d{{1,5}}(?:号[院楼]?|弄|巷|[栋幢座]|单元)[ ,，]?(?:\d{{1,4}}{_ROOM}[ ,，]?)+(?:\d{{3,4}}(?!\d|{UNIT}))?"
    rf"|\d{{1,4}}(?:[栋幢座]|单元)[ ,，]?\d{{3,4}}(?!\d|{UNIT})",
    re.ASCII,
)
_WEIXIN = re.compile(r"(?<![A-Za-z0-9])wxid_[A-Za-z0-9]{5,30}", re.ASCII)
# 138；0013；8000, 450103点19900307点1234: the same between all groups of such a number, and no unit.
_MARK = rf"[^\dA-Za-z〔〕{UNITS.replace('点', '')}]{{1,6}}"
_GROUPED = re.compile(
    rf"(?<![\d.])(?:(?P<telephone>1[3-9]\d(?P<a>{_MARK})\d{{4}}(?P=a)\d{{4}})|"
    rf"(?P<id>[1-8]\d{{5}}(?P<b>{_MARK})(?:19|20)\d{{6}}(?P=b)\d{{3}}[\dXx])|"
    rf"(?P<card>62\d{{1,2}}(?P<c>{_MARK})\d{{4}}(?:(?P=c)\d{{4}}){{1,2}}(?:(?P=c)\d{{1,4}}){{1,2}}))(?![\d.])",
    re.ASCII,
)
_BORN = re.compile(
    r"(?:生日|出生(?:日期|年月日?|于)?)[ 是为在:]{0,2}((?:19|20)\d\d[年\-./ ]?\d{1,2}[月\-./ ]?\d{1,2}[日号]?)(?!\d)",
    re.ASCII,
)
_KINDS: tuple[Kind, ...] = ("telephone", "id", "card")
_SOLDIER = re.compile(r"[军士警武海空政后参]字? ?第 ?\d{5,9} ?号")
# Where money of a kind is kept; a car's own number.
_WALLET = re.compile(
    r"(?<![A-Za-z0-9])(?:0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33}|bc1[0-9a-z]{25,62}|"
    r"(?=[13]\d*[A-Za-z])[13][1-9A-HJ-NP-Za-km-z]{25,34})(?![A-Za-z0-9])",
    re.ASCII,
)
# Where somebody was connected from: 112.6.121.203, 3C:22:FB:1A:09:7E.
_CONNECTED = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![0-9a-f:])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![0-9a-f:])",
    re.IGNORECASE | re.ASCII,
)
_CAR = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])", re.ASCII)
_NUMBER_WORD = (
    r"(?:ling|liang|yi|yao|er|san|si|wu|liu|qi|ba|jiu|dong|guai|gou|"
    r"zero|oh|one|two|three|four|five|six|seven|eight|nine)"
)
_LETTERS = re.compile(r"[a-z]{2}", re.IGNORECASE)
_SPELLED_OUT = re.compile(rf"(?<![a-z]){_NUMBER_WORD}(?:[ ,.\-]{{0,2}}{_NUMBER_WORD}){{5,24}}(?![a-z])", re.IGNORECASE)


def find_shapes(words: str, shown: str) -> Iterator[Span]:
    """Return what has a shape of its own and is no bare number; in order of their kinds, and they may overlap."""
    if _AT_SIGNS.search(words):
        yield from (Span(*match.span(), "email") for match in _MAIL.finditer(words))
    yield from (Span(*match.span(), "plate") for match in _PLATE.finditer(shown))
    named = bool(_DOCUMENTS.search(words))
    for match in _TRAVEL.finditer(shown):
        if match[0][:2].lower() == "qq":
            continue
        if named or not _FILE_BEFORE.search(words[max(0, match.start() - 10) : match.start()]):
            yield Span(*match.span(), "id")
    for match in _GROUPED.finditer(shown):
        yield Span(*match.span(), next(kind for kind in _KINDS if match[kind]))
    yield from (Span(*match.span(1), "number") for match in _BORN.finditer(shown))
    yield from (Span(*match.span(), "id") for match in _SOLDIER.finditer(shown))
    yield from (Span(*match.span(), "account") for match in _WALLET.finditer(words))
    yield from (Span(*match.span(), "number") for match in _CONNECTED.finditer(shown))
    yield from (Span(*match.span(), "number") for match in _CAR.finditer(words))
    if "@" in words:
        yield from (Span(*match.span(), "account") for match in _HANDLE.finditer(words))
    yield from (Span(*match.span(), "address") for match in _HOUSE.finditer(shown))
    yield from (Span(*match.span(), "account") for match in _WEIXIN.finditer(words))
    if _LETTERS.search(words):
        yield from (Span(*match.span(), "telephone") for match in _SPELLED_OUT.finditer(words))
