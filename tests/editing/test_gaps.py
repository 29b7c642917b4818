"""Gaps: what was not answered well, grouped so that an editor sees what to write next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.editing.gaps import Gap, find_gaps, why
from bot.keeping.events import Considered, TurnEvent
from bot.retrieval.query import importance
from bot.retrieval.search import read_segmenter

SEGMENTER = read_segmenter(Path(__file__).parents[2] / "knowledge")
NEAR, FAR = Considered("a#p01", 0.4, "依据不足"), Considered("b#p02", 0.1, "依据不足")


def event(question: str, at: float = 1.0, outcome: str = "abstain", **more: object) -> TurnEvent:
    made = TurnEvent(at, "web-1", "web", question, "x", 0.5, outcome, considered=(FAR, NEAR))
    return replace(made, **more)  # type: ignore[arg-type]


def gaps(*events: TurnEvent, settled: dict[str, float] | None = None) -> tuple[Gap, ...]:
    return find_gaps(events, lambda text: {word: importance(word) for word in SEGMENTER.words(text)}, settled or {})


@pytest.mark.parametrize(
    ("outcome", "chance", "helpful", "reason"),
    [
        ("abstain", 0.4, None, "unanswered"),
        ("silent", 0.4, None, "unanswered"),
        ("near", 0.7, None, "near"),
        ("ask", 0.4, None, None),
        ("answer", 0.2, None, "weak"),
        ("answer", 0.7, None, None),
        ("answer", 0.7, True, None),
        ("answer", 0.7, False, "unhelpful"),
        ("emergency", 0.1, None, None),
        ("chat", 0.1, None, None),
    ],
)
def test_what_counts(outcome: str, chance: float, helpful: bool | None, reason: str | None) -> None:
    """Unanswered, nearly answered, on weak evidence, or said not to help; talk, warnings, emergencies are no gaps."""
    turn = event("问", outcome=outcome, helpful=helpful, quoted=("q#p01",))
    assert why(replace(turn, considered=(Considered("q#p01", chance),))) == reason


def test_a_turn_whose_words_are_gone_is_no_gap() -> None:
    """Nothing could be shown of it."""
    gone = replace(event("问"), question=None)
    assert why(gone) is None
    assert gaps(gone) == ()


def test_alike_questions_are_one_group_the_biggest_first() -> None:
    """Another wording of the same thing joins; another thing does not."""
    found = gaps(
        event("银行卡被冻结了怎么解冻", 1),
        event("注册商标要多少钱", 2),
        event("我的银行卡被冻结怎么解冻呢", 3),
        event("银行卡被冻结了怎么解冻？", 4),
    )
    assert [gap.times for gap in found] == [3, 1]
    assert found[0].wordings == (("银行卡被冻结了怎么解冻？", 2), ("我的银行卡被冻结怎么解冻呢", 1))
    assert dict(found[0].why) == {"unanswered": 3}
    assert found[0].last == 4


def test_a_matter_that_many_ask_about_stays_one_group() -> None:
    """However they put it: the word they share weighs as much as if one asked. The most typical wording is first."""
    about = [
        "组织传销会判刑吗",
        "亲戚拉我进传销怎么脱身",
        "误入传销能报警吗",
        "传销的钱能要回来吗",
        "加入传销组织会怎样",
        "堂姐带父母去湖南听课，这算传销吗",
    ]
    others = ["注册商标要多少钱", "彩礼不退怎么办", "工资拖欠三个月了", "房子过户要带什么"]
    found = gaps(*(event(question, at) for at, question in enumerate([*about, *others], start=1)))
    assert [gap.times for gap in found] == [6, 1, 1, 1, 1]
    assert {wording for wording, _ in found[0].wordings} == set(about)
    assert found[0].wordings[-1][0].startswith("堂姐")


def test_the_nearest_passage_is_the_likeliest() -> None:
    """Not the one that stood first, which may be of the place that was named."""
    assert gaps(event("银行卡被冻结了怎么解冻"))[0].nearest == NEAR
    assert gaps(event("银行卡被冻结了怎么解冻", considered=()))[0].nearest is None


def test_a_settled_group_is_gone_until_it_is_asked_again() -> None:
    """What is asked after it was dealt with brings it back, marked, and counts alone."""
    old, other = event("银行卡被冻结了怎么解冻", 1), event("我的银行卡被冻结怎么解冻呢", 2)
    settled = dict.fromkeys(gaps(old, other)[0].settles, 10.0)
    assert gaps(old, other, settled=settled) == ()
    (back,) = gaps(old, other, event("银行卡被冻结了怎么解冻？", 11), settled=settled)
    assert (back.times, back.returned) == (1, True)
    (new,) = gaps(old, event("银行卡被冻结了，怎么才能解冻", 12), settled=settled)
    assert (new.times, new.returned) == (1, True)
    assert not gaps(old)[0].returned


def test_many_wordings_in_little_time() -> None:
    """Five thousand different questions are grouped; the latest ones are kept when there are too many."""
    found = gaps(*(event(f"第{number}号商店的充电宝{number * 7919 % 1000}能退吗", number) for number in range(5000)))
    assert sum(gap.times for gap in found) == 4000
    assert max(gap.last for gap in found) == 4999
