"""Tables that leave the house: what residents typed never becomes a formula in somebody's spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.answering.records import OUTCOME_NAMES
from bot.keeping.events import TurnEvent

HEADINGS = ("时间", "渠道", "问题", "结果", "引用的通报", "有没有帮助", "居民写的")
# Excel, WPS and LibreOffice take what begins so for a formula; full-width ones too, once they are pasted.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def cell(text: str) -> str:
    """Return a text as a cell that is only text: an apostrophe stands before what could be a formula."""
    plain = unicodedata.normalize("NFKC", text).lstrip(" \u200b\ufeff\u00ad")
    return f"'{text}" if plain.startswith(_FORMULA) or text.startswith(_FORMULA) else text


def questions_csv(turns: Sequence[TurnEvent], titles: Mapping[str, str]) -> bytes:
    """Return the turns as a CSV file that Excel reads as UTF-8, a row each."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(HEADINGS)
    for turn in turns:
        stems = dict.fromkeys(passage.partition("#")[0] for passage in turn.quoted)
        helpful = {True: "有帮助", False: "没帮助", None: ""}[turn.helpful]
        row = (
            datetime.fromtimestamp(turn.at).strftime("%Y-%m-%d %H:%M:%S"),
            turn.channel,
            turn.question or "",
            dict(OUTCOME_NAMES).get(turn.outcome, turn.outcome),
            "、".join(titles.get(stem, stem) for stem in stems),
            helpful,
            turn.comment or "",
        )
        table.writerow([cell(each) for each in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode()
