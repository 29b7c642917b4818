"""Rules of wording are proved by their own examples: each reads what it must, and nothing of what it must not."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.likeness import FILE, Features, Likeness, read_likeness
from bot.answering.message import MessageReader
from bot.answering.proving import needless, proved
from bot.answering.wordings import AMOUNT, Rule, Wordings, Words, compact, read_wordings
from bot.knowledge.messages import OURS, WORDINGS, reader_of

FOLDER = OURS / WORDINGS
READER = reader_of(OURS)
RULES = read_wordings(FOLDER).rules
# Rules that the likeness was learnt without a weight for: their examples sound like a victim's anyway.
UNWEIGHED = {"叫我把钱转到安全账户", "积蓄被骗光", "拿照片要挟", "电话没人接"}


def test_every_rule_has_a_name_of_its_own_and_proofs() -> None:
    """Whoever is told a name finds one rule under it, and what it is for."""
    assert Counter(rule.name for rule in RULES if not rule.reads) == Counter()
    for kind in ("victim", "offer"):
        for speaks_for in (True, False):
            names = [rule.name for rule in RULES if (rule.kind, rule.speaks_for) == (kind, speaks_for)]
            assert names
            assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_holds_for_its_examples(rule: Rule) -> None:
    """For each of those that it reads, and for none of those that it must not read."""
    assert proved(rule, READER) == ()


def test_no_rule_is_without_a_trace() -> None:
    """A rule that is gone is noticed by its weight in the likeness; of those without one, here by their names."""
    weighed = {name.removeprefix("!") for name in READER.likeness.weights if name.startswith("!")}
    assert {rule.name for rule in RULES} - weighed == UNWEIGHED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_is_taken_out_is_missed(rule: Rule) -> None:
    """The likeness was learnt with it: a rule that is gone, or has another name, is noticed here."""
    left = Wordings(READER.wordings.parts, tuple(each for each in RULES if each is not rule))
    known = {name for name in READER.likeness.weights if name.startswith("!")}
    assert known - {f"!{each.name}" for each in RULES} == set()
    told = [compact(READER.mend(text)) for text in rule.reads]
    assert any(rule.name in {each.name for each in READER.wordings.fired(READER.wordings.find(text))} for text in told)
    assert not any(rule is each for text in told for each in left.fired(left.find(text)))


def test_a_part_that_is_taken_out_is_missed() -> None:
    """The likeness knows the parts by their names."""
    known = {name.strip("〈〉") for name in read_likeness(FOLDER / FILE).weights if name.startswith("〈")}
    assert known <= set(READER.wordings.parts)


def test_a_word_that_no_example_needs_is_listed() -> None:
    """One that is needed is not: without it an example is read otherwise."""
    rule = replace(RULES[0], fields={"did": (Words(("被骗", "甲乙丙")),)}, unless=(), reads=("我被骗了",), other=())
    alone = replace(READER, wordings=Wordings({}, (rule,)))
    assert needless(alone) == ((rule.name, "甲乙丙"),)


@pytest.mark.parametrize(
    ("text", "holds"),
    [("我被骗了三万", True), ("我没被骗", False), ("我不是没被骗", True), ("我怕被骗", False), ("我怕是被骗了", True)],
)
def test_a_deed_that_is_denied_was_not_done(text: str, holds: bool) -> None:
    """No upon no is yes, and what is feared to have happened may have."""
    rule = next(rule for rule in RULES if rule.name == "自己或家人被骗")
    assert rule.holds(READER.wordings.find(compact(text))) is holds


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("甲: 一 二\n", "names with their words"),
        ("[]", "names with their words"),
        ("甲: 3\n", "words separated by spaces"),
        ("甲: {word: 一}\n", "words separated by spaces"),
    ],
)
def test_a_fault_in_the_parts_is_told(tmp_path: Path, written: str, told: str) -> None:
    """Where it is, and what is allowed."""
    (tmp_path / "parts.yml").write_text(written, "utf-8")
    for name in ("victims.yml", "offers.yml", "bystanders.yml", "inquirers.yml"):
        (tmp_path / name).write_text("rules: []\n", "utf-8")
    if written.startswith("甲: 一"):
        assert read_wordings(tmp_path).parts["甲"].words == ("一", "二")
        return
    with pytest.raises(ValueError, match=rf"parts\.yml.*{told}"):
        read_wordings(tmp_path)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{name: 甲}", "a rule has a name"),
        ("{name: 甲, did: 〈乙〉}", "no part 〈乙〉"),
        ("{name: 甲, dit: 一}", "a rule has"),
    ],
)
def test_a_fault_in_a_rule_is_told(tmp_path: Path, rule: str, told: str) -> None:
    """With the rule's name."""
    (tmp_path / "parts.yml").write_text("丙: 一\n", "utf-8")
    for name in ("offers.yml", "bystanders.yml", "inquirers.yml"):
        (tmp_path / name).write_text("rules: []\n", "utf-8")
    (tmp_path / "victims.yml").write_text(f"rules:\n  - {rule}\n", "utf-8")
    with pytest.raises(ValueError, match=rf"victims\.yml: 甲: .*{told}"):
        read_wordings(tmp_path)


