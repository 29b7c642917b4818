"""No text makes a pattern of the project work longer than in proportion to its length."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sre_constants
import sre_parse
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

import bot

# Rooms that import Rasa take half a minute; their patterns see what the doors have cut to 300 characters.
LEFT_OUT = ("bot.rasa", "bot.evaluation", "bot.conversation.rasa_assistant")
# Held against a whole text, never searched for in one.
WHOLE = (
    "bot.text.masking._NOBODYS",
    "bot.doors.wechat.markup._DECLARED",
    "bot.doors.wechat.wishes._CHOICE",
    "bot.reading.chrome._ENDS",
    "bot.reading.chrome._FURNITURE",
    "bot.reading.chrome._INVITATION",
)
SHORT, LONG = 500, 4_000
# Eight times as long: eight times the work where it is in proportion, 64 times where it is not.
MOST_TIMES, FREE_SECONDS = 24, 0.008


def patterns() -> dict[str, re.Pattern[str]]:
    """Return every pattern that a module of ours keeps, by module and name."""
    found = {}
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name.startswith(LEFT_OUT) or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            found.update({f"{module.name}.{name}{where}": each for where, each in held(value)})
    return found


def held(value: object, where: str = "") -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from held(each, f"{where}[{key}]")
    elif isinstance(value, (tuple, list, frozenset)):
        for number, each in enumerate(value):
            yield from held(each, f"{where}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from held(getattr(value, field.name), f"{where}.{field.name}")


def pieces(parsed: Any) -> Iterator[str]:
    """Return what a pattern is made of: its characters, and one character of each set; in their order."""
    for kind, what in parsed:
        if kind is sre_constants.LITERAL:
            yield chr(what)
        elif kind is sre_constants.IN:
            yield next((chr(each[1]) for each in what if each[0] is sre_constants.LITERAL), "1")
            yield next((chr(each[1][0]) for each in what if each[0] is sre_constants.RANGE), "")
        elif kind in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
            yield from pieces(what[2])
        elif kind is sre_constants.SUBPATTERN:
            yield from pieces(what[3])
        elif kind is sre_constants.BRANCH:
            for branch in what[1]:
                yield from pieces(branch)
        elif kind in (sre_constants.ASSERT, sre_constants.ASSERT_NOT):
            yield from pieces(what[1])
        elif kind in (sre_constants.NOT_LITERAL, sre_constants.ANY):
            yield "x"


def hostile(pattern: re.Pattern[str]) -> list[str]:
    """Return what to repeat: each thing a pattern is made of, each with the next, three in a row, and common ones."""
    made = list(dict.fromkeys(piece for piece in pieces(sre_parse.parse(pattern.pattern, pattern.flags)) if piece))[:12]
    pairs = ["".join(made[start : start + size]) for size in (2,) for start in range(len(made))]
    return list(dict.fromkeys((*made, *pairs, "1", "1 ", " ", "a", "\n", "我", "a1", "<", "<a", "「", "\n\n1")))


ALL = patterns()


def test_there_are_patterns() -> None:
    """The rooms that resident's words pass through are among those that are tried."""
    assert len(ALL) > 150
    assert {name.split(".")[1] for name in ALL} >= {"reading", "retrieval"}


@pytest.mark.parametrize("name", ALL)
def test_time_grows_with_the_length(name: str) -> None:
    """Searching a text eight times as long, of the worst kind, takes no more than in proportion."""
    pattern = ALL[name]
    use = _match if name.startswith(WHOLE) else _search
    for unit in hostile(pattern):
        short, long = ((unit * size)[:size] + "\ue000" for size in (SHORT, LONG))
        if _seconds(use, pattern, long) > FREE_SECONDS:
            taken = min(_seconds(use, pattern, long) for _ in range(3))
            least = min(_seconds(use, pattern, short) for _ in range(5))
            assert taken < max(MOST_TIMES * least, FREE_SECONDS), repr(unit)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_never_searched_for(name: str) -> None:
    """What is held against whole texts only is so everywhere in its module."""
    module, constant = name.rsplit(".", 1)
    source = Path(str(importlib.import_module(module).__file__)).read_text("utf-8")
    assert not re.search(rf"{constant}\.(?:search|sub|subn|split|findall|finditer)\(", source)
    assert re.search(rf"{constant}\.(?:match|fullmatch)\(|in {constant}\b", source)


def _search(pattern: re.Pattern[str], text: str) -> None:
    for _ in pattern.finditer(text):
        pass


def _match(pattern: re.Pattern[str], text: str) -> None:
    pattern.match(text)
    pattern.fullmatch(text)


def _seconds(use: Callable[[re.Pattern[str], str], None], pattern: re.Pattern[str], text: str) -> float:
    begun = time.process_time()
    use(pattern, text)
    return time.process_time() - begun
