"""The word lists: read in any encoding, a broken line left out and named, a file that cannot be read as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.retrieval.synonyms import Synonyms
from bot.retrieval.word_lists import WordLists, read_word_lists

WORDS = "断卡 3000 n\n两卡\n涉诈账户 500\n# 说明\n\n"
CLEAN = "断卡 3000 n\n两卡\n涉诈账户 500".encode()


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A folder with one list of each kind."""
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon/own.txt").write_text(WORDS, "utf-8")
    (tmp_path / "stopwords.txt").write_text("的\n# 语气\n了\n", "utf-8")
    (tmp_path / "synonyms.yml").write_text("equal:\n  - [卖, 出售]\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-be"])
def test_any_encoding(knowledge: Path, encoding: str) -> None:
    """As Windows' Notepad, WPS or anybody else saves them, with either end of a line."""
    for path, text in ((knowledge / "lexicon/own.txt", WORDS), (knowledge / "stopwords.txt", "的\n# 语气\n了\n")):
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        path.write_bytes((mark + text.replace("\n", "\r\n")).encode(encoding))
    lists = read_word_lists(knowledge)
    assert (lists.lexicon, lists.stop_words, lists.problems) == ({"own.txt": CLEAN}, {"的", "了"}, ())


@pytest.mark.parametrize(
    "line",
    [
        "断 卡 行动",
        "断卡，3000，n",
        "断卡 三千 n",
        "断卡 3000 名词",
        "断卡 99999999999",
        "断卡 3000 n 又一栏",
        "断卡\t-5",
    ],
)
def test_a_line_that_is_no_entry(knowledge: Path, line: str) -> None:
    """It is left out, and named with its place and what is allowed; its neighbours count."""
    (knowledge / "lexicon/own.txt").write_text(f"两卡\n{line}\n断卡 3000 n\n", "utf-8")
    lists = read_word_lists(knowledge)
    if line.startswith("断卡，"):  # one word without white space may be any
        assert lists.problems == ()
        return
    assert lists.lexicon["own.txt"].decode() == "两卡\n断卡 3000 n"
    (problem,) = lists.problems
    assert (problem.path, problem.line) == (knowledge / "lexicon/own.txt", 2)
    assert "断卡 3000 n" in problem.allowed


@pytest.mark.parametrize("name", ["lexicon/own.txt", "stopwords.txt", "synonyms.yml"])
@pytest.mark.parametrize("harm", ["bytes", "nul", "gone"])
def test_what_nobody_can_read_stays_as_it_was(knowledge: Path, name: str, harm: str) -> None:
    """Each of the three lists, while the others are read anew; the problem names the file."""
    before = read_word_lists(knowledge)
    path = knowledge / name
    if harm == "gone":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(b"\xff\xff\xff\xff" if harm == "bytes" else b"a\x00b")
    after = read_word_lists(knowledge, before)
    assert [problem.path for problem in after.problems] == [path]
    assert (after.lexicon, after.stop_words, after.synonyms) == (before.lexicon, before.stop_words, before.synonyms)
    assert read_word_lists(knowledge).problems == after.problems, "and without an earlier state it is nothing"


def test_a_broken_synonyms_file_keeps_the_words_of_before(knowledge: Path) -> None:
    """YAML of which no line can be told is as good as unreadable."""
    before = read_word_lists(knowledge)
    (knowledge / "synonyms.yml").write_text("equal:\n  - [卖, 出售\nmeans: {", "utf-8")
    after = read_word_lists(knowledge, before)
    assert after.synonyms == before.synonyms
    assert after.problems
    (knowledge / "synonyms.yml").write_text("", "utf-8")
    assert read_word_lists(knowledge, before).synonyms == Synonyms(), "emptied on purpose, it is empty"


def test_the_words_we_ship_are_sound() -> None:
    """No line of ours is left out."""
    lists = read_word_lists(Path(__file__).parents[2] / "knowledge")
    assert lists.problems == ()
    assert lists.lexicon
    assert lists.segmenter.known("断卡")


def test_a_folder_without_lists(tmp_path: Path) -> None:
    """Says what is missing, and is no reason to stop."""
    lists = read_word_lists(tmp_path)
    assert {problem.path.name for problem in lists.problems} == {"stopwords.txt", "synonyms.yml"}
    assert WordLists(problems=lists.problems) == lists
