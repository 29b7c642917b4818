"""What one sees of an answer on a telephone before anything is scrolled: the point, its source, a hotline."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from residents import PHONE, Chat, Opening, chat_at
from service import ROOT

from bot.reading.topics import read_topics
from tests.axe_program import settled

pytestmark = pytest.mark.usefixtures("at_home")
ASKS = tuple(topic.asks[0] for topic in read_topics(ROOT / "knowledge/topics.yml") if topic.asks)
OTHERS = ("卖银行卡会坐牢吗", "身份证丢了，怕被人办卡，怎么办", "我想卖卡")


def seen_whole(chat: Chat) -> list[str]:
    """What of point, source and hotline is not wholly in the window."""
    answer = chat.answers.last
    parts = {
        "point": answer.locator("blockquote").first,
        "source": answer.locator(".Source").first,
        "110": chat.within.locator(".Help a[href='tel:110']"),
        "96110": chat.within.locator(".Help a[href='tel:96110']"),
    }
    whole = (
        "e => { const {top, bottom, left, right} = e.getBoundingClientRect(); const y = (top + bottom) / 2;"
        " const above = document.elementFromPoint((left + right) / 2, y);"
        " return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth"
        " && (above === e || e.contains(above) || above.contains(e)) }"
    )
    return [name for name, part in parts.items() if not part.evaluate(whole)]


@pytest.mark.parametrize("question", [*ASKS, *OTHERS])
def test_one_answer(opening: Opening, door: str, question: str) -> None:
    """At 390 × 844, of the first question and of the second."""
    page = opening(**PHONE).new_page()
    chat = chat_at(page, door)
    for asked in (question, ASKS[0]):
        expect(chat.ask(asked).locator("blockquote").first).to_be_visible()
        settled(page)
        assert seen_whole(chat) == [], asked


@pytest.mark.parametrize(("width", "height", "elder"), [(390, 844, "1"), (360, 640, "0"), (375, 667, "0")])
def test_other_telephones(opening: Opening, door: str, width: int, height: int, elder: str) -> None:
    """In large letters, and on smaller and larger telephones."""
    page = opening(**{**PHONE, "viewport": {"width": width, "height": height}}).new_page()
    chat = chat_at(page, door, elder=elder)
    for question in ASKS[:4]:
        chat.ask(question)
        settled(page)
        assert seen_whole(chat) == [], question
