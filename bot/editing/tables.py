"""Tables that leave the house: what residents typed never becomes a formula in somebody's spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.answering.records import OUTCOME_NAMES
from bot.keeping.events import TurnEvent
from bot.keeping.switches import DOOR_NAMES

HEADINGS = ("时间", "渠道", "问题", "结果", "引用的通报", "有没有帮助", "居民写的")
# How wide each column is shown, in characters.
_WIDTHS = (20, 14, 60, 16, 40, 12, 40)
# Excel, WPS and LibreOffice take what begins so for a formula; full-width ones too, once they are pasted.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
# What no cell of Excel's may hold: control characters, and more than so many characters.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_000

# A sheet: its name, and its rows, the headings first. A number is one in the sheet too.
Sheet = tuple[str, Iterable[Sequence[str | int]]]


def cell(text: str) -> str:
    """Return a text as a cell that is only text: an apostrophe stands before what could be a formula."""
    plain = unicodedata.normalize("NFKC", text).lstrip(" \u200b\ufeff\u00ad")
    return f"'{text}" if plain.startswith(_FORMULA) or text.startswith(_FORMULA) else text


def question_rows(turns: Sequence[TurnEvent], titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the headings, then a row for each turn."""
    yield HEADINGS
    for turn in turns:
        stems = dict.fromkeys(passage.partition("#")[0] for passage in turn.quoted)
        yield (
            datetime.fromtimestamp(turn.at).strftime("%Y-%m-%d %H:%M:%S"),
            DOOR_NAMES.get(turn.channel, turn.channel),
            turn.question or "",
            dict(OUTCOME_NAMES).get(turn.outcome, turn.outcome),
            "、".join(titles.get(stem, stem) for stem in stems),
            {True: "有帮助", False: "没帮助", None: ""}[turn.helpful],
            turn.comment or "",
        )


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as a CSV file that Excel reads as UTF-8."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerows([cell(each) for each in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def xlsx_of(sheets: Iterable[Sheet]) -> bytes:
    """Return the sheets as a workbook for Excel and WPS: no cell of it is a formula, nor becomes one in a CSV."""
    import openpyxl  # a third of a second: not at every start of the service

    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for column, width in zip("ABCDEFG", _WIDTHS, strict=True):
            sheet.column_dimensions[column].width = width
        for row in rows:
            sheet.append([_written(sheet, value) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _written(sheet: object, value: str | int) -> object:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, int):
        return value
    written = WriteOnlyCell(sheet, value=cell(_UNFIT.sub("", value)[:_LONGEST]))
    written.data_type = "s"  # whatever it begins with
    return written
