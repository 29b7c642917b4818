"""Which numbers of a text belong to a person, by their shape: ID cards, bank cards, telephones. Pure.

Works on a folded text (bot.text.digits). Numbers may be split by blanks, dashes and dots. What the public may
know stays out of it: hotlines, service numbers, dates, amounts, case numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Kind = Literal["id", "card", "telephone", "code", "password", "email"]

# What people put between the digits of one number.
GAP = r"[\s\-\u00ad\u2010-\u2015\u2212\ufe58\uff0d_.·•・․。．()]{0,4}"
# What stands between numbers as often: the digits are one number only where they are grouped as people group one.
_MARKS = r"[/,、~*|:;…—+]"
_MARK = rf"( ?{_MARKS} ?)"
_GROUPED = re.compile(
    rf"(?<![\d.])(?<!\d{_MARKS})(?<!\d{_MARKS} )(?:"
    rf"(?:\+?86 ?)?1[3-9]\d{_MARK}\d{{4}}\1\d{{4}}|"
    rf"\d{{4}}{_MARK}\d{{4}}(?:\2\d{{4}}){{2}}(?:\2\d{{1,3}})?|"
    rf"\d{_MARK}\d(?:\3\d){{8,17}}(?:\3[xX])?|"
    rf"\d{{6}}{_MARK}\d{{8}}\4\d{{3}}[\dxX]|"
    r"0(?:10|2\d|[3-9]\d\d)[/~][2-8]\d{6,7}"
    rf")(?![\d.]| ?{_MARKS} ?\d)",
    re.ASCII,
)
_ANY_MARK = re.compile(_MARKS)
# 13800l38OOO: letters that look like digits.
_LOOKALIKE = re.compile(r"(?<![A-Za-z0-9])(?=(?:[OoIl]*\d){6})[1Il][3-9][0-9OoIl]{9}(?![A-Za-z0-9])", re.ASCII)
# 2023 2024, 1500 2000: years and round sums side by side.
_PLAIN = re.compile(r"(?:19|20)\d\d|[1-9]\d*00", re.ASCII)
_MONEY_AFTER = re.compile(r" ?[多余几来]?[元块圆万亿]")
_CHAIN = re.compile(rf"\d(?:{GAP}\d){{9,}}(?:{GAP}[xX](?![A-Za-z]))?", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)
# An ID card's number and a telephone's, typed as one, have 29 digits; an account's alone has 23 at most.
_SHORTEST, _LONGEST, _LONGEST_ACCOUNT = 10, 29, 23
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-./ ]{1,3}(?:0?[1-9]|1[0-2])[-./ ]{1,3}(?:0?[1-9]|[12]\d|3[01])|"
    r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    re.ASCII,
)
# 110, 12381, 96110, 95588, 10086: who calls these calls an office.
_PUBLIC = re.compile(r"(?:1[12]\d|12\d{3}|9[56]\d{3}|100\d\d|11185)", re.ASCII)
# 400-810-0000, 0771-12340: so does who calls these.
_OFFICE = re.compile(
    r"(?<!\d)(?:[48]00[- ]?\d{3}[- ]?\d{4}|0(?:10|2\d|[3-9]\d\d)[- ]?(?:12\d{3}|9[56]\d{3}))(?!\d)", re.ASCII
)
_MOBILE = re.compile(r"(?:(?:00)?86)?0?1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}", re.ASCII)
_FROM_ABROAD = re.compile(r"(?:00)?86(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}", re.ASCII)
# Before a number: that it is a card's or an account's, or that it is an office's own.
_CARD_BEFORE = re.compile(r"(?:卡号|[账帐賬]号|[账帐賬]户|银行卡|储蓄卡|信用卡|卡號|card)[^\d]{0,8}$", re.IGNORECASE)
_ID_BEFORE = re.compile(r"(?:身份证|身份證|证件号|证号|身份号)[^\d]{0,8}$")
_AREA_BEFORE = re.compile(r"(?<!\d)0\d{2,3}[-) ]{0,2}$", re.ASCII)
# 〔2023〕 is a case number's year; what masking put there ends with 〕 too and is none.
_FILE_BEFORE = re.compile(r"(?:案号|编号|案件|立字|刑字|字第|文号|单号|流水|警情|回执|批次|\d〕|\d\])[^\d]{0,4}$")


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of the folded text are a person's."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class _Chain:
    """Digits that may be one number or several: `digits[i]` stands at `places[i]`."""

    text: str
    digits: str
    places: tuple[int, ...]
    loose: bool = False

    def breaks(self, i: int) -> bool:
        """Whether a number may end before digit i, and the next begin with it: something stands between, or an X.

        A loose chain may also have one digit too many at either end: the one of 周一 or 一直.
        """
        if i in (0, len(self.digits)) or (self.loose and i in (1, len(self.digits) - 1)):
            return True
        return self.places[i] > self.places[i - 1] + 1 or not self.digits[i - 1 : i + 1].isdigit()

    def before(self, i: int) -> str:
        return self.text[max(0, self.places[i] - 14) : self.places[i]]

    def window(self, i: int, j: int) -> str:
        return self.text[self.places[i] : self.places[j - 1] + 1]


class _Judge(Protocol):
    """What the digits [i, j) of a chain are, if they are a person's."""

    def __call__(self, chain: _Chain, i: int, j: int) -> Kind | None: ...


