"""Which numbers of a text belong to a person, by their shape: ID cards, bank cards, telephones. Pure.

Works on a folded text (`digits`). The groups of a number may be kept apart by anything short: blanks, dashes, 杠, 然后.
What the public may know stays out of it: hotlines, service numbers, dates, amounts, case numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Literal

from bot.text.digits import UNITS

Kind = Literal[
    "id", "card", "telephone", "code", "password", "email", "account", "plate", "address", "number"
]  # fmt: skip

# What stands where something was found already; nothing personal reaches across it.
FOUND = "\ue000"
# What people put between the digits of one number and, with no meaning of its own, nowhere else.
PLAIN = r" \-_.·•・․。()#|"
_BETWEEN = rf"[^\dA-Za-z,{UNITS}!?！？；;〔〕\[\]【】{FOUND}\n]"
# A comma between digits is of an amount, or stands between groups like any other mark.
_CHAIN = re.compile(rf"\d+(?:(?:(?:{_BETWEEN}|,){{0,6}}|[{PLAIN}]{{0,24}})\d+)*", re.ASCII)
# What is said between the parts of one number, and stands for nothing: 前三位是138，中间是0013，最后四位8000.
_PARTS = re.compile(
    r"(?:前面?|中间|后面?|最后|末尾?|结尾|开头|剩下|剩余|尾号)?的?(?<!\d)(?:\d|1\d|十\d?)[位个](?:数字?|号码)?[是为]?|"
    r"开头|前面|中间|后面|最后|剩下|剩余|结尾|末尾|尾号|接着|然后|再加上?|再来|空格|横杠|短横|减号|[先再]?[说报]?[另前后上下]?[一某]半|还有|生日|出生|"
    r"[杠横是为的再嗯啊]",
)
_GROUP = re.compile(r"\d+", re.ASCII)
_PLAIN = re.compile(rf"[{PLAIN}]*")
_CHECK_X = re.compile(rf"[{PLAIN},/、]{{0,4}}(?:[xX](?![A-Za-z])|叉|艾克斯)")
# +65 and eight digits of Singapore; without a sign, a landline of ten.
_LEAST, _LEAST_ALONE, _LEAST_OF_ANY = 9, 10, 10
# The digits are a part of an address, of a name or of a fraction.
_BESIDE, _UNITS = re.compile(r"[A-Za-z_=/&%.]"), frozenset(UNITS)
# Those who send messages to everybody: 10690000123456.
_SENDER = re.compile(r"106\d{7,17}", re.ASCII)
_CENTURIES = ("18", "19", "20")
# An ID card's number and a telephone's, typed as one.
_TWO = 29

_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-./ ]{1,3}(?:0?[1-9]|1[0-2])[-./ ]{1,3}(?:0?[1-9]|[12]\d|3[01])|"
    r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    re.ASCII,
)
# 110, 12381, 96110, 95588, 10086: who calls these calls an office.
PUBLIC = re.compile(r"(?:1[12]\d|12\d{3}|9[56]\d{3}|100\d\d|11185)", re.ASCII)
_HOTLINES = re.compile(rf"(?:{PUBLIC.pattern})+", re.ASCII)
# 400-810-0000, 0771-12340: so does who calls these.
_OFFICE = re.compile(
    r"(?<!\d)(?:[48]00[- ]?\d{3}[- ]?\d{4}|0(?:10|2\d|[3-9]\d\d)[- ]?(?:12\d{3}|9[56]\d{3}))(?!\d)", re.ASCII
)
_AREA_BEFORE = re.compile(r"(?<!\d)(?:0\d{2,3}|1[3-9]\d)[-) ]{0,2}$", re.ASCII)
# 2023 2024, 1500 2000: years and round sums side by side.
_ROUND = re.compile(r"(?:19|20)\d\d|[1-9]\d{0,2}0|[1-9]\d{0,15}00", re.ASCII)
_SUM = re.compile(r"(?:19|20)\d\d|[1-9]\d{0,15}00", re.ASCII)
_MONEY_AFTER = re.compile(r" ?[多余几来]?[元块圆万亿笔]")
# 〔2023〕 is a case number's year.
_FILE_BEFORE = re.compile(r"(?:案号|编号|案件|立字|刑字|字第|文号|[警报]单号|警情|回执|批次|票号|\d〕|\d\])[^\d]{0,4}$")
_SIGN = re.compile(r"(?<!\d)(?<!\d )\+(?=\d)", re.ASCII)
_MOBILE = re.compile(r"(?:(?:00)?86)?0?1[3-9]\d{9}", re.ASCII)
# Taiwan's mobile telephones begin with 09.
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}|09\d{8}", re.ASCII)
_ABROAD = re.compile(r"00[1-9]\d{7,12}", re.ASCII)
_FROM_ABROAD = re.compile(r"(?:00)?86(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}", re.ASCII)
# How many digits a number may have, by its first; the longest first.
_CARD_LENGTHS = (19, 18, 17, 16)
_LENGTHS = {"0": (15, 14, 13, 12, 11, 10), "1": (*_CARD_LENGTHS, 11), "8": (*_CARD_LENGTHS, 14, 13, 12, 11)}
_WITH_SIGN = (15, 14, 13, 12, 11, 10, 9)
# How people group the digits of a telephone's, an ID card's and a bank card's number.
_GROUPINGS = {
    "telephone": re.compile(r"(?:[2-4]-)?3-4-4|3-[78]|4-[78]"),
    "id": re.compile(r"6-8-4|6-4-4-4|6-4-2-2-4|3-3-8-4|6-6-3"),
    "card": re.compile(r"4(?:-4){3}(?:-[1-3])?|6-(?:13|12|10)"),
}
_CARD_PIECES = re.compile(r"[3-6](?:-[3-5]){2,4}(?:-[1-4])?|2(?:-2){7,8}(?:-[123])?")
_CARD_AFTER = re.compile(r"[^\d。！？；]{0,2}[这那]张?(?:银行)?卡")
# What tells that the groups after it are one number, whatever stands between them.
_NAMED = re.compile(
    r"(?:[卡账户证行]|号码?|电话|手机|联系|回电|tel|phone|card|[转打汇][到给]|收款|sfz|id)[^\d。！？；]{0,6}(?=\d)",
    re.IGNORECASE | re.ASCII,
)
# A day, a time and a counter.
_STAMP = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d*", re.ASCII)
_THOUSANDS = re.compile(r"[1-3](?:-3)+")
_ONE_BY_ONE = re.compile(r"1(?:-1)+")


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of the folded text are a person's."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class _Chain:
    """Digits that may be one number or several: `digits[i]` stands at `places[i]`; `words` is the text as it reads."""

    words: str
    text: str
    places: Sequence[int]

    @cached_property
    def digits(self) -> str:
        return "".join(self.text[place] for place in self.places)

    @cached_property
    def breaks(self) -> Sequence[bool]:
        """Whether a number may end before digit i, and the next begin with it.

        Something stands between, or the way of writing changes; or it is the first or the last of digits that are
        written as words, and is the 一 of 周一 or 一直.
        """
        places, spelled = self.places, [not self.words[place].isascii() for place in self.places]
        last = len(places) - 1
        inner = (places[i] > places[i - 1] + 1 or spelled[i] != spelled[i - 1] for i in range(1, last + 1))
        found = [True, *inner, True]
        found[1] = found[1] or (spelled[0] and self._is_word(places[0] - 1))
        found[last] = found[last] or (spelled[last] and self._is_word(places[last] + 1))
        return found

    def _is_word(self, place: int) -> bool:
        return 0 <= place < len(self.words) and "\u4e00" <= self.words[place] <= "\u9fff"

    @cached_property
    def luhn(self) -> tuple[Sequence[int], Sequence[int]]:
        """Sums of the first i digits as ISO/IEC 7812 weighs them, the digits at even places doubled, and the odd."""
        once = [ord(digit) - 48 for digit in self.digits]
        twice = [2 * value - 9 if value > 4 else 2 * value for value in once]
        return tuple(
            (0, *accumulate(twice[i] if i % 2 == parity else once[i] for i in range(len(once)))) for parity in (0, 1)
        )  # type: ignore[return-value]

    def passes_luhn(self, i: int, j: int) -> bool:
        sums = self.luhn[j % 2]
        return (sums[j] - sums[i]) % 10 == 0 and sums[j] > sums[i]

    def before(self, i: int) -> str:
        return self.words[max(0, self.places[i] - 14) : self.places[i]]

    def window(self, i: int, j: int) -> str:
        return self.text[self.places[i] : self.places[j - 1] + 1]

    @cached_property
    def between(self) -> Sequence[str]:
        """What stands before each digit and after the one before it; nothing before the first."""
        pairs = zip(self.places, self.places[1:])  # noqa: B905  the second is shorter
        return ("", *(self.text[left + 1 : right].strip() if right > left + 1 else "" for left, right in pairs), "")

    @cached_property
    def marks(self) -> Sequence[int]:
        """How many of the first i have more between them than blanks and dashes."""
        return (*accumulate(bool(each) and not _PLAIN.fullmatch(each) for each in self.between),)

    def is_inside(self, i: int) -> bool:
        """Whether digit i stands inside a list that the digit before it begins, so that no number begins with it."""
        mark = self.between[i]
        return (
            i > 0
            and mark == self.between[i + 1]
            and self.marks[i + 1] > self.marks[i]
            and self._goes_on(i, i - 1, {mark})
        )

    @cached_property
    def named(self) -> frozenset[int]:
        """The places of digits before which a word tells that a number of a person's begins there."""
        return frozenset(
            match.end() for match in _NAMED.finditer(self.text, max(0, self.places[0] - 14), self.places[-1] + 1)
        )

    @cached_property
    def signed(self) -> frozenset[int]:
        """The places of digits before which the + of a country stands, and not that of a sum."""
        return frozenset(
            match.end() for match in _SIGN.finditer(self.text, max(0, self.places[0] - 1), self.places[-1] + 1)
        )

    def is_called(self, i: int, j: int) -> bool:
        """Whether a word before or after the digits [i, j) tells that they are a person's number."""
        return self.places[i] in self.named or bool(_CARD_AFTER.match(self.words, self.places[j - 1] + 1))

    def is_one(self, i: int, j: int, kind: Kind) -> bool:
        """Whether what stands between the groups of [i, j) leaves them one number.

        Blanks and dashes do. So does anything else where the groups are those of such a number, or where it is always
        the same and goes on neither before nor after them.
        """
        if self.marks[j - 1] == self.marks[i]:
            return True
        marks = {each for each in self.between[i + 1 : j] if each and not _PLAIN.fullmatch(each)}
        if self._goes_on(i, i - 1, marks) or self._goes_on(j, j, marks):
            return False
        groups = _GROUP.findall(self.window(i, j))
        sizes = "-".join(str(len(group)) for group in groups)
        if all(_ROUND.fullmatch(group) for group in groups) or (marks == {","} and _THOUSANDS.fullmatch(sizes)):
            return False
        if len(groups[0]) > 2 and self.is_called(i, j):
            return True
        if _GROUPINGS.get(kind, _ONE_BY_ONE).fullmatch(sizes):
            return len(marks) == 1 or kind != "card"
        pieces = (
            _CARD_PIECES.fullmatch(sizes) and self.digits.startswith("62", i) if kind == "card" else len(groups) < 7
        )
        return len(marks) == 1 and bool(_ONE_BY_ONE.fullmatch(sizes) or pieces)

    def _goes_on(self, i: int, beside: int, marks: set[str]) -> bool:
        """Whether the digit beside is another of the same list; the 三 of 张三 is none."""
        return self.between[i] in marks and self.words[self.places[beside]].isascii()


