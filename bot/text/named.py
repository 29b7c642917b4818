"""What of a text is a person's because a word beside it says so: codes, passwords, accounts, documents. Pure.

Works on a folded text (`digits`) in which the numbers known by their shape (`personal`) are blanked out. The text is
read once, from left to right: a naming word tells what the next value is, and what is listed after a value is of its
kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.text.digits import UNITS
from bot.text.personal import FOUND, PUBLIC, Kind, Span

UNIT = (
    r"[多余几来]?(?:[元块圆万千百亿年月日号天次个笔张条份倍岁米期集版层批位秒%％]|人(?![家说问])|分钟|小时|"
    r"RMB|rmb|[Gg]\b)"
)
_NO_UNIT = re.compile(rf"(?!\.\d)(?! ?{UNIT})")
_UNIT_NEXT = re.compile(rf" ?{UNIT}")
NAMES: Mapping[Kind, str] = {
    "password": (
        r"密 ?[码碼]|口令|暗号|passcode|password|passwd|pwd|(?<![a-z\d])(?:pin(?: number| code)?|mima|mm)(?![a-z])|"
        r"(?<![a-z])mima(?=\d)"
    ),
    "code": (
        r"[验驗檢检] ?[证證証正] ?[码碼马吗玛]|[动動][态態](?:密[码碼]|口令)|一次性密[码碼]|cvv2?|cvc2?|"
        r"(?<![号號密代编維维形条條扫掃价車车源])[码碼](?![头頭农率数值洗])|"
        r"(?<![a-z])(?:(?:pass|security |verification )?code|otp|yzm|yanzhengma)(?![a-z])|(?<![a-z])yzm(?=\d)|"
        # 短信里的数字是839201, 发来的六位数839201; but 收到号码10086, 收到数字人民币2000.
        r"数字(?!人民|货币|证书|化|经济)|[位個个串]数字?|背面的?[三3]位数?字?|"
        r"(?<![a-z])digits?(?: number| code)?(?![a-z])|[那这一]串|校验|动态(?!清零)"
    ),
    "account": (
        r"q ?q? ?群(?:号码?)?|[蔻寇][蔻寇]|(?:扣|(?<![a-z])q)(?= ?\d{3}[ \-#]?\d{3})|(?<=[加+])v(?=[a-z]*-?[\d_])|"
        r"[威薇微徽维葳][ .·]?[信芯心][ .·]?号?|微(?= ?[a-z][a-z\d_\-]{4})|"
        r"(?:蝙蝠|钉钉|电报|飞机|土豆|(?<![a-z])(?:tg|ins|soul)(?![a-z]))(?:群主|群|号|id)?|[博员册]名|控制码|识别码|会议|"
        r"(?<![a-z])login(?= ?:? ?[a-z]+[\-_.]?\d)|"
        # 学号、警号、户号 and whatever else has a number of its own, when such a number follows.
        r"(?<=[\u4e00-\u9fffA-Za-z])(?<![案文编型番车几尾序字期批票流次班热])(?<![警报]单)号码?"
        r"(?=[ 是为:]{0,3}(?:[a-z][a-z\d_\-]*\d|\d{6}))|"
        r"[账帐賬] ?[号號户戶]|户[头号]|用户名|登[录陆]名|网名|昵称|(?:微信|支付宝|抖音|快手|微博|陌陌|淘宝|京东|闲鱼|"
        r"小红书|探探|飞机|客户|会员|企鹅|工|学|档案|卫星)号|微 ?信|[威薇vV]信|绿泡泡|加[微薇威徽维葳]|卫星(?=[号:])|"
        r"支付宝|扣扣|球球|企鹅|"
        r"加我|搜我|联系我|好友|小号|银行卡|储蓄卡|信用卡|卡 ?[号號]|"
        r"(?<![a-z])(?:q ?q|[vw] ?x|(?<=[加我他她的个])[qv]|[qv](?=[号:是])|wei ?xin|wechat|telegram|whatsapp|skype|"
        r"line|alipay|account|user ?name|user|card|id)(?![a-z])(?: ?(?:id|number|no\.?)(?![a-z]))?"
    ),
    "id": (
        r"护照|護照|通行证|回乡证|台胞证|居住证|居留|永居|绿卡|签证|身[份分]证|证件|证 ?号|身份号|军官证|士兵证|警官证|"
        r"许可|hkid|(?<![a-z])ssn(?![a-z])|证(?=[ :是]{0,2}[a-z]{0,3}\d{6})|驾驶证|驾照|行驶证|社保[卡号]?|"
        r"医保[卡号]?|学生证|"
        r"(?<![a-z])(?:passport|permit|id card)(?: (?:number|no\.?))?(?![a-z])"
    ),
    "telephone": r"座机|固话|固定电话|电话|传真|号码|手机|联系方式",
}
_EVENT = re.compile(
    rf"(?P<found>{FOUND}+)|(?P<stop>[。！？；]|[!?;](?![!-~])|(?<!\d)\.(?![A-Za-z0-9]))|"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in sorted(NAMES.items(), key=lambda each: each[0] != "code"))
    + r"|(?P<value>[!-~])",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"(?P<value>\d)", re.ASCII)
# What is typed as one word, and digits that may be split.
_WORD = re.compile(r"[!-~]{1,64}")
_DIGITS = re.compile(r"\d(?:[ \-_.·()]{0,2}\d){0,24}", re.ASCII)
# The same between all its groups: 8、3、9、2、0、1; 839然后是201.
_MARKED = re.compile(
    rf"\d{{1,4}}(?P<mark>[^\dA-Za-z{UNITS}码碼密信证。！？；〔〕{FOUND}]{{1,8}})\d{{1,4}}(?:(?P=mark)\d{{1,4}}){{0,9}}(?!\d)",
    re.ASCII,
)
_RUN = re.compile(r"\d+", re.ASCII)
_CODE = re.compile(r"(?:\d(?:[ \-_.·]{0,3}\d){3,7}(?![ \-_.·]{0,3}\d)|\d{4,8}(?!\d))", re.ASCII)
_PLAIN_CODE = re.compile(r"\d{4,8}(?!\d)", re.ASCII)
_BACK = re.compile(r"\d{3}(?!\d)", re.ASCII)
# 密码，我告诉他是888888
_SIX, _TOLD_HIM = re.compile(r"\d{6}(?!\d)", re.ASCII), re.compile(r".{0,12}(?:是|为|:) ?")
_LETTERED = re.compile(r"(?=[A-Za-z]{0,6}\d)(?=\d{0,6}[A-Za-z])[A-Za-z\d]{4,8}(?![A-Za-z\d])", re.ASCII)
_LETTERS = re.compile(r"[A-Z]{4,8}(?![A-Za-z\d])", re.ASCII)
_GROUPS = re.compile(r"\d{1,4}(?:[ \-]\d{1,4}){1,7}(?!\d)", re.ASCII)
# 密码是六个八、三个六三个八: how people tell a password aloud.
_TOLD = re.compile(
    r"(?:就?[是为為]|:)? ?((?:[2-9两二三四五六七八九]个[\d零〇一二三四五六七八九]){1,4})(?![\d样般人位次])"
)
_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{4,31}", re.ASCII)
_LONG = re.compile(r"\d(?:[ \-_.·/,]{0,3}\d){11,29}", re.ASCII)
_DOCUMENT = re.compile(r"[A-Za-z]{0,3}[ \-#]?\d(?:[ \-_.·#/]{0,2}\d){4,17}(?:[ \-]?[Xx]|\([0-9Aa]\))?", re.ASCII)
_PIECES = re.compile(rf"\d{{2,10}}(?:[^\dA-Za-z{UNITS}。！？；〔〕{FOUND}]{{1,4}}\d{{2,10}}){{1,3}}(?!\d)", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z]{0,3}[^\dA-Za-z。！？；〔〕]{0,4}", re.ASCII)
_LOCAL = re.compile(r"[2-8]\d{2,3}[ \-.]{0,2}\d{4}(?!\d)", re.ASCII)
_SOME_TELEPHONE = re.compile(r"[1-9]\d{7,10}(?!\d)", re.ASCII)
_OPENING = "@=:,\"'()"
_DIGITS_BEFORE = re.compile(r"\d[ \-_.·()]?$", re.ASCII)
_MORE_DIGITS = re.compile(r"[ \-.()]{0,3}\d", re.ASCII)
_WHEN = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}:\d\d(?::\d\d)?|(?:19|20)\d\d", re.ASCII)
# Between a name and its value.
_SAID = re.compile(r"[号码] ?$|^ ?(?:就?[是为為填]|[:=]|[叫改设][成为]?|is|was)? ?[:=]? ?$", re.IGNORECASE)
_COPULA = re.compile(
    r'[号號码的名]{0,2} ?(?:[我他她它您]的?)?(?:[就也填]?[是为為填叫]|加我?|搜|[:=(（"“@]|is)? ?[:=]? ?["“]?',
    re.IGNORECASE,
)
# Between a name and a value that has letters and digits, and so is nothing else.
_LOOSELY = re.compile(r"[^\d。！？；〔]{0,8}")
_QQ = re.compile(r"[1-9](?:[ \-#]?\d){5,10}(?!\d)", re.ASCII)
# My password was stolen; what's the PIN for; my WeChat is blocked.
_ENGLISH_WORD = re.compile(
    r"[a-z]{1,20}(?:ed|en|ing)|lost|not|wrong|gone|for|safe|right|there|the|my|so|very", re.IGNORECASE
)
_LISTED = re.compile(r"[、，,/;:\-+ 和及与或跟还有]{1,5}")
_CODE_SAID = re.compile(r"(?:[是为為:：=码] ?|位数|数字|\s|yzm|yanzhengma|^)$", re.IGNORECASE)
_ENGLISH = re.compile(r"[A-Za-z ,:'()\-]{0,40}", re.ASCII)
# After a code: 839201是我的验证码, 839201 is your code.
_CODE_AFTER = re.compile(
    rf"(?P<between>[^\d，。！？；〔{FOUND}]{{0,6}}?|[ ,]{{0,2}}(?:is|as|=)(?: [a-z'\-]{{1,12}}){{0,4}} )"
    rf"(?:{NAMES['code']})",
    re.IGNORECASE,
)
_CODED = re.compile(
    rf"{NAMES['code']}|(?<![a-z])(?:use|enter|type|input) |念|报(?![警案名道告纸])|输入|填|发给|发来|收到|短信|"
    r"告诉|给了|数字|位数",
    re.IGNORECASE,
)
# After any other value: 12345678是我的QQ, E1234567（护照号）.
_NAMED_AFTER = re.compile(
    r" ?[(（,，]? ?(?:[这那]个?)?(?:就?是|为)?"
    r"(?:我|他|她|对方|骗子|客服|老公|老婆|儿子|女儿|妈妈?|爸爸?|朋友)?[的家们]{0,2}"
    rf"(?:(?P<id>{NAMES['id']})|(?P<account>{NAMES['account']})|(?P<password>{NAMES['password']}))",
    re.IGNORECASE,
)
# 前三位是839，后三位201: as many digits in each part.
_SPLIT = re.compile(r"(\d{2,4})[^\d。！？；]{1,12}?(\d{2,4})(?:[^\d。！？；]{1,12}?(\d{2,4}))?(?!\d)", re.ASCII)
_HALVES = re.compile(r"(\d{3})[^\dA-Za-z]{1,14}?(\d{3})(?!\d)", re.ASCII)
_LETTERED_ALONE = re.compile(r"(?=[A-Z]{0,5}\d)(?=\d{0,5}[A-Z])[A-Z\d]{6}(?![A-Za-z\d])", re.ASCII)
# 839201 in a message that speaks of a code, and is no number of anything else.
_NO_CODE_BEFORE, _NO_CODE_AFTER = re.compile(r"[第〔\[#A-Za-z.,]$"), re.compile(r"[A-Za-z号次路款条%.,]")
_TELLS = re.compile(r"(?:念|报|输入?|填|数字|短信|发来|码)[^\d，。！？；]{0,6}$")
_USE = re.compile(r"(?<![A-Za-z])(?:use|enter|type|input) (?:the )?$", re.IGNORECASE)
# 验证码给了他，被转走50000: a sum without its unit, between what happened to it and a full stop.
_TAKEN = re.compile(r"(?:转|骗|扣|刷|取|划|损失|少|没|余额|卡里|账户里|花|亏|借|贷|赔|欠|付|交|充|存)[^\d码碼]{0,4}$")
_GONE = re.compile(r" ?(?:就|也|都|全)?(?:没了|不见|被转|被骗|被刷|被扣)")
_SUM = re.compile(r"\D?[1-9]\d{0,15}00", re.ASCII)
_HOTLINE = re.compile(rf"(?:0\d{{2,3}})?{PUBLIC.pattern}|[48]00\d{{7}}", re.ASCII)
# Those that people name most; others of their shape are hotlines only where nobody calls them a code.
_KNOWN = re.compile(r"96110|123(?:81|21|15|45|48)|12110|100(?:86|10|00)|95(?:588|533|599|566|188)", re.ASCII)
_IS_A = re.compile(r" ?(?:是|为|就|[(（]|这|is|as)")
_CALLS = re.compile(r"(?:打|拨|致电|联系|咨询|热线|专线|客服|举报|电话)[^\d]{0,3}$")
# Words that stand beside 微信 and 账号 and name no account.
_PRODUCTS = frozenset(
    ("app", "apps", "apple", "wechat", "weixin", "alipay", "taobao", "android", "iphone", "windows", "telegram",
     "whatsapp", "skype", "email", "e-mail", "password", "passwd", "login", "token", "phone", "number", "please",
     "https", "cards", "money")
)  # fmt: skip


@dataclass(frozen=True)
class _Named:
    """What the next value is, by a word or a list before it that ends at `end`."""

    kind: Kind
    word: str
    end: int
    listed: bool = False


def find_named(text: str, found: Mapping[int, Kind]) -> Iterator[Span]:
    """Return what naming words tell of a text, in order; `found` has the kind of what is blanked out, by its start."""
    named: _Named | None = None
    at, size, coded = 0, len(text), bool(_CODED.search(text))
    while at < size:
        # No word begins with a digit, and looking for all of them takes time.
        event = _DIGIT.match(text, at) if "0" <= text[at] <= "9" else _EVENT.search(text, at)
        if event is None:
            return
        at, kind = event.end(), event.lastgroup
        if kind == "found":
            named = _Named(found[event.start()], "", event.end(), True) if event.start() in found else None
        elif kind == "stop":
            named = None
        elif kind == "value":
            span = _value(text, event.start(), named, coded)
            if span:
                yield span
                named, at = _Named(span.kind, "", span.end, True), span.end
            else:
                named, at = _passed(text, event.start(), named)
        elif (
            named and not named.listed and event[0] in ("号", "号码") and text[named.end : event.start()] in ("", "字")
        ):
            named = replace(named, end=event.end())  # 护照号码 is the number of a passport
        elif kind:
            named = _Named(kind, event[0].lower(), event.end())  # type: ignore[arg-type]
            if kind == "password" and (told := _TOLD.match(text, at)):
                yield Span(*told.span(1), "password")
                named, at = _Named("password", "", told.end(), True), told.end()


def _passed(text: str, start: int, named: _Named | None) -> tuple[_Named | None, int]:
    """Go on after a value that is nobody's: a number ends what was named, a word of letters or a mark does not."""
    number = _WHEN.match(text, start) or _RUN.match(text, start)
    return (None, number.end()) if number else (named, start + 1)