def find_numbers(text: str, spelled: bool = False) -> list[Span]:
    """Return the personal numbers of a folded text, in order, none overlapping; `spelled` says how it was folded."""
    alike = [Span(*match.span(), "telephone") for match in _LOOKALIKE.finditer(text) if not match[0].isdigit()]
    text = _GROUPED.sub(lambda match: _ANY_MARK.sub("-", match[0]), _without(text, alike))
    ids = list(_search(text, _CHAIN, _id, spelled))
    # Dates stand in the middle of spaced ID cards; only those that do not are dates.
    rest = _OFFICE.sub(_blank, _DATE.sub(_blank_date, _without(text, ids)))
    alone = list(_search(rest, _GROUP, _alone, False))
    others = _search(_without(rest, alone), _CHAIN, _kind, spelled)
    return sorted((*alike, *ids, *alone, *others), key=lambda span: span.start)


def _search(text: str, pattern: re.Pattern[str], kind: _Judge, loose: bool) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if len(match[0]) >= _SHORTEST:
            places = tuple(place for place in range(*match.span()) if text[place] in "0123456789xX")
            yield from _windows(_Chain(text, "".join(text[place] for place in places), places, loose), kind)


def _windows(chain: _Chain, kind: _Judge) -> Iterator[Span]:
    """Try every number that begins and ends at a break, the longest first, from left to right."""
    i, size = 0, len(chain.digits)
    while i <= size - _SHORTEST:
        hit = next(_hits(chain, i, kind), None) if chain.breaks(i) else None
        if hit:
            yield hit
        i = _after(chain, hit) if hit else i + 1


def _hits(chain: _Chain, i: int, kind: _Judge) -> Iterator[Span]:
    for j in range(min(len(chain.digits), i + _LONGEST), i + _SHORTEST - 1, -1):
        found = kind(chain, i, j) if chain.breaks(j) else None
        if found:
            yield Span(_with_sign(chain, i, j), chain.places[j - 1] + 1, found)


def _after(chain: _Chain, hit: Span) -> int:
    return sum(place < hit.end for place in chain.places)


def _with_sign(chain: _Chain, i: int, j: int) -> int:
    """Where it starts, the + of a country and the parenthesis of an area code with it."""
    start = chain.places[i]
    signs = "+(" if ")" in chain.window(i, j) else "+"
    return start - 1 if start and chain.text[start - 1] in signs else start


def _blank_date(match: re.Match[str]) -> str:
    local = _AREA_BEFORE.search(match.string[max(0, match.start() - 7) : match.start()])
    return match[0] if local else _blank(match)


