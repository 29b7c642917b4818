"""Personal numbers out of a text, before anything is stored or logged. Pure.

What a number is replaced by says what stood there, to the person and to whoever reads the conversation later. Which
numbers are personal is in `personal`, how digits are seen through in `digits`; here: what words beside them tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType

from bot.text.digits import fold, spells_digits
from bot.text.personal import GAP, Kind, Span, find_numbers

TOKENS = MappingProxyType[Kind, str](
    {
        "id": "〔证件号已隐去〕",
        "card": "〔卡号已隐去〕",
        "telephone": "〔电话已隐去〕",
        "code": "〔验证码已隐去〕",
        "password": "〔密码已隐去〕",
        "email": "〔邮箱已隐去〕",
    }
)
_TOKEN = re.compile("|".join(map(re.escape, TOKENS.values())))

# The shortest thing masked has four digits, in context.
_LEAST_DIGITS = 4
# Each round finds what the last one's tokens stand beside: the sixth of six account numbers in the sixth. A message
# that is admitted has as many rounds as it can need; one that is far too long, as many as take no time.
_LEAST_ROUNDS, _MOST_CHARACTERS = 5, 60_000
_UNIT = r"[多余几来]?(?:[元块圆万千百亿年月日号天次个人笔张条份倍岁米%％]|分钟|小时|RMB|rmb)"
_NO_UNIT = rf"(?!\.\d)(?! ?{_UNIT})"
_NOT_AN_AMOUNT = rf"(?!{GAP}\d){_NO_UNIT}"
# Digits that may be split; or digits that are not, whatever number comes next: 「验证码是890708。2024年……」.
_CODE = rf"(?:\d(?:{GAP}\d){{3,8}}(?!{GAP}\d)|\d{{4,8}}(?!\d)){_NO_UNIT}"
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+ {0,2}@ {0,2}"
    # 「a@qq.com。code: 1234」: the next sentence's first word is not of the address.
    r"[A-Za-z0-9-]+(?:(?: ?\. ?|。)[A-Za-z0-9-]+)*(?: ?\. ?|。)[A-Za-z]{2,24}(?![A-Za-z]| ?[:=])",
    re.ASCII,
)
_SECRET = r"(?:密 ?码|密 ?碼|口令|passcode|password|passwd|pwd|\bpin\b|(?<![a-z])mima(?![a-z]))"
# 密码是abc, password: abc: whatever is typed. 密码就填abc123: what has a digit in it and is no amount.
_PASSWORD = re.compile(
    rf"{_SECRET} ?(?:就?是|为|為|:|=|叫|改成|设成|设为|is) ?[:=]? ?([!-~]{{3,64}})"
    rf"|{_SECRET}[^，。！？；!-~〔]{{0,6}} ?((?=[!-~]{{0,63}}\d)[!-~]{{4,64}})(?! ?{_UNIT})"
    # 密码 888 888; 密码hello。
    rf"|{_SECRET} ?(\d{{1,4}}(?:[ \-]\d{{1,4}}){{1,7}}){_NO_UNIT}"
    r"|(?:密 ?码|密 ?碼|口令) ?([A-Za-z]{5,64})(?=[,.!?;，。！？；]|$)"
    # 密码，我告诉他是888888
    rf"|{_SECRET}[^\d。！？；〔]{{0,12}}(?:是|为|:) ?(\d{{6}})(?!\d){_NO_UNIT}",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}:\d\d(?::\d\d)?", re.ASCII)
# 密码是六个八、三个六三个八: how people tell a password aloud.
_TOLD = re.compile(
    rf"{_SECRET}(?:就?是|为|為|:)? ?((?:[2-9两二三四五六七八九]个[\d零〇一二三四五六七八九]){{1,4}})(?![\d样般人位次])",
    re.IGNORECASE,
)
_CODE_NAME = (
    r"(?:验证码|驗證碼|校验码|动态码|動態碼|动态密码|动态口令|短信码|确认码|授权码|取款码|安全码|激活码|提取码|cvv2?|"
    r"验 ?证 ?码|(?<![a-z])(?:code|otp|pin|yzm|yanzhengma)(?![a-z])|"
    # 短信里的数字是839201, 发来的六位数839201; but 收到号码10086, 收到数字人民币2000.
    r"(?:短信|收到|发来)[^\d，。！？；]{0,6}(?:数字(?!人民|货币|证书)|\d?位数|(?<![号维条])码))"
)
# The three digits on the back of a card; a code with letters in it.
_BACK = re.compile(
    rf"(?:cvv2?|cvc2?|安全码)[^\d，。！？；]{{0,6}}(\d{{3}})(?!\d){_NO_UNIT}"
    r"|(?:验证码|校验码|动态码|激活码|提取码) ?(?:是|为|:) ?"
    r"((?=[A-Za-z]{0,6}\d)(?=\d{0,6}[A-Za-z])[A-Za-z\d]{4,8})(?![A-Za-z\d])",
    re.IGNORECASE | re.ASCII,
)
# 验证码给了他，被转走50000: a sum without its unit, between what happened to it and a full stop.
_TAKEN = re.compile(r"(?:转|骗|扣|刷|取|划|损失|少|没|余额|卡里|账户里|花|亏|借|贷|赔)[^\d]{0,4}$")
_GONE = re.compile(r" ?(?:就|也|都|全)?(?:没了|不见|被转|被骗|被刷|被扣)")
_CODE_AFTER = re.compile(rf"{_CODE_NAME}[^\d。！？；]{{0,12}}({_CODE})", re.IGNORECASE)
_CODE_BEFORE = re.compile(rf"(?<!\d)({_CODE})([^\d，。！？；〔]{{0,6}}){_CODE_NAME}", re.IGNORECASE)
_HOTLINE = re.compile(r"(?:0\d{2,3})?(?:1[12]\d|12\d{3}|9[56]\d{3}|100\d\d|11185)|[48]00\d{7}", re.ASCII)
# Those that people name most; others of their shape are hotlines only where nobody calls them a code.
_KNOWN = re.compile(r"96110|123(?:81|21|15|45|48)|12110|100(?:86|10|00)|95(?:588|533|599|566|188)", re.ASCII)
_IS_A = re.compile(r" ?(?:是|为|就|[(（]|这)")
_CALLS = re.compile(r"(?:打|拨|致电|联系|咨询|热线|专线|客服|举报|电话)[^\d]{0,3}$")
_SAYS = re.compile(r"(?:是|为|:|：|(?<!〕)\s|=|码|位数|数字|yzm|yanzhengma)$", re.IGNORECASE)
# 座机62345678: without an area code the word tells that it is a telephone.
_LOCAL = re.compile(
    rf"(?:座机|固话|固定电话|电话|传真|号码)[^\d，。！？；〔]{{0,4}}([2-8]\d{{2,3}}{GAP}\d{{4}})(?!\d){_NOT_AN_AMOUNT}",
    re.ASCII,
)

Finder = Callable[[str], Iterator[Span]]


def mask(text: str) -> str:
    """Return `text` with what belongs to a person replaced by tokens; everything else stays as it is.

    Idempotent for texts of up to 600 characters; of longer ones the time grows with their length and no faster.
    """
    for _ in range(max(_LEAST_ROUNDS, _MOST_CHARACTERS // max(len(text), 1))):
        masked_once = _mask(text)
        if masked_once == text:
            break
        text = masked_once
    return text


def masked(text: str) -> bool:
    """Whether something has been masked in it."""
    return bool(_TOKEN.search(text))


def without_tokens(text: str) -> str:
    """Return what is left to understand of a masked text."""
    return _TOKEN.sub("", text)


def _mask(text: str) -> str:
    text = _replace(text, _FINDERS, spelled=False)
    return _replace(text, _SPELLED_FINDERS, spelled=True) if spells_digits(text, _LEAST_DIGITS) else text


def _replace(text: str, finders: Sequence[Finder], spelled: bool) -> str:
    folded = fold(text, spelled)
    for find in finders:
        spans = [(*folded.original(span.start, span.end), TOKENS[span.kind]) for span in find(folded.text)]
        if spans:
            text = _put(text, spans)
            folded = fold(text, spelled)
    return text


def _put(text: str, tokens: Sequence[tuple[int, int, str]]) -> str:
    """Put each token in the place of the characters [start, end); they are in order."""
    parts, done = [], 0
    for start, end, token in tokens:
        parts += [text[done:start], token]
        done = end
    return "".join((*parts, text[done:]))


def _emails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (Span(*match.span(), "email") for match in _EMAIL.finditer(text))


def _passwords(text: str) -> Iterator[Span]:
    for match in _PASSWORD.finditer(text):
        group = next(number for number in range(1, 6) if match[number])
        if group == 1 or not _is_nobodys(text, *match.span(group)):
            end = match.start(group) + len(match[group].rstrip(",.!?;:"))
            yield Span(match.start(group), end, "password")


def _is_nobodys(text: str, start: int, end: int) -> bool:
    value = text[start:end]
    return bool(_WHEN.fullmatch(value)) or _is_call(text, start, value) or _is_sum(text, start, end)


def _told_passwords(text: str) -> Iterator[Span]:
    yield from (Span(*match.span(1), "password") for match in _TOLD.finditer(text))


def _backs(text: str) -> Iterator[Span]:
    yield from (Span(*match.span(1 if match[1] else 2), "code") for match in _BACK.finditer(text))


def _numbers(text: str) -> Iterator[Span]:
    yield from find_numbers(text)


def _spelled_numbers(text: str) -> Iterator[Span]:
    yield from find_numbers(text, spelled=True)


def _codes(text: str) -> Iterator[Span]:
    for pattern in (_CODE_AFTER, _CODE_BEFORE):
        spans = [Span(*match.span(1), "code") for match in pattern.finditer(text) if _is_code(text, match)]
        if spans:
            yield from spans
            return  # the other pattern may want the same digits: it is their turn in the next round


def _is_code(text: str, match: re.Match[str]) -> bool:
    digits = "".join(character for character in match[1] if character.isdigit())
    if _is_sum(text, *match.span(1)):
        return False
    if not _HOTLINE.fullmatch(digits):
        return True
    if match.re is _CODE_BEFORE:
        return not _KNOWN.fullmatch(digits) and bool(_IS_A.match(match[2]))
    return bool(_SAYS.search(text[: match.start(1)])) and not _is_call(text, match.start(1), digits)


def _is_call(text: str, start: int, digits: str) -> bool:
    """Whether a hotline is what is meant: 「密码泄露了打96110」."""
    return bool(_HOTLINE.fullmatch(digits.replace("-", "")) and _CALLS.search(text[max(0, start - 8) : start]))


def _is_sum(text: str, start: int, end: int) -> bool:
    """Whether a round sum is what is meant, that was taken or is gone: 「密码给了他，20000没了」."""
    if not re.fullmatch(r"\D?[1-9]\d*00", text[start:end], re.ASCII):
        return False
    return bool(_TAKEN.search(text[max(0, start - 8) : start]) or _GONE.match(text[end : end + 8]))


def _local_numbers(text: str) -> Iterator[Span]:
    yield from (Span(*match.span(1), "telephone") for match in _LOCAL.finditer(text))


# Passwords first: 「a@qq.com。password=…」 must not lose its second name to the first address.
_FINDERS: tuple[Finder, ...] = (_passwords, _told_passwords, _emails, _numbers, _codes, _backs, _local_numbers)
_SPELLED_FINDERS: tuple[Finder, ...] = (_spelled_numbers, _codes, _passwords)
