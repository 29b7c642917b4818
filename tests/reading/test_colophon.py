"""The signature under a notice: read where it is one, and never made of a date that is only told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.reading.colophon import Colophon, colophon_of
from bot.reading.library import read_library
from bot.reading.records import Library

DAY = date(2026, 11, 20)
TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("正文。\n云杉市公安局反诈骗中心\n2026年11月20日\n", "云杉市公安局反诈骗中心"),
        ("正文。\n\n　　　　云杉市公安局　2026年11月20日", "云杉市公安局"),
        ("正文。\n**云杉市公安局**\n\n**2026.11.20**\n\n编辑：小李\n", "云杉市公安局"),
        ("正文；\n云杉市公安局\n云杉市通信管理局\n二〇二六年十一月二十日\n", "云杉市公安局、云杉市通信管理局"),
        ("正文。\n云杉市公安局 云杉市通信管理局\n2026/11/20\n", "云杉市公安局、云杉市通信管理局"),
    ],
)
def test_who_signs_and_when(text: str, publisher: str) -> None:
    """One office or several, on a line each or on one, in print or in bold."""
    found = colophon_of(text)
    assert (found.publisher, found.day) == (publisher, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "正文。\n2026年11月20日\n",
        "正文。\n云杉市公安局\n",
        "云杉市公安局\n2026年11月20日\n后来还有一句正文。\n",
        "行动开始于云杉市公安局\n2026年11月20日\n",
        "正文。\n云杉市公安局\n2026年13月45日\n",
        "小李摄于云杉市。\n2026年11月20日\n",
        "本通告自2026年11月20日起施行。\n",
    ],
)
def test_nothing_else_signs(text: str) -> None:
    """A date alone, an office alone, both in the middle, a sentence broken before its date."""
    assert colophon_of(text) == Colophon()


def read(folder: Path, text: str) -> Library:
    (folder / "notice.md").write_text(text, "utf-8")
    return read_library(folder, (), TODAY)


def test_the_signature_says_publisher_and_day_and_is_no_passage(tmp_path: Path) -> None:
    """Also where the line before it has no full stop, it is not glued to it."""
    library = read(tmp_path, "# 通告\n\n一、不要出借手机卡；\n二、不要出借银行卡\n云杉市公安局\n2026年11月20日\n")
    bulletin = library.bulletins["notice"]
    assert (bulletin.publisher, bulletin.published) == ("云杉市公安局", DAY)
    assert "公安局" not in "".join(passage.text for passage in library.passages)


def test_what_the_header_says_goes_before(tmp_path: Path) -> None:
    """The account that posted it, and the day it did."""
    header = "---\ntitle: 通告\nsource: 平安云杉\ndate: 2026-11-21\n---\n"
    bulletin = read(tmp_path, f"{header}不要出借手机卡。\n云杉市公安局\n2026年11月20日\n").bulletins["notice"]
    assert (bulletin.publisher, bulletin.published) == ("平安云杉", date(2026, 11, 21))


def test_a_day_to_come_is_no_day_of_publication(tmp_path: Path) -> None:
    """It is left out rather than believed, and the notice is read all the same."""
    bulletin = read(tmp_path, "# 通告\n\n不要出借手机卡。\n云杉市公安局\n2027年11月20日\n").bulletins["notice"]
    assert (bulletin.publisher, bulletin.published) == ("云杉市公安局", None)