def find_numbers(words: str, numbers: str) -> list[Span]:
    """Return the personal numbers of a folded text, in order, none overlapping."""
    if sum(map(numbers.count, "0123456789")) < _LEAST:
        return []
    numbers = _PARTS.sub(lambda match: " " * len(match[0]), numbers)
    chains = _chains(words, numbers)
    if not chains:
        return []
    ids = [span for chain in chains for span in _ids(chain)]
    # Dates stand in the middle of spaced ID cards; only those that do not are dates.
    rest = _OFFICE.sub(_blank, _DATE.sub(_blank_date, without(numbers, ids)))
    if rest != numbers:
        chains = _chains(words, rest)
    alone = [span for chain in chains for span in _alone(chain)]
    if alone:
        chains = _chains(words, without(rest, alone))
    others = [span for chain in chains for span in _others(chain)]
    return sorted((*ids, *alone, *others), key=lambda span: span.start)


def _chains(words: str, numbers: str) -> list[_Chain]:
    found = []
    for match in _CHAIN.finditer(numbers):
        if match.end() - match.start() >= _LEAST:
            start = match.start()
            places = [start + i for i, character in enumerate(match[0]) if "0" <= character <= "9"]
            if len(places) >= _LEAST:
                found.append(_Chain(words, numbers, places))
    return found


