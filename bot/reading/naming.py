"""The name of a bulletin's file: what is allowed, and what to propose for a new one."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from pypinyin import lazy_pinyin

ALLOWED = "用小写英文字母、数字和 -，最长 60 个字符，例如 2026-03-01-nanning-tixing"
_STEM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 60
_WORDS = re.compile(r"[\u4e00-\u9fff]{4,}")
_TITLE_CHARACTERS = 4


def is_stem(text: str) -> bool:
    """Whether `text` may be the name of a bulletin's file, without .md."""
    return len(text) <= _LONGEST and _STEM.fullmatch(text) is not None


def propose_stem(title: str, place: str | None, published: date | None, taken: Collection[str]) -> str:
    """Return a free stem: the date, the place and the title's first words in pinyin, and a number where it is taken."""
    words = _WORDS.search(title.replace(place, "") if place else title)
    parts = [str(published or ""), _pinyin(place or ""), _pinyin(words[0][:_TITLE_CHARACTERS] if words else "")]
    stem = "-".join(part for part in parts if part) or "tongbao"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(each for each in numbered if each not in taken)


def _pinyin(text: str) -> str:
    return re.sub(r"[^a-z]", "", "".join(lazy_pinyin(text, errors="ignore")))
