"""From an Answer to the one text bubble and the `custom` object, exactly as the design says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.answering import sentences
from bot.answering.records import Answer, Citation, Quote
from bot.answering.rendering import render_custom, render_text
from bot.reading.records import Passage

RULE = Passage("linyi-duanka#p12", "linyi-duanka", "", "绝对不能出租银行卡。", (), "advice", ("penalty",), (61, 61), "")
LIST = Passage("nanning#p03", "nanning", "", "面临以下惩戒：\n1 暂停。\n\n 2 封停。", (), "advice", (), (3, 7), "")
LINYI = Citation(
    number=1,
    bulletin="linyi-duanka",
    title="临沂公安重拳断卡！",
    publisher="平安临沂",
    place="临沂",
    published=None,
    url="http://mp.weixin.qq.com/s?__biz=1",
    reader="bulletins/linyi-duanka#p12",
)
NANNING = Citation(2, "nanning", "断卡2号", "反诈骗中心", "南宁", date(2021, 6, 5), None, "bulletins/nanning#p03")
ONE = Answer(
    "answer",
    "",
    quotes=(Quote(RULE, "绝对不能出租银行卡。", 1, "…不能出租银行卡。", 0.91),),
    citations=(LINYI,),
    caution="规定可能已有变，以最新公布为准，可问96110。",
    suggestions=("身份证丢过，要查什么？",),
)
TWO = replace(
    ONE, quotes=(*ONE.quotes, Quote(LIST, LIST.text, 2, LIST.text)), citations=(LINYI, NANNING), close="请拨打96110。"
)


def test_custom_has_the_designs_shape() -> None:
    """Every key of the design's example, its values, and nothing else; JSON can hold it."""
    custom = render_custom(ONE)
    assert custom == {
        "kind": "answer",
        "notice": None,
        "lead": ONE.lead,
        "quotes": [
            {
                "text": "绝对不能出租银行卡。",
                "point": "…不能出租银行卡。",
                "gloss": None,
                "probability": 0.91,
                "bulletin": "linyi-duanka",
                "passage": "linyi-duanka#p12",
                "lines": [61, 61],
                "citation": 1,
            }
        ],
        "citations": [
            {
                "number": 1,
                "bulletin": "linyi-duanka",
                "title": "临沂公安重拳断卡！",
                "article": None,
                "publisher": "平安临沂",
                "place": "临沂",
                "published": None,
                "url": "http://mp.weixin.qq.com/s?__biz=1",
                "reader": "bulletins/linyi-duanka#p12",
            }
        ],
        "further": "回复“全文”看整段。",
        "caution": "规定可能已有变，以最新公布为准，可问96110。",
        "close": ONE.close,
        "suggestions": ["身份证丢过，要查什么？"],
        "hotlines": ["96110", "110"],
    }
    assert json.loads(json.dumps(custom)) == custom


def test_a_date_is_iso_in_custom() -> None:
    """For programs 2021-06-05, for people 2021年6月5日."""
    dated = replace(ONE, citations=(replace(LINYI, published=date(2021, 6, 5)),))
    assert render_custom(dated)["citations"][0]["published"] == "2021-06-05"
    assert "2021年6月5日发布" in render_text(dated)


def test_the_text_of_an_answer() -> None:
    """The point, its source, one caution with a hotline: each on its line, and nothing else."""
    assert render_text(ONE).split("\n") == [
        "「…不能出租银行卡。」",
        "【来源】《临沂公安重拳断卡！》，平安临沂，未注明日期",
        "规定可能已有变，以最新公布为准，可问96110。",
    ]


def test_other_places_are_named_not_quoted() -> None:
    """No word of a bulletin stands there without its title; what else there is one gets by a word."""
    assert render_text(TWO).split("\n") == [
        "「…不能出租银行卡。」",
        "【来源】《临沂公安重拳断卡！》，平安临沂，未注明日期",
        "另有南宁的通报，回复“更多”。规定可能已有变，以最新公布为准，可问96110。",
        "请拨打96110。",
    ]
    assert render_custom(TWO)["further"] == "另有南宁的通报，回复“更多”。回复“全文”看整段。"


def test_more_of_the_same_place() -> None:
    """It is not said that another place has something when none has."""
    same = replace(TWO, citations=(LINYI, replace(NANNING, place="临沂")))
    assert "通报里还有相关的话，回复“更多”。" in render_text(same)


def test_what_is_told_whole_needs_no_word_for_it() -> None:
    """Neither 「全文」 nor 「更多」 where there is nothing behind them."""
    whole = replace(ONE, quotes=(replace(ONE.quotes[0], point=ONE.quotes[0].text),))
    assert render_custom(whole)["further"] is None


