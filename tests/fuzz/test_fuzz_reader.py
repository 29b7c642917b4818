"""Whatever bytes lie in the bulletins' folder: they are read or reported, with a line; nothing is raised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fuzz_times import times
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.library import read_bulletin
from bot.reading.records import Problem
from bot.reading.sidecar import Sidecar, read_sidecar
from bot.reading.topics import parse_topics, read_topics
from bot.text.squeezing import squeeze

ROOT = Path(__file__).parents[2]
TOPICS = read_topics(ROOT / "knowledge" / "topics.yml")
TODAY = date(2026, 11, 24)
REAL = sorted((ROOT / "knowledge" / "bulletins").glob("*.md"))
EXAMPLES = times(150)

# What bulletins and their sidecars are made of, in any order.
PIECES = st.sampled_from(
    ["---", "\n", "\n\n", "# ", "## ", "title: ", "发布", "2021-06-20", "2021年6月20日", "99999年99月99日",
     "**", "![](", ")", "[", "](http://", "|", "- ", "1. ", "（一）", "一、", "。", "：", "“", "”", "来源：",
     "作者", "\t", "\r", "\x00", "\u200b", "\u202e", "\ufeff", "<br>", "```", ">", "&nbsp;", "银行卡",
     "不得出租", "卖", "kind: ", "withdrawn: ", "!!python/object", "&a", "*a", "{", "}", "? ", "...", "0x",
     "😀", "passages:", "superseded_by: "]
)  # fmt: skip
WRITTEN = st.one_of(
    st.binary(max_size=400), st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join).map(str.encode)
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A bulletin of ours, with a stretch of it replaced, left out or doubled."""
    data = draw(st.sampled_from(REAL)).read_bytes()
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 200)))
    return data[:start] + draw(st.sampled_from([b"", data[start:end] * 2]) | WRITTEN) + data[end:]


def check(data: bytes) -> None:
    """Read it; what is read is whole, and every passage stands in it."""
    read = read_bulletin(Path("a.md"), data, Sidecar(), TOPICS, TODAY)
    if isinstance(read, Problem):
        assert read.line >= 1
        assert read.wrong
        return
    bulletin, passages = read
    assert bulletin.title
    assert passages
    body = squeeze("\n".join(bulletin.body))
    assert [passage.id for passage in passages if squeeze(passage.text) not in body] == []


@settings(max_examples=EXAMPLES, deadline=None)
@given(WRITTEN)
def test_any_bytes(data: bytes) -> None:
    """A bulletin or a problem."""
    check(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(damaged())
def test_a_damaged_bulletin(data: bytes) -> None:
    """A bulletin or a problem, and every passage still stands word for word in what was received."""
    check(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(WRITTEN)
def test_any_sidecar_and_topics(data: bytes) -> None:
    """What can be used and what is wrong, with lines."""
    _, problems = read_sidecar(Path("a.yml"), data, [topic.slug for topic in TOPICS], TODAY)
    wrong = [*problems, *(each for each in parse_topics(Path("topics.yml"), data) if isinstance(each, Problem))]
    assert all(problem.line >= 1 and problem.wrong and problem.allowed for problem in wrong)
