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
# A sentence that is nothing but one of these; one that says more beside it is the article's.
CHROME = re.compile(
    r"[（(]?(功能介绍|微信号|预览时标签不可点|微信扫一扫|阅读原文|轻点两下|0771-?12340|滑动看下一个|向右滑动|使用小程序|扫码订阅|征订热线"
    r"|(编辑|责编|审核|来源|校对)\s*[:：]|欢迎(大家)?(点赞|关注|转发|收藏|订阅)|(大家)?(记得|多多|请)(多多)?(转发|点赞|分享给)|(分享|收藏|点赞|在看|赞)$"
    r"|网络配图|图片来源|ICP备|Copyright|!\[|\]\(|<p>|<strong>).{0,40}"
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
    sentences = [(each.id, sentence.strip()) for each in wild.passages for sentence in each.sentences]
    assert not [(stem, sentence) for stem, sentence in sentences if CHROME.fullmatch(sentence)]


def test_nothing_in_a_wild_article_goes_without_a_reason(wild: Library) -> None:
    """Every line with four characters or more stands in a passage, in a heading, or is listed with the reason."""
    for stem, bulletin in wild.bulletins.items():
        mine = [each for each in wild.passages if each.bulletin == stem]
        held = {*(words(each.text) for each in mine), *(words(each.heading) for each in mine)}
        held |= {words(each.text) for each in bulletin.dropped}
        everything = "\n".join(held)
        header = bulletin.body.index("---", 1) if bulletin.body[0] == "---" else 0
        lost = [line for line in map(words, bulletin.body[header:]) if len(line) >= 4 and not _stands(line, everything)]
        assert not lost, f"{stem}: {lost}"


def words(text: str) -> str:
    """Return the Chinese characters of a text, without the addresses of links."""
    plain = re.sub(r"\]\([^)]*\)?", "", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text))
    return "".join(re.findall(r"[\u4e00-\u9fff]", plain))


def _stands(line: str, everything: str) -> bool:
    """Whether all of a line stands somewhere, be it in parts: a line may hold a sentence's end and the next one."""
    at = 0
    while at < len(line):
        end = at + 1
        while end < len(line) and line[at : end + 1] in everything:
            end += 1
        if end - at < 2 and end < len(line):
            return False
        at = end
    return True