def _ids(chain: _Chain) -> Iterator[Span]:
    digits, places, size, i = chain.digits, chain.places, len(chain.digits), 0
    while i <= size - 15:
        end = (
            _id_end(chain, digits, i, size)
            if digits[i] != "0"
            and (digits[i + 6 : i + 8] in _CENTURIES or digits[i + 8 : i + 10] <= "12")
            and chain.breaks[i]
            and not chain.is_inside(i)
            else None
        )
        if end and _are_public(chain.window(i, end[0])):
            end = None
        if end:
            yield Span(places[i], end[1], "id")
        i = end[0] if end else i + 1


def _id_end(chain: _Chain, digits: str, i: int, size: int) -> tuple[int, int] | None:
    """Where an ID card's number that begins at digit i ends: in digits, and in the text."""
    if _is_birthday(digits[i : i + 8]):
        return None  # 202411240930001 is a day, a time and a counter; no district's number begins with 18 to 20
    if i + 17 <= size and _is_birthday(digits[i + 6 : i + 14]):
        x = _CHECK_X.match(chain.text, chain.places[i + 16] + 1) if chain.breaks[i + 17] or i + 17 == size else None
        if x and chain.is_one(i, i + 17, "id"):
            return i + 17, x.end()
        if i + 18 <= size and chain.breaks[i + 18] and chain.is_one(i, i + 18, "id"):
            return i + 18, chain.places[i + 17] + 1
    if chain.breaks[i + 15] and _is_day(f"19{digits[i + 6 : i + 12]}") and chain.is_one(i, i + 15, "id"):
        return i + 15, chain.places[i + 14] + 1
    return None


