"""What a right reply is to each kind of question, and which promises every reply keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answering.records import OUTCOMES
from bot.answering.sentences import NEAR
from bot.commands import evaluate
from bot.evaluation.judging import (
    Cited,
    Question,
    Quoted,
    Reply,
    Source,
    Tally,
    broken_promises,
    judge,
    parse_questions,
    parse_reply,
    sources_of,
    tally,
)
from bot.reading.library import read_library
from bot.reading.records import Problem
from bot.reading.topics import read_topics
from bot.text.squeezing import squeeze

ROOT = Path(__file__).resolve().parents[2]
HERE = Path("lost_id.yml")

SOURCES = {
    "linyi": Source(squeeze("# 临沂重拳断卡\n身份证有**遗失**经历的，\n要去查询。![图](a.png)\n及时处理。"), "临沂"),
    "nanning": Source(squeeze("# 南宁断卡\n名下仅可保留1张卡。"), "南宁"),
}
LINYI = Quoted("身份证有遗失经历的，要去查询。及时处理。", "linyi", "…要去查询。")
NANNING = Quoted("名下仅可保留1张卡。", "nanning", "名下仅可保留1张卡。")
OF_LINYI, OF_NANNING = Cited("linyi", "临沂重拳断卡", None), Cited("nanning", "南宁断卡", None)
CITED = Reply(
    f"「{LINYI.point}」《临沂重拳断卡》",
    "answer",
    (LINYI, NANNING),
    (OF_LINYI, OF_NANNING),
)
ABSTAINED = Reply("通报里没有，请拨打96110。", "abstain")
NEAREST = replace(CITED, kind="near", text=f"{NEAR}{CITED.text}想咨询请拨打96110。")
EMERGENCY = Reply("请立即拨打110报警。", "emergency")
CHATTED = Reply("您好！", "chat")


def asking(expect: str, **more: Any) -> Question:
    """A question that expects a reply of this kind."""
    evidence = (("linyi", "遗失 经历"),) if expect == "answer" else ()
    return Question("x-01", "问", expect, "x", 1, **{"evidence": evidence, **more})


def right(question: Question, reply: Reply) -> tuple[bool, bool]:
    """Whether it is right, in both senses."""
    verdict = judge(question, reply, SOURCES)
    return verdict.first, verdict.any


def test_an_answer_rests_on_the_evidence_in_its_first_quote() -> None:
    """A second quote makes it right in the wider sense only; white space does not matter."""
    turned = replace(CITED, quotes=(NANNING, LINYI))
    assert right(asking("answer"), CITED) == (True, True)
    assert right(asking("answer"), turned) == (False, True)
    assert right(asking("answer", evidence=(("nanning", "遗失经历"),)), CITED) == (False, False)


@pytest.mark.parametrize("kind", [kind for kind in OUTCOMES if kind != "answer"])
def test_no_other_kind_of_reply_is_an_answer(kind: str) -> None:
    """The evidence alone does not make a warning an answer."""
    assert right(asking("answer"), replace(CITED, kind=kind)) == (False, False)


@pytest.mark.parametrize(("city", "first"), [("临沂", True), ("南宁", False), (None, True)])
def test_the_named_city_comes_first(city: str | None, first: bool) -> None:
    """The right words from another city's bulletin are not right in the first place."""
    assert right(asking("answer", city=city), CITED) == (first, True)


