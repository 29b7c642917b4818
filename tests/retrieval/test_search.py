"""The one search: everyday questions over the five bulletins, and why each of the others was not taken."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.library import read_library
from bot.reading.topics import read_topics
from bot.retrieval.features import another_thing
from bot.retrieval.query import Prior
from bot.retrieval.search import Result, Searcher, build_searcher

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
TODAY = date(2025, 11, 1)

# As people would type it, what the best passage must say (one of these), and its topic.
EVERYDAY = [
    ("身份证前年掉过一次，怕有人拿去办了电话卡，要查哪些东西", ["查询自己的名下是否有不知情的电话卡"], "lost_id"),
    ("家里翻出来一堆旧银行卡，直接丢垃圾桶行不行", ["卡片磁条毁损"], "safekeeping"),
    ("楼下有人摆摊收购银行卡，我打哪个电话举报", ["拨打110或96110", "及时向公安机关举报"], "report"),
    ("卡头指的是什么人", ["又称“卡头”"], "targets"),
    ("断卡的卡算不算上支付宝", ["微信、支付宝等第三方支付"], "scope"),
    ("老公把对公账户借给朋友，是不是违法的", ["出借对公账户以及银行卡、电话卡等是违法行为"], "penalty"),
    ("爸爸卖过银行卡，以后儿子就业受不受影响", ["影响到子女未来正常就业"], "penalty"),
    ("兰山区公寓里架设GOIP的那伙人抓了几个", ["现场扣押GOIP3台"], "case"),
    ("清远那次一共抓获多少嫌疑人", ["43名"], "figures"),
    ("第二轮集中收网缴获了几张电话卡银行卡", ["4.3万张"], "figures"),
    ("反诈中心去年拦截了多少个诈骗电话", ["276558个"], "figures"),
    ("国家反诈中心APP有必要下载吗", ["推广安装“国家反诈中心”APP"], "official_app"),
    ("网上有人说租银行卡在家躺着就能赚钱，干得吗", ["请立即打住", "诈骗团伙的帮凶"], "lure"),
]
FOREIGN = [
    "红烧排骨要炖多长时间",
    "明天高铁票还有没有",
    "孩子发烧三十九度吃什么药",
    "手机屏幕摔碎了换一块贵不贵",
    "公积金怎么提取出来装修",
    "楼上邻居半夜装修吵死人",
]


@pytest.mark.parametrize(("question", "said", "topic"), EVERYDAY)
def test_an_everyday_question_finds_its_passage(searcher: Searcher, question: str, said: list[str], topic: str) -> None:
    """With the classifier behind it the passage that answers comes first and may be quoted."""
    accepted = searcher.search(question, Prior({topic: 0.9})).accepted
    assert accepted
    assert any(words in accepted[0].passage.text for words in said)


@pytest.mark.parametrize(("question", "said", "topic"), EVERYDAY)
def test_it_finds_it_without_the_classifier_too(searcher: Searcher, question: str, said: list[str], topic: str) -> None:
    """The intent is a prior and no gate: without one the passage is still among the first five that were found."""
    del topic
    best = searcher.search(question, Prior()).candidates[:5]
    assert any(words in candidate.passage.text for candidate in best for words in said)


@pytest.mark.parametrize("question", FOREIGN)
def test_another_subject_finds_nothing(searcher: Searcher, question: str) -> None:
    """No passage suffices for a question that no bulletin answers, whether or not the classifier saw it."""
    assert searcher.search(question, Prior()).accepted == ()
    assert searcher.search(question, Prior({"out_of_scope": 0.9})).accepted == ()


def has_a_reason_for_each(result: Result) -> bool:
    reasons = [candidate.rejected for candidate in result.candidates if candidate.rejected is not None]
    return len(result.candidates) - len(reasons) == len(result.nearest) <= 3 and all(map(str.strip, reasons))


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=20) | st.sampled_from([question for question, _, _ in EVERYDAY]),
    st.dictionaries(st.sampled_from(["penalty", "report", "case", "out_of_scope"]), st.floats(0, 1)),
    st.sampled_from([None, "南宁", "临沂", "清远", "杭州"]),
)
def test_every_candidate_says_why_it_was_rejected(
    searcher: Searcher, question: str, topics: dict[str, float], place: str | None
) -> None:
    """Nothing is dropped in silence: every passage that a reader proposed is quoted or says why it is not."""
    result = searcher.search(question, Prior(topics, place))
    assert has_a_reason_for_each(replace(result, verdict="near"))
    assert set(result.accepted) <= set(result.nearest) <= set(result.candidates)
    assert all(0 <= candidate.probability <= 1 for candidate in result.candidates)


@pytest.mark.parametrize("place", ["南宁", "临沂", "清远"])
def test_a_place_named_in_the_question_comes_first(searcher: Searcher, place: str) -> None:
    """And a place remembered from before does the same, without a word about it in the question."""
    for result in (
        searcher.search(f"在{place}卖银行卡会怎样", Prior({"penalty": 0.9})),
        searcher.search("卖银行卡会怎样", Prior({"penalty": 0.9}, place)),
    ):
        assert searcher.library.bulletins[result.accepted[0].passage.bulletin].place == place


def searcher_over(folder: Path, **bulletins: str) -> Searcher:
    for stem, text in bulletins.items():
        (folder / f"{stem}.md").write_text(text, "utf-8")
    library = read_library(folder, read_topics(KNOWLEDGE / "topics.yml"), TODAY)
    assert library.problems == ()
    return build_searcher(library, KNOWLEDGE)


RULE = "出售、出借电话卡会坐牢，五年内不得办理手机卡入网业务，名下只保留一张电话卡。"


def test_near_identical_passages_are_shown_once(tmp_path: Path) -> None:
    """Two towns print the same rule: one of them may be quoted, the other names it."""
    searcher = searcher_over(
        tmp_path, first=f"# 柳州公安通报\n\n{RULE}\n", second=f"# 桂林公安通报\n\n重要提醒：{RULE}\n"
    )
    accepted, refused = searcher.search("出借电话卡会坐牢吗", Prior({"penalty": 1.0})).candidates
    assert accepted.rejected is None
    assert refused.rejected is not None
    assert accepted.passage.id in refused.rejected


def test_the_same_words_in_the_named_place_are_the_ones_shown(tmp_path: Path) -> None:
    """Where two places say the same, the asker's own is quoted."""
    searcher = searcher_over(tmp_path, a=f"# 临沂公安通报\n\n{RULE}\n", b=f"# 南宁公安通报\n\n{RULE}\n")
    for place, stem in (("临沂", "a"), ("南宁", "b")):
        (accepted,) = searcher.search("出借电话卡会坐牢吗", Prior({"penalty": 1.0}, place)).accepted
        assert accepted.passage.bulletin == stem


