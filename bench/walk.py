"""The way of one web message, traced: which modules it enters, how many calls of ours it makes, how often it is read.

    python -m bench.walk [MESSAGE…]

From the web door's exchange through the trained pipeline to the rendered reply, in one process; the first message is
asked once before, so that nothing is loaded while it is counted. Counts calls of functions in bot/ and actions/ alone.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections import Counter
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

from bot.answering.message import Message
from bot.answering.records import Memory, Understanding
from bot.answering.rendering import render_custom, render_text
from bot.answering.reply import Reply
from bot.conversation.concurrency import paced
from bot.conversation.exchange import Exchange
from bot.conversation.limits import Limits, limited
from bot.keeping.web_sessions import Ledger
from bot.knowledge.loading import embedded_store, load_answerer
from bot.rasa.model import model_file
from bot.rasa.understanding import quietly
from bot.settings import Rates, Settings

ROOT = Path(__file__).resolve().parents[1]
OURS = tuple(f"{ROOT}/{name}/" for name in ("bot", "actions"))
MESSAGES = ("我的身份证丢了，怎么补办", "我刚被骗了三千，验证码也给他了", "你好")
# How often each of these is done says whether a message is read more than once.
READING = ("read", "judge", "mask", "normalise", "segments", "search")


def main() -> None:
    """Trace each of the messages and say what was counted."""
    messages = sys.argv[1:] or MESSAGES
    with quietly():
        from rasa.core.agent import Agent

        agent = Agent.load(str(model_file(ROOT)))
        settings = Settings(knowledge=ROOT / "knowledge")
        answerer = load_answerer(settings, date.today(), store=embedded_store(settings))

        async def ask(message: Message, _sender: str) -> Reply:
            parsed = await agent.parse_message(message.masked)
            ranking = {each["name"]: float(each["confidence"]) for each in parsed["intent_ranking"]}
            understood = Understanding(parsed["intent"]["name"], float(parsed["intent"]["confidence"]), ranking)
            answer, _ = answerer.reply(message, understood, Memory(), date.today())
            return Reply(render_text(answer), render_custom(answer))

        with tempfile.TemporaryDirectory() as folder:
            exchange = Exchange(
                Ledger(f"sqlite:///{folder}/ledger.sqlite"),
                limited(paced(ask), Limits(Rates()), "follower", "web"),
            )
            asyncio.run(_walk(exchange, messages))
            exchange.close()


async def _walk(exchange: Exchange, messages: Any) -> None:
    modules = sum(1 for folder in OURS for _ in Path(folder).rglob("*.py"))
    await _said(exchange, messages[0])
    for text in messages:
        calls = await _said(exchange, text)
        entered = {file for file, _ in calls}
        functions: Counter[str] = Counter()
        for (_, name), count in calls.items():
            functions[name] += count
        read = " · ".join(f"{name} {functions[name]}×" for name in READING if functions[name])
        print(f"{text}: {len(entered)} of {modules} modules, {sum(calls.values())} calls; {read}")


async def _said(exchange: Exchange, text: str) -> Counter[tuple[str, str]]:
    """Say it in a session of its own, and return how often each function of ours was called, in any thread."""
    calls: Counter[tuple[str, str]] = Counter()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            calls[frame.f_code.co_filename, frame.f_code.co_name] += 1

    token = await exchange.open()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        turn = await exchange.message(token, "message-1", exchange.admit(token, text))
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert turn.reply
    return calls


if __name__ == "__main__":
    main()
