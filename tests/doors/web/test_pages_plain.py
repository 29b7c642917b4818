"""The chat without JavaScript: what is shown of a conversation, and its forms."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from page_checks import Asked, Page, reply

from bot.answering.apology import apology
from bot.answering.message import MOST_CHARACTERS
from bot.answering.reply import Reply
from bot.doors.http.routing import MOST_BYTES
from bot.doors.web import pages
from bot.doors.web.pages.plain import Turn
from bot.knowledge.messages import read_message
from bot.reading.records import Topic


def test_an_answer_is_shown_with_its_sources() -> None:
    """The quote is set off as one, line by line; its source leads to its passage; caution and hotlines follow."""
    page = Page(pages.plain_page([Asked("能出租吗", reply())], "form-0001"))
    assert page.one("blockquote").text.strip() == "不得出租。\n不得出借。"
    source = page.one("figcaption")
    assert "".join(source.text.split()) == "来源：《标题甲》平安某地·2021年6月20日"
    assert page.one("a", href="bulletins/a#p02").inside[-1] == "figcaption"
    answer = page.by_id("latest").text
    assert answer.index("不得出租") < answer.index("标题甲") < answer.index("该通报发布于") < answer.index("拨打 96110")


def test_a_quote_leads_to_its_own_passage() -> None:
    """Two quotes of one bulletin: the citation names the first passage, each quote's link its own."""
    quotes = [{"text": "一。", "passage": "a#p02", "citation": 1}, {"text": "二。", "passage": "a#p07", "citation": 1}]
    page = Page(pages.plain_page([Asked("问", reply(quotes=quotes))], "form-0001"))
    links = [each.attributes["href"] for each in page.all("a") if "figcaption" in each.inside]
    assert links == ["bulletins/a#p02", "bulletins/a#p07"]


QUOTES = [
    {
        "text": "不得出租。今年起不得出借。",
        "point": "…不得出借。",
        "gloss": "通报写于2021年",
        "passage": "a#p02",
        "citation": 1,
    },
    {"text": "请举报。", "point": "请举报。", "gloss": None, "passage": "b#p01", "citation": 2},
]


def several() -> dict[str, object]:
    """Two quotes from bulletins of two places, the first with a point of its own."""
    first = {**reply().custom["citations"][0], "article": "第三十一条"}
    return {
        "quotes": QUOTES,
        "citations": [first, {**first, "number": 2, "place": "别处", "title": "标题乙", "article": None}],
    }


def test_the_point_is_shown_the_rest_is_behind_a_tap() -> None:
    """The whole quote and the other quotes are closed to begin with, each quote with its source under it."""
    page = Page(pages.plain_page([Asked("一", reply(**several()))], "form-0001"))
    outside = [each.text.strip() for each in page.all("blockquote") if "details" not in each.inside]
    assert outside == ["…不得出借。"]
    assert [each.text for each in page.all("summary")][:2] == ["看整段", "另有别处的通报"]
    assert [each.text.strip() for each in page.all("blockquote")] == [
        "…不得出借。",
        "不得出租。今年起不得出借。",
        "请举报。",
    ]
    assert all("open" not in each.attributes for each in page.all("details"))
    assert "来源：《标题甲》第三十一条" in page.text
    assert "（通报写于2021年）" in page.text


def test_the_nearest_passage_looks_and_sounds_unlike_an_answer() -> None:
    """Its heading says so, and so does what stands before its quote."""
    lead = "通报里没有直接回答这个问题的话。最接近的是这一段，不一定说的是您的情况："
    page = Page(pages.plain_page([Asked("一", reply(kind="near", lead=lead))], "form-0001"))
    assert [each.text for each in page.all("h3")] == ["您问", "不是直接的回答"]
    assert lead in page.text
    assert page.text.index(lead) < page.text.index("不得出租。")
    assert [each.attributes["class"] for each in page.all("div") if "near" in each.attributes.get("class", "")]


def test_a_question_back_is_answered_by_a_press() -> None:
    """Its choices are buttons; after an emergency there are none: who must call is not to go on asking."""
    choices = ["银行卡", "电话卡"]
    ask = Page(
        pages.plain_page([Asked("一", reply(kind="ask", quotes=[], citations=[], suggestions=choices))], "form-0001")
    )
    assert "请选一个" in ask.text
    assert [each.text for each in ask.all("button")][:2] == choices
    urgent = Page(pages.plain_page([Asked("一", reply(kind="emergency", suggestions=choices))], "form-0001"))
    assert "银行卡" not in [each.text for each in urgent.all("button")]


def test_sources_without_quotes_are_shown_too() -> None:
    """「上面的话出自」 has citations and no quotes: they are listed, each with the original."""
    first = reply().custom["citations"][0]
    told = reply(quotes=[], citations=[first, {**first, "number": 2}])
    page = Page(pages.plain_page([Asked("出自哪里", told)], "form-0001"))
    links = page.all("a", href="bulletins/a#p02")
    assert [each.text.strip() for each in links] == ["来源：《标题甲》", "来源：《标题甲》"]
    assert len(page.all("a", href="https://origin.example/a")) == 2


