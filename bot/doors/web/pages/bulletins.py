"""The reader: the list of bulletins, and one bulletin with every passage at its anchor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.answering.age import caution
from bot.doors.web.pages.templates import ONE_DOWN, render
from bot.reading.records import Bulletin, Library, Passage


@dataclass(frozen=True)
class Section:
    """Passages that follow each other under one heading, "" for none."""

    heading: str
    passages: tuple[tuple[str, Passage], ...]


def bulletin_list(library: Library, today: date, elder: bool = False) -> str:
    """Return the page of all bulletins, the newest first; those no longer cited stand at the end, marked."""
    listed = newest_first(library.bulletins.values())
    return render(
        "bulletin_list.html",
        ONE_DOWN,
        elder,
        today=today,
        in_force=[bulletin for bulletin in listed if bulletin.in_force],
        out_of_force=[bulletin for bulletin in listed if not bulletin.in_force],
    )


def bulletin_page(library: Library, stem: str, today: date, old_after_years: int, elder: bool = False) -> str | None:
    """Return the page of one bulletin, None when there is none of that stem.

    Passage `<stem>#p12` has the id `p12`; the one the address names is marked by the style sheet, without a script.
    """
    bulletin = library.bulletins.get(stem)
    if bulletin is None:
        return None
    return render(
        "bulletin.html",
        ONE_DOWN,
        elder,
        bulletin=bulletin,
        successor=library.bulletins.get(bulletin.superseded_by or ""),
        sections=tuple(_sections(passage for passage in library.passages if passage.bulletin == stem)),
        caution=caution([bulletin], today, old_after_years),
    )


def not_found_page(root: str = ONE_DOWN) -> str:
    """Return the page for an address below `bulletins/` that leads nowhere; `root=""` for one at the door's root."""
    return render("not_found.html", root)


def newest_first(bulletins: Iterable[Bulletin]) -> list[Bulletin]:
    """Return the bulletins by date, the newest first and the undated last; those of one day by stem."""
    by_stem = sorted(bulletins, key=lambda bulletin: bulletin.stem)
    return sorted(by_stem, key=lambda bulletin: bulletin.published or date.min, reverse=True)


def _sections(passages: Iterable[Passage]) -> Iterator[Section]:
    for heading, group in groupby(passages, key=lambda passage: passage.heading):
        yield Section(heading, tuple((passage.id.rpartition("#")[2], passage) for passage in group))