def test_the_same_features_are_read_as_were_learnt() -> None:
    """Sums, relatives and numbers are like one another, whatever they are."""
    wordings = READER.wordings
    texts = (wordings.find(compact(text)) for text in ("我妈被骗了3万", "我爸被骗了五千块"))
    one, other = (Features(wordings).of(text, wordings.fired(text)) for text in texts)
    assert one == other
    assert AMOUNT


def test_a_certain_rule_needs_no_likeness() -> None:
    """It counts whatever a message sounds like."""
    deaf = replace(READER, likeness=replace(READER.likeness, bias=(-99.0, -99.0)))
    assert deaf.judge("我不想活了")[0] == "victim"
    assert deaf.judge("我刚被骗了五万")[0] == "victim"
    assert deaf.judge("天气真好") == ("plain", "")


def sounding(kind: str, chance: float) -> MessageReader:
    """A reader to whom everything sounds so much like a kind's."""
    score = math.log(chance / (1 - chance))
    bias = (score, -99.0) if kind == "victim" else (-99.0, score)
    return replace(READER, likeness=Likeness(bias, {}))


def read_by_one(kind: str) -> str:
    """An example that a single rule reads, which is not certain."""
    for text in (READER.mend(text) for rule in RULES if rule.kind == kind and not rule.certain for text in rule.reads):
        fired = tuple(READER.wordings.fired(READER.wordings.find(compact(text))))
        if [(rule.kind, rule.certain, rule.speaks_for) for rule in fired] == [(kind, False, True)]:
            return text
    raise AssertionError(f"no rule of {kind} stands alone")


@pytest.mark.parametrize("kind", ["victim", "offer"])
def test_a_gate_that_moves_is_noticed(kind: str) -> None:
    """Four in ten are enough alone, two in ten behind a rule; a hundredth less is not."""
    assert [sounding(kind, chance).judge("天气真好")[0] for chance in (0.41, 0.39)] == [kind, "plain"]
    backed = read_by_one(kind)
    assert [sounding(kind, chance).judge(backed)[0] for chance in (0.21, 0.19)] == [kind, "plain"]


def test_the_gate_is_where_it_is() -> None:
    """A twentieth more or less, and messages of the tests are judged otherwise."""
    from victims_told import NO_VICTIMS, VICTIMS

    def missed(shift: float) -> int:
        moved = {kind: value + shift for kind, value in READER.alone.items()}
        other = replace(READER, alone=moved)
        wrong = sum(other.read(text).kind != "victim" for text in VICTIMS)
        return wrong + sum(other.read(text).kind == "victim" for text in NO_VICTIMS)

    assert missed(0.0) == 0
    assert missed(0.05) + missed(-0.05) > 0
