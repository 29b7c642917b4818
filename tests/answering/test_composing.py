"""From chosen passages to an Answer, also where no matcher has chosen them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answering import sentences
from bot.answering.answerer import Answerer
from bot.answering.composing import MOST_QUOTES, Composer
from bot.answering.records import Answer, Outcome
from bot.answering.rendering import render_custom, render_text
from bot.retrieval.query import Prior

TODAY = date(2026, 11, 24)


def composed(answerer: Answerer, outcome: Outcome, question: str = "出售银行卡有什么后果", **more: bool) -> Answer:
    result = answerer.searcher.search(question, Prior({"penalty": 1.0}, None))
    composer = Composer(answerer.searcher, answerer.old_after_years)
    return composer.compose(outcome, "", result, result.accepted, (), None, TODAY, **more)


def test_the_nearest_passage_is_said_to_be_that(answerer: Answerer) -> None:
    """It begins with what it is not; one quote stands in the text, at most two more behind it; whom to ask is told."""
    near = composed(answerer, "near")
    lead, quoted, source, *_ = render_text(near).split("\n")
    assert (lead, quoted, source[:5]) == (sentences.NEAR, f"「{near.quotes[0].point}」", "【来源】《")
    assert render_text(near).count("「") == 1
    assert 1 <= len(near.quotes) <= MOST_QUOTES
    assert "96110" in render_text(near)
    assert render_custom(near)["kind"] == "near"


def test_it_sounds_unlike_an_answer(answerer: Answerer) -> None:
    """The same passages, asked the same: an answer has no such words."""
    assert sentences.NEAR not in render_text(composed(answerer, "answer"))


def test_the_whole_passage_when_asked_for(answerer: Answerer) -> None:
    """Not the excerpt: all of it."""
    for quote in composed(answerer, "answer", whole=True).quotes:
        assert quote.text == quote.point == quote.passage.text


@pytest.mark.parametrize("outcome", ["answer", "near"])
def test_there_is_always_somebody_to_ask(answerer: Answerer, outcome: Outcome) -> None:
    """Also of a bulletin so young that nothing need be said of its age."""
    result = answerer.searcher.search("南宁抓获多少人", Prior({"figures": 1.0}, None))
    composer = Composer(answerer.searcher, old_after_years=50)
    dated = [c for c in result.candidates if answerer.searcher.library.bulletins[c.passage.bulletin].published]
    young = composer.compose(outcome, "", result, dated[:1], (), None, TODAY)
    assert (young.caution, young.close) == (None, sentences.CONSULT)