def _value(text: str, start: int, named: _Named | None, coded: bool) -> Span | None:
    if text[start] in _OPENING:
        return None
    if named:
        gap = text[named.end : start]
        if not named.listed or _LISTED.fullmatch(gap):
            end = _FINDERS[named.kind](text, start, gap, named) if named.kind in _FINDERS else None
            if end:
                is_card = named.kind == "account" and _LONG.fullmatch(text, start, end)
                return Span(start, end, "card" if is_card else named.kind)
    if start and text[start - 1].isascii() and text[start - 1].isalnum():
        return None
    return _code_by_itself(text, start, coded) or _value_before(text, start)


def _code_by_itself(text: str, start: int, coded: bool) -> Span | None:
    """Return a code that is named after it, or stands by itself in a message that speaks of one."""
    if not coded:
        return None
    # The first of nine may be the 一 of 周一.
    for match in (_CODE.match(text, start), _MARKED.match(text, start), _CODE.match(text, start + 1)):
        size = len(_only_digits(match[0])) if match else 0
        if match is None or not 4 <= size <= 8 or not _NO_UNIT.match(text, match.end()):
            continue
        if _is_code(text, match) or (size in (4, 6) and match.start() == start and _is_told(text, match, size)):
            return Span(*match.span(), "code")
    if lettered := _LETTERED_ALONE.match(text, start):
        return Span(*lettered.span(), "code")
    parts = _HALVES.match(text, start)
    if parts and all(_NO_UNIT.match(text, parts.end(half)) and not PUBLIC.fullmatch(parts[half]) for half in (1, 2)):
        return Span(*parts.span(), "code") if not (parts[1].endswith("00") or parts[2].endswith("00")) else None
    return None


