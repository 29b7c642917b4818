"""One bulletin as it would be: fields, lines put back, kinds and withdrawn passages, written into the sidecar alone."""

from __future__ import annotations

from datetime import date

import pytest

from bot.editing.corrections import (
    lines_of,
    name_of,
    passage_of,
    with_entry,
    with_fields,
    with_joined,
    with_kept,
    with_kind,
    with_passage,
    with_split,
)
from bot.editing.revisions import Read, Revision, UnfitError, differences, read, values_of

TODAY = date(2026, 3, 1)
TEXT = """# 云溪警方提醒：不要出借银行卡

来源：云溪公安

出租、出借银行卡的，五年内暂停银行账户非柜面业务。

身份证丢失的，要尽快到派出所挂失补办。

云溪市公安局
2025年12月1日
"""
BASE = Revision("yunxi", TEXT.encode(), "# 由工作页收进：通告.docx\n")


def known(revision: Revision) -> Read:
    """The revision as it is read."""
    found = read(revision, (), TODAY)
    assert isinstance(found, Read), found
    return found


def test_each_field_says_where_it_was_found() -> None:
    """In the text with its line, by an editor, or nowhere."""
    found = {value.name: (value.value, value.found) for value in values_of(known(BASE))}
    assert found["title"] == ("云溪警方提醒：不要出借银行卡", "文中第 1 行")
    assert found["published"] == ("2025-12-01", "文中第 10 行")
    assert found["url"] == ("", "文中没有")
    changed = with_fields(BASE, known(BASE), {"place": "云溪市", "published": "2025年12月2日"}, TODAY)
    found = {value.name: (value.value, value.found) for value in values_of(known(changed))}
    assert (found["place"], found["published"]) == (("云溪市", "编辑填写"), ("2025-12-02", "编辑填写"))
    assert changed.data == BASE.data
    assert changed.sidecar.startswith(BASE.sidecar)


def test_a_field_is_emptied_again() -> None:
    """What an editor said is taken out; what the text says itself comes back."""
    changed = with_fields(BASE, known(BASE), {"published": "2025-12-02", "url": "https://example.cn/a"}, TODAY)
    emptied = with_fields(changed, known(changed), {"published": "", "url": ""}, TODAY)
    assert emptied.sidecar == BASE.sidecar
    assert known(emptied).bulletin.published == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("published", "去年", "读不懂"),
        ("published", "2999-01-01", "在将来"),
        ("authority", "king", "只能是"),
        ("url", "javascript:alert(1)", "http"),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: str, why: str) -> None:
    """In words that say what may be."""
    with pytest.raises(UnfitError, match=why):
        with_fields(BASE, known(BASE), {field: value}, TODAY)


def test_a_value_is_never_more_than_a_value() -> None:
    """Whatever is typed into a field, it adds no entry to the sidecar."""
    changed = with_fields(BASE, known(BASE), {"place": "云溪\nwithdrawn: 2026-01-01 # {}: [*a"}, TODAY)
    assert known(changed).bulletin.withdrawn is None
    assert known(changed).problems == ()


def test_a_line_is_put_back() -> None:
    """What was left out stands in a passage afterwards, and another one beside it is not forgotten."""
    (left,) = (each for each in known(BASE).bulletin.dropped if "来源" in each.text)
    kept = with_kept(BASE, known(BASE), left.lines)
    assert any("来源" in passage.text for passage in known(kept).passages)
    again = with_kept(kept, known(kept), (9, 9))
    assert known(again).sidecar.keep == {3, 9}


def test_a_kind_and_a_withdrawn_passage() -> None:
    """Said by lines, so that it still holds when passages are counted anew; unsaid, the sidecar is as before."""
    passage = next(each for each in known(BASE).passages if "挂失" in each.text)
    changed = with_kind(BASE, known(BASE), passage, "advice")
    out = with_passage(changed, known(changed), passage, superseded_by="2026年新规定", since=TODAY)
    found = next(each for each in known(out).passages if "挂失" in each.text)
    assert (found.kind, found.superseded_by, found.superseded_since) == ("advice", "2026年新规定", TODAY)
    assert known(out).problems == ()
    back = with_passage(out, known(out), passage, superseded_by=None, since=None, kind=None)
    assert back.sidecar == BASE.sidecar
    with pytest.raises(UnfitError):
        with_kind(BASE, known(BASE), passage, "chief")