def test_no_bulletins_no_candidates(tmp_path: Path) -> None:
    """An empty folder answers nothing and breaks nothing."""
    assert searcher_over(tmp_path).search("卖卡会坐牢吗", Prior()).candidates == ()


def test_what_is_out_of_force_is_not_searched(tmp_path: Path) -> None:
    """A withdrawn or superseded bulletin is no candidate at all."""
    for stem, beside in (("old", "superseded_by: new\n"), ("gone", "withdrawn: 2024-01-01\n")):
        (tmp_path / f"{stem}.yml").write_text(beside, "utf-8")
    searcher = searcher_over(
        tmp_path, old=f"# 旧通报\n\n{RULE}\n", gone=f"# 撤回的通报\n\n{RULE}\n", new=f"# 新通报\n\n{RULE}\n"
    )
    assert {each.passage.bulletin for each in searcher.search("出借电话卡", Prior()).candidates} == {"new"}


@pytest.mark.parametrize(
    "question", ["医保卡借给亲戚用犯法吗", "把学生证租给别人会怎样", "加油卡卖给别人违法吗", "饭卡借同学刷违法不"]
)
def test_another_kind_of_card_is_not_answered_by_a_rule_on_bank_cards(searcher: Searcher, question: str) -> None:
    """The thing asked about is not the thing spoken of: nothing is quoted as an answer, whatever the topic."""
    for topics in ({}, {"penalty": 0.6, "out_of_scope": 0.4}):
        assert searcher.search(question, Prior(topics)).verdict != "answer"


