"""The index on disk: the same as in memory, whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from bot.retrieval.documents import Documents
from bot.retrieval.index_store import KEPT, stored_index
from bot.retrieval.postings import Postings

TEXTS = ["甲 乙", "乙 丙 丙", ""]


def stored(
    folder: Path, texts: list[str] = TEXTS, asked: list[str] | None = None, cutting: str = "ab"
) -> tuple[Documents, Postings]:
    def cut(text: str) -> list[str]:
        if asked is not None:
            asked.append(text)
        return text.split()

    return stored_index(folder, texts, cut, cutting, 1.2, 0.75)


def scores(index: tuple[Documents, Postings], term: str) -> list[float]:
    documents, postings = index
    return list(postings.scores({documents.numbers[term]: 1.0}))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """The second time nothing is cut, nothing is built, and the scores are the same."""
    first, asked = stored(tmp_path), list[str]()
    second = stored(tmp_path, asked=asked)
    assert asked == []
    assert scores(first, "乙") == scores(second, "乙")
    assert second[0].terms_of(1) == {"乙", "丙"}
    assert len(list(tmp_path.iterdir())) == 1


def test_it_is_mapped_not_loaded(tmp_path: Path) -> None:
    """Weights lie in the file, also for the process that wrote it, and nobody can change them."""
    _, postings = stored(tmp_path)
    assert isinstance(postings.weights.base, np.memmap)
    assert not postings.weights.flags.writeable


def test_one_new_text_costs_one(tmp_path: Path) -> None:
    """A text more: only it is cut, and its words are found."""
    asked: list[str] = []
    stored(tmp_path)
    index = stored(tmp_path, ["新 乙", *TEXTS], asked)
    assert asked == ["新 乙"]
    assert [score > 0 for score in scores(index, "乙")] == [True, True, True, False]
    assert scores(index, "新")[0] > 0


def test_a_text_that_went_is_found_no_more(tmp_path: Path) -> None:
    """Without its document a term scores nothing anywhere."""
    stored(tmp_path)
    assert scores(stored(tmp_path, TEXTS[1:]), "甲") == [0.0, 0.0]


def test_another_way_of_cutting_cuts_all(tmp_path: Path) -> None:
    """Nothing is taken from texts that were cut otherwise."""
    asked: list[str] = []
    stored(tmp_path)
    stored(tmp_path, asked=asked, cutting="cd")
    assert asked == TEXTS


def test_old_states_go(tmp_path: Path) -> None:
    """The one in use and the one before stay."""
    for number in range(KEPT + 3):
        stored(tmp_path, [f"第{number}"])
    assert len(list(tmp_path.iterdir())) == KEPT
    asked: list[str] = []
    stored(tmp_path, [f"第{KEPT + 2}"], asked)
    assert asked == []


@pytest.mark.parametrize("name", ["posting-weights.npy", "document-ids.npy", "terms.txt"])
def test_a_broken_index_is_built_again(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """A file cut short, or filled with noise, is no reason to fail; it is said, and mended."""
    expected = scores(stored(tmp_path), "乙")
    (broken,) = tmp_path.iterdir()
    (broken / name).write_bytes(b"\xff\xfe")
    assert scores(stored(tmp_path), "乙") == expected
    assert "it is built again" in caplog.text
    caplog.clear()
    stored(tmp_path)
    assert caplog.text == ""


def test_a_folder_that_lacks_a_file_is_built_again(tmp_path: Path) -> None:
    """Half an index is none."""
    expected = scores(stored(tmp_path), "乙")
    (broken,) = tmp_path.iterdir()
    (broken / "digests.bin").unlink()
    assert scores(stored(tmp_path), "乙") == expected
    assert (broken / "digests.bin").is_file()


def test_a_folder_that_cannot_be_made_is_no_hindrance(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without a disk the index serves from memory, and the log says so."""
    (tmp_path / "file").write_text("")
    assert scores(stored(tmp_path / "file" / "index"), "甲")[0] > 0
    assert "serves from memory" in caplog.text


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    """No file stands beside the finished index."""
    stored(tmp_path)
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []
