"""Forty-four articles of other mirrors: whatever comes, it is read or reported, and never misquoted.

They are test data of the project's neighbours and stand beside the repository, not in it.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from bot.reading.library import read_library
from bot.reading.records import Library

WILD = Path(__file__).parents[3] / "shared" / "bulletins-wild"
CHROME = re.compile(
    r"功能介绍|微信号|预览时标签不可点|微信扫一扫|阅读原文|轻点两下|0771-?12340|滑动看下一个|向右滑动|使用小程序|扫码订阅|征订热线"
    r"|(编辑|责编|审核|来源|校对)\s*[:：]|欢迎(大家)?(点赞|关注|转发|收藏|订阅)|(记得|多多|请)(多多)?(转发|点赞|分享给)|^(分享|收藏|点赞|在看|赞)$"
    r"|网络配图|图片来源|ICP备|Copyright|!\[|\]\(|<p>|<strong>"
)


def squeezed(text: str) -> str:
    return re.sub(r"[\s*\u200b\ufeff]+", "", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text))


@pytest.fixture(scope="module")
def wild() -> Library:
    if not WILD.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{WILD} is missing: in CI the wild articles must be there")
        pytest.skip(f"{WILD} is missing: the wild articles are not part of the repository")
    return read_library(WILD, (), date(2025, 11, 1))


def test_every_wild_article_is_read_or_reported(wild: Library) -> None:
    """No file stops the reader, and none goes missing without a word."""
    files = {path.stem for path in WILD.glob("*.md")}
    assert len(files) == 44
    assert files == set(wild.bulletins) | {problem.path.stem for problem in wild.problems}


def test_only_empty_shells_are_refused(wild: Library) -> None:
    """What is reported has no sentence left once the page's own words are gone."""
    assert {problem.path.stem for problem in wild.problems} == {"b01", "b02", "b03", "d04"}


def test_every_wild_passage_is_verbatim(wild: Library) -> None:
    """Each passage stands word for word in its file, and its sentences join to it."""
    sources = {path.stem: squeezed(path.read_text("utf-8")) for path in WILD.glob("*.md")}
    assert not [each.id for each in wild.passages if squeezed(each.text) not in sources[each.bulletin]]
    assert all("".join(each.sentences) == each.text for each in wild.passages)


def test_no_wild_passage_is_chrome(wild: Library) -> None:
    """Bios, buttons, credits, captions and calls to share never become a passage."""
    assert not [(each.id, found[0]) for each in wild.passages if (found := CHROME.search(each.text))]


def test_the_wild_articles_are_not_emptied(wild: Library) -> None:
    """Taking the chrome out leaves the article: at least one passage each, and several in most."""
    counts = [sum(each.bulletin == stem for each in wild.passages) for stem in wild.bulletins]
    assert min(counts) >= 1
    assert sorted(counts)[len(counts) // 2] >= 8
