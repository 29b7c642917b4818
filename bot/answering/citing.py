"""Citations, and the line that says whose words follow."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from bot.answering import sentences
from bot.answering.records import Citation
from bot.reading.records import Bulletin
from bot.retrieval.ranking import Candidate


def cite(chosen: Sequence[Candidate], bulletins: Mapping[str, Bulletin]) -> tuple[Citation, ...]:
    """Return one citation a bulletin, numbered from 1 in the order of the quotes; each leads to its first quote."""
    first: dict[str, str] = {}
    for candidate in chosen:
        first.setdefault(candidate.passage.bulletin, candidate.passage.id)
    return tuple(_cite(number, bulletins[stem], first[stem]) for number, stem in enumerate(first, start=1))


def _cite(number: int, bulletin: Bulletin, passage: str) -> Citation:
    return Citation(
        number=number,
        bulletin=bulletin.stem,
        title=bulletin.title,
        publisher=bulletin.publisher,
        place=bulletin.place,
        published=bulletin.published,
        url=bulletin.url,
        reader=f"bulletins/{passage}",
    )


def whose_words(citations: Sequence[Citation], asked: str | None, heard_of: Container[str] = ()) -> str:
    """Say whose words follow: one place, several side by side, or others than the one asked for.

    Of a place that has bulletins, one of `heard_of`, it is not said that it has none.
    """
    places = tuple(dict.fromkeys(citation.place for citation in citations if citation.place))
    if asked and places and asked not in places:
        other = sentences.ANSWER_SILENT_PLACE if asked in heard_of else sentences.ANSWER_OTHER_PLACE
        return other.format(place=asked, places="、".join(places))
    if len(places) > 1:
        return sentences.ANSWER_PLACES.format(places="、".join(places))
    return sentences.ANSWER_PLACE.format(place=places[0]) if places else sentences.ANSWER_ONE
