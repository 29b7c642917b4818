"""What may be asked next: headings of neighbours and questions on their topics, which lead somewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pytest

from bot.answering.answerer import Answerer
from bot.answering.records import Memory, Understanding
from bot.answering.suggesting import MOST, Suggester, suggestion_of, suggestions_in
from bot.knowledge.messages import read_message
from bot.reading.records import Library, Passage, Topic
from tests.answering.test_answerer import ASKS, TODAY, Conversation, sure

LURE = Topic("lure", "有人租卡", ("有人租我的卡，能答应吗？",), ())


def passage(number: int, heading: str, text: str = "不得出租。", topics: tuple[str, ...] = ()) -> Passage:
    return Passage(f"a#p{number:02d}", "a", heading, text, (text,), "advice", topics, (number, number), "")


TOLD = passage(3, "卖卡有何后果？")
NEAR, FAR = passage(4, "一、身份证丢了怎么办？"), passage(9, "（二）到哪里举报？", topics=("lure",))
PASSAGES = (passage(1, "热议话题"), TOLD, NEAR, FAR)


def suggester(leads: Mapping[str, Sequence[Passage]], passages: tuple[Passage, ...] = PASSAGES) -> Suggester:
    library = Library(MappingProxyType({}), passages)
    return Suggester(library, (LURE,), lambda text: leads.get(text, ()), lambda text: [text[:2], text[2:]])


EVERYTHING = {"身份证丢了怎么办？": [NEAR], "到哪里举报？": [FAR], LURE.asks[0]: [PASSAGES[0]]}


def test_the_nearest_headings_come_first() -> None:
    """Without their numbers; then what is asked on the topics that stand beside."""
    assert suggester(EVERYTHING).after([TOLD], []) == ("身份证丢了怎么办？", "到哪里举报？", LURE.asks[0])


def test_what_came_near_comes_before_what_stands_beside() -> None:
    """A passage that the search found, though it was not quoted, is nearer than a neighbour."""
    assert suggester(EVERYTHING).after([TOLD], [FAR])[0] == "到哪里举报？"


def test_nothing_is_suggested_that_leads_nowhere() -> None:
    """Nor what leads back to what was told, nor two that lead to one passage."""
    assert suggester({}).after([TOLD], []) == ()
    assert suggester({"身份证丢了怎么办？": [TOLD]}).after([TOLD], []) == ()
    assert suggester({"身份证丢了怎么办？": [NEAR], "到哪里举报？": [NEAR]}).after([TOLD], []) == (
        "身份证丢了怎么办？",
    )


def test_a_topic_is_what_its_passage_speaks_of() -> None:
    """「热议话题」 heads anything; a short topic whose words stand in the passage may be asked for."""
    other = passage(5, "出租银行卡", "出租银行卡违法。")
    leads = {"热议话题": [PASSAGES[0]], "出租银行卡": [other]}
    assert suggester(leads, (*PASSAGES, other)).after([TOLD], []) == ("出租银行卡",)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("三、如何保管U盾？", "如何保管U盾？"),
        ("第一类：开卡团伙。", "开卡团伙"),
        ("开展专项整治营造清朗网络环境", ""),
        ("提示", ""),
        ("市民要注意，不要出租。", ""),
    ],
)
def test_how_a_heading_becomes_a_suggestion(heading: str, words: str) -> None:
    """A question, or a topic of a few characters; a slogan is neither."""
    assert suggestion_of(passage(1, heading)) == words


def test_each_is_looked_up_once() -> None:
    """A search costs; the same neighbours are suggested again and again."""
    asked: list[str] = []

    def search(text: str) -> Sequence[Passage]:
        asked.append(text)
        return EVERYTHING.get(text, ())

    suggesting = Suggester(Library(MappingProxyType({}), PASSAGES), (LURE,), search, lambda text: [text])
    assert suggesting.after([TOLD], []) == suggesting.after([TOLD], [])
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(("slug", "question"), ASKS)
def test_every_suggestion_leads_to_an_answer(answerer: Answerer, slug: str, question: str) -> None:
    """Asked by somebody the classifier does not understand, it is answered, and not with what was just told."""
    talk = Conversation(answerer)
    answer = talk.say(question, sure(slug))
    assert len(answer.suggestions) <= MOST
    assert set(answer.suggestions) <= suggestions_in(answerer.searcher.library, answerer.topics)
    for suggestion in answer.suggestions:
        next_answer, _ = answerer.reply(read_message(suggestion), Understanding("nlu_fallback", 0.0), Memory(), TODAY)
        assert next_answer.quotes, suggestion
        assert next_answer.told != answer.told, suggestion
