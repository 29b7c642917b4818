"""Rules of wording are proved by their own examples: each reads what it must, and nothing of what it must not."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from victims_told import NO_VICTIMS, VICTIMS

from bot.answering.likeness import Likeness, runs_of
from bot.answering.proving import needless, proved
from bot.answering.wordings import AMOUNT, Rule, Wordings, Words, compact, read_wordings
from bot.knowledge.messages import OURS, WORDINGS, reader_of

FOLDER = OURS / WORDINGS
READER = reader_of(OURS)
RULES = read_wordings(FOLDER).rules


def test_every_rule_has_a_name_of_its_own_and_proofs() -> None:
    """Whoever is told a name finds one rule under it, and what it is for."""
    assert Counter(rule.name for rule in RULES if not rule.reads) == Counter()
    for kind in ("victim", "offer"):
        names = [rule.name for rule in RULES if rule.kind == kind]
        assert names
        assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_holds_for_its_examples(rule: Rule) -> None:
    """For each of those that it reads, and for none of those that it must not read."""
    assert proved(rule, READER) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_is_taken_out_is_missed(rule: Rule) -> None:
    """Its examples are read by it whatever they sound like, and without it some of them no more."""
    deaf = replace(READER, likeness=replace(READER.likeness, bias=(-99.0, -99.0)))
    left = Wordings(READER.wordings.parts, tuple(each for each in RULES if each is not rule))
    assert {deaf.read(text).kind for text in rule.reads} == {rule.kind}
    assert any(replace(deaf, wordings=left).read(text).kind != rule.kind for text in rule.reads)


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
    rule = replace(RULES[0], fields={"did": (READER.wordings.parts["骗了"],)}, unless=())
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
    for name in ("victims.yml", "offers.yml"):
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
    (tmp_path / "offers.yml").write_text("rules: []\n", "utf-8")
    (tmp_path / "victims.yml").write_text(f"rules:\n  - {rule}\n", "utf-8")
    with pytest.raises(ValueError, match=rf"victims\.yml: 甲: .*{told}"):
        read_wordings(tmp_path)


def test_the_same_runs_are_read_as_were_learnt() -> None:
    """Sums, relatives and numbers are like one another, whatever they are."""
    assert runs_of("我妈被骗了3万") == runs_of("我爸被骗了五千块")
    assert AMOUNT


def test_a_rule_needs_no_likeness() -> None:
    """It counts whatever a message sounds like."""
    deaf = replace(READER, likeness=replace(READER.likeness, bias=(-99.0, -99.0)))
    assert deaf.judge("我不想活了")[0] == "victim"
    assert deaf.judge("我刚被骗了五万")[0] == "victim"
    assert deaf.judge("天气真好") == ("plain", "")


@pytest.mark.parametrize("kind", ["victim", "offer"])
@pytest.mark.parametrize(("chance", "taken"), [(0.48, False), (0.52, True)])
def test_the_gate_is_where_it_is(chance: float, taken: bool, kind: str) -> None:
    """Moved by a twentieth, it would let one of these through or keep the other out."""
    score = math.log(chance / (1 - chance))
    sounds = Likeness((score, -99.0) if kind == "victim" else (-99.0, score), {})
    assert replace(READER, likeness=sounds).judge("天气真好")[0] == (kind if taken else "plain")


def test_victims_are_told_from_others() -> None:
    """Of the messages that the tests of the answers use, each is what it is."""
    assert [text for text in VICTIMS if READER.read(text).kind != "victim"] == []
    assert [text for text in NO_VICTIMS if READER.read(text).kind == "victim"] == []


@pytest.mark.parametrize("text", ["((((((((", "́́́́", "😀😀", "？？？", ""])
def test_what_has_no_word_is_plain(text: str) -> None:
    """Brackets, marks and pictures alone are no offer."""
    assert READER.read(text).kind == "plain"
