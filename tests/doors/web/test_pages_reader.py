"""The reader: every passage at its anchor, whose it is, how old it is, whether it is in force."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urljoin

import pytest
from page_checks import DOOR, TODAY, Page, addresses, bulletin, library, passage, shipped

from bot.doors.web import pages
from bot.doors.web.pages.links import reader_link


def test_every_passage_stands_at_its_anchor() -> None:
    """The id of a passage is its anchor, once a page, and its words are all there, in order, under their heading."""
    assert len(shipped().bulletins) >= 5
    for stem in shipped().bulletins:
        page = Page(pages.bulletin_page(shipped(), stem, TODAY, 2) or "")
        mine = [each for each in shipped().passages if each.bulletin == stem]
        shown = [each for each in page.elements if each.attributes.get("class") == "passage"]
        assert [f"{stem}#{each.attributes['id']}" for each in shown] == [each.id for each in mine]
        assert [_lines(each.text) for each in shown] == [_lines(each.text) for each in mine]
        headings = [each.heading for each in mine if each.heading]
        assert [each.text for each in page.all("h2")] == [
            heading for index, heading in enumerate(headings) if index == 0 or headings[index - 1] != heading
        ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_the_cited_passage_is_marked_without_a_script() -> None:
    """The style sheet marks the target of the address, in words too, and the reader has no script at all."""
    sheet = (pages.asset("pages.css") or b"").decode()
    assert re.search(r"\.passage:target::before \{[^}]*content: \"引用的段落\"", sheet)
    assert re.search(r"\.passage \{[^}]*scroll-margin-top", sheet)
    assert "<script" not in (pages.bulletin_page(shipped(), "linyi-duanka", TODAY, 2) or "")


def test_the_head_of_a_bulletin_says_whose_it_is() -> None:
    """Title, publisher, who wrote it, place, date, the original, and that this is a reprint's text."""
    notice = bulletin(origin="某地警方", url="https://origin.example/a?b=1&c=2")
    page = Page(pages.bulletin_page(library(notice, passages=(passage(),)), "notice", TODAY, 2) or "")
    assert page.one("h1").text == "通报的标题"
    facts = [each.text for each in page.all("dd")]
    assert facts == ["平安某地", "某地警方（由平安某地转载）", "某地", "2025年10月1日"]
    original = page.one("a", href="https://origin.example/a?b=1&c=2")
    assert original.attributes["rel"] == "noopener noreferrer nofollow"
    assert "origin.example" in original.text
    assert "本页为转载通报的文字版" in page.text


def test_what_is_not_known_is_not_guessed() -> None:
    """No date is 未注明日期, no publisher and no place 未注明, no address no link."""
    unknown = bulletin(publisher=None, place=None, published=None)
    page = Page(pages.bulletin_page(library(unknown), "notice", TODAY, 2) or "")
    assert [each.text for each in page.all("dd")] == ["未注明", "未注明", "未注明日期"]
    assert page.all("a", target="_blank") == []


@pytest.mark.parametrize(
    ("published", "years", "says"),
    [
        (date(2023, 11, 1), 2, None),
        (date(2023, 10, 31), 2, "通报距今2年多，规定可能已有变"),
        (date(2025, 10, 31), 0, "通报距今不到1年，规定可能已有变"),
        (None, 99, "提醒 规定可能已有变"),
    ],
)
def test_an_old_bulletin_says_so(published: date | None, years: int, says: str | None) -> None:
    """Older than the set age, or undated: the same words as under an answer; else none."""
    page = Page(pages.bulletin_page(library(bulletin(published=published)), "notice", TODAY, years) or "")
    assert (says or "") in page.text
    assert ("规定可能已有变" in page.text) == (says is not None)


def test_a_withdrawn_bulletin_says_since_when() -> None:
    """On its page and in the list, where it stands after those in force."""
    gone, here = bulletin("gone", title="撤回的", withdrawn=date(2025, 3, 4)), bulletin("here", title="现行的")
    page = Page(pages.bulletin_page(library(gone, here), "gone", TODAY, 2) or "")
    assert "本通报已于2025年3月4日撤回，不再引用" in page.text
    listed = Page(pages.bulletin_list(library(gone, here), TODAY)).text
    assert listed.index("现行的") < listed.index("撤回的") < listed.index("已撤回（2025年3月4日）")


def test_a_bulletin_held_back_says_so() -> None:
    """Its page stays, and no reader takes it for one in force; the list calls it neither withdrawn nor superseded."""
    held, here = bulletin("held", title="存疑的", held_back=True), bulletin("here", title="现行的")
    assert "核实之前不引用" in Page(pages.bulletin_page(library(held, here), "held", TODAY, 2) or "").text
    listed = Page(pages.bulletin_list(library(held, here), TODAY)).text
    assert "存疑的" in listed.partition("不再引用的通报")[2]


def test_a_superseded_bulletin_leads_to_its_successor() -> None:
    """The link names it; a successor that is not there is not linked, and the bulletin is out of force all the same."""
    old, new = bulletin("old", superseded_by="新 1"), bulletin("新 1", title="新的通报")
    page = Page(pages.bulletin_page(library(old, new), "old", TODAY, 2) or "")
    assert page.one("a", href=reader_link("新 1")).text == "《新的通报》"
    assert "本通报已被《新的通报》取代" in page.text
    for orphan in ("nowhere", "", "old"):
        lonely = library(bulletin("old", superseded_by=orphan))
        page = Page(pages.bulletin_page(lonely, "old", TODAY, 2) or "")
        assert "本通报已被另一份通报取代，不再引用" in page.text
        assert "已被取代" in Page(pages.bulletin_list(lonely, TODAY)).text


def test_the_list_has_the_newest_first() -> None:
    """By date, the undated last; each with publisher, place and date, and a link to its page."""
    kept = library(
        bulletin("undated", title="甲", published=None),
        bulletin("older", title="乙", published=date(2024, 1, 2), publisher="警方", place="丁市"),
        bulletin("newer", title="丙"),
    )
    page = Page(pages.bulletin_list(kept, TODAY))
    links = [each for each in page.all("a") if "section" in each.inside]
    assert [each.text.split() for each in links] == [
        ["丙", "平安某地", "·", "2025年10月1日"],
        ["乙", "警方（丁市）", "·", "2024年1月2日"],
        ["甲", "平安某地", "·", "未注明日期"],
    ]
    assert urljoin(DOOR + "bulletins/", links[0].attributes["href"]) == DOOR + "bulletins/newer"


def test_an_unknown_stem_has_no_page() -> None:
    """None, so that the door can say 404; that page leads back."""
    assert pages.bulletin_page(library(bulletin()), "nothing", TODAY, 2) is None
    assert {urljoin(DOOR + "bulletins/x", each) for each in addresses(Page(pages.not_found_page()))} >= {
        DOOR + "bulletins/",
        DOOR + "plain",
    }
    assert "plain" in set(addresses(Page(pages.not_found_page(""))))
