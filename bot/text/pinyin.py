"""Pinyin typed without tones: 「shen fen zheng diu le zen me ban」 is read as 身份证丢了怎么办.

A message in which everything is syllables is decoded by likelihood: a bigram model of characters, learned of what
people ask and bulletins say, and the likeliest path through the characters that have those sounds (Viterbi). Knows the
sounds of characters; what is no pinyin, or hardly likely, it leaves as it is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from itertools import pairwise

import jieba
from pypinyin.constants import PINYIN_DICT

_LATIN = re.compile(r"[a-z' ,.?!;:\d]+")
_PART = re.compile(r"[a-z][a-z' ]*|[^a-z' ]+")
_CHINESE, _FOREIGN = re.compile(r"[\u4e00-\u9fff]+"), re.compile(r"[a-z]{2,}")
_BEGIN, _END, _ALL = "^", "$", ""
_BYTES = 3  # of a Chinese character in UTF-8
# How much a pair of characters counts beside the second alone.
TOGETHER = 0.9
# What a character costs that is meant by its second sound, and by a later one (a logarithm): 还 is hai, seldom huan.
SELDOM = (0.0, -2.0, -5.0)
# The likelihood of a syllable, a logarithm too, that a message of two needs, and a longer one: 「china」 is no pinyin.
LEAST_OF_TWO, LEAST = -4.6, -5.6
FEWEST, _LONGEST = 2, 6
# How many paths are followed from one place on, and how many characters of a syllable.
BEAM, MOST_ALIKE = 12, 30
# A reading of a run: what it says, how likely that is, of how many syllables.
Read = tuple[str, float, int]


@dataclass(frozen=True)
class Pinyin:
    """The characters of each syllable, and how often characters and pairs of them stand in what was learned.

    `foreign` are the words in Latin letters that stand there too: they stay what they are.
    """

    characters: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    pairs: Mapping[str, int] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()

    def read(self, text: str) -> str:
        """Return what a text in searchable form says, if it is pinyin; else the text."""
        if not (text.islower() and _LATIN.fullmatch(text)):
            return text
        found = [self._part(part) for part in self._parts(text)]
        read = [each for each in found if each]
        syllables = sum(count for _, _, count in read)
        least = LEAST_OF_TWO if syllables == FEWEST else LEAST
        if len(read) < len(found) or syllables < FEWEST or sum(chance for _, chance, _ in read) < least * syllables:
            return text
        return "".join(said for said, _, _ in read)

    def _parts(self, text: str) -> Iterable[str]:
        """Yield the runs of words that may be syllables, the foreign words, and what stands between."""
        for part in _PART.findall(text):
            run: list[str] = []
            for word in part.split() if part[0].isalpha() else (part,):
                if word in self.foreign and word not in self.characters:
                    yield from (" ".join(run), word) if run else (word,)
                    run = []
                else:
                    run.append(word)
            if run:
                yield " ".join(run)

    def _part(self, part: str) -> Read | None:
        if (part in self.foreign and part not in self.characters) or not part[0].isalpha():
            return part, 0.0, 0
        return self._decode(part)

    def _decode(self, run: str) -> Read | None:
        """Return the likeliest characters of a run of words; None when they are not all syllables."""
        best: list[dict[str, tuple[float, str]]] = [{} for _ in range(len(run) + 1)]
        best[0] = {_BEGIN: (0.0, "")}
        for start in range(len(run)):
            if run[start] in " '":
                best[start + 1] = best[start]
                continue
            paths = nlargest(BEAM, ((chance, last, said) for last, (chance, said) in best[start].items()))
            for end in range(start + 1, min(len(run), start + _LONGEST) + 1) if paths else ():
                for character, seldom in self.characters.get(run[start:end], {}).items():
                    chance, said = max((path + self._chance(last, character), said) for path, last, said in paths)
                    if chance + seldom > best[end].get(character, (-math.inf, ""))[0]:
                        best[end][character] = (chance + seldom, said + character)
        ends = [(chance + self._chance(last, _END), said) for last, (chance, said) in best[-1].items()]
        if not ends:
            return None
        chance, said = max(ends)
        return said, chance, len(said)

    def _chance(self, last: str, character: str) -> float:
        """Return how likely a character is after another one, a logarithm."""
        together = self.pairs.get(last + character, 0) / self.counts.get(last, 1)
        alone = (self.counts[character] / self.counts[_ALL] + general().get(character, 0.0)) / 2
        return math.log(TOGETHER * together + (1 - TOGETHER) * alone)


def learn_pinyin(sentences: Iterable[str]) -> Pinyin:
    """Learn which characters the runs of Chinese in `sentences` are made of, and what stands beside what."""
    counts: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    foreign: set[str] = set()
    for sentence in sentences:
        foreign.update(_FOREIGN.findall(sentence.lower()))
        for run in _CHINESE.findall(sentence):
            counts.update((_BEGIN, *run, _END))
            pairs.update(one + other for one, other in pairwise(f"{_BEGIN}{run}{_END}"))
    characters: dict[str, dict[str, float]] = {}
    for character in counts:
        for sound, seldom in sounds(character).items():
            characters.setdefault(sound, {})[character] = seldom
    counts[_ALL] = sum(counts.values())
    for sound, alike in characters.items():
        likely = nlargest(MOST_ALIKE, alike, key=lambda character: counts[character] * math.exp(alike[character]))
        characters[sound] = {character: alike[character] for character in likely}
    return Pinyin(characters, counts, pairs, frozenset(foreign))


@cache
def general() -> Mapping[str, float]:
    """Return how often a character stands alone in general Chinese, as a share, by jieba's dictionary."""
    with jieba.get_dict_file() as file:
        rows = (line.split(b" ") for line in file)
        found = {row[0].decode("utf-8"): int(row[1]) for row in rows if len(row[0]) == _BYTES}
    total = sum(found.values())
    return {character: count / total for character, count in found.items() if _CHINESE.fullmatch(character)}


@cache
def sounds(character: str) -> Mapping[str, float]:
    """Return the syllables, without tones, that a character may be read as, with what each costs.

    ü is typed v, and often u.
    """
    found: dict[str, float] = {}
    for toned in PINYIN_DICT.get(ord(character), "").split(","):
        plain = "".join(each for each in unicodedata.normalize("NFD", toned) if each.isalpha() or each == "\u0308")
        if re.search("[aeiouv]", plain) and len(found) < len(SELDOM):
            found.setdefault(plain.replace("u\u0308", "v"), SELDOM[len(found)])
    return found | {sound.replace("v", "u"): seldom for sound, seldom in found.items()}
