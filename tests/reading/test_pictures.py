"""Words read off pictures: ten posters of our own, a scan, and pictures that are none."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from posters import Poster, drawn

from bot.editing import receiving
from bot.editing.receiving import pages_in, receive, shown
from bot.reading import pictures
from bot.reading.article import Article
from bot.reading.pictures import Line, can_recognise, written
from bot.reading.records import Problem
from tests.chromium_program import chromium_program
from tests.needed import missing

MOST_WRONG = 0.05


@pytest.fixture(scope="module")
def extra() -> None:
    """What reads pictures is there."""
    if not can_recognise():
        missing("rapidocr-onnxruntime is missing: make ocr")


@pytest.fixture(scope="module")
def posters(extra: None) -> Iterator[list[tuple[Poster, bytes]]]:  # noqa: ARG001
    """The ten, as pictures."""
    with chromium_program() as browser:
        yield list(drawn(browser))


def read(data: bytes, name: str = "海报.png") -> Article:
    """What is read of a file; it must be an article."""
    told = receive(name, data)
    assert isinstance(told, Article), told
    return told


def apart(one: str, other: str) -> int:
    """How many characters must be put in, left out or changed to make one text of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, mine in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, theirs in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (mine != theirs))
    return row[-1]


def bare(text: str) -> str:
    """The characters that count: neither white space nor marks of Markdown, half and full width being one."""
    return re.sub(r"[\s#]", "", text).translate(str.maketrans("：，；！（）“”", ':,;!()""'))


def test_ten_posters(posters: list[tuple[Poster, bytes]]) -> None:
    """At most five characters in a hundred are wrong, over all ten; each is marked, and its title is its title."""
    assert len(posters) == 10
    wrong = total = titled = 0
    for poster, picture in posters:
        article = read(picture)
        assert article.recognised
        assert article.received == picture
        here = apart(bare(article.text), bare(poster.words))
        print(f"{here}/{len(bare(poster.words))} {poster.title}")
        wrong, total = wrong + here, total + len(bare(poster.words))
        titled += bare(article.text.splitlines()[0]) == bare(poster.title)
    print(f"character error {wrong / total:.4f}, titles {titled}/10")
    assert wrong <= MOST_WRONG * total
    assert titled >= 9


def test_a_scanned_pdf(posters: list[tuple[Poster, bytes]]) -> None:
    """Pages that are pictures are recognised one after the other, and shown one by one."""
    made = io.BytesIO()
    pages = [Image.open(io.BytesIO(picture)).convert("RGB") for _, picture in posters[:2]]
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:])
    article = read(made.getvalue(), "扫描件.pdf")
    words = "".join(poster.words for poster, _ in posters[:2])
    assert article.recognised
    assert apart(bare(article.text), bare(words)) <= MOST_WRONG * len(words)
    assert pages_in(made.getvalue()) == 2
    for page in (0, 1):
        seen = shown(made.getvalue(), page)
        assert seen
        assert Image.open(io.BytesIO(seen)).format == "PNG"
    assert shown(made.getvalue(), 2) is None


def test_a_picture_without_words(extra: None) -> None:  # noqa: ARG001
    """It says so, and what to do."""
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(made, "PNG")
    told = receive("a.png", made.getvalue())
    assert isinstance(told, Problem)
    assert "没有认出文字" in told.wrong


def test_without_the_extra_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a picture and for a scan; no process is begun."""
    monkeypatch.setattr(pictures, "can_recognise", lambda: False)
    monkeypatch.setattr(receiving, "_asked", lambda *_: Problem(receiving.Path("a.pdf"), 1, receiving.SCANNED, ""))
    for name, data in (("a.jpg", b"\xff\xd8\xff\xe0"), ("a.pdf", b"%PDF-1.7")):
        told = receive(name, data)
        assert isinstance(told, Problem)
        assert "make ocr" in told.allowed
        assert ".txt" in told.allowed


def bomb() -> bytes:
    """A PNG of 30,000 by 30,000 points in 110 KB."""
    made = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"\xff\xd8\xff" + b"\x00" * 100, b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>", bomb()],
    ids=["broken", "script", "bomb"],
)
def test_a_picture_that_is_none(data: bytes, extra: None) -> None:  # noqa: ARG001
    """Neither read nor shown; nothing of it reaches a browser."""
    told = receive("a.png", data)
    assert isinstance(told, Problem)
    assert "打不开" in told.wrong
    assert shown(data, 0) is None


def test_lines_become_paragraphs() -> None:
    """What is largest at the head is the title; a line that fills its column goes on; an item begins anew."""
    lines = (
        Line("通告", 100, 0, 300, 80),
        Line("出租银行卡的，五年内暂停非柜面", 50, 120, 800, 160),
        Line("业务。", 50, 180, 200, 220),
        Line("一、不要出售电话卡，不要出租银行卡，", 50, 240, 800, 280),
        Line("也不要出借。", 50, 300, 300, 340),
        Line("二、有线索请举报。", 50, 360, 500, 400),
    )
    assert written([lines]) == (
        "# 通告\n\n出租银行卡的，五年内暂停非柜面业务。\n\n"
        "一、不要出售电话卡，不要出租银行卡，也不要出借。\n\n二、有线索请举报。\n"
    )
