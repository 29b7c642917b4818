"""The table that leads from residents' words to bulletins' words, and what is said of a malformed one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.retrieval.synonyms import Synonyms, find_phrases, longest_first, parse_synonyms, read_synonyms

ROOT = Path(__file__).parents[2]
GOOD = """\
equal:
  - [卖, 出售, 卖掉]
means:
  会面临牢狱之灾: [进去]
objects:
  电话卡: [SIM卡, 手机卡]
places:
  南宁: [南宁, 邕]
"""


def read(folder: Path, text: str | bytes) -> Synonyms:
    path = folder / "synonyms.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_synonyms(path)


def test_equal_phrases_lead_to_each_other(tmp_path: Path) -> None:
    """Within a group each phrase has all the others, and not itself."""
    expansions = read(tmp_path, GOOD).expansions
    assert set(expansions["卖"]) == {"出售", "卖掉"}
    assert set(expansions["出售"]) == {"卖", "卖掉"}


def test_means_leads_one_way(tmp_path: Path) -> None:
    """From the resident's word to the bulletins' word, never back."""
    expansions = read(tmp_path, GOOD).expansions
    assert expansions["进去"] == ("会面临牢狱之灾",)
    assert "会面临牢狱之灾" not in expansions


def test_a_phrase_of_two_groups_has_the_meanings_of_both(tmp_path: Path) -> None:
    """No group hides another."""
    expansions = read(tmp_path, "equal:\n  - [罚, 惩戒]\n  - [罚, 责任]\n").expansions
    assert set(expansions["罚"]) == {"惩戒", "责任"}


def test_objects_and_places_have_one_name(tmp_path: Path) -> None:
    """Every spelling leads to the canonical name, however it is written."""
    synonyms = read(tmp_path, GOOD)
    assert synonyms.objects_in("ｓｉｍ卡和手機卡") == {"电话卡"}
    assert synonyms.places_in("我在邕江边，南宁人") == ("南宁",)


def test_the_longest_phrase_comes_first() -> None:
    """A phrase inside another's place is not found again."""
    assert find_phrases("名下有不知情的卡", longest_first(("卡", "不知情", "不知情的卡"))) == ("不知情的卡",)
    assert find_phrases("不知情的卡，还有一张卡", longest_first(("卡", "不知情的卡"))) == ("不知情的卡", "卡")


def test_longest_first_in_the_table(tmp_path: Path) -> None:
    """卖掉 is 卖掉, not 卖 and something."""
    assert read(tmp_path, GOOD).phrases_in("把卡卖掉了") == ("卖掉",)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_whatever_an_editors_program_saves(tmp_path: Path, encoding: str) -> None:
    """The words are the same in every encoding that bulletins may have."""
    assert read(tmp_path, GOOD.encode(encoding)) == read(tmp_path, GOOD)


def test_what_is_sound_is_kept_beside_what_is_not(tmp_path: Path) -> None:
    """Every slip is named with its line; the rest of the file counts."""
    text = GOOD + "  清远: 清远\nmean:\n  惩戒: [罚]\n"
    synonyms, problems = parse_synonyms(tmp_path / "synonyms.yml", text.encode())
    assert synonyms.places_in("南宁人") == ("南宁",)
    assert set(synonyms.expansions["卖"]) == {"出售", "卖掉"}
    assert [problem.line for problem in problems] == [9, 10]


@pytest.mark.parametrize("text", ["", "# 还没有写\n", "equal:\nmeans:\n", "\ufeff" + GOOD])
def test_an_empty_or_marked_file_is_sound(tmp_path: Path, text: str) -> None:
    """Nothing written yet, an empty section and a byte order mark are no errors."""
    assert isinstance(read(tmp_path, text), Synonyms)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("equal:\n  - [卖, 出售\nmeans:\n", 3),
        ("equal:\n  - [卖, 出售]\n\tmeans: {}\n", 3),
        ("equals:\n  - [卖, 出售]\n", 1),
        ("equal:\n  - [卖, 出售]\nmean:\n  惩戒: [罚]\n", 3),
        ("- [卖, 出售]\n", 1),
        ("卖 出售\n", 1),
        ("equal: 卖\n", 1),
        ("equal:\n  卖: 出售\n", 2),
        ("equal:\n  - [卖, 出售]\n  - 卖 出售\n", 3),
        ("equal:\n  - [卖, [出售]]\n", 2),
        ("equal:\n  - [卖, ]\n  - [罚, null]\n", 3),
        ("means: [惩戒, 罚]\n", 1),
        ("means:\n  惩戒: 罚\n", 2),
        ("means:\n  惩戒:\n", 2),
        ("objects:\n  银行卡: 储蓄卡\n", 2),
        ("places: 南宁\n", 1),
        ("places:\n  南宁: 邕\n", 2),
        (b"equal:\n  - [\xff\xff\xff]\n", 2),
    ],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path: Path, text: str | bytes, line: int) -> None:
    """An editor's slip is a ValueError that begins with path and line and says what is allowed."""
    path = re.escape(str(tmp_path / "synonyms.yml"))
    with pytest.raises(ValueError, match=rf"^{path}:\d+: .+") as error:
        read(tmp_path, text)
    assert f"synonyms.yml:{line}:" in str(error.value)


def test_our_own_table_is_sound() -> None:
    """The table we ship is read; the bulletins' places are in it under their own names."""
    synonyms = read_synonyms(ROOT / "knowledge" / "synonyms.yml")
    assert {"南宁", "临沂", "清远"} <= set(synonyms.places.values())
    assert "出售" in synonyms.expansions["卖"]
    assert not [phrase for phrase, others in synonyms.expansions.items() if not phrase or "" in others]
