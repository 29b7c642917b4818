"""Mending words typed by sound: 电话咔 → 电话卡, 身份正 → 身份证, 举抱 → 举报.

Knows the pronunciations of the words that matter here (knowledge/lexicon); sentences are left as they are but for
a run of characters that is no word and sounds exactly like one of those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pypinyin import lazy_pinyin

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True)
class Homophones:
    """Pronunciation (syllables without tones) → the words that have it. `longest` counts characters."""

    words: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

    def mend(self, text: str, is_word: Callable[[str], bool]) -> str:
        """Return `text` with mistyped words mended. `is_word` tells which runs are words already: those stay.

        Two characters must share one with the word they stand for, three or more must share half.
        """
        return _CHINESE.sub(lambda run: self._mend_run(run.group(), is_word), text)

    def _mend_run(self, run: str, is_word: Callable[[str], bool]) -> str:
        sounds = lazy_pinyin(run)
        if len(sounds) != len(run):
            return run
        mended, start = "", 0
        while start < len(run):
            word = self._word_at(run, sounds, start, is_word)
            mended += word or run[start]
            start += len(word) if word else 1
        return mended

    def _word_at(self, run: str, sounds: list[str], start: int, is_word: Callable[[str], bool]) -> str | None:
        for length in range(min(self.longest, len(run) - start), 1, -1):
            typed = run[start : start + length]
            if is_word(typed):
                return typed
            meant = self.words.get(tuple(sounds[start : start + length]), ())
            if typed in meant:
                return typed
            best = max(meant, key=lambda word: _shared(typed, word), default=None)
            if best and 2 * _shared(typed, best) >= length and not _is_made_of_words(typed, is_word):
                return best
        return None


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


def _is_made_of_words(typed: str, is_word: Callable[[str], bool]) -> bool:
    """Whether a run of four or more falls into two words: then it was meant as it stands."""
    return any(is_word(typed[:cut]) and is_word(typed[cut:]) for cut in range(2, len(typed) - 1))
