"""The bridge between residents' words and bulletins' words: knowledge/synonyms.yml.

Phrases are looked for in the text itself, longest first, not among the words jieba cut: 「不知情的卡」 is found
however it was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.retrieval.normalise import normalise

SECTIONS = ("equal", "means", "subject", "objects", "places")


@dataclass(frozen=True)
class Synonyms:
    """Phrase → the phrases that may stand in its place; and the closed lists of objects and places.

    `objects` and `places` map each spelling to its canonical name. `subject` are the words that show that a
    question is on what the bulletins are about at all.
    """

    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    subject: frozenset[str] = frozenset()

    @cached_property
    def phrases(self) -> frozenset[str]:
        """Every phrase of the table, on either side of it."""
        return frozenset(self.expansions).union(*self.expansions.values())

    def phrases_in(self, text: str) -> tuple[str, ...]:
        """Return the known phrases in a normalised text, longest first, none inside another."""
        return find_phrases(text, self.expansions)

    def objects_in(self, text: str) -> frozenset[str]:
        """Return the canonical names of the objects a text names (银行卡, 电话卡 …)."""
        return frozenset(self.objects[phrase] for phrase in find_phrases(normalise(text), self.objects))

    def on_subject(self, text: str) -> bool:
        """Whether a normalised text names anything that the bulletins are about."""
        clean = text.lower()
        return any(word in clean for word in self.subject)

    def places_in(self, text: str) -> tuple[str, ...]:
        """Return the canonical names of the places a text names, in no particular order, each once."""
        return tuple(dict.fromkeys(self.places[phrase] for phrase in find_phrases(normalise(text), self.places)))


def find_phrases(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Return which `phrases` stand in `text`, longest first; one inside another's place is not counted again."""
    found: list[str] = []
    rest = text.lower()
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        if phrase in rest:
            found.append(phrase)
            rest = rest.replace(phrase, "\n")
    return tuple(found)


def read_synonyms(path: Path) -> Synonyms:
    """Read synonyms.yml.

    Raises ValueError naming the place and what is allowed when the file does not have its form.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ValueError(f"{path}:{line}: not valid YAML; indent with spaces, one entry a line") from error
    if not isinstance(data, dict) or set(data) - set(SECTIONS):
        raise ValueError(f"{path}:1: unknown section; only {', '.join(SECTIONS)} are allowed")
    return Synonyms(
        expansions=_expansions(data.get("equal") or [], data.get("means") or {}),
        objects=_canonical(data.get("objects") or {}),
        places=_canonical(data.get("places") or {}),
        subject=frozenset(_phrase(word) for word in data.get("subject") or []),
    )


def _expansions(equal: list[list[Any]], means: Mapping[str, list[Any]]) -> dict[str, tuple[str, ...]]:
    others: dict[str, dict[str, None]] = {}
    for group in equal:
        phrases = [_phrase(entry) for entry in group]
        for phrase in phrases:
            others.setdefault(phrase, {}).update((other, None) for other in phrases if other != phrase)
    for official, spoken in means.items():
        for entry in spoken:
            others.setdefault(_phrase(entry), {})[_phrase(official)] = None
    return {phrase: tuple(meanings) for phrase, meanings in others.items()}


def _canonical(names: Mapping[str, list[Any]]) -> dict[str, str]:
    return {_phrase(spelling): name for name, spellings in names.items() for spelling in spellings}


def _phrase(entry: Any) -> str:
    return normalise(str(entry)).lower()
