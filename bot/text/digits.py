"""A text as a search for personal data sees it: one width, nothing invisible, every way to write a digit. Pure.

Every character keeps its place, so that what is found can be cut out of the text as the person typed it. However many
blanks stand together, they are one; a picture (138😀0013😀8000) is a blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.text.normalise import simplified

# A unit says that a number is a sum, a day, a count: no number of a person's goes on after it.
UNITS = "多余几来元块圆万千百亿年月日号天次个人笔张条份倍岁米%％分小时点起件例名家户度折"
# Zero-width, control and combining characters (the frame of 1️⃣ too): they keep digits apart and show nothing.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Mn", "Me"})
_NUMBERS = frozenset({"Nd", "Nl", "No"})
# As they are written, and as they are called on the telephone.
_SPELLED = {
    ord(spelling): str(digit)
    for digit, spellings in enumerate(
        ("〇零○洞", "一幺壹弌丨", "二贰貳两兩", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for spelling in spellings
}
_LOOKALIKES = str.maketrans("OoIl", "0011")
# O and l among digits, and nothing else among them: 13800l38OOO, 138-OO13-8OOO.
_ALIKE = re.compile(r"(?<![A-Za-z0-9])[0-9OoIl]+(?:[ \-][0-9OoIl]+)*(?![A-WYZa-wyz0-9])", re.ASCII)
# Behind the letters of a passport or a permit: E1234567o.
_ALIKE_BEHIND = re.compile(r"(?<![A-Za-z0-9])(?<!\d[ \-])([A-Za-z]{1,2})([0-9OoIl]{6,10})(?![A-Za-z0-9])", re.ASCII)
# The 一 of these is no digit.
_A_WORD = re.compile(r"一(?=[共直般样起定下些点旦律切边半])|(?<=[统万唯第周同任之另])一")
_NO_DIGIT = "某"
_GONE, _BLANKS = "\0", "  "
_MOST_REMEMBERED = 8192
# From so many on, digits written as words are a number: 一 alone is in 统一, 三八 is a day.
_SHOWN = re.compile(
    rf"\d(?:[ \-]?\d){{2,}}|\d(?P<mark>[^\dA-Za-z{UNITS}。！？；〔〕 ]{{1,4}})\d(?:(?P=mark)\d){{2,}}", re.ASCII
)


@dataclass(frozen=True)
class Folded:
    """Two views of one text, character for character: `words` as it reads, `numbers` with every digit an ASCII one.

    `places[i]` is where their character i stands in the original.
    """

    words: str
    numbers: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that [start, end) of the folded text stands for; end > start."""
        return self.places[start], self.places[end - 1] + 1

    def shown(self) -> str:
        """Return the words with digits in the place of those that were written as words, three or more together."""
        parts, done = [], 0
        for match in _SHOWN.finditer(self.numbers):
            parts += [self.words[done : match.start()], match[0]]
            done = match.end()
        return "".join((*parts, self.words[done:]))


def fold(text: str) -> Folded:
    """Fold a text; never longer than the text."""
    words = text.translate(_TABLE)
    places: Sequence[int] = range(len(text))
    if _GONE in words or _BLANKS in words:
        places, words = _closed_up(words)
    return Folded(words, _digits(words), places)


def _closed_up(words: str) -> tuple[Sequence[int], str]:
    places, last = [], ""
    for place, character in enumerate(words):
        if character != _GONE and not character == last == " ":
            places.append(place)
            last = character
    return tuple(places), "".join(words[place] for place in places)


def _digits(words: str) -> str:
    numbers = (_A_WORD.sub(_NO_DIGIT, words) if "一" in words else words).translate(_SPELLED)
    if not any(letter in numbers for letter in "OoIl"):
        return numbers
    return _ALIKE_BEHIND.sub(lambda match: match[1] + _alike_digits(match[2]), _ALIKE.sub(_alike, numbers))


def _alike(match: re.Match[str]) -> str:
    digits, letters = (sum(test(character) for character in match[0]) for test in (str.isdigit, str.isalpha))
    return match[0].translate(_LOOKALIKES) if digits >= letters or (digits > 2 and digits + letters > 10) else match[0]


def _alike_digits(value: str) -> str:
    return value.translate(_LOOKALIKES) if sum(map(str.isdigit, value)) * 2 > len(value) else value


class _Table(dict[int, str]):
    """What `str.translate` makes of a character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        seen = _fold(chr(code))
        if len(self) < _MOST_REMEMBERED:
            self[code] = seen
        return seen


def _fold(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return _GONE
    if category == "Pd":
        return "-"
    value = unicodedata.numeric(character, -1.0) if category in _NUMBERS else -1.0
    if ord(character) not in _SPELLED and 0 <= value <= 9 and value.is_integer():
        return str(int(value))
    narrow = unicodedata.normalize("NFKC", character)
    if narrow == character and category == "So":
        return " "
    return simplified(narrow if len(narrow) == 1 else character)


_TABLE = _Table()
