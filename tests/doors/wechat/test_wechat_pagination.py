"""Pages: whole sentences, whole citations, whole addresses, at most 2,000 bytes."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote as percent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering import sentences as answers
from bot.answering.records import Answer, Citation, Quote
from bot.answering.reply import Reply
from bot.doors.wechat import notices
from bot.doors.wechat.pagination import ALONE, ROOM, Style, paginate, size, suggest
from bot.reading.records import Passage
from bot.text.squeezing import squeeze

PUBLIC = "https://a.example.cn/webhooks/web"
LINKED = Style(PUBLIC)
ADDRESS = re.compile(r'href="(https?://[^"]*|weixin://[^"]*)"|(https?://[^\s，。「」]+)')


def citation(number: int, title: str = "断卡通报", url: str | None = None) -> dict[str, Any]:
    """Return a citation as a reply has it."""
    place = {"publisher": "平安南宁", "place": "南宁", "published": "2020-11-23", "url": url}
    return {
        "number": number,
        "bulletin": f"b{number}",
        "title": title,
        "reader": f"bulletins/通报{number}#p01",
        **place,
    }


def reply(*quotes: tuple[str, int], **custom: Any) -> Reply:
    """Return a reply that quotes."""
    cited = [citation(number) for number in dict.fromkeys(number for _, number in quotes)]
    quoted = [{"text": text, "citation": number} for text, number in quotes]
    filled = {"kind": "answer", "lead": "通报里是这样说的：", "quotes": quoted, "citations": cited, "suggestions": []}
    return Reply("全文", {**filled, **custom})


def test_one_page() -> None:
    """Lead, point, its citation with the reader's link, the way to the rest and the caution, hotline, suggestions."""
    told = {"text": "今年起，卖卡违法。", "point": "…卖卡违法。", "citation": 1, "gloss": "通报写于2020年"}
    given_reply = reply(
        ("", 1),
        ("租卡违法。", 2),
        quotes=[told, {"text": "租卡违法。", "point": "租卡违法。", "citation": 2}],
        further="另有南宁的通报，回复“更多”。回复“全文”看整段。",
        caution="时间较久。",
        suggestions=["甲？", "乙？"],
    )
    (page,) = paginate(given_reply, LINKED).texts
    assert page.splitlines() == [
        "通报里是这样说的：",
        "「…卖卡违法。」",
        "【来源】《断卡通报》，平安南宁，2020年11月23日发布",
        f'<a href="{PUBLIC}/bulletins/{percent("通报")}1#p01">看通报原文</a>',
        f"另有南宁的通报，回复{notices.tap('更多')}。回复{notices.tap('全文')}看整段。时间较久。",
        notices.HOTLINES,
        notices.SUGGESTIONS,
        '1 <a href="weixin://bizmsgmenu?msgmenucontent=甲？&msgmenuid=1">甲？</a>',
        '2 <a href="weixin://bizmsgmenu?msgmenucontent=乙？&msgmenuid=2">乙？</a>',
    ]


@pytest.mark.parametrize("tag", ["<a href='https://elsewhere.example'>", "<A HREF=x>", "< a href=x>"])
def test_a_link_in_a_bulletin_is_text(tag: str) -> None:
    """WeChat would make it one to tap, wherever it leads: only our own are links."""
    told = reply((f"请登录{tag}官网</a>查询。", 1), citations=[citation(1, title=f"通报{tag}一</a>")])
    (page,) = paginate(told, LINKED).texts
    assert f"＜{tag[1:]}官网＜/a>查询" in page
    assert [found for found in re.findall(r"<\s*a\b[^>]*>", page, re.I) if PUBLIC not in found] == []


def test_without_links() -> None:
    """The setting switches the suggestions' links off; without a public address there is no reader's link."""
    (page,) = paginate(reply(("卖卡违法。", 1), suggestions=["甲？"]), Style(links=False)).texts
    assert "<a" not in page
    assert page.endswith(f"{notices.SUGGESTIONS_PLAIN}\n1 甲？")
    assert "【来源】《断卡通报》" in page


@pytest.mark.parametrize("text", ['有"引号"的？', "A&B？", "两 个？", "<b>？"])
def test_a_suggestion_that_no_link_can_hold(text: str) -> None:
    """It is numbered all the same."""
    assert suggest("您好", [text], LINKED).texts[0].endswith(f"1 {text}")


def test_the_bulletins_own_address() -> None:
    """It is shown where the reply itself shows it."""
    shown = reply(("卖卡违法。", 1), citations=[citation(1, url="http://mp.example.cn/s/1")])
    assert "http://mp" not in paginate(shown, Style()).texts[0]
    spoken = Reply("出自 http://mp.example.cn/s/1", shown.custom)
    assert "，http://mp.example.cn/s/1" in paginate(spoken, Style()).texts[0]


def test_an_emergency() -> None:
    """110 in the first words, no suggestions, marked urgent."""
    pages = paginate(Reply.of(Answer("emergency", answers.EMERGENCY, suggestions=("甲？",))), LINKED)
    assert pages.urgent
    assert pages.texts == (answers.EMERGENCY,)
    assert pages.suggestions == ()


def test_rasas_own_sentence() -> None:
    """What has only a lead is that lead."""
    assert paginate(Reply("好的。", {}), LINKED).texts[0].startswith("好的。")


def test_it_says_what_the_core_says() -> None:
    """Of a short reply without suggestions, the text that every other door delivers, and the hotlines."""
    passage = Passage("b#p01", "b", "", "卖卡违法。", ("卖卡违法。",), "advice", (), (1, 1), "")
    cited = (Citation(1, "b", "断卡通报", "平安临沂", "临沂", None, None, "bulletins/b#p01"),)
    answer = Answer(
        "answer", "通报里是这样说的：", (Quote(passage, "卖卡违法。", 1, "卖卡违法。"),), cited, "未注明日期。"
    )
    given_reply = Reply.of(answer)
    assert paginate(given_reply, Style()).texts == (f"{given_reply.text}\n{notices.HOTLINES}",)