def _is_told(text: str, match: re.Match[str], size: int) -> bool:
    """Whether these digits, in a message that speaks of a code, are one: six of them, or four just after a verb."""
    beside = not _NO_CODE_BEFORE.search(text[max(0, match.start() - 2) : match.start()])
    if not beside or _NO_CODE_AFTER.match(text, match.end()) or match[0].endswith("00"):
        return False
    if _is_nobodys(text, *match.span()) or _HOTLINE.fullmatch(match[0]):
        return False
    if _MORE_DIGITS.match(text, match.end()) or not _NO_UNIT.match(text, match.end()):
        return False
    return size == 6 or bool(_TELLS.search(text[max(0, match.start() - 10) : match.start()]))


def _value_before(text: str, start: int) -> Span | None:
    """Return a value that is named right after it."""
    if _DIGITS_BEFORE.search(text[max(0, start - 2) : start]):
        return None
    value = _DIGITS.match(text, start) or _ACCOUNT.match(text, start)
    if value is None or len(value[0]) < 5 or not (after := _NAMED_AFTER.match(text, value.end())):
        return None
    if not any(character.isdigit() for character in value[0]) or value[0].endswith("00"):
        return None
    kind: Kind = after.lastgroup  # type: ignore[assignment]
    return None if _is_nobodys(text, *value.span()) or _HOTLINE.fullmatch(value[0]) else Span(*value.span(), kind)


