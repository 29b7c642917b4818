"""Rules of wording: who is a victim, what is an offer. Read from knowledge/wordings, where editors keep them; pure.

A rule has fields (who, did, to, what, when, then), each of them several ways to say one thing. It holds where all its
fields are found close together, its deed is not negated, and nothing of its `unless` stands in the text. What the
rules do not know, the learned likeness may (bot.answering.likeness).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any, Literal

import yaml

Kind = Literal["victim", "offer"]
FILES: Mapping[str, Kind] = {"victims.yml": "victim", "offers.yml": "offer"}
FIELDS = ("who", "did", "to", "what", "when", "then")
WITHIN = 16
# Bounded, so that no text of any length or repetition holds up the door.
_MOST_READ, _MOST_FOUND = 600, 10
# A sum of money. Bounded: a long row of digits is looked through once, not once from each digit.
AMOUNT = (
    r"(?:(?:\d[\d,.]{0,11}|[一二两三四五六七八九十百几]{1,8})[多几余来大]?个?(?:万|千|百|块|元|w|k|蚊)[\d一二三四五六七八九多块元钱]{0,6}"
    r"|(?<!\d)(?!110(?!\d)|96110|1[02]\d{3}(?!\d))[1-9]\d{2,8}(?!\d|年|月|号|点))"
)
_GAP = r"[^。！？!?]{0,5}?"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PART = re.compile(r"〈([^〈〉]+)〉")
# Straight before a deed, these say that it was not done, or is only feared, asked about or warned of.
_NEGATED = re.compile(
    r"(?:没有?|不(?!是没|小心)|别|未|莫|(?<!感)(?<!可)怕|担心|防止?|避免|以免|免得|小心|当心|谨防|提防|差点儿?|险些|容易|如果|要是|万一|假如)"
    r"[^,，。]{0,2}$"
)
_DOUBLY_NEGATED = re.compile(r"(?:不是|谁说|难道|并非|怎么会)[^,，。]{0,2}没有?[^,，。]{0,2}$")
# Feared to have happened: it may well have.
_HAPPENED = re.compile(r"^[^,，。]{0,1}(?:了|走|过)")
_FEARED = re.compile(r"(?:怕|担心|如果|要是|会不会|是不是)[^,，。]{0,2}$")
Span = tuple[int, int]


def compact(text: str) -> str:
    """Return a mended message without white space and the punctuation around it, in lower case.

    One without a Chinese character may be typed by sound: nothing but its letters and digits is left, tones gone.
    """
    if not _CHINESE.search(text):
        return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).lower())
    return re.sub(r"\s+", "", text).lower().strip(",.!?;:。、~…·-")


@dataclass(frozen=True)
class Words:
    """Ways to say one thing, and what only looks like one of them."""

    words: tuple[str, ...]
    but: tuple[str, ...] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _alternatives(self.words)

    @cached_property
    def _excepted(self) -> re.Pattern[str] | None:
        return _alternatives(self.but) if self.but else None

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return from where to where each match stands in a compact text; at most `_MOST_FOUND`, from the left."""
        found = [match.span() for match in self._pattern.finditer(text)]
        if found and self._excepted:
            no = [match.span() for match in self._excepted.finditer(text)]
            found = [span for span in found if not any(span[0] < end and start < span[1] for start, end in no)]
        return tuple(found[:_MOST_FOUND])


@dataclass(frozen=True)
class Rule:
    """One rule: `fields` name or hold words, all of which must be found, `unless` some of which none may be.

    It counts whatever a message sounds like.
    """

    name: str
    kind: Kind
    fields: Mapping[str, tuple[Words, ...]]
    unless: tuple[Words, ...] = ()
    within: int = WITHIN
    ordered: bool = False
    reads: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    def holds(self, text: Found) -> bool:
        """Whether it holds for a text."""
        places = []
        for name, several in self.fields.items():
            spans = [span for words in several for span in text.spans(words)]
            places.append([span for span in spans if name != "did" or not _is_negated(text.text, span)])
            if not places[-1]:
                return False
        if not any(self._fits(spans) for spans in product(*(each[:_MOST_FOUND] for each in places))):
            return False
        return not any(text.spans(words) for words in self.unless)

    def _fits(self, spans: Sequence[Span]) -> bool:
        inline = spans if self.ordered else sorted(spans)
        return all(0 <= start - end <= self.within for (_, end), (start, _) in pairwise(inline))


