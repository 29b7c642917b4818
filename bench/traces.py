"""A search for many strings in every byte of many files at once. Knows files; knows nothing of what is looked for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

# How many bytes of each string are compared first, and how many of a file are looked at together.
STEM, STRETCH = 8, 4 << 20


def forms(text: str) -> set[bytes]:
    """Return the text as files hold it: in UTF-8, and as JSON escapes it, in small and in capital letters."""
    escaped = json.dumps(text)[1:-1]
    return {text.encode("utf-8", "replace"), escaped.encode(), escaped.upper().replace("\\U", "\\u").encode()}


def find(strings: Iterable[str], files: Iterable[Path]) -> dict[str, set[str]]:
    """Return which strings stand in which files: the string, and the files' names. Raises ValueError for short ones.

    Digits alone count where they are a whole number, not where they stand within a longer one.
    """
    sought = {form: text for text in strings for form in forms(text)}
    short = sorted(text for form, text in sought.items() if len(form) < STEM)
    if short:
        raise ValueError(f"{short[0]!r} has less than {STEM} bytes; it would be found by chance")
    by_stem: dict[int, list[bytes]] = defaultdict(list)
    for form in sought:
        by_stem[int.from_bytes(form[:STEM], "little")].append(form)
    stems = np.array(sorted(by_stem), dtype=np.uint64)
    found: dict[str, set[str]] = defaultdict(set)
    longest = max(map(len, sought), default=0)
    for path in files:
        for data in _stretches(path, longest):
            for place, stem in _places(data, stems):
                for form in by_stem[stem]:
                    if data.startswith(form, place) and not _by_chance(data, place, form):
                        found[sought[form]].add(str(path))
    return dict(found)


def _stretches(path: Path, overlap: int) -> Iterator[bytes]:
    """Yield the file in pieces that overlap, so that nothing is cut in two."""
    kept = b""
    with path.open("rb") as file:
        while more := file.read(STRETCH):
            yield kept + more
            kept = (kept + more)[-overlap:]


def _by_chance(data: bytes, place: int, form: bytes) -> bool:
    """Whether digits stand in the midst of more digits: in the decimals of a probability any eleven may."""
    end = place + len(form)
    return form.isdigit() and (data[place - 1 : place].isdigit() or data[end : end + 1].isdigit())


def _places(data: bytes, stems: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield where one of the stems stands, and which."""
    if len(data) < STEM or not len(stems):
        return
    size = len(data) - STEM + 1
    array = np.frombuffer(data, dtype=np.uint8)
    words = np.zeros(size, dtype=np.uint64)
    for at in range(STEM):
        words |= array[at : at + size].astype(np.uint64) << np.uint64(8 * at)
    near = np.minimum(np.searchsorted(stems, words), len(stems) - 1)
    for place in np.flatnonzero(stems[near] == words):
        yield int(place), int(words[place])
