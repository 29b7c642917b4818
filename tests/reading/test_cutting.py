"""Paragraphs made whole, lists kept together, headings told apart; and nothing that is not verbatim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.cleaning import clean
from bot.reading.cutting import cut
from bot.reading.pieces import sentences_of
from bot.text.squeezing import Verbatim, squeeze


def cut_texts(body: str) -> list[str]:
    return [text for _, text in headed(body)]


def headed(body: str) -> list[tuple[str, str]]:
    return [(piece.heading, piece.text) for piece in cut(clean(body, 1).lines, Verbatim(body)).pieces]


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("抓获嫌疑人\n**43名**\n，打掉团伙三个。", "抓获嫌疑人43名，打掉团伙三个。"),
        ("借出账户，\n\n就可能坐牢；\n\n请不要借。", "借出账户，就可能坐牢；请不要借。"),
        ("**截止3月5日**\n抓获嫌疑人四名。", "截止3月5日抓获嫌疑人四名。"),
        ("**能挣几百元，**\n\n**你心动吗？**\n\n**千万别！**", "能挣几百元，你心动吗？千万别！"),
        ("“一天两百，借不借？”\n**请拒绝这样的要求！**", "“一天两百，借不借？”请拒绝这样的要求！"),
        ("抓获嫌疑人\n\n![](a.png)\n\n十二名，收缴手机。", "抓获嫌疑人十二名，收缴手机。"),
    ],
)
def test_a_broken_sentence_is_whole_again(body: str, whole: str) -> None:
    """Line breaks, blank lines and images do not end what has not ended."""
    assert cut_texts(body) == [whole]


def test_a_finished_line_is_a_passage() -> None:
    """Each paragraph of a mirror without blank lines stands alone."""
    assert cut_texts("第一段说完了这件事。\n第二段说另外一件事。") == ["第一段说完了这件事。", "第二段说另外一件事。"]


def test_words_are_not_joined_over_what_was_removed() -> None:
    """A caption or credit between two halves keeps them apart: a quote cannot bridge it."""
    found = cut_texts("这句话没有说完，还缺后半\n来源：某地警方\n这是另外的一句话。")
    assert found == ["这句话没有说完，还缺后半", "这是另外的一句话。"]


@pytest.mark.parametrize(
    "items",
    [
        ["**1**\n名下的卡全部停用；", "**2**\n五年内不得开户。"],
        ["1、名下的卡全部停用；", "2、五年内不得开户。"],
        ["（一）名下的卡全部停用；", "（二）五年内不得开户。"],
        ["*名下的卡全部停用；", "*五年内不得开户。"],
        ["- 名下的卡全部停用；", "- 五年内不得开户。"],
        ["**手机卡：**\n名下的卡全部停用。", "**银行卡：**\n五年内不得开户。"],
    ],
    ids=["numbers alone", "numbers", "brackets", "bullets", "dashes", "labels"],
)
def test_a_list_stays_with_the_sentence_that_introduces_it(items: list[str]) -> None:
    """One passage, a line break before each item, the numbers in their places."""
    (text,) = cut_texts("将面临以下惩戒：\n" + "\n".join(items))
    assert text.startswith("将面临以下惩戒：\n")
    assert len(text.split("\n")) == 3


def test_the_articles_of_a_formal_notice_stand_alone() -> None:
    """「现通告如下：」 introduces no list: each of its articles says something of its own."""
    articles = ["一、不得出借手机卡。", "二、已经出借的，到营业厅停机。"]
    preamble = "为整治出借手机卡，现就有关事项通告如下："
    assert cut_texts("\n\n".join((preamble, *articles))) == [preamble, *articles]


def test_items_that_nothing_introduces_stand_alone() -> None:
    """Numbered cases and 「一是……二是……」 are one passage each; a number on its own line only counts them."""
    assert cut_texts("1\n\n三月五日抓获一人。\n\n2\n\n三月六日抓获两人。") == [
        "三月五日抓获一人。",
        "三月六日抓获两人。",
    ]
    assert cut_texts("**一是查开户人**，锁定多卡的人；\n**二是查网点**，立即整改。") == [
        "一是查开户人，锁定多卡的人；",
        "二是查网点，立即整改。",
    ]


def test_headings_travel_until_the_next() -> None:
    """Heading lines in a row are one heading; a question may be one; a sentence is none."""
    body = (
        "**反诈中心**\n**郑重提醒**\n不要借出账户给别人。\n旧卡不用了要销户。\n\n**有何后果？**\n\n可能要承担刑事责任。"
    )
    assert headed(body) == [
        ("反诈中心郑重提醒", "不要借出账户给别人。"),
        ("反诈中心郑重提醒", "旧卡不用了要销户。"),
        ("有何后果？", "可能要承担刑事责任。"),
    ]


def test_an_exclamation_that_heads_nothing_is_a_passage() -> None:
    """The last words of a notice are not lost for being emphasised."""
    assert headed("**怎么办？**\n\n不要借出账户给别人。\n\n**发现线索请拨打110举报！**\n\n来源：某地") == [
        ("怎么办？", "不要借出账户给别人。"),
        ("怎么办？", "发现线索请拨打110举报！"),
    ]


def test_a_link_inside_a_sentence_does_not_cost_it() -> None:
    """It stands as it is written, for that is what the file says word for word."""
    body = "前面的一句话是完整的。详情见[网站](http://example.org)的公告。后面的一句话也完整。"
    assert cut_texts(body) == [body]


def test_a_sentence_that_is_only_a_link_is_left_out_and_listed() -> None:
    """「阅读原文」 at the end of a paragraph is the page's."""
    body = "前面的一句话是完整的。[[阅读原文]](http://example.org/a)"
    found = cut(clean(body, 1).lines, Verbatim(body))
    assert [piece.text for piece in found.pieces] == ["前面的一句话是完整的。"]
    assert [each.reason for each in found.dropped] == ["只有链接"]


