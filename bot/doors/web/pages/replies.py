"""From a reply's `custom` object to what a page shows of it.

Replies come back from a database, written perhaps by an older version: what is missing or of another type is left out,
and a reply of which nothing is left is shown by its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answering.records import HOTLINES
from bot.answering.rendering import is_whole, others
from bot.answering.reply import Reply
from bot.reading.header import parse_date


@dataclass(frozen=True)
class Source:
    """A citation. `passage` is what it leads to in the reader: `<stem>#p12`, or the stem."""

    number: int
    title: str
    article: str
    publisher: str | None
    place: str | None
    published: date | None
    url: str | None
    passage: str


@dataclass(frozen=True)
class ShownQuote:
    """A quote; `passage` is the one it stands in, `source` its citation. `whole` is empty when the point is all."""

    point: str
    gloss: str
    whole: str
    passage: str
    source: Source | None


@dataclass(frozen=True)
class ShownReply:
    """A reply as the template takes it: the first quote, and the `rest` with what they are.

    `sources` are those that no quote shows.
    """

    kind: str
    notice: str
    lead: str
    first: ShownQuote | None
    rest: tuple[ShownQuote, ...]
    others: str
    sources: tuple[Source, ...]
    caution: str
    close: str
    suggestions: tuple[str, ...]
    hotlines: tuple[str, ...]


def show(reply: Reply) -> ShownReply:
    """Return what a page shows of the reply."""
    custom = reply.custom
    sources = {source.number: source for source in map(_source, _objects(custom, "citations"))}
    quotes = tuple(_quote(quote, sources) for quote in _objects(custom, "quotes"))
    quoted = {quote.source.number for quote in quotes if quote.source}
    return ShownReply(
        kind=_text(custom, "kind"),
        notice=_text(custom, "notice"),
        lead=_text(custom, "lead") or ("" if quotes else reply.text),
        first=quotes[0] if quotes else None,
        rest=quotes[1:],
        others=others([quote.source.place if quote.source else None for quote in quotes]) if quotes else "",
        sources=tuple(source for number, source in sources.items() if number not in quoted),
        caution=_text(custom, "caution"),
        close=_text(custom, "close"),
        suggestions=_texts(custom, "suggestions"),
        hotlines=_texts(custom, "hotlines") or HOTLINES,
    )


def _quote(quote: Mapping[str, Any], sources: Mapping[int, Source]) -> ShownQuote:
    number = quote.get("citation")
    source = sources.get(number) if isinstance(number, int) else None
    text, point = _text(quote, "text"), _text(quote, "point") or _text(quote, "text")
    return ShownQuote(
        point=point,
        gloss=_text(quote, "gloss"),
        whole="" if is_whole(point, text) else text,
        passage=_text(quote, "passage") or (source.passage if source else ""),
        source=source,
    )


def _source(citation: Mapping[str, Any]) -> Source:
    number = citation.get("number")
    return Source(
        number=number if isinstance(number, int) else 0,
        title=_text(citation, "title"),
        article=_text(citation, "article"),
        publisher=_text(citation, "publisher") or None,
        place=_text(citation, "place") or None,
        published=parse_date(_text(citation, "published")),
        url=_text(citation, "url") or None,
        passage=_text(citation, "reader").removeprefix("bulletins/") or _text(citation, "bulletin"),
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(value for value in _entries(data, key) if isinstance(value, str))


def _objects(data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    return (value for value in _entries(data, key) if isinstance(value, Mapping))


def _entries(data: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    value = data.get(key)
    return tuple(value) if isinstance(value, list | tuple) else ()
