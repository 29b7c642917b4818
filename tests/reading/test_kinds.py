"""Kinds by rules, with reasons an editor can read; topics by marks."""

from __future__ import annotations

import pytest

from bot.reading.kinds import kind_of, topics_of
from bot.reading.pieces import Piece
from bot.reading.records import Topic


def piece(text: str, heading: str = "") -> Piece:
    return Piece(text, (text,), (1, 1), heading)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("advice", "出借账户的人将受到惩戒。"),
        ("advice", "请及时拨打96110举报。"),
        ("advice", "“两卡”是指手机卡和银行卡。"),
        ("advice", "市民要保管好密码。"),
        ("advice", "买卖账户是违法行为，不要尝试。"),
        ("case", "三月五日，民警抓获犯罪嫌疑人赵某山。"),
        ("case", "在城北某小区端掉一个窝点。"),
        ("case", "周女士（化名）接到一个电话。"),
        ("figures", "共抓获嫌疑人405名。"),
        ("figures", "打掉团伙7个，缴获手机64台。"),
        ("background", "市公安局召开会议，部署下一步工作。"),
        ("background", "1700余名警力参加行动。"),
        ("background", "民警巡查网站3万家，及时发现某些线索。"),
    ],
)
def test_a_passage_has_the_kind_a_reader_would_give_it(kind: str, text: str) -> None:
    """Who is named comes first, then what residents should know, then what is counted."""
    assert kind_of(piece(text)).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "一、把自己的手机卡借给他人使用，一旦被用于诈骗，各通信营业厅三年内只为其保留一张手机卡，不再办理新卡。",
        "二、已经借出手机卡的，请在三日内带身份证到就近营业厅办理停机，并到市公安局反诈骗中心说明情况。",
        "出借银行账户的，5年内暂停其非柜面业务。",
        "一旦查实，将依法追究责任。",
        "拒不配合的，处十日以下拘留，并处罚款。",
        "对非法买卖电话卡的，公安机关将依法从严处罚。",
        "名下的卡被他人使用的，一律列入失信名单。",
        "不认识的电话卡，请本人到营业厅注销。",
        "自本通告发布之日起一个月内，持卡人应当向居住地派出所登记。",
        "主动投案并如实说明的，可以从轻处理。",
        "任何单位和个人不得为他人提供银行卡。",
        "禁止出租物联网卡。",
        "买卖电话卡的人，自本通告发布之日起，应停止相关行为，并于2026年12月31日前主动投案自首。",
        "线索经查证属实的，给予500元奖励。",
        "机主可持身份证到任一营业厅查询名下电话卡。",
        "卡主一经查实，五年内非柜面业务全部关停，新开账户一概不办。",
        "限今年年底前归还代持的银行卡。",
        "举报电话：0999-1234567。",
        "已经被骗子骗走钱的，请到派出所报案。",
        "接到自称客服的电话，请立即挂断。",
    ],
)
def test_what_a_notice_lays_down_is_advice(text: str) -> None:
    """Terms, penalties, what to do and what is forbidden, in the plain words of a notice."""
    assert kind_of(piece(text)).kind == "advice"


@pytest.mark.parametrize(
    "text",
    [
        "会议强调，各部门应当在年内登记全部营业厅。",
        "市公安局邀请各通信企业到反诈骗中心座谈，说明工作情况。",
        "目前，5人已被依法拘留，案件正在办理。",
        "三个月内，警方暂停了2000个账户的业务。",
        "短信里写着“请到网站办理注销”，其实是钓鱼网站。",
        "一旦输入密码，账户里的钱就会被转走。",
        "法院依法追究其责任，当庭宣判。",
        "专案组在三日内到达外省，向当地警方登记并核实线索。",
        "冲突各方应当立即停火。",
        "电信企业应当落实实名制管理。",
        "本通告自发布之日起施行。",
    ],
)
def test_what_happened_or_a_swindler_says_is_not(text: str) -> None:
    """Meetings, results, and instructions that are somebody else's stay background."""
    assert kind_of(piece(text)).kind == "background"


@pytest.mark.parametrize(
    "text",
    [
        "骗子谎称账户异常，请事主到指定网点办理停机。",
        "诈骗分子通常冒充客服，以退款为由诱导您下载软件。",
        "第一步，冒充公检法；第二步，要求转账到“安全账户”。",
    ],
)
def test_how_a_swindle_goes_is_advice(text: str) -> None:
    """Who reads it knows what to beware of; what the swindler says is still no instruction of the police."""
    found = kind_of(piece(text))
    assert (found.kind, found.reason.partition("：")[0]) == ("advice", "说明骗术")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“虚假征信”类诈骗近期高发。", "background"),
        ("我们始终维护人民群众切身利益。", "background"),
        ("这些信息和每一个人密切相关。", "background"),
        ("这需要与某知名平台合作，也要看某些条件。", "background"),
        ("全市将组织集中行动，抓获一大批违法犯罪嫌疑人。", "background"),
        ("欧洲警方逮捕了一名在网上出售数据的男子。", "case"),
        ("2023年3月5日，一名大学生接到电话，随后被骗五万元。", "case"),
        ("C女士寄出了手机卡，后来全部被封停。", "case"),
        ("诈骗案件同比下降16.5%，损失达到2万元，占比超过30%。", "figures"),
    ],
)
def test_single_words_decide_nothing(text: str, kind: str) -> None:
    """A word that advice or cases often have is not enough; an event needs a time, an act, or someone it befell."""
    assert kind_of(piece(text)).kind == kind


def test_under_the_heading_of_a_case_stands_what_somebody_did_or_what_it_teaches() -> None:
    """「打击案例」 makes a case of a passage that names nobody; of the warning under it, or of figures, it does not."""
    assert kind_of(piece("民警赶到现场，将人带走。", "打击案例")).kind == "case"
    assert kind_of(piece("请广大市民不要出租银行卡。", "打击案例")).kind == "advice"
    assert kind_of(piece("技术手段日新月异。", "打击案例")).kind == "background"


def test_the_reason_quotes_what_decided() -> None:
    """An editor sees which words made it advice."""
    assert kind_of(piece("出借账户的人将受到惩戒。")).reason == "写明后果：「受到惩戒」"


def test_a_topic_is_told_from_what_a_sentence_does() -> None:
    """Whatever the words: who lays down a consequence is on the topic of penalties; 「虚假征信」 is none."""
    topics = (
        Topic("penalty", "后果", (), (), says=("consequence",)),
        Topic("report", "举报", (), (), says=("report",)),
    )
    assert topics_of(piece("出借账户的，处五日以下拘留。"), topics) == ("penalty",)
    assert topics_of(piece("遇到可疑情况，请拨打96110。"), topics) == ("report",)
    assert topics_of(piece("当心“虚假征信”类诈骗。"), topics) == ()


def test_topics_are_found_in_heading_and_text() -> None:
    """A topic's marks are searched in both; a topic without marks is never given."""
    topics = (Topic("a", "甲", (), ("后果",)), Topic("b", "乙", (), ("举报",)), Topic("c", "丙", (), ()))
    assert topics_of(piece("请举报。", "有何后果？"), topics) == ("a", "b")
