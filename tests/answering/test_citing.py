"""Citations, and what is said of words from another place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.citing import cite, other_place
from bot.reading.records import Authority, Bulletin, Passage


def passage(stem: str, number: int) -> Passage:
    return Passage(f"{stem}#p{number:02d}", stem, "", "文。", ("文。",), "advice", (), (1, 1), "")


def bulletin(stem: str, place: str | None = None, published: date | None = None) -> Bulletin:
    return Bulletin(stem, f"{stem}通报", "警方", None, place, published, None, None, None, ())


BULLETINS = {"a": bulletin("a", "南宁", date(2021, 6, 20)), "b": bulletin("b", "临沂")}


def test_one_citation_a_bulletin() -> None:
    """Numbered in the order of the quotes; each leads to the first passage quoted from it."""
    citations = cite([passage("b", 7), passage("a", 2), passage("b", 3)], BULLETINS)
    assert [(each.number, each.bulletin, each.reader) for each in citations] == [
        (1, "b", "bulletins/b#p07"),
        (2, "a", "bulletins/a#p02"),
    ]


def test_a_citation_says_what_the_bulletin_says() -> None:
    """Title, publisher, place, date and address are the bulletin's; no date stays none."""
    nanning, linyi = cite([passage("a", 1), passage("b", 1)], BULLETINS)
    assert (nanning.title, nanning.publisher, nanning.place) == ("a通报", "警方", "南宁")
    assert (nanning.published, linyi.published, linyi.url) == (date(2021, 6, 20), None, None)


def test_no_quotes_no_citations() -> None:
    """Nothing is cited that is not quoted."""
    assert cite([], BULLETINS) == ()


def test_each_article_of_a_law_is_cited() -> None:
    """A citation of a law names the article, and leads to it; two of one law are told apart."""
    law = {"c": bulletin("c")}
    articles = [replace(passage("c", number), article=f"第{number}条") for number in (31, 32, 31)]
    assert [(each.number, each.article, each.reader) for each in cite(articles, law)] == [
        (1, "第31条", "bulletins/c#p31"),
        (2, "第32条", "bulletins/c#p32"),
    ]


def test_another_place_than_the_one_asked_for_says_so() -> None:
    """Both are named: the one that has nothing, and the one that is quoted; of the right one nothing is said."""
    assert other_place(BULLETINS["b"], "清远") == "现有通报里没有清远的相关内容，以下是临沂的通报，仅供参考："
    assert other_place(BULLETINS["b"], "临沂") == ""
    assert other_place(BULLETINS["b"], None) == ""


def test_a_place_with_bulletins_is_not_said_to_have_none() -> None:
    """They are silent on this question only."""
    line = other_place(BULLETINS["b"], "清远", {"清远", "临沂"})
    assert line == "清远的通报里没有直接说到这一点，以下是临沂的通报，仅供参考："


@pytest.mark.parametrize("authority", ["law", "national"])
def test_what_holds_everywhere_is_of_no_other_place(authority: Authority) -> None:
    """A law is never 「临沂的通报」, whoever reprinted it; nor is a bulletin of no place."""
    assert other_place(replace(BULLETINS["b"], authority=authority), "清远") == ""
    assert other_place(bulletin("c"), "清远") == ""
