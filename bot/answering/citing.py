"""Citations, and what must be said of whose words follow."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from bot.answering import sentences
from bot.answering.records import Citation
from bot.reading.records import Bulletin, Passage


def cite(passages: Sequence[Passage], bulletins: Mapping[str, Bulletin]) -> tuple[Citation, ...]:
    """Return one citation a bulletin, of a law one an article, numbered from 1 in the order of the passages.

    Each leads to the first passage of its own.
    """
    first: dict[tuple[str, str | None], Passage] = {}
    for passage in passages:
        first.setdefault((passage.bulletin, passage.article), passage)
    return tuple(
        _cite(number, bulletins[passage.bulletin], passage) for number, passage in enumerate(first.values(), start=1)
    )


def _cite(number: int, bulletin: Bulletin, passage: Passage) -> Citation:
    return Citation(
        number=number,
        bulletin=bulletin.stem,
        title=bulletin.title,
        publisher=bulletin.publisher,
        place=bulletin.place,
        published=bulletin.published,
        url=bulletin.url,
        reader=f"bulletins/{passage.id}",
        article=passage.article,
    )


def other_place(bulletin: Bulletin, asked: str | None, heard_of: Container[str] = ()) -> str:
    """Say that the words are of another place than the one `asked` for; "" when there is nothing to say.

    What holds in the whole country holds there too. Of a place that has bulletins, one of `heard_of`, it is not said
    that it has none.
    """
    if not asked or bulletin.place in (None, asked) or bulletin.authority in ("law", "national"):
        return ""
    silent = sentences.ANSWER_SILENT_PLACE if asked in heard_of else sentences.ANSWER_OTHER_PLACE
    return silent.format(place=asked, other=bulletin.place)