def test_what_is_only_near_says_so_on_its_first_page() -> None:
    """In the words of every other door, before the words of the bulletin."""
    passage = Passage("b#p01", "b", "", "卖卡违法。", ("卖卡违法。",), "advice", (), (1, 1), "")
    cited = (Citation(1, "b", "断卡通报", "平安临沂", "临沂", None, None, "bulletins/b#p01"),)
    near = Answer("near", answers.NEAR, (Quote(passage, "卖卡违法。", 1, "卖卡违法。"),), cited, close=answers.CONSULT)
    assert paginate(Reply.of(near), Style()).texts == (Reply.of(near).text,)
    assert Reply.of(near).text.startswith(answers.NEAR)


def test_a_question_back_offers_its_choices() -> None:
    """To tap, or by number."""
    (page,) = paginate(Reply.of(Answer("ask", "您问的是哪种卡？", suggestions=("银行卡", "电话卡"))), LINKED).texts
    assert page.startswith("您问的是哪种卡？")
    assert "msgmenucontent=电话卡&msgmenuid=2" in page


def test_a_time_is_explained_behind_the_words() -> None:
    """Where what is shown names one."""
    told = {"text": "今年起，卖卡违法。", "citation": 1, "gloss": "通报写于2020年"}
    shown, cut = (
        paginate(reply(("", 1), quotes=[{**told, "point": point}]), Style()).texts[0]
        for point in ("今年起，卖卡违法。", "…卖卡违法。")
    )
    assert "「今年起，卖卡违法。」（通报写于2020年）" in shown
    assert "写于" not in cut


SENTENCE = st.text("断卡的，；a 。\n", min_size=1, max_size=400)
TOLD = st.lists(SENTENCE, min_size=1, max_size=16).map("。".join).filter(str.strip)


@settings(deadline=None)
@given(TOLD, st.lists(st.text("断卡？", min_size=1, max_size=40), max_size=4), st.booleans())
def test_any_reply(told: str, suggestions: list[str], links: bool) -> None:
    """Every page fits; no word told is lost or out of order; each page cites what it quotes, wholly."""
    pages = paginate(reply((told, 1), ("租卡违法。", 2), suggestions=suggestions), Style(PUBLIC, links))
    assert all(size(text) <= (ROOM if len(pages.texts) > 1 else ALONE) for text in pages.texts)
    said = "".join(squeeze(part) for text in pages.texts for part in re.findall("「(.*?)」", text, re.S))
    assert said == squeeze(told)
    for text in pages.texts:
        cited = re.findall(r"^【来源】《断卡通报》，平安南宁，2020年11月23日发布$", text, re.M)
        assert len(cited) == ("「" in text)
        assert all(any(link) for link in ADDRESS.findall(text))
        assert text.count("<a ") == text.count("</a>")


def test_cut_between_sentences() -> None:
    """Each page ends a quote with the end of a sentence when sentences are of usual length."""
    text = "".join(f"第{number}条：任何人不得出租、出售、出借银行卡和电话卡。" for number in range(60))
    pages = paginate(reply((text, 1)), LINKED).texts
    assert len(pages) > 2
    assert all(re.search(r"。」\n【来源】", page) for page in pages)
    assert all(size(page) > ROOM * 0.8 for page in pages[:-1])


def test_suggestions_rather_than_another_page() -> None:
    """When only their links are too much, they are numbers."""
    text = "断" * 400 + "。"
    (page,) = paginate(reply((text, 1), suggestions=["甲" * 20, "乙" * 20, "丙" * 20]), LINKED).texts
    assert "bizmsgmenu" not in page
    assert notices.SUGGESTIONS_PLAIN in page


def test_a_sentence_longer_than_a_page() -> None:
    """It is cut between clauses, else between characters, never in an address."""
    address = "https://www.example.cn/" + "a" * 300
    text = "断" * 590 + address + "卡" * 600 + "，" + "子" * 300 + "。"
    pages = paginate(reply((text, 1)), Style()).texts
    assert sum(page.count(address) for page in pages) == 1
    assert all(size(page) <= ROOM for page in pages)


def test_what_nobody_may_miss_is_on_the_first_page() -> None:
    """The source, the caution, how the reply closes and the hotlines; what goes on after it has no more of them."""
    long = ("断" * 300 + "。") * 3
    first, *others = paginate(
        reply((long, 1), caution="时间较久。", close="以最新公布为准。", suggestions=["甲？"]), LINKED
    ).texts
    assert others
    assert first.startswith("通报里是这样说的：")
    assert "【来源】" in first
    assert first.endswith(f"时间较久。\n以最新公布为准。\n{notices.HOTLINES}")
    assert not [page for page in others if "时间较久" in page or notices.HOTLINES in page]
    assert "甲？" in others[-1]


def test_a_long_caution_leaves_room_for_the_quote() -> None:
    """Both are on the first page; the quote's rest goes on."""
    first, *others = paginate(reply(("断" * 560 + "。", 1), caution="提" * 200, close="关" * 100), Style()).texts
    assert others
    assert "「断" in first
    assert "\n提" in first


@settings(deadline=None)
@given(TOLD, st.text("提醒。", max_size=80))
def test_the_first_page_of_any_reply(told: str, caution: str) -> None:
    """Says something of a bulletin, names it, and has the caution and a hotline."""
    first = paginate(reply((told, 1), caution=caution), LINKED).texts[0]
    assert caution in first
    assert "96110" in first
    assert "「" in first
    assert "【来源】" in first
