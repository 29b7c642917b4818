"""Paragraphs made whole, lists kept together, headings told apart; and nothing that is not verbatim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.cleaning import clean
from bot.reading.cutting import cut, sentences_of
from bot.reading.squeezing import squeeze


def cut_texts(body: str) -> list[str]:
    return [piece.text for piece in cut(clean(body, 1), squeeze(body))]


def headed(body: str) -> list[tuple[str, str]]:
    return [(piece.heading, piece.text) for piece in cut(clean(body, 1), squeeze(body))]


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


def test_a_sentence_that_is_not_verbatim_is_dropped() -> None:
    """A link inside a sentence takes that sentence out, and no other."""
    assert cut_texts("前面的一句话是完整的。详情见[网站](http://example.org)的公告。后面的一句话也完整。") == [
        "前面的一句话是完整的。",
        "后面的一句话也完整。",
    ]


def test_a_call_to_share_is_dropped() -> None:
    """It asks for a click, and is no advice."""
    assert cut_texts("不要借出账户给别人。请大家多多转发！借出账户可能要坐牢。") == [
        "不要借出账户给别人。",
        "借出账户可能要坐牢。",
    ]


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