@pytest.mark.parametrize(
    ("expect", "reply", "holds"),
    [
        ("abstain", ABSTAINED, True),
        ("abstain", replace(ABSTAINED, text="通报里没有。"), False),
        ("abstain", replace(ABSTAINED, citations=(OF_LINYI,)), False),
        ("abstain", replace(ABSTAINED, kind="chat"), False),
        ("abstain", NEAREST, True),
        ("abstain", replace(NEAREST, text=CITED.text), False),
        ("abstain", replace(NEAREST, kind="answer"), False),
        ("emergency", EMERGENCY, True),
        ("emergency", replace(EMERGENCY, text="请拨打96110。"), True),
        ("emergency", replace(EMERGENCY, text="。" * 78 + "110"), False),
        ("emergency", replace(EMERGENCY, kind="abstain"), False),
        ("refuse", replace(CITED, kind="refuse"), True),
        ("refuse", Reply("不能帮忙。", "refuse"), False),
        ("refuse", CITED, False),
        ("chat", CHATTED, True),
        ("chat", replace(CHATTED, citations=(OF_LINYI,)), False),
        ("chat", ABSTAINED, False),
    ],
)
def test_the_other_kinds(expect: str, reply: Reply, holds: bool) -> None:
    """Each is right as a whole or not at all."""
    assert right(asking(expect), reply) == (holds, holds)


@pytest.mark.parametrize("reply", [CITED, NEAREST, ABSTAINED, EMERGENCY, CHATTED])
def test_a_good_reply_breaks_no_promise(reply: Reply) -> None:
    """Emphasis, images and line breaks of the bulletin do not stand between a quote and its source."""
    assert broken_promises(reply, SOURCES) == ()


@pytest.mark.parametrize(
    ("reply", "problems"),
    [
        (replace(CHATTED, text=" \n"), ("回复是空的",)),
        (Reply("您好！"), ("回复的 kind 是「」，只能是 answer、near、abstain、ask、emergency、refuse、chat",)),
        (Reply("好", "answer"), ("kind 是 answer，却没有引文",)),
        (replace(CITED, citations=(OF_LINYI,)), ("引文和出处说的不是同样的通报",)),
        (replace(ABSTAINED, citations=(Cited("linyi", "通报", None),)), ("引文和出处说的不是同样的通报",)),
        (replace(CITED, quotes=(LINYI, NANNING, NANNING, LINYI)), ("有 4 条引文，最多 3 条",)),
        (replace(CITED, citations=(Cited("linyi", "清远", None), OF_NANNING)), ("文字里没有出处的题目：清远",)),
        (replace(CITED, citations=(Cited("linyi", "", None), OF_NANNING)), ("文字里没有出处的题目：",)),
        (replace(CITED, text=f"{CITED.text}「{NANNING.point}」"), ("文字里没有出处的题目：南宁断卡",)),
        (
            Reply(
                "「身份证可以遗失」《临沂重拳断卡》",
                "answer",
                (Quoted("身份证可以遗失", "linyi", "遗失"),),
                (OF_LINYI,),
            ),
            ("linyi 里没有这句原话：身份证可以遗失",),
        ),
        (
            Reply("「甲」《乙》", "answer", (Quoted("甲", "qingyuan", "甲"),), (Cited("qingyuan", "乙", None),)),
            ("没有通报 qingyuan",),
        ),
        (
            replace(CITED, text="《临沂重拳断卡》《南宁断卡》"),
            ("文字里没有第一条引文的要点：…要去查询。",),
        ),
        (
            replace(CITED, text="「不用查询。」《临沂重拳断卡》", quotes=(replace(LINYI, point="不用查询。"), NANNING)),
            ("要点不是引文里的原话：不用查询。",),
        ),
        (
            Reply("《南宁断卡》", "answer", (Quoted("", "nanning", ""),), (OF_NANNING,)),
            ("nanning 里没有这句原话：", "要点不是引文里的原话：", "文字里没有第一条引文的要点："),
        ),
    ],
)
def test_each_broken_promise_is_named(reply: Reply, problems: tuple[str, ...]) -> None:
    """And nothing else is."""
    assert broken_promises(reply, SOURCES) == problems


def test_a_reply_is_read_from_its_bubbles() -> None:
    """Texts are joined; the one custom object gives the rest."""
    custom = {
        "kind": "answer",
        "quotes": [{"text": "甲乙", "point": "…乙", "bulletin": "linyi", "passage": "linyi#p01"}],
        "citations": [{"bulletin": "linyi", "title": "题", "url": "http://example.org"}],
    }
    reply = parse_reply([{"text": "一"}, {"text": "二", "custom": custom}])
    assert reply == Reply(
        "一\n二", "answer", (Quoted("甲乙", "linyi", "…乙"),), (Cited("linyi", "题", "http://example.org"),)
    )


