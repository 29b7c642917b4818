"""A folder of bulletins: every file read or reported, one never stopping another."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from bot.reading.library import read_library
from bot.reading.records import Library, Topic

TODAY = date(2025, 1, 1)
TOPICS = (Topic("penalty", "后果", (), ("坐牢",)),)
NOTICE = "# 示例通报\n\n借出账户可能要坐牢。\n\n市公安局召开了会议。\n"


def library(folder: Path, **files: str) -> Library:
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, "utf-8")
    return read_library(folder, TOPICS, TODAY)


def test_passages_carry_the_bulletins_stem(tmp_path: Path) -> None:
    """An id is stem, #, p and a number."""
    found = library(tmp_path, one_md=NOTICE)
    assert [passage.id for passage in found.passages] == ["one#p01", "one#p02"]
    assert [passage.topics for passage in found.passages] == [("penalty",), ()]


def test_a_sidecar_overrules_the_text(tmp_path: Path) -> None:
    """Title, place, kind and topics are the editor's where the editor says so."""
    found = library(
        tmp_path, one_md=NOTICE, one_yml="title: 改过的标题\npassages:\n  p02: {kind: advice, topics: [penalty]}\n"
    )
    assert found.bulletins["one"].title == "改过的标题"
    assert [(each.kind, each.topics) for each in found.passages][1] == ("advice", ("penalty",))
    assert found.passages[1].reason == "编辑在通报旁的 .yml 里写明"


def test_a_sidecar_may_give_the_title_that_is_missing(tmp_path: Path) -> None:
    """Without it the bulletin could not stand; the place is then told from that title."""
    found = library(tmp_path, one_md="借出账户可能要坐牢。\n", one_yml="title: 临沂通报\n")
    assert found.problems == ()
    assert found.bulletins["one"].place == "临沂"


def test_a_passage_alone_may_be_superseded(tmp_path: Path) -> None:
    """By its number or by its lines; the rest of the bulletin may still be cited, that passage may not."""
    for key in ("p01", "3", "2-4"):
        beside = f"passages:\n  {key}: {{superseded_by: 新的办法, since: 2024-12-01}}\n"
        found = library(tmp_path, one_md=NOTICE, one_yml=beside)
        assert found.problems == ()
        assert [(each.superseded_by, each.superseded_since) for each in found.passages] == [
            ("新的办法", date(2024, 12, 1)),
            (None, None),
        ]
        assert [found.may_quote(each) for each in found.passages] == [False, True]


def test_lines_of_no_passage_are_reported(tmp_path: Path) -> None:
    """An editor who miscounts is told which passages there are."""
    found = library(tmp_path, one_md=NOTICE, one_yml="passages:\n  9-12: {kind: advice}\n")
    assert [(problem.line, problem.wrong) for problem in found.problems] == [(2, "第 9-12 行没有段落")]


def test_what_was_left_out_stands_on_the_bulletin_and_can_be_put_back(tmp_path: Path) -> None:
    """A line named under `keep` is read whatever it looks like."""
    text = f"{NOTICE}\n来源：某市公安局防范电信网络诈骗的提示\n"
    found = library(tmp_path, one_md=text)
    assert [(each.lines, each.reason) for each in found.bulletins["one"].dropped] == [
        ((1, 1), "题目或账号的名字"),
        ((7, 7), "出处、作者、编辑"),
    ]
    kept = library(tmp_path, one_md=text, one_yml="keep: [7]\n")
    assert [each.lines for each in kept.bulletins["one"].dropped] == [(1, 1)]
    assert kept.passages[-1].text == "来源：某市公安局防范电信网络诈骗的提示"


def test_the_sidecar_says_how_high_and_how_new_a_rule_is(tmp_path: Path) -> None:
    """Its word goes before what the text says."""
    law = "# 中华人民共和国示范法\n\n第一条 本法自2020年1月1日起施行。\n"
    found = library(tmp_path, a_md=law, b_md=law, b_yml="authority: city\nin_force_from: 2021-02-03\n")
    read = [(each.authority, each.in_force_from) for each in found.bulletins.values()]
    assert read == [("law", date(2020, 1, 1)), ("city", date(2021, 2, 3))]


def test_a_withdrawn_or_superseded_bulletin_is_not_in_force(tmp_path: Path) -> None:
    """It stays in the library, for links, and is not cited."""
    found = library(
        tmp_path, a_md=NOTICE, b_md=NOTICE, c_md=NOTICE, a_yml="withdrawn: 2024-01-01\n", b_yml="superseded_by: c\n"
    )
    assert found.problems == ()
    assert [found.bulletins[stem].in_force for stem in "abc"] == [False, False, True]


def test_an_unknown_successor_is_reported_and_the_bulletin_stays_out_of_force(tmp_path: Path) -> None:
    """Rather cite too little than a rule that was replaced."""
    found = library(tmp_path, a_md=NOTICE, a_yml="superseded_by: nobody\n")
    assert [problem.line for problem in found.problems] == [1]
    assert not found.bulletins["a"].in_force