def _alone(chain: _Chain) -> Iterator[Span]:
    """Judge the digits between which nothing stands."""
    i, size = 0, len(chain.digits)
    while i < size:
        j = i + 1
        while j < size and chain.places[j] == chain.places[j - 1] + 1:
            j += 1
        if j - i == _TWO and _are_two(chain.digits[i:j]):
            yield Span(chain.places[i], chain.places[j - 1] + 1, "id")
        elif j - i >= _LEAST_ALONE and (kind := _kind(chain, i, j) or _some_number(chain, i, j)):
            yield Span(_with_sign(chain, i, j), chain.places[j - 1] + 1, kind)
        i = j


def _some_number(chain: _Chain, i: int, j: int) -> Kind | None:
    """So many digits count nothing that people ask about: a device, an account, a contract."""
    digits, start = chain.digits[i:j], chain.places[i]
    before, after = chain.text[max(0, start - 1) : start], chain.text[chain.places[j - 1] + 1 :][:1]
    if len(digits) < _LEAST_OF_ANY or digits.endswith("000") or _STAMP.fullmatch(digits) or _SENDER.fullmatch(digits):
        return None
    if _HOTLINES.fullmatch(digits) or _BESIDE.match(before) or _BESIDE.match(after) or after in _UNITS:
        return None
    return None if _FILE_BEFORE.search(chain.before(i)) else "number"


def _are_two(digits: str) -> bool:
    """Whether an ID card's number and a telephone's were typed as one."""
    return any(
        is_id(id_card) and bool(_MOBILE.fullmatch(mobile))
        for id_card, mobile in ((digits[:18], digits[18:]), (digits[11:], digits[:11]))
    )


def _others(chain: _Chain) -> Iterator[Span]:
    """Try every number that begins and ends at a break, the longest first, from left to right."""
    i, size, breaks = 0, len(chain.digits), chain.breaks
    while i < size:
        step = 1
        if breaks[i] and not chain.is_inside(i):
            signed = chain.places[i] in chain.signed
            for length in _WITH_SIGN if signed else _LENGTHS.get(chain.digits[i], _CARD_LENGTHS):
                j = i + length
                if j <= size and breaks[j] and (kind := _kind(chain, i, j)):
                    yield Span(_with_sign(chain, i, j), chain.places[j - 1] + 1, kind)
                    step = length
                    break
        i += step


