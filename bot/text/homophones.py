"""Mending words typed by sound: 电话咔 → 电话卡, 身份正 → 身份证, 举抱 → 举报.

Knows the pronunciations of the words that matter here (knowledge/lexicon); sentences are left as they are but for
a run of characters that is no word and sounds exactly like one of those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pypinyin import lazy_pinyin

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True)
class Homophones:
    """Pronunciation (syllables without tones) → the words that have it. `longest` counts characters."""

    words: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

    def mend(self, text: str, cut: Callable[[str], Sequence[str]], common: Container[str] = frozenset()) -> str:
        """Return `text` with mistyped words mended. `cut` cuts a run of Chinese into words, joined they are the run.

        Only whole words of the cut are replaced, and of them only what is a single character and not among the
        `common` ones: 身份|正 is mended, 什么|时候 and 的|钱 are not. At least half the characters must agree.
        """
        return _CHINESE.sub(lambda run: self._mend_run(run.group(), cut(run.group()), common), text)

    def _mend_run(self, run: str, words: Sequence[str], common: Container[str]) -> str:
        if not any(len(word) == 1 and word not in common for word in words):
            return run  # nothing in it is ever replaced, and most of the cost is the pronunciation
        sounds = lazy_pinyin(run)
        if len(sounds) != len(run):
            return run
        mended, first, start = "", 0, 0
        while first < len(words):
            meant, last = self._meant(words, first, sounds[start : start + self.longest], common)
            mended += meant or words[first]
            start += len(meant or words[first])
            first = last if meant else first + 1
        return mended

    def _meant(
        self, words: Sequence[str], first: int, sounds: Sequence[str], common: Container[str]
    ) -> tuple[str | None, int]:
        """Return the longest word meant by words[first:last], and `last`; None when they stand as they are."""
        for last in range(min(len(words), first + self.longest), first, -1):
            typed = "".join(words[first:last])
            if not 2 <= len(typed) <= self.longest:
                continue
            known = self.words.get(tuple(sounds[: len(typed)]), ())
            if typed in known:
                return None, first + 1
            best = max(known, key=lambda word: _shared(typed, word), default=None)
            if best and 2 * _shared(typed, best) >= len(typed) and _differ_in_single(words[first:last], best, common):
                return best, last
        return None, first + 1


def learn_homophones(words: Iterable[str]) -> Homophones:
    """Index `words` of two or more Chinese characters by their sound."""
    by_sound: dict[tuple[str, ...], list[str]] = {}
    for word in words:
        if _CHINESE.fullmatch(word):
            by_sound.setdefault(tuple(lazy_pinyin(word)), []).append(word)
    longest = max((len(sound) for sound in by_sound), default=0)
    return Homophones({sound: tuple(found) for sound, found in by_sound.items()}, longest)


def _shared(typed: str, word: str) -> int:
    return sum(one == other for one, other in zip(typed, word, strict=False))


def _differ_in_single(words: Sequence[str], meant: str, common: Container[str]) -> bool:
    """Whether what differs are uncommon words of one character: others were meant as they stand."""
    start = 0
    for word in words:
        if word != meant[start : start + len(word)] and (len(word) > 1 or word in common):
            return False
        start += len(word)
    return True
