"""The last lines of a notice that sign it: who issues it, and under that the day. Knows no other part of a bulletin.

Only an office's name alone on its line, right above a day alone on its line (or both on one), at the very end of the
text, signs. Any other date stays part of what is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile

from bot.reading.chrome import ends_article, is_chrome
from bot.reading.dates import written_day

# Not the end of a sentence that a mirror broke before its date.
_OFFICE = re.compile(
    r"\A(?!.*[将的于了]|我们|感谢|来到|前往|走进)[^\W\d_]{2,28}(局|总队|支队|大队|中队|派出所|中心|办公室|联席办|反诈办|委员会|领导小组|联席会议|公安部|厅|法院|检察院|银行|支行|分行)"
)
_DAY_AT_END = re.compile(r"(\d{4}|[二〇○零一三四五六七八九]{4})\s*[年/.-].{3,14}$")
_MOST_OFFICES = 5


@dataclass(frozen=True)
class Colophon:
    """Who signs, and of which day; `lines` are the signature's own, counted from 0 in the text."""

    offices: tuple[str, ...] = ()
    day: date | None = None
    lines: tuple[int, ...] = ()

    @property
    def publisher(self) -> str | None:
        """All who sign, in order; None when nobody does."""
        return "、".join(self.offices) or None


def colophon_of(body: str) -> Colophon:
    """Return the signature at the end of the body; an empty one where there is none."""
    last = _last_lines(body)
    at, text = next(last, (0, ""))
    found = _DAY_AT_END.search(text)
    day = written_day(found[0]) if found else None
    if found is None or day is None:
        return Colophon()
    above = iter([(at, text[: found.start()].strip())]) if found.start() else last
    signed = list(islice(takewhile(lambda line: _offices(line[1]), above), _MOST_OFFICES))
    if not signed:
        return Colophon()
    offices = tuple(office for _, line in reversed(signed) for office in _offices(line))
    return Colophon(offices, day, tuple(sorted({at, *(number for number, _ in signed)})))


def without(body: str, colophon: Colophon) -> str:
    """Return the body with the signature's lines left empty: they are no sentence of it."""
    lines = body.split("\n")
    return "\n".join("" if at in colophon.lines else line for at, line in enumerate(lines))


def _last_lines(body: str) -> Iterator[tuple[int, str]]:
    """Yield number and words of the article's lines, from the last to the first, without what the page adds."""
    plain = [re.sub(r"[*#>]", "", line).strip() for line in body.split("\n")]
    lines = list(takewhile(lambda line: not ends_article(line[1]), enumerate(plain)))
    for at, text in reversed(lines):
        if text and (written_day(text) or not is_chrome(text)):
            yield at, text


def _offices(line: str) -> tuple[str, ...]:
    """Return the offices a line names when it names nothing else."""
    for names in (line.split(), ["".join(line.split())]):
        if names and all(_OFFICE.fullmatch(name) for name in names):
            return tuple(names)
    return ()