@pytest.mark.parametrize(
    "slip",
    [
        "withdrawn: 某天\n",
        "withdrawn: [\n",
        "superseded_by:\n",
        "withdrawn: 2024-01-01\nplaces: 甲\n",
        "撤回: 2024-01-01\n",
    ],
)
@pytest.mark.parametrize("text", [NOTICE, "---\ntitle: a: b\n---\n"], ids=["sound", "broken"])
def test_a_slip_does_not_undo_a_withdrawal(tmp_path: Path, slip: str, text: str) -> None:
    """Whoever tried to take it out is obeyed at once, and after a restart; its page stays as it was read last."""
    first = library(tmp_path, one_md=NOTICE)
    assert first.bulletins["one"].in_force
    (tmp_path / "one.yml").write_text(slip, "utf-8")
    (tmp_path / "one.md").write_text(text, "utf-8")
    second = read_library(tmp_path, TOPICS, TODAY, first)
    assert second.problems
    assert not second.bulletins["one"].in_force
    assert second.bulletins["one"].body == first.bulletins["one"].body
    (tmp_path / "one.yml").write_text("{", "utf-8")
    assert not read_library(tmp_path, TOPICS, TODAY, second).bulletins["one"].in_force
    (tmp_path / "one.yml").unlink()
    (tmp_path / "one.md").write_text(NOTICE, "utf-8")
    assert read_library(tmp_path, TOPICS, TODAY, second).bulletins["one"].in_force
    (tmp_path / "one.yml").write_text(slip, "utf-8")
    assert not read_library(tmp_path, TOPICS, TODAY).bulletins["one"].in_force


def test_a_bad_bulletin_never_stops_the_others(tmp_path: Path) -> None:
    """The good ones are all there, and the bad one is named."""
    found = library(tmp_path, bad_md="---\ntitle: a: b\n---\n", good_md=NOTICE)
    assert set(found.bulletins) == {"good"}
    assert [problem.path for problem in found.problems] == [tmp_path / "bad.md"]


def test_a_giant_is_not_read(tmp_path: Path) -> None:
    """A file of 50 MB, or a sidecar, is named with its size and the most allowed; the others are read."""
    for name in ("giant.md", "other.yml"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(50_000_000)
    found = library(tmp_path, one_md=NOTICE, other_md=NOTICE)
    assert list(found.bulletins) == ["one"]
    assert [(each.path.name, each.wrong, each.allowed) for each in found.problems] == [
        ("giant.md", "文件有 50 MB，太大，没有读", "最多 2 MB 文字"),
        ("other.yml", "文件有 50 MB，太大，没有读", "最多 2 MB 文字"),
    ]


def test_paths_are_as_the_folder_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder gives relative paths, as an editor would type them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "empty.md").write_bytes(b"")
    found = read_library(Path("k"), TOPICS, TODAY)
    assert str(found.problems[0]) == f"k{os.sep}empty.md:1: 文件是空的; 通报要有标题和正文"


def test_the_body_is_the_file_as_received(tmp_path: Path) -> None:
    """Line n of the file is body[n - 1], header and chrome included."""
    found = library(tmp_path, one_md=NOTICE)
    assert found.bulletins["one"].body == tuple(NOTICE.removesuffix("\n").split("\n"))


def test_only_what_changed_is_taken_apart_again(tmp_path: Path) -> None:
    """What stayed the same is the very passage of last time; a changed file, sidecar or list of topics is not."""
    first = library(tmp_path, one_md=NOTICE, two_md=NOTICE.replace("示例", "另一份"))
    (tmp_path / "two.yml").write_text("withdrawn: 2024-01-01\n", "utf-8")
    second = read_library(tmp_path, TOPICS, TODAY, first)
    assert second == read_library(tmp_path, TOPICS, TODAY)
    assert second.passages[0] is first.passages[0]
    assert second.bulletins["two"].withdrawn
    other = (Topic("lent", "借出", (), ("借出",)),)
    assert read_library(tmp_path, other, TODAY, second).passages[0].topics == ("lent",)


def test_a_date_that_lay_ahead_is_read_again_when_it_has_come(tmp_path: Path) -> None:
    """A bulletin that was refused for tomorrow's date is there tomorrow, though its file stayed as it was."""
    (tmp_path / "one.md").write_text(NOTICE, "utf-8")
    (tmp_path / "one.yml").write_text("published: 2025-01-02\n", "utf-8")
    today = read_library(tmp_path, TOPICS, TODAY)
    assert today.problems
    tomorrow = read_library(tmp_path, TOPICS, date(2025, 1, 2), today)
    assert tomorrow.problems == ()
    assert str(tomorrow.bulletins["one"].published) == "2025-01-02"
