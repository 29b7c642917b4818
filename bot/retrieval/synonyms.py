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

from bot.text.normalise import normalise

SECTIONS = ("equal", "means", "subject", "unanswered", "written_for", "objects", "places")
# Phrases in the order in which they are looked for; ordering them costs more than looking.
LongestFirst = NewType("LongestFirst", tuple[str, ...])


@dataclass(frozen=True)
class Synonyms:
    """Phrase → the phrases that may stand in its place; and the closed lists of objects and places.

    `objects` and `places` map each spelling to its canonical name. `subject` are the words that show that a
    question is on what the bulletins are about at all, `unanswered` those of matters that bulletins do not speak of.
    `written_for` are the stems of the bulletins that these two lists, and the training sentences of what is out of
    scope, were written for; None: for all.
    """

    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    subject: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()
    written_for: frozenset[str] | None = None

    def is_new(self, bulletin: str) -> bool:
        """Whether a bulletin came later than what says which matters are foreign: it may speak of any of them."""
        return self.written_for is not None and bulletin not in self.written_for

    @cached_property
    def phrases(self) -> frozenset[str]:
        """Every phrase of the table, on either side of it."""
        return frozenset(self.expansions).union(*self.expansions.values())

    @cached_property
    def longer_phrases(self) -> LongestFirst:
        """Every phrase of the file but those of one character, which stand in too many words."""
        every = {*self.phrases, *self.objects, *self.places, *self.subject}
        return longest_first(phrase for phrase in every if len(phrase) > 1)

    # What every question is searched for: the phrases that others may stand in place of, the spellings of objects and
    # of places, the words of the subject, the matters that bulletins do not speak of.
    spoken = cached_property(lambda self: longest_first(self.expansions))
    object_names = cached_property(lambda self: longest_first(self.objects))
    place_names = cached_property(lambda self: longest_first(self.places))
    subject_words = cached_property(lambda self: longest_first(self.subject))
    unanswered_matters = cached_property(lambda self: longest_first(self.unanswered))

    def phrases_in(self, text: str) -> tuple[str, ...]:
        """Return the known phrases in a normalised text, longest first, none inside another."""
        return find_phrases(text, self.spoken)

    def objects_in(self, text: str) -> frozenset[str]:
        """Return the canonical names of the objects a text names (银行卡, 电话卡 …)."""
        return frozenset(self.objects[phrase] for phrase in find_phrases(normalise(text), self.object_names))

    def on_subject(self, text: str) -> bool:
        """Whether a normalised text names anything that the bulletins are about."""
        clean = text.lower()
        return any(word in clean for word in self.subject)

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
    sections = _sections(path)
    equal = [_words(path, group) for group in _items(path, sections.get("equal"))]
    return Synonyms(
        expansions=_expansions(equal, _named(path, sections.get("means"))),
        objects=_canonical(_named(path, sections.get("objects"))),
        places=_canonical(_named(path, sections.get("places"))),
        subject=frozenset(_words(path, sections["subject"]) if "subject" in sections else ()),
        unanswered=frozenset(_words(path, sections["unanswered"]) if "unanswered" in sections else ()),
        written_for=frozenset(_words(path, sections["written_for"])) if "written_for" in sections else None,
    )


def _sections(path: Path) -> dict[str, yaml.Node]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}:1: 不是 UTF-8 编码；请另存为 UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"{path}:{mark.line + 1 if mark else 1}: 不是有效的 YAML；用空格缩进，一行一项") from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise _wrong(path, root, "开头不是栏目名", f"栏目只能是 {'、'.join(SECTIONS)}")
    for key, _ in root.value:
        if key.value not in SECTIONS:
            raise _wrong(path, key, f"没有 {key.value!r} 这个栏目", f"栏目只能是 {'、'.join(SECTIONS)}")
    return {key.value: value for key, value in root.value if not value.tag.endswith(":null")}


def _named(path: Path, section: yaml.Node | None) -> dict[str, list[str]]:
    """Read `名字: [词, …]` lines."""
    if section is None:
        return {}
    if not isinstance(section, yaml.MappingNode):
        raise _wrong(path, section, "这一栏不是 `名字: [词, …]`", "一行一个名字，后面是方括号里的词")
    return {key.value: _words(path, value) for key, value in section.value}


def _items(path: Path, section: yaml.Node | None) -> list[yaml.Node]:
    if section is None:
        return []
    if not isinstance(section, yaml.SequenceNode):
        raise _wrong(path, section, "这一栏不是一组一行", "一行一组，写成 `- [词, 词]`")
    return list(section.value)


def _words(path: Path, node: yaml.Node) -> list[str]:
    """Read `[词, 词]`, normalised."""
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(path, node, "不是一组词", "词写在方括号里，用逗号隔开：[卖, 出售]")
    for word in node.value:
        if not isinstance(word, yaml.ScalarNode) or word.tag.endswith(":null") or not _phrase(word.value):
            raise _wrong(path, word, "这里不是一个词", "方括号里只能是词，用逗号隔开")
    return [_phrase(word.value) for word in node.value]


def _wrong(path: Path, node: yaml.Node, wrong: str, allowed: str) -> ValueError:
    return ValueError(f"{path}:{node.start_mark.line + 1}: {wrong}；{allowed}")


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