def test_a_call_to_share_is_left_out_and_listed() -> None:
    """It asks for a click, and is no advice; an editor may want it kept."""
    body = "不要借出账户给别人。请大家多多转发！借出账户可能要坐牢。"
    assert cut_texts(body) == ["不要借出账户给别人。", "借出账户可能要坐牢。"]
    assert [each.text for each in cut(clean(body, 1).lines, Verbatim(body)).dropped] == ["请大家多多转发！"]
    assert [piece.text for piece in cut(clean(body, 1).lines, Verbatim(body), keep={1}).pieces] == [body]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("卖卡的后果\n\n卖卡的人要坐牢。", [("卖卡的后果", "卖卡的人要坐牢。")]),
        ("一、卖卡的后果\n卖卡的人要坐牢。", [("一、卖卡的后果", "卖卡的人要坐牢。")]),
        (
            "一、处罚\n（一）卖卡的\n要坐牢，还要罚款。\n（二）借卡的\n要停用，不能开户。\n二、举报\n请拨打110。",
            [
                ("一、处罚 （一）卖卡的", "要坐牢，还要罚款。"),
                ("一、处罚 （二）借卡的", "要停用，不能开户。"),
                ("二、举报", "请拨打110。"),
            ],
        ),
        ("卡丢了怎么办？\n\n马上打银行电话挂失。", [("卡丢了怎么办？", "马上打银行电话挂失。")]),
        (
            "问：卖卡犯法吗？\n答：犯法。\n要坐牢的。\n\n问：借卡呢？\n答：也犯法。",
            [
                ("", "问：卖卡犯法吗？\n答：犯法。"),
                ("问：卖卡犯法吗？", "要坐牢的。"),
                ("", "问：借卡呢？\n答：也犯法。"),
            ],
        ),
        ("不轻信来电\n不透露信息\n不随便转账", [("", "不轻信来电\n不透露信息\n不随便转账")]),
        ("1.冒充公检法\n2.刷单返利\n3.杀猪盘", [("", "1.冒充公检法\n2.刷单返利\n3.杀猪盘")]),
        ("五类人要注意：\n学生\n老人\n财务", [("", "五类人要注意：\n学生\n老人\n财务")]),
        ("银行卡、电话卡不要借\n对公账户、支付账户不要给", [("", "银行卡、电话卡不要借\n对公账户、支付账户不要给")]),
        (
            "一、出租电话卡的，应当注销\n\n二、逾期的，罚款500元\n\n（一）电话：96110\n\n特此通告",
            [
                ("", "一、出租电话卡的，应当注销"),
                ("", "二、逾期的，罚款500元"),
                ("", "（一）电话：96110"),
                ("", "特此通告"),
            ],
        ),
        (
            "各位市民：\n**一、这些卡不能借**\n银行卡不能借。",
            [("", "各位市民："), ("一、这些卡不能借", "银行卡不能借。")],
        ),
        ("这一段写得很长，可是作者忘了在后面写上句号\n\n下一段说另外一件事。", None),
    ],
    ids=[
        "heading",
        "numbered",
        "numbers in numbers",
        "question",
        "question and answer",
        "verse",
        "list",
        "words",
        "lines",
        "rules",
        "salutation",
        "no stop",
    ],
)
def test_lines_without_a_stop_are_read_as_what_they_are(body: str, found: list[tuple[str, str]] | None) -> None:
    """A heading stands over its paragraph, never in it; verse, lists, questions with answers are kept as they stand."""
    assert headed(body) == (found or [("", line) for line in body.split("\n\n")])


