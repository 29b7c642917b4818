"""The bridge between residents' words and bulletins' words: knowledge/synonyms.yml.

Phrases are looked for in the text itself, longest first, not among the words jieba cut: 「不知情的卡」 is found
however it was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NewType

import yaml

from bot.reading.header import problem_at, root_of
from bot.reading.records import Problem
from bot.text.normalise import normalise

SECTIONS = ("equal", "means", "objects", "places")
# Phrases in the order in which they are looked for; ordering them costs more than looking.
LongestFirst = NewType("LongestFirst", tuple[str, ...])


@dataclass(frozen=True)
class Synonyms:
    """Phrase → the phrases that may stand in its place; and the closed lists of objects and places.

    `objects` and `places` map each spelling to its canonical name.
    """

    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def phrases(self) -> frozenset[str]:
        """Every phrase of the table, on either side of it."""
        return frozenset(self.expansions).union(*self.expansions.values())

    # What every question is searched for: the phrases that others may stand in place of, the spellings of objects and
    # of places.
    spoken = cached_property(lambda self: longest_first(self.expansions))
    object_names = cached_property(lambda self: longest_first(self.objects))
    place_names = cached_property(lambda self: longest_first(self.places))

    def phrases_in(self, text: str) -> tuple[str, ...]:
        """Return the known phrases in a normalised text, longest first, none inside another."""
        return find_phrases(text, self.spoken)

    def objects_in(self, text: str) -> frozenset[str]:
        """Return the canonical names of the objects a text names (银行卡, 电话卡 …)."""
        return frozenset(self.objects[phrase] for phrase in find_phrases(normalise(text), self.object_names))

    def places_in(self, text: str) -> tuple[str, ...]:
        """Return the canonical names of the places a text names, in no particular order, each once."""
        return tuple(dict.fromkeys(self.places[phrase] for phrase in find_phrases(normalise(text), self.place_names)))


def longest_first(phrases: Iterable[str]) -> LongestFirst:
    """Return phrases in the order in which `find_phrases` wants them: the longest first, each once."""
    return LongestFirst(tuple(sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))))


def find_phrases(text: str, phrases: LongestFirst) -> tuple[str, ...]:
    """Return which `phrases` stand in `text`, longest first; one inside another's place is not counted again."""
    found: list[str] = []
    rest = text.lower()
    for phrase in phrases:
        if phrase in rest:
            found.append(phrase)
            rest = rest.replace(phrase, "\n")
    return tuple(found)


def read_synonyms(path: Path) -> Synonyms:
    """Read synonyms.yml.

    Raises ValueError, `path:line: what is wrong; what is allowed`, at the first thing that does not have its form.
    """
    synonyms, problems = parse_synonyms(path, path.read_bytes())
    if problems:
        raise ValueError(str(problems[0]))
    return synonyms


def parse_synonyms(path: Path, data: bytes) -> tuple[Synonyms, tuple[Problem, ...]]:
    """Return what of the file has its form, and what is wrong with the rest, in the order of its lines."""
    problems: list[Problem] = []
    sections = _sections(path, data, problems)
    equal = [_words(path, group, problems) for group in _items(path, sections.get("equal"), problems)]
    synonyms = Synonyms(
        expansions=_expansions(equal, _named(path, sections.get("means"), problems)),
        objects=_canonical(_named(path, sections.get("objects"), problems)),
        places=_canonical(_named(path, sections.get("places"), problems)),
    )
    return synonyms, tuple(sorted(problems, key=lambda problem: problem.line))


def _sections(path: Path, data: bytes, problems: list[Problem]) -> dict[str, yaml.Node]:
    root = root_of(path, data, "不是有效的 YAML", allowed="用空格缩进，一行一项")
    if isinstance(root, Problem):
        problems.append(root)
        return {}
    if root is None:
        return {}
    allowed = f"栏目只能是 {'、'.join(SECTIONS)}"
    if not isinstance(root, yaml.MappingNode):
        problems.append(problem_at(path, root, "开头不是栏目名", allowed))
        return {}
    for key, _ in root.value:
        if key.value not in SECTIONS:
            problems.append(problem_at(path, key, f"没有 {key.value!r} 这个栏目", allowed))
    return {key.value: value for key, value in root.value if not value.tag.endswith(":null")}


def _named(path: Path, section: yaml.Node | None, problems: list[Problem]) -> dict[str, list[str]]:
    """Read `名字: [词, …]` lines."""
    if section is None:
        return {}
    if not isinstance(section, yaml.MappingNode):
        problems.append(problem_at(path, section, "这一栏不是 `名字: [词, …]`", "一行一个名字，后面是方括号里的词"))
        return {}
    return {key.value: _words(path, value, problems) for key, value in section.value}


def _items(path: Path, section: yaml.Node | None, problems: list[Problem]) -> list[yaml.Node]:
    if section is None:
        return []
    if not isinstance(section, yaml.SequenceNode):
        problems.append(problem_at(path, section, "这一栏不是一组一行", "一行一组，写成 `- [词, 词]`"))
        return []
    return list(section.value)


def _words(path: Path, node: yaml.Node, problems: list[Problem]) -> list[str]:
    """Read `[词, 词]`, normalised; what is no word is left out."""
    if not isinstance(node, yaml.SequenceNode):
        problems.append(problem_at(path, node, "不是一组词", "词写在方括号里，用逗号隔开：[卖, 出售]"))
        return []
    sound = [word for word in node.value if _is_word(word)]
    if len(sound) < len(node.value):
        odd = next(word for word in node.value if not _is_word(word))
        problems.append(problem_at(path, odd, "这里不是一个词", "方括号里只能是词，用逗号隔开"))
    return [_phrase(word.value) for word in sound]


def _is_word(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null") and bool(_phrase(node.value))


def _expansions(equal: Iterable[list[str]], means: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    others: dict[str, dict[str, None]] = {}
    for group in equal:
        for phrase in group:
            others.setdefault(phrase, {}).update((other, None) for other in group if other != phrase)
    for official, spoken in means.items():
        for phrase in spoken:
            others.setdefault(phrase, {})[_phrase(official)] = None
    return {phrase: tuple(meanings) for phrase, meanings in others.items()}


def _canonical(names: Mapping[str, list[str]]) -> dict[str, str]:
    return {spelling: name for name, spellings in names.items() for spelling in spellings}


def _phrase(entry: str) -> str:
    return normalise(entry).lower()
