"""A text as a search for numbers sees it: one width, one kind of digit, nothing invisible. Pure.

Every character keeps its place, so that what is found can be cut out of the text as the person typed it. However many
blanks stand together, they are one; a picture (138😀0013😀8000) is a blank.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Zero-width, control and combining characters (the frame of 1️⃣ too): they keep digits apart and show nothing.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Mn", "Me"})
_SPELLED = {
    spelling: str(digit)
    for digit, spellings in enumerate(
        ("〇零○", "一幺壹", "二贰貳", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for spelling in spellings
}


@dataclass(frozen=True)
class Folded:
    """`text` is what to search in; `places[i]` is where its character i stands in the original."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that [start, end) of the folded text stands for; end > start."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str, spelled: bool = False) -> Folded:
    """Fold a text; with `spelled`, 一三八零零 are digits too. Never longer than the text."""
    kept, places, last = [], [], ""
    for place, character in enumerate(text):
        seen = _fold(character, spelled)
        if seen and not seen == last == " ":
            kept.append(seen)
            places.append(place)
            last = seen
    return Folded("".join(kept), tuple(places))


def spells_digits(text: str, least: int) -> bool:
    """Whether at least `least` characters of it are digits written as words."""
    return sum(character in _SPELLED for character in text) >= least


@lru_cache(maxsize=8192)
def _fold(character: str, spelled: bool) -> str:
    if character.isascii() and character.isprintable():
        return character
    if spelled and character in _SPELLED:
        return _SPELLED[character]
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    narrow = unicodedata.normalize("NFKC", character)
    if narrow == character and unicodedata.category(character) == "So":
        return " "
    return narrow if len(narrow) == 1 else character
