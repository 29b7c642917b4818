"""Contradictions: another number for the same measure is found, and nothing that only looks like one."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from bot.reading.contradictions import contradictions, values_of
from bot.reading.library import read_library
from bot.reading.records import Library

ROOT = Path(__file__).parents[2]
WILD = ROOT.parent / "shared" / "bulletins-wild"
TODAY = date(2026, 11, 1)
FIVE = "凡是出借账户的，5年内暂停非柜面业务。"


def library(folder: Path, **texts: str) -> Library:
    for name, text in texts.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text if suffix == "yml" else f"# 甲地通报\n\n{text}\n", "utf-8")
    return read_library(folder, (), TODAY)


def found(folder: Path, new: str | None = None, **texts: str) -> list[tuple[str, str, str]]:
    read = library(folder, **texts)
    return [
        (each.measure, each.one.value, each.other.value)
        for each in contradictions(read.bulletins, read.passages, new)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "measure", "value"),
    [
        ("5年内暂停非柜面业务。", "暂停非柜面业务的期限", "5年"),
        ("五 年内，不能使用网银和手机银行。", "暂停非柜面业务的期限", "5年"),
        ("暂停其非柜面业务，期限为３年。", "暂停非柜面业务的期限", "3年"),
        ("公安机关认定的，2 年内限制其办理移动电话新入网业务。", "不得办理电话卡的期限", "2年"),
        ("三年内只为其保留一张手机卡，不再办理新卡。", "不得办理电话卡的期限", "3年"),
        ("三年内只为其保留一张手机卡，不再办理新卡。", "可以保留的电话卡张数", "1张"),
        ("名下仅留一张电话卡，3年内不再新办手机卡。", "不得办理电话卡的期限", "3年"),
        ("关停其手机卡，二年内不予办理新号。", "不得办理电话卡的期限", "2年"),
        ("名下仅保留两张银行卡。", "可以保留的银行卡张数", "2张"),
        ("个人处二十万元以下罚款。", "罚款的数额", "200000元以下"),
        ("举报查实的，奖励5000元。", "举报奖励的数额", "5000元"),
        ("犯帮助信息网络犯罪活动罪的，处三年以下有期徒刑。", "帮助信息网络犯罪活动罪的刑期", "3年以下"),
        ("请拨打0771-1234567举报。", "举报、咨询的电话", "07711234567"),
        ("惩戒期限为十二个月。", "惩戒的期限", "1年"),
        ("惩戒期限为半年。", "惩戒的期限", "6个月"),
        ("申诉后五个工作日内核实。", "核实、申诉的时限", "5工作日"),
        ("处十五日以下拘留。", "拘留的日数", "15天以下"),
        ("举报查实的，奖励2千元。", "举报奖励的数额", "2000元"),
        ("举报查实的，奖励两千五百元。", "举报奖励的数额", "2500元"),
        ("名下的电话卡不得超过5张。", "一人可以办理的电话卡张数", "5张"),
    ],
)
def test_a_measures_number_is_read(sentence: str, measure: str, value: str) -> None:
    """In digits or characters, before or after what it is about."""
    assert (measure, value) in set(values_of(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "2021年起暂停非柜面业务。",
        "近5年来，非柜面业务办得越来越多。",
        "1月15日，银行暂停了非柜面业务。",
        "请拨打96110或者110举报。",
        "共拦截诈骗电话276558个。",
        "他被骗走5000元。",
        "五年级的学生也能用网银。",
        "三年内不再办理新卡。",
        "他三年没有办过手机卡。",
    ],
)
def test_other_numbers_are_not(sentence: str) -> None:
    """Dates, sums, the nation's hotlines."""
    assert list(values_of(sentence)) == []


def test_another_number_of_years_is_a_contradiction(tmp_path: Path) -> None:
    """Both sentences come with their passages, the new one first."""
    read = library(tmp_path, old_md=FIVE, new_md=FIVE.replace("5", "3"))
    each = contradictions(read.bulletins, read.passages, "new")[0]
    assert (each.measure, each.one.value, each.other.value) == ("暂停非柜面业务的期限", "3年", "5年")
    assert (each.one.passage.id, each.other.passage.id) == ("new#p01", "old#p01")
    assert each.other.sentence == FIVE


def test_the_same_number_otherwise_written_is_none(tmp_path: Path) -> None:
    """五年 is 5 年."""
    assert found(tmp_path, a_md=FIVE, b_md=FIVE.replace("5", "五 ")) == []


def test_another_wording_of_the_term_for_new_cards_is_compared(tmp_path: Path) -> None:
    """A notice that keeps one card for three years, in numerals, against the five years of a bulletin we ship."""
    first = read_library(ROOT / "knowledge" / "bulletins", (), TODAY)
    new = library(tmp_path, new_md="出借手机卡的，各营业厅三年内只为其保留一张手机卡，不再办理新卡。")
    both = contradictions({**first.bulletins, **new.bulletins}, (*first.passages, *new.passages), "new")
    assert [(each.measure, each.one.value, each.other.value) for each in both if "linyi" in each.other.passage.id] == [
        ("不得办理电话卡的期限", "3年", "5年")
    ]


def test_steps_that_share_a_value_are_none(tmp_path: Path) -> None:
    """A bulletin that gives several terms contradicts only one that has none of them."""
    steps = "情节轻的，3年内暂停非柜面业务；情节重的，5年内暂停非柜面业务。"
    assert found(tmp_path, a_md=FIVE, b_md=steps) == []