def _is_code(text: str, code: re.Match[str]) -> bool:
    """Whether what comes after it, or an English verb before, makes these digits a code."""
    digits = _only_digits(code[0])
    if _is_sum(text, *code.span()):
        return False
    after = _CODE_AFTER.match(text, code.end())
    if not after:
        return bool(_USE.search(text[max(0, code.start() - 14) : code.start()])) and not _HOTLINE.fullmatch(digits)
    return not _HOTLINE.fullmatch(digits) or (not _KNOWN.fullmatch(digits) and bool(_IS_A.match(after["between"])))


def _code(text: str, start: int, gap: str, named: _Named) -> int | None:
    if len(gap) > 20 and not _ENGLISH.fullmatch(gap):
        return None
    if (
        (named.word in ("cvv", "cvv2", "cvc", "cvc2", "码") or named.word[:2] == "背面")
        and len(gap) <= 6
        and (back := _BACK.match(text, start))
    ):
        return back.end() if _NO_UNIT.match(text, back.end()) else None
    said = named.listed or bool(_CODE_SAID.search(gap))
    lettered = None if named.word[:1] in "数位个個串那这一" else _LETTERED.match(text, start)
    if (letters := _LETTERS.match(text, start)) and said and gap.strip() and named.word[-1:] in "码碼":
        return letters.end()
    if lettered and (said or len(gap) <= 8) and (gap.strip() or len(_only_digits(lettered[0])) > 1):
        return lettered.end()
    code = _CODE.match(text, start)
    if code and _NO_UNIT.match(text, code.end()) and not _is_sum(text, *code.span()):
        digits = _only_digits(code[0])
        if not _HOTLINE.fullmatch(digits) or (said and not _is_call(text, start, digits)):
            return code.end()
    # 验证码是890708 5000元没了: the next number is not a part of the code, and does not hide it.
    for match in (_MARKED.match(text, start), _PLAIN_CODE.match(text, start)):
        if match and 4 <= len(_only_digits(match[0])) <= 8 and _NO_UNIT.match(text, match.end()):
            sum_or_call = _is_sum(text, *match.span()) or _HOTLINE.fullmatch(match[0]) or match[0].endswith(",000")
            if not sum_or_call:
                return match.end()
    parts = _SPLIT.match(text, start)
    if parts and len({len(part) for part in parts.groups() if part}) == 1 and len(gap) <= 12:
        ends = [parts.end(number) for number in (1, 2, 3) if parts[number]]
        if all(_NO_UNIT.match(text, end) for end in ends) and not any(
            _SUM.fullmatch(part) for part in parts.groups() if part
        ):
            return parts.end()
    return None


