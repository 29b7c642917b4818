"""How often a follower may ask, at the door on a real server: a burst, a wait, and never a wait for a victim."""

from __future__ import annotations

import asyncio
from pathlib import Path

from simulated_wechat import CREDENTIALS, WeChat
from wechat_door import doors

from bot.answering import sentences as answers

FEW = {"DUANKA_LIMIT_FOLLOWER": "3 per hour", "DUANKA_LIMIT_SERVICE": "5 per hour"}
VICTIM = "我刚刚被骗了，钱已经转过去了"


def test_who_asks_too_fast_waits_and_a_victim_does_not(tmp_path: Path) -> None:
    """The fourth question of one follower, and the sixth of all, wait; a victim's wording never does."""
    with doors(tmp_path, CREDENTIALS, limits=FEW) as (door,):
        said = asyncio.run(_say(door.url))
        asked = [turn["text"] for turn in door.turns()]
    one, other = said
    assert [text.startswith("答：") for text in one] == [True] * 3 + [False, False]
    assert [text.startswith("答：") for text in other] == [True] * 2 + [False, False]
    for texts in (one, other):
        assert texts[-2] == answers.BUSY
        assert texts[-1].startswith(answers.EMERGENCY)
    assert VICTIM not in asked


async def _say(url: str) -> tuple[list[str], list[str]]:
    wechat = WeChat([url])
    one = [str((await wechat.say("oOne", text)).text) for text in ("借卡", "卖卡", "丢卡", "销卡", VICTIM)]
    other = [str((await wechat.say("oOther", text)).text) for text in ("借卡", "卖卡", "丢卡", VICTIM)]
    return one, other
