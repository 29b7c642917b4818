"""`duanka knowledge show` and `check`, as an editor runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.knowledge import app

TOPICS = "- slug: penalty\n  name: 后果\n  asks: []\n  marks: [坐牢]\n"
NOTICE = "# 示例通报\n\n**有何后果？**\n\n借出账户可能要坐牢。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge folder with one good bulletin, entered as the working directory."""
    bulletins = tmp_path / "knowledge" / "bulletins"
    bulletins.mkdir(parents=True)
    (tmp_path / "knowledge" / "topics.yml").write_text(TOPICS, "utf-8")
    (bulletins / "one.md").write_text(NOTICE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return bulletins


@pytest.mark.usefixtures("folder")
def test_check_counts_when_nothing_is_wrong() -> None:
    """One line, and success."""
    result = CliRunner().invoke(app, ["check"])
    assert (result.exit_code, result.output) == (0, "1 份通报，1 个段落，没有问题\n")


def test_check_prints_every_problem_and_fails(folder: Path) -> None:
    """One a line with path and line, then the count; exit code 1."""
    (folder / "two.md").write_bytes(b"")
    (folder / "one.yml").write_text("titel: 甲\n", "utf-8")
    (folder.parent / "topics.yml").write_text(TOPICS + "- 甲\n", "utf-8")
    result = CliRunner().invoke(app, ["check"])
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("knowledge/topics.yml:5: 话题不是一组")
    assert lines[1].startswith("knowledge/bulletins/one.yml:1: 不认识的项 'titel'; 只能是 ")
    assert lines[2:] == ["knowledge/bulletins/two.md:1: 文件是空的; 通报要有标题和正文", "共 3 个问题"]


def test_check_says_what_yaml_cuts_off(folder: Path) -> None:
    """Of a title with ` #` in it, the rest is a comment: that is said, with the line and how to keep it."""
    text = "---\ntitle: 严打两卡 #断卡行动 第二轮\nsource: '平安 #甲'\n---\n\n出租银行卡的，依法追究责任。\n"
    (folder / "two.md").write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["check"])
    said = [line for line in result.output.splitlines() if "注释" in line]
    cut = "title 只读到“严打两卡”，后面的“#断卡行动 第二轮”被当作注释; 要保留就把整个值放进单引号"
    assert said == [f"留意：knowledge/bulletins/two.md:2: {cut}"]


def test_check_reads_the_word_lists(folder: Path) -> None:
    """A line that is no entry is a problem with its place; a list in GB 18030 is none."""
    (folder.parent / "lexicon").mkdir()
    (folder.parent / "lexicon/own.txt").write_bytes("断卡 3000 n\n跑分 很多 n\n".encode("gb18030"))
    (folder.parent / "stopwords.txt").write_bytes("的\n".encode("utf-16"))
    (folder.parent / "synonyms.yml").write_text("equal:\n  - 卖\n", "utf-8")
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("knowledge/lexicon/own.txt:2: 这一行不是词条：跑分 很多 n; ")
    assert lines[1].startswith("knowledge/synonyms.yml:2: 不是一组词; ")
    assert lines[2] == "共 2 个问题"


@pytest.mark.usefixtures("folder")
def test_check_of_an_empty_folder_fails(tmp_path: Path) -> None:
    """Nothing is wrong with nothing; but it answers nothing."""
    result = CliRunner().invoke(app, ["check", "--folder", str(tmp_path), "--topics", "knowledge/topics.yml"])
    assert result.exit_code == 1
    assert "一份通报也没有" in result.output


@pytest.mark.usefixtures("folder")
def test_show_prints_the_bulletin_and_its_passages() -> None:
    """Metadata first, 未注明日期 where there is no date; then each passage with all an editor must see."""
    result = CliRunner().invoke(app, ["show", "one"])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "示例通报",
        "日期：未注明日期",
        "效力：其他",
        "",
        "p01  第 5 行  advice（提示）：写明后果：「坐牢」",
        "话题：penalty",
        "小标题：有何后果？",
        "借出账户可能要坐牢。",
    ]


def test_show_dropped_lists_what_was_left_out_and_how_to_put_it_back(folder: Path) -> None:
    """Line, reason and words of all that stands in no passage."""
    (folder / "two.md").write_text("# 又一份\n\n借出账户可能要坐牢。\n\n编辑：甲\n", "utf-8")
    result = CliRunner().invoke(app, ["show", "two", "--dropped"])
    assert result.exit_code == 0
    assert result.output.splitlines()[3:] == [
        "",
        "第 1 行  题目或账号的名字",
        "又一份",
        "",
        "第 5 行  出处、作者、编辑",
        "编辑：甲",
        "",
        "共 2 处。要读进来的，在 two.yml 里写 `keep: [行号]`",
    ]


def test_check_reads_the_rules_that_came_later(folder: Path) -> None:
    """What is wrong in later.yml is reported like all else."""
    (folder.parent / "later.yml").write_text("- name: 某某办法\n  since: 明年\n  topics: [penalty]\n", "utf-8")
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    assert "later.yml:2: 'since' 不是日期；" in result.output.replace("; ", "；")


@pytest.mark.usefixtures("folder")
def test_show_names_the_bulletins_there_are() -> None:
    """A stem that is not there is answered with those that are."""
    result = CliRunner().invoke(app, ["show", "zero"])
    assert result.exit_code == 1
    assert "没有通报 zero；现有：one" in result.output


def test_show_says_why_a_bulletin_cannot_be_read(folder: Path) -> None:
    """A broken bulletin is not called missing."""
    (folder / "two.md").write_bytes(b"")
    result = CliRunner().invoke(app, ["show", "two"])
    assert result.exit_code == 1
    assert "two.md:1: 文件是空的" in result.output


@pytest.mark.parametrize("missing", ["--folder", "--topics"])
@pytest.mark.usefixtures("folder")
def test_a_missing_folder_is_named(missing: str) -> None:
    """The message says which option puts it right."""
    result = CliRunner().invoke(app, ["check", missing, "nowhere"])
    assert result.exit_code == 1
    assert missing in result.output