def _password(text: str, start: int, gap: str, named: _Named) -> int | None:
    word = _WORD.match(text, start)
    if not word:
        return None
    value = word[0]
    end = start + len(value.rstrip(",.!?;:"))
    marked = _MARKED.match(text, start)
    if end - start < 3 or (marked and marked.end() > end):
        groups = _GROUPS.match(text, start) or marked
        told = groups and (gap in ("", " ") or _SAID.search(gap)) and _NO_UNIT.match(text, groups.end())
        return groups.end() if groups and told and len(_only_digits(groups[0])) > 3 else None
    if _is_nobodys(text, start, end) or (not named.listed and _said_in_english(gap, value[: end - start])):
        return None
    if named.listed:
        return end
    if _SAID.fullmatch(gap) and gap.strip():
        return end
    groups = _GROUPS.match(text, start)
    if gap in ("", " ") and groups and groups.end() > end and _NO_UNIT.match(text, groups.end()):
        return groups.end()
    digits = any(character.isdigit() for character in value)
    letters = any(character.isalpha() for character in value)
    if digits and len(gap) <= (10 if letters else 6) and end - start >= 4 and not _UNIT_NEXT.match(text, end):
        return end
    if len(gap) <= 1 and value[:5].isalpha() and (end == len(text) or text[end] in ",.!?;:，。！？；"):
        return end if value.lower() not in _PRODUCTS else None
    six = _SIX.match(text, start)
    return six.end() if six and _TOLD_HIM.fullmatch(gap) and _NO_UNIT.match(text, six.end()) else None