def test_an_emergency_has_the_hotlines_on_top() -> None:
    """A victim reads 110 and 96110, to be pressed, before any word of the answer; and only once."""
    page = Page(
        pages.plain_page([Asked("我被骗了", Reply.of(apology(read_message("我刚刚被骗了三万元"))))], "form-0001")
    )
    latest = page.by_id("latest")
    assert re.match(r"\s*回答\s*拨打 110 报警\s*拨打 96110 反诈专线\s*请立即拨打110", latest.text)
    assert latest.text.count("拨打 110") == 1
    assert {each.attributes["href"] for each in page.all("a") if "ol" in each.inside} == {"tel:110", "tel:96110"}


def test_who_sent_something_personal_is_asked_not_to() -> None:
    """Before the answer; in an emergency after it, so that nothing stands before the hotlines."""
    told = Page(pages.plain_page([Asked("问", reply(notice="请不要发送证件号。"))], "form-0001")).by_id("latest").text
    assert told.index("请不要发送证件号。") < told.index("不得出租")
    urgent = reply(kind="emergency", notice="请不要发送证件号。")
    told = Page(pages.plain_page([Asked("问", urgent)], "form-0001")).by_id("latest").text
    assert told.index("拨打 110") < told.index("不得出租") < told.index("请不要发送证件号。")


def test_the_newest_answer_is_last_and_named() -> None:
    """One element has the id `latest`, the last answer; the questions stand in order."""
    turns: list[Turn] = [Asked("一", reply()), Asked("二", reply(lead="第二个回答"))]
    page = Page(pages.plain_page(turns, "form-0001"))
    assert "第二个回答" in page.by_id("latest").text
    assert [" ".join(each.text.split()) for each in page.all("div", **{"class": "question"})] == ["您问 一", "您问 二"]


def test_a_reply_being_made_says_so() -> None:
    """And the page can be opened again without a script."""
    page = Page(pages.plain_page([Asked("问", None)], "form-0001"))
    assert "正在查通报" in page.by_id("latest").text
    assert page.one("a", href="plain", **{"class": "again"})


@pytest.mark.parametrize(
    "custom",
    [
        {},
        {"kind": 3, "lead": None, "quotes": "x", "citations": {"a": 1}, "suggestions": [1, None], "hotlines": None},
        {"quotes": [None, 3], "citations": [None, {"number": "1"}], "lead": ""},
    ],
)
def test_a_reply_of_another_form_is_shown_by_its_text(custom: dict[str, Any]) -> None:
    """What an older version kept never breaks the page; the hotlines are there whatever it says."""
    page = Page(pages.plain_page([Asked("问", Reply("旧的回答", custom))], "form-0001"))
    assert "旧的回答" in page.by_id("latest").text
    assert "拨打 96110" in page.by_id("latest").text


def test_every_form_has_an_id_of_its_own() -> None:
    """The typed question and each proposal are different messages: one sent twice is seen, two are not mixed."""
    page = Page(pages.plain_page([Asked("问", reply(suggestions=["甲？", "乙？"]))], "form-0001"))
    ids = [each.attributes["value"] for each in page.all("input", type="hidden", name="id")]
    assert len(ids) == len(set(ids)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{8,64}", each) for each in ids)
    assert {(each.attributes["action"], each.attributes["method"]) for each in page.all("form")} == {("plain", "post")}
    assert page.all("label")[0].attributes["for"] == page.one("textarea", name="text").attributes["id"]


def test_more_fits_into_the_field_than_may_be_asked() -> None:
    """What is pasted is not cut in silence to what may be asked; however much fits, the form is not too heavy."""
    most = int(Page(pages.plain_page([], "form-0001")).one("textarea").attributes["maxlength"])
    assert most >= 2 * MOST_CHARACTERS
    assert len(urlencode({"id": "x" * 64, "text": "骗" * most})) <= MOST_BYTES


def test_topics_are_proposed_while_nothing_was_asked() -> None:
    """The first question of each; afterwards only what the newest answer suggests."""
    topics = (Topic("a", "甲", ("甲一？", "甲二？"), ()), Topic("b", "乙", ("乙一？",), ()), Topic("c", "丙", (), ()))
    proposed = Page(pages.plain_page([], "form-0001", None, topics))
    assert [each.text for each in proposed.all("button")] == ["发送", "甲一？", "乙一？"]
    asked = Page(
        pages.plain_page([Asked("问", reply()), Asked("问", reply(suggestions=[]))], "form-0001", None, topics)
    )
    assert [each.text for each in asked.all("button")] == ["发送", "删除"]


def test_hotlines_and_field_come_first() -> None:
    """While nothing was asked; after an answer its suggestions come before the field."""
    page = Page(pages.plain_page([], "form-0001", None, (Topic("a", "甲", ("甲一？",), ()),)))
    first = page.one("main").text
    assert first.index("拨打 96110") < first.index("请直接问") < first.index("您可以问")
    later = Page(pages.plain_page([Asked("问", reply(suggestions=["甲？"]))], "form-0001")).one("main").text
    assert later.index("您可以问") < later.index("接着问")


def test_the_plain_page_says_what_it_is() -> None:
    """Automatic, quotes published bulletins, never asks for codes, card numbers or transfers; kept out of indexes."""
    page = Page(pages.plain_page([], "form-0001", "请再试一次。"))
    for says in ("自动回答", "已公布的通报原文", "不会向您要验证码", "卡号", "转账"):
        assert says in page.text
    assert page.one("p", role="alert").text == "请再试一次。"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert page.all("script") == []
