"""The search that "nothing personal is kept" rests on finds what is there, however it is written, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import traces


@pytest.mark.parametrize(
    "written", ["卡号是6222020000", r"\u5361\u53f7\u662f6222020000", r"\u5361\u53F7\u662F6222020000"]
)
def test_what_stands_there_is_found(tmp_path: Path, written: str) -> None:
    """In UTF-8 and as JSON escapes it."""
    (tmp_path / "a.db").write_bytes(b"\x00\xff" + written.encode() + b"\x00")
    (tmp_path / "b.log").write_bytes("卡号是6222020001".encode())
    assert traces.find(["卡号是6222020000", "13800138000"], sorted(tmp_path.iterdir())) == {
        "卡号是6222020000": {str(tmp_path / "a.db")}
    }


def test_where_two_pieces_of_a_file_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it stands in a file that is read in pieces, with neighbours that begin the same."""
    monkeypatch.setattr(traces, "STRETCH", 64)
    chance, file = random.Random(1), tmp_path / "a"
    for place in range(180):
        file.write_bytes(b"13800138" * 3 + chance.randbytes(place) + b"<138001380009>" + chance.randbytes(50))
        assert list(traces.find(["138001380009", "138001380008"], [file])) == ["138001380009"]


def test_what_is_too_short(tmp_path: Path) -> None:
    """Four digits stand anywhere by chance: they are no proof, and are refused."""
    with pytest.raises(ValueError, match="less than 8 bytes"):
        traces.find(["1234"], [tmp_path])


@pytest.mark.parametrize(
    ("written", "there"),
    [("0.4413800138000717", False), ("13800138000", True), ("卡13800138000号", True), ('"138001380001"', False)],
)
def test_digits_within_digits(tmp_path: Path, written: str, there: bool) -> None:
    """Eleven digits stand in the decimals of a probability by chance; a telephone number is a whole number."""
    (tmp_path / "a").write_bytes(f"x{written}".encode())
    assert bool(traces.find(["13800138000"], [tmp_path / "a"])) is there