def _account(text: str, start: int, gap: str, named: _Named) -> int | None:
    digits = _LONG.match(text, start)
    if digits and len(gap) <= 8 and 12 <= len(_only_digits(digits[0])) <= 30:
        return digits.end()
    word = _ACCOUNT.match(text, start)
    if not named.listed and not _COPULA.fullmatch(gap):
        number = _QQ.match(text, start) if named.word[:1] in "q扣企球蔻" and _LOOSELY.fullmatch(gap) else None
        if number and not _is_nobodys(text, *number.span()) and _NO_UNIT.match(text, number.end()):
            return None if _is_round(number[0]) else number.end()
        if not (word and _LOOSELY.fullmatch(gap) and _is_mixed(word[0]) and _NO_UNIT.match(text, word.end())):
            return None
        return word.end() if word[0].lower().rstrip("0123456789") not in _PRODUCTS else None
    if word and not named.listed and _said_in_english(gap, word[0]):
        return None
    number = _DIGITS.match(text, start)
    if not word and (marked := _MARKED.match(text, start)) and len(_only_digits(marked[0])) >= 5:
        number = marked
    if number and len(_only_digits(number[0])) >= 5 and (not word or number.end() >= word.end()):
        if _is_nobodys(text, start, number.end()) or not _NO_UNIT.match(text, number.end()):
            return None
        return None if _is_round(number[0]) else number.end()
    if not word:
        return None
    value = word[0].rstrip(".-_")
    if _is_mixed(value):
        return start + len(value) if _NO_UNIT.match(text, start + len(value)) else None
    strong = named.listed or named.word[-1:] in "号號名称户戶xX" or bool(gap.strip()) or len(value) > 7
    alone = value.isalpha() or "_" in value or "-" in value
    return start + len(value) if alone and strong and value.lower() not in _PRODUCTS else None


