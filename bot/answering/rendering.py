"""From an Answer to the one text bubble and the `custom` object that every door delivers.

The text has no blank line: Rasa would split it there. It reads well aloud and in a terminal.
"""

from __future__ import annotations

from typing import Any

from bot.answering.age import chinese_date
from bot.answering.records import HOTLINES, Answer, Citation, Quote

UNDATED = "未注明日期"


def render_text(answer: Answer) -> str:
    """Return the reply as text: notice, lead, quotes, one 【来源】 line a citation, caution, close.

    In an emergency the notice comes last: nothing stands before the hotlines.
    """
    several = len(answer.citations) > 1
    notice = [answer.notice] if answer.notice else []
    urgent = answer.outcome == "emergency"
    lines = [answer.lead] if urgent else [*notice, answer.lead]
    lines += [_quote_line(quote, several) for quote in answer.quotes]
    lines += [citation_line(citation, several, answer.show_links) for citation in answer.citations]
    lines += [f"【提醒】{answer.caution}"] if answer.caution else []
    lines += [answer.close] if answer.close else []
    if answer.outcome == "abstain" and answer.suggestions:
        lines.append("您可以这样问：" + " ".join(answer.suggestions))
    if answer.outcome == "ask":
        lines += [f"{number}. {choice}" for number, choice in enumerate(answer.suggestions, start=1)]
    lines += notice if urgent else []
    return "\n".join(line for line in lines if line.strip())


def render_custom(answer: Answer) -> dict[str, Any]:
    """Return the `custom` object of the reply, as in the design's section on the reply."""
    return {
        "kind": answer.outcome,
        "notice": answer.notice,
        "lead": answer.lead,
        "quotes": [_quote_object(quote) for quote in answer.quotes],
        "citations": [_citation_object(citation) for citation in answer.citations],
        "caution": answer.caution,
        "close": answer.close,
        "suggestions": list(answer.suggestions),
        "hotlines": list(HOTLINES if answer.outcome != "emergency" else reversed(HOTLINES)),
    }


def _quote_line(quote: Quote, several: bool) -> str:
    text = "\n".join(line.strip() for line in quote.text.splitlines() if line.strip())
    return f"「{text}」" + (f"［来源{quote.citation}］" if several else "")


def citation_line(citation: Citation, several: bool, link: bool) -> str:
    """Return the 【来源】 line, numbered when there are several; `link` adds the bulletin's own address."""
    published = f"{chinese_date(citation.published)}发布" if citation.published else UNDATED
    parts = [f"《{citation.title}》", _publisher(citation), published]
    parts += [citation.url] if link and citation.url else []
    return f"【来源{citation.number if several else ''}】" + "，".join(part for part in parts if part)


def _publisher(citation: Citation) -> str:
    if citation.publisher and citation.place and citation.place not in citation.publisher:
        return f"{citation.publisher}（{citation.place}）"
    return citation.publisher or citation.place or ""


def _quote_object(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "point": quote.point,
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