def test_an_article_is_named() -> None:
    """Of a law the article stands behind the title."""
    law = replace(ONE, citations=(replace(LINYI, title="反电信网络诈骗法", article="第三十一条"),))
    assert "【来源】《反电信网络诈骗法》第三十一条，" in render_text(law)


def test_a_time_is_explained_outside_the_quote() -> None:
    """Only where the words that are shown name one; the object has it for all of them."""
    told = replace(LIST, text="今年10月公布。绝对不能出租。", sentences=("今年10月公布。", "绝对不能出租。"))
    quote = Quote(told, told.text, 1, "今年10月公布。", gloss="通报写于2020年")
    assert "「今年10月公布。」（通报写于2020年）" in render_text(replace(ONE, quotes=(quote,)))
    other = replace(ONE, quotes=(replace(quote, point="绝对不能出租。"),))
    assert "通报写于" not in render_text(other)
    assert render_custom(other)["quotes"][0]["gloss"] == "通报写于2020年"


def test_what_is_only_near_says_so_first() -> None:
    """Nobody may take it for an answer: that it is none comes before its words, and whom to ask comes after them."""
    near = replace(TWO, outcome="near", lead=sentences.NEAR, caution=None, close=sentences.CONSULT)
    assert render_text(near).split("\n") == [
        "通报里没有直接回答这个问题的话。最接近的是这一段，不一定说的是您的情况：",
        "「…不能出租银行卡。」",
        "【来源】《临沂公安重拳断卡！》，平安临沂，未注明日期",
        "另有南宁的通报，回复“更多”。",
        "想咨询请拨打96110，紧急情况请拨打110。",
    ]
    assert render_custom(near)["kind"] == "near"


def test_a_question_back_shows_its_choices() -> None:
    """Who sees only text sees what may be answered."""
    ask = Answer("ask", "您问的是银行卡还是电话卡？", suggestions=("银行卡", "电话卡"))
    assert render_text(ask) == "您问的是银行卡还是电话卡？\n您可以回复：银行卡 电话卡"


def test_the_link_is_shown_when_asked_for() -> None:
    """「出处是哪」 shows it in the text; a source without one has none."""
    assert LINYI.url is not None
    assert LINYI.url not in render_text(TWO)
    shown = render_text(replace(TWO, show_links=True))
    assert shown.count(LINYI.url) == 1
    assert "None" not in shown


def test_nobody_is_named_who_is_not_known() -> None:
    """Without publisher and place the source is title and date, with no empty commas."""
    bare = replace(ONE, citations=(replace(LINYI, publisher=None, place=None),))
    assert "【来源】《临沂公安重拳断卡！》，未注明日期" in render_text(bare).split("\n")


def test_no_blank_line() -> None:
    """Rasa would split the bubble there; it is true even of a list with an empty line in it."""
    assert all(line.strip() for line in render_text(TWO).split("\n"))


def test_an_abstention_offers_questions_in_the_text() -> None:
    """Who sees only text sees them too; other replies leave them to the door."""
    abstention = Answer("abstain", "没有。", suggestions=("甲？", "乙？", "丙？"))
    assert render_text(abstention) == "没有。\n您可以这样问：甲？ 乙？ 丙？"
    assert "身份证丢过" not in render_text(ONE)


@pytest.mark.parametrize("kind", ["answer", "abstain", "refuse", "chat"])
def test_hotlines_are_always_there(kind: str) -> None:
    """96110 first, to ask."""
    assert render_custom(replace(ONE, outcome=kind))["hotlines"] == ["96110", "110"]  # type: ignore[arg-type]


def test_110_first_in_an_emergency() -> None:
    """Who is being deceived needs 110 before anything."""
    assert render_custom(Answer("emergency", "请立即拨打110。"))["hotlines"] == ["110", "96110"]


def test_the_notice_comes_first() -> None:
    """Who sent a number is told before anything else not to; the object has it too."""
    noticed = replace(ONE, notice="请不要在这里发送证件号。")
    assert render_text(noticed) == f"请不要在这里发送证件号。\n{render_text(ONE)}"
    assert render_custom(noticed) == {**render_custom(ONE), "notice": "请不要在这里发送证件号。"}


def test_the_notice_comes_last_in_an_emergency() -> None:
    """Nothing stands before the hotlines."""
    assert render_text(Answer("emergency", "请立即拨打110。", notice="请不要。")) == "请立即拨打110。\n请不要。"