def _said_in_english(gap: str, value: str) -> bool:
    return gap.strip().lower() in ("", "is", "was", "'s") and gap[:1] == " " and bool(_ENGLISH_WORD.fullmatch(value))


def _document(text: str, start: int, gap: str, _named: _Named) -> int | None:
    number = _DOCUMENT.match(text, start) or _PIECES.match(text, _PREFIX.match(text, start).end())  # type: ignore[union-attr]
    if not number or len(gap) > 8 or len(_only_digits(number[0])) < 5:
        return None
    end = number.end()
    goes_on = text[end : end + 1].isascii() and text[end : end + 1].isalnum()
    if goes_on or _is_nobodys(text, start, end) or not _NO_UNIT.match(text, end):
        return None
    return None if _is_sum(text, start, end) or _is_round(number[0]) else end


def _telephone(text: str, start: int, gap: str, named: _Named) -> int | None:
    """座机62345678: without an area code the word tells that it is a telephone."""
    number = _LOCAL.match(text, start) or _SOME_TELEPHONE.match(text, start)
    if number and number[0].endswith("00"):
        return None
    if named.listed or not number or len(gap) > 4 or not _NO_UNIT.match(text, number.end()):
        return None
    if text[start - 1 : start].isdigit() or _MORE_DIGITS.match(text, number.end()):
        return None
    return None if _is_nobodys(text, start, number.end()) else number.end()


_Finder = Callable[[str, int, str, _Named], "int | None"]
_FINDERS: Mapping[Kind, _Finder] = {
    "code": _code,
    "password": _password,
    "account": _account,
    "card": _account,
    "id": _document,
    "telephone": _telephone,
}


def _is_mixed(value: str) -> bool:
    return any(character.isdigit() for character in value) and any(character.isalpha() for character in value)


def _is_round(number: str) -> bool:
    """Whether it may be a sum of money without its unit."""
    return number.isdigit() and number.endswith("00") and len(number) < 7


def _only_digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _is_nobodys(text: str, start: int, end: int) -> bool:
    value = text[start:end]
    return bool(_WHEN.fullmatch(value)) or _is_call(text, start, value) or _is_sum(text, start, end)


def _is_call(text: str, start: int, digits: str) -> bool:
    """Whether a hotline is what is meant: 「密码泄露了打96110」."""
    if not _HOTLINE.fullmatch(digits.replace("-", "")):
        return False
    return bool(_KNOWN.fullmatch(digits) or _CALLS.search(text[max(0, start - 8) : start]))


def _is_sum(text: str, start: int, end: int) -> bool:
    """Whether a round sum is what is meant, that was taken or is gone: 「密码给了他，20000没了」."""
    if not _SUM.fullmatch(text[start:end]):
        return False
    return bool(_TAKEN.search(text[max(0, start - 8) : start]) or _GONE.match(text[end : end + 8]))
