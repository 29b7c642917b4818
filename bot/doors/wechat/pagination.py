"""From a reply to pages, each a text message that WeChat can show. Pure.

A page holds whole sentences, and for each quote on it the whole citation; nothing is cut inside a character, an address
or a citation. The first page begins with the conclusion and ends with the caution and the hotlines: many read no
other. The last ends with the suggestions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import quote as percent

from bot.answering.records import Citation
from bot.answering.rendering import citation_line, gloss_of
from bot.answering.reply import Reply
from bot.doors.wechat import notices
from bot.reading.pieces import sentences_of

# Bytes of UTF-8. WeChat shows about 2,047. A reply of one page has the first as its room, each of several the second:
# what is left is for the lines around a page.
MOST_BYTES, ALONE, ROOM = 2000, 1750, 1600
MOST_SUGGESTIONS = 3
# The word by which the assistant tells the rest of its answer.
FURTHER = "更多"
_CLAUSES = re.compile(r"[^，,；;、：:]*[，,；;、：:]?")
_ADDRESS = re.compile(r"(?<![a-z])[a-z]{1,20}://[^\s\u3000-\uffef“”‘’]+", re.I)
# Words that one is asked to send.
_SENT = re.compile("“([^“”]+)”")
_LINK = re.compile(r"<(?=\s{0,9}/?\s{0,9}a\b)", re.IGNORECASE)
_TAG = re.compile(r'[<>"&%#\s]')


@dataclass(frozen=True)
class Style:
    """`public_url` is where the bulletins are read, if anywhere; `links` makes suggestions links to tap."""

    public_url: str | None = None
    links: bool = True


@dataclass(frozen=True)
class Pages:
    """A reply as this door gives it: at least one page, and what the numbers 1, 2, 3 stand for after it."""

    texts: tuple[str, ...]
    suggestions: tuple[str, ...] = ()
    urgent: bool = False
    further: bool = False  # whether the assistant has more to tell of it, on 更多


@dataclass(frozen=True)
class _Bit:
    """A sentence of what is quoted: `citation` is the number of its citation."""

    text: str
    citation: int


@dataclass(frozen=True)
class _Around:
    """What stands around the sentences: the lead before, the citations' lines, what a time is counted from; `must`
    closes the first page: what nobody may miss, who reads no further; `tail` the last.
    """

    lead: str
    cited: Mapping[int, tuple[str, ...]]
    gloss: str = ""
    must: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()

    def lay(self, bits: Sequence[_Bit], first: bool, last: bool) -> str:
        """Return one page."""
        lines = [self.lead] if first else []
        if bits:
            lines.append(f"「{_without_blank_lines(''.join(bit.text for bit in bits))}」{self.gloss}")
        for number in dict.fromkeys(bit.citation for bit in bits):
            lines += self.cited.get(number, ())
        lines += [*(self.must if first else ()), *(self.tail if last else ())]
        return "\n".join(line for line in lines if line.strip())


def paginate(reply: Reply, style: Style) -> Pages:
    """Return the pages of a reply: one of at most `ALONE` bytes, or several of at most `ROOM`.

    They tell what its text tells: the point of the first quote, and how to get to the rest.
    Suggestions are no links when that makes one page of it: a number is easier sent than 更多.
    """
    custom = reply.custom
    urgent, further = custom.get("kind") == "emergency", FURTHER in (custom.get("further") or "")
    suggestions = () if urgent else tuple(custom.get("suggestions", ()))[:MOST_SUGGESTIONS]
    notice = custom.get("notice") or ""
    quotes = tuple(custom.get("quotes", ()))[:1]
    lead = custom.get("lead") or ("" if quotes else reply.text)
    # The request to send nothing personal comes first; in an emergency nothing stands before the hotlines.
    lead = f"{lead}\n{notice}" if urgent else f"{notice}\n{lead}"
    lead = lead.strip()
    cited = _citations(custom, reply.text, style)
    around = _Around(lead, cited, "".join(map(_gloss, quotes)), _must(custom, style))
    bits = [bit for quote in quotes for bit in _bits(quote)]
    for each in (style, replace(style, links=False)):
        around = replace(around, tail=tuple(_suggestion_lines(suggestions, each)))
        whole = around.lay(bits, first=True, last=True)
        if size(whole) <= ALONE:
            return Pages((whole,), suggestions, urgent, further)
    return Pages(tuple(_pages(around, bits)), suggestions, urgent, further)


def suggest(text: str, suggestions: Sequence[str], style: Style) -> Pages:
    """Return one page of our own words with suggestions under it."""
    shown = tuple(suggestions)[:MOST_SUGGESTIONS]
    return Pages(("\n".join([text, *_suggestion_lines(shown, style)]),), shown)


def size(text: str) -> int:
    """Return the bytes of a text."""
    return len(text.encode())


def _pages(around: _Around, bits: Sequence[_Bit]) -> Iterator[str]:
    """Fill page after page; what closes the reply gets a page of its own when it does not fit."""
    page: list[_Bit] = []
    first = True
    for bit in chain.from_iterable(_small(bit, around) for bit in bits):
        if page and size(around.lay([*page, bit], first, last=False)) > ROOM:
            yield around.lay(page, first, last=False)
            page, first = [], False
        page.append(bit)
    last = around.lay(page, first, last=True)
    if size(last) <= ROOM:
        yield last
        return
    yield around.lay(page, first, last=False)
    yield around.lay((), first=False, last=True)


def _small(bit: _Bit, around: _Around) -> Iterator[_Bit]:
    """Yield the sentence, in pieces when a page cannot hold it whole."""
    empty = replace(bit, text="")
    room = ROOM - max(size(around.lay([empty], first, last=False)) for first in (True, False))
    yield from (replace(bit, text=piece) for piece in _pieces(bit.text, room))


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield `text` in pieces of at most `room` bytes, cut between clauses, never in an address."""
    piece = ""
    for clause in _atoms(text, room):
        if piece and size(piece + clause) > room:
            yield piece
            piece = ""
        piece += clause
    if piece:
        yield piece