def _blank(match: re.Match[str]) -> str:
    return "※" * len(match[0])


def _id(chain: _Chain, i: int, j: int) -> Kind | None:
    digits, whole = chain.digits[i:j], j - i == len(chain.digits)
    if _are_public(chain.window(i, j)):
        return None
    said = whole and 15 <= len(digits) <= 18 and _ID_BEFORE.search(chain.before(i))
    return "id" if said or is_id(digits) else None


def _alone(chain: _Chain, i: int, j: int) -> Kind | None:
    """Judge digits without anything between them."""
    if j - i != len(chain.digits):
        return None
    return "id" if _are_several(chain.digits) else _kind(chain, i, j)


def _are_several(digits: str) -> bool:
    """Whether an ID card's number and a telephone's were typed as one."""
    for id_card, mobile in ((digits[:18], digits[18:]), (digits[11:], digits[:11])):
        if is_id(id_card) and _MOBILE.fullmatch(mobile):
            return True
    return False


def _kind(chain: _Chain, i: int, j: int) -> Kind | None:
    digits, before, window = chain.digits[i:j], chain.before(i), chain.window(i, j)
    if not digits.isdigit() or _are_public(window) or _are_sums(chain, i, j):
        return None
    if _is_card(digits, before):
        return "card"
    return "telephone" if _is_telephone(digits, before, window) else None


def _are_public(window: str) -> bool:
    return all(_PUBLIC.fullmatch(group) for group in _GROUP.findall(window))


def _are_sums(chain: _Chain, i: int, j: int) -> bool:
    """Whether these are sums or years side by side: four or more of them, or two and a unit of money."""
    groups, after = _GROUP.findall(chain.window(i, j)), chain.text[chain.places[j - 1] + 1 :][:4]
    enough = len(groups) > 3 or (len(groups) > 1 and _MONEY_AFTER.match(after))
    return bool(enough) and all(_PLAIN.fullmatch(group) for group in groups)


def _is_card(digits: str, before: str) -> bool:
    if 12 <= len(digits) <= _LONGEST_ACCOUNT and _CARD_BEFORE.search(before):
        return True
    if not 16 <= len(digits) <= 19 or _FILE_BEFORE.search(before):
        return False
    return digits.startswith("62") or passes_luhn(digits)


def _is_telephone(digits: str, before: str, window: str) -> bool:
    if _MOBILE.fullmatch(digits):
        return True
    if _FROM_ABROAD.fullmatch(digits) and (before.endswith("+") or digits.startswith("00")):
        return True
    if before.endswith("+") and len(digits) <= 15 and digits[0] != "0":  # +852 9123 4567: of another country
        return True
    groups = _GROUP.findall(window)
    return bool(_LANDLINE.fullmatch(digits)) and not all(_PUBLIC.fullmatch(group) for group in groups[1:] or ("0",))


def is_id(digits: str) -> bool:
    """Whether it has the shape of an ID card's number, 18 or 15 characters, with a day of birth that exists.

    The check digit is not asked for: a mistyped number tells as much about a person as a right one.
    """
    # 202411240930001 is a day, a time and a counter; no district's number begins with 18 to 20.
    if _is_birthday(digits[:8]):
        return False
    if len(digits) == 15 and digits.isdigit() and digits[0] != "0":
        return _is_day(f"19{digits[6:12]}")
    if len(digits) != 18 or not digits[:17].isdigit() or digits[0] == "0":
        return False
    return _is_birthday(digits[6:14])


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, as on bank cards (ISO/IEC 7812)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0 and set(digits) != {"0"}


def _is_birthday(digits: str) -> bool:
    return digits[:2] in ("18", "19", "20") and _is_day(digits)


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def _without(text: str, spans: list[Span]) -> str:
    """Return the text with the spans blanked out, every character in its place."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = "※" * (span.end - span.start)
    return "".join(characters)