LONG = Revision(
    "yunxi",
    """# 云溪警方提醒：不要出借银行卡

出租、出借银行卡的，五年内暂停银行账户非柜面业务。身份证丢失的，要尽快到派出所挂失补办。

发现有人收购银行卡的，请拨打96110举报。

举报方式

举报查实的，奖励两千元。
""".encode(),
    "passages:\n  p02: {kind: background}\n",
)


def texts(revision: Revision) -> list[str]:
    """Its passages' words."""
    return [passage.text for passage in known(revision).passages]


def test_a_passage_is_split_and_joined_again() -> None:
    """At a sentence in the midst of a line; unsaid by joining, and what was said of p02 stays with its words."""
    first, *others = texts(LONG)
    split = with_split(LONG, known(LONG), passage_of(known(LONG), "p01"), 1)
    assert texts(split) == [*first.partition("身份证")[0:1], "身份证" + first.partition("身份证")[2], *others]
    assert known(split).problems == ()
    assert [passage.kind for passage in known(split).passages][2] == "background"
    assert "p02" not in split.sidecar
    joined = with_joined(split, known(split), passage_of(known(split), "p02"))
    assert texts(joined) == texts(LONG)
    assert "split" not in joined.sidecar


def test_the_halves_of_a_line_have_kinds_of_their_own() -> None:
    """Each is named by its first words, for they share the line; what is said of one is not said of the other."""
    split = with_split(LONG, known(LONG), passage_of(known(LONG), "p01"), 1)
    half = passage_of(known(split), "p02")
    assert name_of(known(split), half) == "3 身份证丢失的，要"
    changed = with_passage(split, known(split), half, superseded_by="新规定", since=TODAY)
    assert [passage.superseded_by for passage in known(changed).passages] == [None, "新规定", None, None]
    assert known(changed).problems == ()


def test_passages_are_joined_where_nothing_stands_between() -> None:
    """Word for word; over a heading they are not, and the sidecar that says so names the place."""
    joined = with_joined(LONG, known(LONG), passage_of(known(LONG), "p02"))
    assert texts(joined)[0] == "\n".join(texts(LONG)[:2])
    assert known(joined).passages[0].lines == (3, 5)
    assert known(joined).problems == ()
    apart = with_joined(LONG, known(LONG), passage_of(known(LONG), "p03"))
    assert texts(apart) == texts(LONG)
    assert [problem.wrong for problem in known(apart).problems] == ["第 9 行“举报查实的，奖励”开头的一段合不到上一段"]
    with pytest.raises(UnfitError):
        with_joined(LONG, known(LONG), passage_of(known(LONG), "p01"))


@pytest.mark.parametrize("sentence", [0, 2, 99])
def test_a_sentence_that_is_none(sentence: int) -> None:
    """No passage begins there."""
    with pytest.raises(UnfitError):
        with_split(LONG, known(LONG), passage_of(known(LONG), "p01"), sentence)


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("split: {3: 没有这句}", "第 3 行没有以“没有这句”开头的一句，分不开"),
        ("split: [3]", "'split' 不是一组 `行号: 句子开头的几个字`"),
        ("join: {三: 身份证}", "'join' 里的 '三' 看不懂"),
        ("join: {5: ''}", "'join' 里的 '5' 看不懂"),
    ],
)
def test_a_place_that_cannot_be_understood(entry: str, wrong: str) -> None:
    """It is named, and what stands beside it still counts."""
    found = known(Revision("yunxi", LONG.data, f"{entry}\nplace: 云溪\n"))
    assert [problem.wrong for problem in found.problems] == [wrong]
    assert found.bulletin.place == "云溪"


def test_what_is_other_is_listed() -> None:
    """Fields, state and passages, before and after."""
    passage = next(each for each in known(BASE).passages if "挂失" in each.text)
    changed = with_entry(with_kind(BASE, known(BASE), passage, "advice"), "withdrawn", TODAY)
    found = {each.what: (each.before, each.after) for each in differences(known(BASE), known(changed))}
    assert found["状态"] == ("使用中", "已撤回（2026-03-01）")
    assert found["第 7 行"][1].startswith("【提示】")
    assert differences(known(BASE), known(BASE)) == ()


@pytest.mark.parametrize("written", ["", "0-1", "3-2", "1", "1-99999", "a-b", "１-２ "])
def test_lines_that_are_none(written: str) -> None:
    """They are refused in words."""
    with pytest.raises(UnfitError):
        lines_of(written)


def test_a_sidecar_that_is_none_is_left_alone() -> None:
    """It is named, not overwritten."""
    broken = Revision("yunxi", TEXT.encode(), "a: b: c\n")
    with pytest.raises(UnfitError, match="yml"):
        with_entry(broken, "place", "云溪")