def _atoms(text: str, room: int) -> Iterator[str]:
    """Yield what is not cut: clauses; of a clause that is too long, addresses and single characters."""
    for clause in filter(None, _CLAUSES.findall(text)) if not _ADDRESS.search(text) else (text,):
        if size(clause) <= room:
            yield clause
            continue
        done = 0
        for address in _ADDRESS.finditer(clause):
            yield from clause[done : address.start()]
            yield address.group()
            done = address.end()
        yield from clause[done:]


def _bits(quote: Mapping[str, Any]) -> list[_Bit]:
    told = _no_link(_without_blank_lines(quote.get("point") or quote["text"]))
    return [_Bit(sentence, int(quote["citation"])) for sentence in sentences_of(told)]


def _gloss(quote: Mapping[str, Any]) -> str:
    return gloss_of(quote.get("point") or quote["text"], quote.get("gloss"))


def _citations(custom: Mapping[str, Any], text: str, style: Style) -> Mapping[int, tuple[str, ...]]:
    """Return the lines of each citation by its number."""
    return {entry["number"]: tuple(_citation(entry, text, style)) for entry in custom.get("citations", ())}


def _citation(entry: Mapping[str, Any], text: str, style: Style) -> Iterator[str]:
    published = entry["published"]
    citation = Citation(**{**entry, "published": date.fromisoformat(published) if published else None})
    # Where the reply itself names the bulletin's own address, so does this.
    yield _no_link(citation_line(citation, link=bool(citation.url) and str(citation.url) in text))
    if style.public_url:
        yield f'<a href="{style.public_url}/{percent(citation.reader, safe="/#")}">{notices.READER}</a>'


def _must(custom: Mapping[str, Any], style: Style) -> tuple[str, ...]:
    """Return the way to the rest and the caution, the close, and the hotlines unless they are told already."""
    caution, close = custom.get("caution"), custom.get("close")
    lines = [f"{_ways(custom.get('further') or '', style)}{caution or ''}"]
    lines += [close] if close else []
    spoken = "".join([custom.get("lead") or "", *lines])
    lines += [] if "96110" in spoken or custom.get("kind") == "chat" else [notices.HOTLINES]
    return tuple(lines)


def _ways(further: str, style: Style) -> str:
    """Return what says how to get to the rest; the words to send are links to tap."""
    return _SENT.sub(lambda sent: notices.tap(sent[1]), further) if style.links else further


def _suggestion_lines(suggestions: Sequence[str], style: Style) -> list[str]:
    if not suggestions:
        return []
    lines = [f"{number} {_suggestion(text, number, style)}" for number, text in enumerate(suggestions, start=1)]
    return [notices.SUGGESTIONS if style.links else notices.SUGGESTIONS_PLAIN, *lines]


def _suggestion(text: str, number: int, style: Style) -> str:
    if not style.links or _TAG.search(text):
        return text
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={text}&msgmenuid={number}">{text}</a>'


def _no_link(text: str) -> str:
    """Return a bulletin's words with their links as text: WeChat would have them tapped, wherever they lead."""
    return _LINK.sub("＜", text)


def _without_blank_lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