def test_cases_and_sums_contradict_nothing(tmp_path: Path) -> None:
    """What happened to 张某 is no rule."""
    assert found(tmp_path, a_md=FIVE, b_md="张某被公安机关处罚，3年内暂停非柜面业务。") == []


@pytest.mark.parametrize("sidecar", ["withdrawn: 2024-01-01\n", "superseded_by: b\n"])
def test_what_is_out_of_force_contradicts_nothing(tmp_path: Path, sidecar: str) -> None:
    """The editor has decided about it already."""
    assert found(tmp_path, a_md=FIVE, a_yml=sidecar, b_md=FIVE.replace("5", "3")) == []


def test_hotlines_are_compared_within_a_place(tmp_path: Path) -> None:
    """Each place has its own; two of one place are worth a look."""
    here, there = "有线索的市民请拨打0539-7654321。", "有线索的市民请拨打0539-1234567。"
    assert found(tmp_path, a_md=here, b_md=there, a_yml="place: 甲\n", b_yml="place: 乙\n") == []
    assert len(found(tmp_path, a_md=here, b_md=there, a_yml="place: 甲\n", b_yml="place: 甲\n")) == 1


def test_the_first_bulletins_do_not_contradict_each_other() -> None:
    """What is served today agrees with itself."""
    read = read_library(ROOT / "knowledge" / "bulletins", (), TODAY)
    assert contradictions(read.bulletins, read.passages) == ()


def test_among_the_wild_articles_the_one_true_contradiction_is_found() -> None:
    """Zhongshan bars a new phone contract for 2 years, Linyi for 5; nothing else in 49 articles is called one."""
    if not WILD.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{WILD} is missing: in CI the wild articles must be there")
        pytest.skip(f"{WILD} is missing: the wild articles are not part of the repository")
    first = read_library(ROOT / "knowledge" / "bulletins", (), TODAY)
    wild = read_library(WILD, (), TODAY)
    both = contradictions({**first.bulletins, **wild.bulletins}, (*first.passages, *wild.passages))
    pairs = [
        (each.one.passage.bulletin, each.one.value, each.other.passage.bulletin, each.other.value) for each in both
    ]
    assert pairs == [("d03", "2年", "linyi-duanka", "5年")]


APART = (
    ("出租银行卡的，五年内暂停非柜面业务。", "出借银行卡的，暂停其银行账户非柜面业务，期限为三年。"),
    ("被惩戒的人员，半年内不得办理手机卡入网业务。", "被惩戒的人员，两年内不得办理手机卡入网业务。"),
    ("金融惩戒期限为3年。", "买卖银行卡的，5年内暂停非柜面业务。"),
    ("惩戒期限为二年。", "惩戒期限为三年。"),
    ("处五日以下拘留。", "处十日以上十五日以下拘留。"),
    ("情节较轻的，处五日以下拘留，可以并处一千元以下罚款。", "情节较轻的，处五日以下拘留，可以并处五百元以下罚款。"),
    ("举报查实的，奖励2千元。", "举报线索查实的，给予五千元奖励。"),
    ("举报收卡窝点，最高奖励10万元。", "举报收卡窝点，最高奖励五万元。"),
    ("每人在一家企业办理的电话卡不得超过5张。", "一个人在同一家企业最多只能办理3张电话卡。"),
    ("名下只保留一张手机卡。", "名下可以保留两张手机卡。"),
    ("名下只保留一张银行卡。", "名下只保留两张银行卡。"),
    ("申诉后，五个工作日内核实。", "收到申诉后，10个工作日内核实完毕。"),
    ("对惩戒有异议的，核实时限为15个工作日。", "对惩戒有异议的，核实时限为30天。"),
    ("紧急止付的期限为48小时。", "紧急止付的期限为24小时。"),
    ("犯帮信罪的，处三年以下有期徒刑。", "犯帮信罪的，处五年以下有期徒刑。"),
    ("单位处五十万元以下罚款。", "单位处100万元以下罚款。"),
    ("不良信用记录保留5年。", "不良信用记录要保留七年。"),
    ("五年内不得新开账户。", "三年内不得新开户。"),
    ("三年内暂停支付账户业务。", "5年内停止其支付账户所有业务。"),
    ("处一年半以下的惩戒期限。", "惩戒期限为一年。"),
)
ONE = (
    ("惩戒期限为半年。", "惩戒期限为6个月。"),
    ("惩戒期限为12个月。", "惩戒期限为一年。"),
    ("奖励两千元。", "举报查实奖励2000元。"),
    ("处十五日以下拘留。", "处15日以下拘留。"),
    ("紧急止付的期限为48小时。", "紧急止付期限为2天。"),
    ("处二十万元以下罚款。", "处20万元以下罚款。"),
    ("他半年前卖过卡。", "惩戒期限为三年。"),
    ("今年以来拘留15人，罚款3万元。", "处五日以下拘留。"),
    ("每人最多办理5张电话卡。", "名下的电话卡不得超过五张。"),
    ("某公司被罚款50万元。", "处五万元以下罚款。"),
)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_rules_that_differ(tmp_path: Path, one: str, other: str) -> None:
    """Half a year, working days, custody, cards, thousands; the term of measures against that of the counter."""
    assert found(tmp_path, a_md=one, b_md=other)


@pytest.mark.parametrize(("one", "other"), ONE)
def test_two_that_do_not(tmp_path: Path, one: str, other: str) -> None:
    """One value written in two ways, and what was imposed on somebody: no editor is told of that."""
    assert found(tmp_path, a_md=one, b_md=other) == []