@pytest.mark.parametrize(
    "messages",
    [None, {}, [], "text", [1], [{"custom": "x"}], [{"custom": {"kind": None, "quotes": 3, "citations": ["x"]}}]],
)
def test_whatever_comes_back_is_read(messages: object) -> None:
    """What has not the form of a reply is an empty one, which breaks a promise."""
    assert "回复是空的" in broken_promises(parse_reply(messages), SOURCES)


def test_questions_are_read_with_their_lines() -> None:
    """The topic is the file's stem."""
    text = (
        "# 金题\n"
        '- {"id": "a", "q": "丢了", "expect": "answer", "city": "临沂", "evidence": [["linyi", "遗失"]]}\n'
        '- {"id": "b", "q": "你好", "expect": "chat"}\n'
    )
    assert parse_questions(HERE, text.encode()) == (
        Question("a", "丢了", "answer", "lost_id", 2, (("linyi", "遗失"),), "临沂"),
        Question("b", "你好", "chat", "lost_id", 3),
    )


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("", 1, "不是题目的列表"),
        ("a: 1", 1, "不是题目的列表"),
        ("- [", 1, "不是合格的 YAML"),
        ("# 金题\n- 你好", 2, "题目不是一组 `名称: 值`"),
        ("- {id: a, q: 你好, expect: chat, quote: 甲}", 1, "不认识的项 'quote'"),
        ("- {id: a, expect: chat}", 1, "缺少 'q'"),
        ("- {id: a, q: 你好, expect: talk}", 1, "expect 'talk' 不合格"),
        ("- {id: a, q: 丢了, expect: answer}", 1, "evidence 缺少或不合格"),
        ("- {id: a, q: 丢了, expect: answer, evidence: [linyi, 遗失]}", 1, "evidence 缺少或不合格"),
        ("- {id: a, q: 丢了, expect: answer, evidence: [[linyi, '']]}", 1, "evidence 缺少或不合格"),
    ],
)
def test_a_bad_question_is_reported_with_its_line(text: str, line: int, wrong: str) -> None:
    """Not skipped: a question that is not asked would look like one that is answered."""
    (problem,) = parse_questions(HERE, text.encode())
    assert isinstance(problem, Problem)
    assert (problem.line, problem.wrong) == (line, wrong)


def test_every_golden_question_can_be_answered() -> None:
    """Ids are used once, each evidence stands in the bulletin it names, and each city has a bulletin."""
    questions = evaluate.read_questions([ROOT / "tests/questions"])
    folder = ROOT / "knowledge"
    sources = sources_of(read_library(folder / "bulletins", read_topics(folder / "topics.yml"), date.today()))
    places = {source.place for source in sources.values()} | {None}
    assert len({question.id for question in questions}) == len(questions)
    assert [question.id for question in questions if question.city not in places] == []
    for question in questions:
        for bulletin, words in question.evidence:
            assert squeeze(words) in sources[bulletin].squeezed, f"{question.topic}.yml:{question.line}: {words}"


def test_shares_are_counted_by_any_key() -> None:
    """In the order in which the keys come up."""
    turned = replace(CITED, quotes=(NANNING, LINYI))
    verdicts = [
        judge(asking("answer"), CITED, SOURCES),
        judge(asking("answer"), turned, SOURCES),
        judge(asking("chat"), ABSTAINED, SOURCES),
    ]
    counted = tally(verdicts, lambda question: question.expect)
    assert counted == {"answer": Tally(2, 1, 2), "chat": Tally(1, 0, 0)}
    assert tuple(counted) == ("answer", "chat")
    assert evaluate.too_few(verdicts, 0.5) == ("chat（该闲聊）：0/1 = 0.000，不到 0.5",)
