"""A long file takes time in proportion to its length, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.reading.library import read_bulletin
from bot.reading.sidecar import Sidecar

SHORT, LONG = 150, 1_200
# Eight times as long: eight times the work where it is in proportion, 64 times where it is not.
MOST_TIMES = 24


def seconds(text: str) -> float:
    """Return the processor's time for reading the text, the best of two."""
    taken = []
    for _ in range(2):
        began = time.process_time()
        read_bulletin(Path("a.md"), text.encode(), Sidecar(), (), date(2025, 1, 1))
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.parametrize(
    "line",
    [
        lambda number: f"第{number}段说明出租银行卡会被惩戒，请拨打96110咨询。这是后面一句话。\n",
        lambda _: "不轻信来电\n",
        lambda number: f"{number % 99 + 1}、出租银行卡\n",
        lambda number: f"**标题{number}**\n\n",
        lambda number: f"## 标题{number}\n\n",
        lambda number: f"请<b>不要{number}</b>出租银行卡。\n",
        lambda number: f"第{number + 1}条 出租银行卡的，处五日以下拘留。\n",
        lambda _: "出租银行卡，\n",
        lambda number: f"详情见[网站{number}](http://a.b/{number})的公告，请查询。\n",
        lambda number: f"|甲{number}|乙的说明文字|\n",
        lambda number: f"第{number}句说明出租银行卡会被惩戒。",
    ],
    ids=[
        *("paragraphs", "verse", "items", "emphasis", "headings", "tags", "articles", "open", "links", "table"),
        "one line",
    ],
)
def test_time_grows_with_the_length(line: Callable[[int], str]) -> None:
    """Nothing is looked through once for each of its lines."""
    short, long = ("# 示例\n\n" + "".join(map(line, range(count))) for count in (SHORT, LONG))
    assert seconds(long) < MOST_TIMES * max(seconds(short), 0.01)
