"""How much of a text is made of character pairs that were seen before: keyboard noise has almost none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.text.normalise import normalise


@dataclass(frozen=True)
class Familiarity:
    """The characters and the adjacent pairs of a set of texts."""

    characters: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()

    def share(self, text: str) -> float:
        """Return the share, 0 to 1, of what is familiar in `text`: the mean over its characters and its pairs.

        0 for a text without letters or digits. Runs of Latin letters or digits count as one character each.
        """
        characters = _characters(text)
        if not characters:
            return 0.0
        known = [character in self.characters for character in characters]
        known += [pair in self.pairs for pair in _pairs(characters)]
        return sum(known) / len(known)

    def as_dict(self) -> dict[str, list[str]]:
        """Return it in a form that JSON can hold."""
        return {"characters": sorted(self.characters), "pairs": sorted(self.pairs)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Familiarity:
        """Read what `as_dict` gave."""
        return cls(frozenset(data["characters"]), frozenset(data["pairs"]))


def learn_familiarity(texts: Iterable[str]) -> Familiarity:
    """Collect the characters and pairs of `texts`."""
    cut = [_characters(text) for text in texts]
    return Familiarity(
        characters=frozenset(character for characters in cut for character in characters),
        pairs=frozenset(pair for characters in cut for pair in _pairs(characters)),
    )


def _characters(text: str) -> list[str]:
    characters: list[str] = []
    latin = False
    for character in normalise(text).lower():
        if not character.isalnum():
            latin = False
        elif latin and character.isascii():
            characters[-1] += character
        else:
            characters.append(character)
            latin = character.isascii()
    return characters


def _pairs(characters: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(characters)]