def test_what_is_near_is_no_answer(searcher: Searcher) -> None:
    """On the very matter, and not said: it is shown as the nearest at most."""
    result = searcher.search("举报卖卡的人有多少奖金", Prior({"report": 0.9}))
    assert result.verdict == "near"
    assert result.accepted == ()
    assert result.nearest


def test_without_the_dense_reader_words_decide(searcher: Searcher) -> None:
    """The model may be missing or away: the same question is still looked up, by weights learned without it."""
    alone = replace(searcher, dense=None)
    result = alone.search("家里翻出来一堆旧银行卡，直接丢垃圾桶行不行", Prior({"safekeeping": 0.9}))
    assert "卡片磁条毁损" in result.candidates[0].passage.text
    assert len(result.candidates[0].points) < len(searcher.search("卖卡会怎样", Prior()).candidates[0].points)


def test_a_later_bulletin_is_quoted_on_a_matter_that_was_foreign(tmp_path: Path) -> None:
    """Whatever the classifier, trained before it, says; the older ones, or a word in common, are not."""
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    advice = "警方提醒：养老诈骗是指以提供养老服务为名骗取老年人财物，请向公安机关举报养老诈骗线索。"
    (knowledge / "bulletins/yanglao.md").write_text(f"# 什么是养老诈骗\n\n[平安示范]\n\n{advice}\n", encoding="utf-8")
    topics = read_topics(knowledge / "topics.yml")
    searcher = build_searcher(read_library(knowledge / "bulletins", topics, TODAY), knowledge)
    foreign = Prior({"out_of_scope": 0.9})
    (best,) = searcher.search("什么是养老诈骗", foreign).accepted
    assert best.passage.bulletin == "yanglao"
    assert not searcher.search("养老金一个月能领多少钱", foreign).accepted


@pytest.mark.parametrize("asked", ["云杉市手机卡借给别人会怎么样", "在云杉借手机卡给人会怎样"])
def test_the_place_of_a_new_bulletin_is_known(tmp_path: Path, asked: str) -> None:
    """Nobody has to write it into a table: its bulletin comes first when it is named."""
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    advice = "警方提醒：把手机卡借给他人使用的，三年内不得新开手机卡。"
    (knowledge / "bulletins/yunshan.md").write_text(f"# 关于手机卡的通告\n\n{advice}\n", encoding="utf-8")
    (knowledge / "bulletins/yunshan.yml").write_text("publisher: 云杉警方\nplace: 云杉市\n", encoding="utf-8")
    topics = read_topics(knowledge / "topics.yml")
    searcher = build_searcher(read_library(knowledge / "bulletins", topics, TODAY), knowledge)
    assert searcher.query(asked).places == ("云杉市",)
    assert searcher.search(asked, Prior({"penalty": 0.9})).accepted[0].passage.bulletin == "yunshan"


@pytest.mark.parametrize(
    ("words", "another"),
    [
        (("加油", "卡", "卖给", "别人"), True),
        (("学生证", "租给"), True),
        (("银行卡", "借给"), False),
        (("出租", "卡"), False),
        (("加油", "卡", "银行卡"), False),
        (("卡",), False),
        ((), False),
    ],
)
def test_a_thing_of_which_no_bulletin_speaks(words: tuple[str, ...], another: bool) -> None:
    """加油卡 and 学生证 are things of their own; what stands in a bulletin (出租, 银行卡) is not."""
    assert another_thing(words, {"银行卡", "出租", "卡", "别人"}.__contains__) == another