def _with_sign(chain: _Chain, i: int, j: int) -> int:
    """Where it starts, the + of a country and the parenthesis of an area code with it."""
    start = chain.places[i]
    signs = "+(" if ")" in chain.window(i, j) else "+"
    return start - 1 if start and chain.text[start - 1] in signs else start


def _kind(chain: _Chain, i: int, j: int) -> Kind | None:
    """What the digits [i, j) of a chain are, if they are one number, and a person's."""
    kind = _shape(chain, i, j)
    if kind is None or not chain.is_one(i, j, kind) or _are_public(chain.window(i, j)) or _are_sums(chain, i, j):
        return None
    return None if kind == "card" and _FILE_BEFORE.search(chain.before(i)) else kind


def _shape(chain: _Chain, i: int, j: int) -> Kind | None:
    if j - i == 11 and chain.digits[i] == "1":
        return "telephone" if chain.digits[i + 1] in "3456789" else None
    if 16 <= j - i <= 19 and (chain.digits.startswith("62", i) or chain.passes_luhn(i, j)):
        return "card"
    if 16 <= j - i <= 19 and chain.digits[i] in "345689" and chain.breaks[i] and chain.is_called(i, j):
        return "card"  # mistyped, it tells as much
    return "telephone" if _is_telephone(chain, i, j) else None


def _are_public(window: str) -> bool:
    return all(PUBLIC.fullmatch(group) for group in _GROUP.findall(window))


def _are_sums(chain: _Chain, i: int, j: int) -> bool:
    """Whether these are sums or years side by side: several and a unit of money, or four or more round ones."""
    groups = _GROUP.findall(chain.window(i, j))
    if len(groups) > 1 and _MONEY_AFTER.match(chain.words, chain.places[j - 1] + 1):
        return True
    return len(groups) > 3 and all(_SUM.fullmatch(group) for group in groups)


def _is_telephone(chain: _Chain, i: int, j: int) -> bool:
    digits, size = chain.digits[i:j], j - i
    if digits[0] not in "018" and chain.places[i] not in chain.signed:
        return False
    if _MOBILE.fullmatch(digits):
        return True
    signed = chain.places[i] in chain.signed
    if signed and size <= 15 and digits[0] != "0":  # +852 9123 4567: of another country
        return True
    if _ABROAD.fullmatch(digits):
        return True
    if _FROM_ABROAD.fullmatch(digits):
        return signed or digits.startswith("00")
    if not _LANDLINE.fullmatch(digits):
        return False
    groups = _GROUP.findall(chain.window(i, j))
    return not all(PUBLIC.fullmatch(group) for group in groups[1:] or ("0",))


def _blank_date(match: re.Match[str]) -> str:
    local = _AREA_BEFORE.search(match.string[max(0, match.start() - 7) : match.start()])
    return match[0] if local else _blank(match)


def _blank(match: re.Match[str]) -> str:
    return FOUND * len(match[0])


def is_id(digits: str) -> bool:
    """Whether it has the shape of an ID card's number, 18 or 15 characters, with a day of birth that exists.

    The check digit is not asked for: a mistyped number tells as much about a person as a right one.
    """
    if digits[:1] == "0" or _is_birthday(digits[:8]) or not digits[:-1].isdigit():
        return False
    if len(digits) == 15:
        return _is_day(f"19{digits[6:12]}")
    return len(digits) == 18 and _is_birthday(digits[6:14])


def _is_birthday(digits: str) -> bool:
    return digits[:2] in _CENTURIES and _is_day(digits)


def _is_day(digits: str) -> bool:
    if digits[4:6] > "12" or digits[6:8] > "31":
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def without(text: str, spans: Sequence[Span]) -> str:
    """Return the text with the spans blanked out, every character in its place."""
    if not spans:
        return text
    parts, done = [], 0
    for span in spans:
        parts += [text[done : span.start], FOUND * (span.end - span.start)]
        done = span.end
    return "".join((*parts, text[done:]))