def test_lines_broken_at_a_width_are_whole_again() -> None:
    """A text file wraps its paragraphs wherever the line is full."""
    sentence = "为了防范诈骗，请大家不要出租、出借本人的银行卡和电话卡，一经发现，公安机关将依法追究责任。"
    paragraph = sentence * 3
    wrapped = "\n".join(paragraph[at : at + 30] for at in range(0, len(paragraph), 30))
    assert "".join(cut_texts(wrapped)).replace("\n", "") == paragraph
    assert all(text.endswith("。") for text in cut_texts(wrapped))


def test_a_law_is_cut_by_its_articles() -> None:
    """Each has its number and its items; a further paragraph keeps the number; a chapter is the heading."""
    body = (
        "第一章 总则\n第一条 为了保护群众，制定本条例。\n第二条 下列行为禁止：\n（一）出租银行卡；\n"
        "（二）出借电话卡。\n情节严重的，加重处罚。\n第二章 附则\n第三条 本条例自2026年1月1日起施行。"
    )
    found = cut(clean(body, 1).lines, Verbatim(body)).pieces
    assert [(piece.article, piece.heading, piece.text) for piece in found] == [
        ("第一条", "第一章总则", "第一条 为了保护群众，制定本条例。"),
        (
            "第二条",
            "第一章总则",
            "第二条 下列行为禁止：\n（一）出租银行卡；\n（二）出借电话卡。\n情节严重的，加重处罚。",
        ),
        ("第三条", "第二章附则", "第三条 本条例自2026年1月1日起施行。"),
    ]
    assert [piece.lines for piece in found] == [(2, 2), (3, 6), (8, 8)]


def test_a_sentence_that_names_an_article_begins_none() -> None:
    """「第三条规定」 speaks of an article; it is none."""
    body = "第三条规定，出租银行卡要受处罚。\n第四条的内容大家都知道。"
    assert [piece.article for piece in cut(clean(body, 1).lines, Verbatim(body)).pieces] == [None, None]


def test_a_long_paragraph_is_cut_at_the_ends_of_sentences() -> None:
    """No passage is longer than a quote can carry, and what introduces a list stays with its first items."""
    sentence = "这是一个有二十多个字的句子，用来把段落写得很长很长。"
    long = cut_texts(sentence * 40)
    assert max(map(len, long)) <= 330
    assert "".join(long) == sentence * 40
    items = "\n".join(f"{number}、{sentence}" for number in range(1, 60))
    first, *others = cut_texts(f"有下列情形的：\n{items}")
    assert first.startswith("有下列情形的：\n1、")
    assert others


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他说：“不行！”然后走了。", ("他说：“不行！”", "然后走了。")),
        ("冻结1.8亿元……这是成绩。", ("冻结1.8亿元……", "这是成绩。")),
        ("甲；乙。丙（丁。）戊。", ("甲；乙。", "丙（丁。）", "戊。")),
        ("如下：\n1 甲；\n2 乙。", ("如下：\n", "1 甲；\n", "2 乙。")),
        ("这种“千万别！”的话，要听。", ("这种“千万别！”的话，要听。",)),
        ("涉案4.3万张。", ("涉案4.3万张。",)),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: tuple[str, ...]) -> None:
    """Closing quotes stay with their sentence; 「；」 ends a piece in a list only."""
    assert sentences_of(text) == sentences


@given(st.text(alphabet="甲乙。！？；：，“”（）…\n12 .", max_size=60))
def test_sentences_always_join_to_the_text(text: str) -> None:
    """Whatever the text, nothing is lost or added."""
    assert "".join(sentences_of(text)) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "不要借出账户，",
                "这是犯罪！",
                "**你心动吗？**",
                "**1**",
                "*旧卡要销户。",
                "",
                "![](a\nb.png)",
                "来源：某地",
                "**小标题**",
                "将面临惩戒：",
                "一是查网点；",
                "“借不借？”",
                "> 引用的话。",
                "[链](http://a.b)接在这里。",
                "***",
            ]
        ),
        max_size=14,
    )
)
def test_every_passage_is_verbatim_whatever_the_page(lines: list[str]) -> None:
    """The rule that matters most: squeezed, each passage is a piece of the squeezed page."""
    body = "\n".join(lines)
    assert all(squeeze(text) in squeeze(body) for text in cut_texts(body))
