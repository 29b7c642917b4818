"""Citations, and the line that says whose words follow."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answering.citing import cite, whose_words
from bot.answering.records import Citation
from bot.reading.records import Bulletin, Passage
from bot.retrieval.ranking import Candidate


def candidate(stem: str, number: int) -> Candidate:
    name = f"{stem}#p{number:02d}"
    return Candidate(Passage(name, stem, "", "文。", ("文。",), "advice", (), (1, 1), ""), 1.0, (), (), 1.0)


def bulletin(stem: str, place: str | None = None, published: date | None = None) -> Bulletin:
    return Bulletin(stem, f"{stem}通报", "警方", None, place, published, None, None, None, ())


BULLETINS = {"a": bulletin("a", "南宁", date(2021, 6, 20)), "b": bulletin("b", "临沂")}


def test_one_citation_a_bulletin() -> None:
    """Numbered in the order of the quotes; each leads to the first passage quoted from it."""
    citations = cite([candidate("b", 7), candidate("a", 2), candidate("b", 3)], BULLETINS)
    assert [(each.number, each.bulletin, each.reader) for each in citations] == [
        (1, "b", "bulletins/b#p07"),
        (2, "a", "bulletins/a#p02"),
    ]


def test_a_citation_says_what_the_bulletin_says() -> None:
    """Title, publisher, place, date and address are the bulletin's; no date stays none."""
    nanning, linyi = cite([candidate("a", 1), candidate("b", 1)], BULLETINS)
    assert (nanning.title, nanning.publisher, nanning.place) == ("a通报", "警方", "南宁")
    assert (nanning.published, linyi.published, linyi.url) == (date(2021, 6, 20), None, None)


def test_no_quotes_no_citations() -> None:
    """Nothing is cited that is not quoted."""
    assert cite([], BULLETINS) == ()


def cited(*places: str | None) -> tuple[Citation, ...]:
    return tuple(
        Citation(number, "a", "通报", None, place, None, None, "bulletins/a#p01")
        for number, place in enumerate(places, start=1)
    )


@pytest.mark.parametrize(("places", "named"), [(("南宁",), ["南宁"]), (("临沂", "南宁"), ["临沂", "南宁"])])
def test_the_places_are_named(places: tuple[str, ...], named: list[str]) -> None:
    """One by its name, two side by side."""
    line = whose_words(cited(*places), None)
    assert all(place in line for place in named)


def test_a_place_is_named_once() -> None:
    """Two bulletins of one town are that town's words."""
    assert whose_words(cited("南宁", "南宁"), None).count("南宁") == 1


def test_a_bulletin_of_no_place_is_a_bulletin() -> None:
    """Nothing is said of a place that is not known."""
    line = whose_words(cited(None), None)
    assert line
    assert "None" not in line


def test_another_place_than_the_one_asked_for_says_so() -> None:
    """Both are named: the one that has nothing, and the one that is quoted."""
    line = whose_words(cited("临沂"), "清远")
    assert "清远" in line
    assert "临沂" in line
    assert line != whose_words(cited("临沂"), "临沂")


def test_a_place_with_bulletins_is_not_said_to_have_none() -> None:
    """They are silent on this question only."""
    line = whose_words(cited("临沂"), "清远", {"清远", "临沂"})
    assert line.startswith("清远的通报里没有直接说到这一点")
    assert "临沂" in line