@dataclass(frozen=True)
class Found:
    """A compact text, and where words stand in it: looked up once for all rules."""

    text: str
    _spans: dict[int, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, words: Words) -> tuple[Span, ...]:
        """Return where `words` stand."""
        key = id(words)
        if key not in self._spans:
            self._spans[key] = words.spans(self.text)
        return self._spans[key]


@dataclass(frozen=True)
class Wordings:
    """All rules, and the parts they are made of."""

    parts: Mapping[str, Words]
    rules: tuple[Rule, ...]

    def find(self, text: str) -> Found:
        """Return a compact text of which at most the first and the last part of a very long one is read."""
        most = _MOST_READ // 2
        return Found(text if len(text) <= _MOST_READ else f"{text[:most]}。{text[-most:]}")

    def fired(self, found: Found) -> Iterator[Rule]:
        """Yield the rules that hold, in the order of the files."""
        return (rule for rule in self.rules if rule.holds(found))


@lru_cache(maxsize=4)
def read_wordings(folder: Path) -> Wordings:
    """Read parts.yml and the rules of a folder. Raises ValueError that says where and what is wrong."""
    written = _read(folder / "parts.yml")
    if not isinstance(written, Mapping):
        raise ValueError(f"{folder / 'parts.yml'}: names with their words are allowed")
    parts = {str(name): _words(value, f"{folder / 'parts.yml'}: {name}") for name, value in written.items()}
    rules = tuple(
        _rule(entry, kind, parts, folder / file)
        for file, kind in FILES.items()
        for entry in (_read(folder / file) or {}).get("rules", ())
    )
    return Wordings(parts, rules)


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"{path}:{mark.line + 1 if mark else 1}: not YAML") from error


def _words(value: Any, where: str) -> Words:
    if isinstance(value, str):
        return Words(tuple(value.split()))
    if isinstance(value, Mapping) and isinstance(value.get("words"), str) and set(value) <= {"words", "but"}:
        return Words(tuple(value["words"].split()), tuple(_phrases(value.get("but", ""))))
    raise ValueError(f"{where}: words separated by spaces are allowed, or `words:` and `but:`")


def _phrases(value: Any) -> list[str]:
    return value.split() if isinstance(value, str) else [str(each) for each in value]


def _rule(entry: Any, kind: Kind, parts: Mapping[str, Words], path: Path) -> Rule:
    where = f"{path}: {entry.get('name', '?') if isinstance(entry, Mapping) else '?'}"
    allowed = {"name", "unless", "within", "ordered", "reads", "not", *FIELDS}
    if not isinstance(entry, Mapping) or not set(entry) <= allowed or not set(entry) & set(FIELDS):
        raise ValueError(f"{where}: a rule has a name, one or more of {', '.join(FIELDS)}, and of {sorted(allowed)}")
    return Rule(
        name=str(entry["name"]),
        kind=kind,
        fields={name: _several(str(entry[name]), parts, where) for name in entry if name in FIELDS},
        unless=_several(str(entry.get("unless", "")), parts, where),
        within=int(entry.get("within", WITHIN)),
        ordered=bool(entry.get("ordered", False)),
        reads=tuple(map(str, entry.get("reads", ()))),
        other=tuple(map(str, entry.get("not", ()))),
    )


def _several(written: str, parts: Mapping[str, Words], where: str) -> tuple[Words, ...]:
    names = _PART.findall(written)
    for name in names:
        if name not in parts:
            raise ValueError(f"{where}: there is no part 〈{name}〉 in parts.yml")
    inline = _PART.sub(" ", written).split()
    return (*(parts[name] for name in names), *([Words(tuple(inline))] if inline else []))


def _alternatives(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_written, longest_first)))


def _written(word: str) -> str:
    """Return the pattern of a word: … is a gap, # a sum, ^ and $ are the beginning and the end of the message."""
    pattern = re.escape(word).replace("…", _GAP).replace(r"\#", AMOUNT)
    return pattern.replace(r"\^", "^").replace(r"\$", "$")


def _is_negated(text: str, span: Span) -> bool:
    before, after = text[max(0, span[0] - 8) : span[0]], text[span[1] : span[1] + 3]
    if not _NEGATED.search(before) or _DOUBLY_NEGATED.search(before):
        return False
    return not (_FEARED.search(before) and (_HAPPENED.search(after) or text[span[1] - 1] in "了走"))
