"""From an Answer to the one text bubble and the `custom` object that every door delivers.

The text has no blank line: Rasa would split it there. It reads well aloud and in a terminal. It tells the first quote:
its point, and the title of its bulletin with it. All of it, and the other quotes, are in the object.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answering import sentences
from bot.answering.age import chinese_date, is_relative
from bot.answering.records import CUT, HOTLINES, QUOTING, Answer, Citation, Quote
from bot.text.squeezing import squeeze

UNDATED = "未注明日期"


def render_text(answer: Answer) -> str:
    """Return the reply as text: notice, lead, point, source, what else there is with the caution, close.

    In an emergency the notice comes last: nothing stands before the hotlines.
    """
    notice = [answer.notice] if answer.notice else []
    urgent = answer.outcome == "emergency"
    lines = [answer.lead] if urgent else [*notice, answer.lead]
    for quote in answer.quotes[:1]:
        lines += [quote_line(quote), citation_line(cited(answer, quote), answer.show_links)]
    lines += [f"{_rest(answer)}{answer.caution or ''}"]
    lines += [answer.close] if answer.close else []
    if answer.outcome in ("abstain", "ask") and answer.suggestions:
        lines.append(
            f"{'您可以这样问' if answer.outcome == 'abstain' else '您可以回复'}：{' '.join(answer.suggestions)}"
        )
    lines += notice if urgent else []
    return "\n".join(line.strip() for line in "\n".join(lines).split("\n") if line.strip())


def render_custom(answer: Answer) -> dict[str, Any]:
    """Return the `custom` object of the reply, as in the design's section on the reply."""
    return {
        "kind": answer.outcome,
        "notice": answer.notice,
        "lead": answer.lead,
        "quotes": [_quote_object(quote) for quote in answer.quotes],
        "citations": [_citation_object(citation) for citation in answer.citations],
        "further": further(answer) or None,
        "caution": answer.caution,
        "close": answer.close,
        "suggestions": list(answer.suggestions),
        "hotlines": list(HOTLINES if answer.outcome != "emergency" else reversed(HOTLINES)),
    }


def cited(answer: Answer, quote: Quote) -> Citation:
    """Return the citation of a quote."""
    return next(citation for citation in answer.citations if citation.number == quote.citation)


def quote_line(quote: Quote) -> str:
    """Return the point in the marks of a quotation, and behind them what a time in it is counted from."""
    return f"「{quote.point}」{gloss_of(quote.point, quote.gloss)}"


def gloss_of(words: str, gloss: str | None) -> str:
    """Return a quote's gloss as it stands behind `words` of it; "" behind words that name no such time."""
    return f"（{gloss}）" if gloss and is_relative(words) else ""


def citation_line(citation: Citation, link: bool) -> str:
    """Return the 【来源】 line; `link` adds the bulletin's own address."""
    published = f"{chinese_date(citation.published)}发布" if citation.published else UNDATED
    parts = [f"《{citation.title}》{citation.article or ''}", _publisher(citation), published]
    parts += [citation.url] if link and citation.url else []
    return "【来源】" + "，".join(part for part in parts if part)


def further(answer: Answer) -> str:
    """Say what else there is and what to type to get it; "" when the text holds everything."""
    if answer.outcome not in QUOTING:
        return ""
    whole = f"{sentences.REPLY_WHOLE}。" if not is_whole(answer.quotes[0].point, answer.quotes[0].text) else ""
    return f"{_rest(answer)}{whole}"


def _rest(answer: Answer) -> str:
    """Say that there are other quotes; the text says no more, since it is to be short."""
    several = answer.outcome in QUOTING and len(answer.quotes) > 1
    places = [cited(answer, quote).place for quote in answer.quotes]
    return f"{others(places)}，{sentences.REPLY_MORE}。" if several else ""


def is_whole(point: str, text: str) -> bool:
    """Whether the point of a quote is all of it."""
    return bool(squeeze(point.strip(CUT)) == squeeze(text))


def others(places: Sequence[str | None]) -> str:
    """Say what the quotes behind the first are, by their `places` in order: of other places, or more of the same."""
    named = dict.fromkeys(place for place in places[1:] if place and place != places[0])
    return sentences.FURTHER_PLACES.format(places="、".join(named)) if named else sentences.FURTHER


def _publisher(citation: Citation) -> str:
    if citation.publisher and citation.place and citation.place not in citation.publisher:
        return f"{citation.publisher}（{citation.place}）"
    return citation.publisher or citation.place or ""


def _quote_object(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "point": quote.point,
        "gloss": quote.gloss,
        "probability": round(quote.probability, 3),
        "bulletin": quote.passage.bulletin,
        "passage": quote.passage.id,
        "lines": list(quote.passage.lines),
        "citation": quote.citation,
    }


def _citation_object(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "bulletin": citation.bulletin,
        "title": citation.title,
        "article": citation.article,
        "publisher": citation.publisher,
        "place": citation.place,
        "published": citation.published.isoformat() if citation.published else None,
        "url": citation.url,
        "reader": citation.reader,
    }
