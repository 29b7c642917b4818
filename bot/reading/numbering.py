"""How the parts of a text are numbered: 第一章, 一、, （一）, 1., ①; and the articles of a law. Knows no text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMERAL = "零〇一二三四五六七八九十百千"
# The forms of a number, the outermost first: a part with a later form stands within one with an earlier.
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第[{_NUMERAL}\d]+[编篇]",
        rf"第[{_NUMERAL}\d]+章",
        rf"第[{_NUMERAL}\d]+节",
        rf"([{_NUMERAL}]{{1,3}}[、．.]|第[{_NUMERAL}]{{1,3}}(类|种|步|招|问|部分)|[{_NUMERAL}]{{1,2}}是)",
        rf"[（(][{_NUMERAL}]{{1,3}}[)）]",
        r"(\d{1,2}[、．]|\d{1,2}\.(?!\d)|NO\.?\d+|案例[一二三四五六七八九十\d]+)",
        r"([（(]\d{1,2}[)）]|\d{1,2}[)）]|[①-⑳])",
    )
)
_CHAPTER = re.compile(rf"第[{_NUMERAL}\d]+[编篇章节](?![，。；的])")
# What a law begins an article with; 「第三条规定」 and 「第三条第二款」 speak of one.
_ARTICLE = re.compile(
    rf"(第([{_NUMERAL}]+|\d+)条(?:之[{_NUMERAL}]+)?)(?![{_NUMERAL}\d]|规定|之规定|的|款|项|至|和|及|或|与|到|以|、|，|。|；|》|”|第|明确|指出|所|中|对|也|还|里|）)"
)
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def rank_of(text: str) -> int | None:
    """Return how deep the number at the start of a text stands, 0 the outermost; None without a number."""
    return next((rank for rank, form in enumerate(_FORMS) if form.match(text)), None)


def is_chapter(text: str) -> bool:
    """Whether the text is the name of a part, chapter or section of a law."""
    return bool(_CHAPTER.match(text)) and len(text) <= 30 and not re.search(r"[，。；：！？]", text)


def article_of(text: str) -> str | None:
    """Return the number of the article that begins here, 「第三十一条」; None where none does."""
    found = _ARTICLE.match(text)
    return found[1] if found else None


def statute_of(texts: Sequence[str]) -> frozenset[int]:
    """Return the places of the lines that begin an article of a law: three or more that count on, one by one."""
    starts = [(at, number) for at, text in enumerate(texts) if (number := _number(text)) is not None]
    runs: list[list[tuple[int, int]]] = []
    for at, number in starts:
        if runs and number == runs[-1][-1][1] + 1:
            runs[-1].append((at, number))
        else:
            runs.append([(at, number)])
    return frozenset(at for run in runs if len(run) >= _FEWEST_ARTICLES for at, _ in run)


_FEWEST_ARTICLES = 3


def _number(text: str) -> int | None:
    found = _ARTICLE.match(text)
    return value_of(found[2]) if found else None


def value_of(numeral: str) -> int:
    """Return the number a Chinese numeral up to 9,999, or a row of digits, stands for."""
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for character in numeral:
        unit = _UNITS.get(character)
        if unit is None:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * unit, 0
    return total + digit
