"""The action server is down: Rasa alone, which finds nobody at the action port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from rich.console import Console
from service import READY_SECONDS, ROOT, Client

from bot.answering import sentences
from bot.commands.run import rasa_server
from bot.evaluation.judging import FIRST_WORDS, Source, broken_promises
from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import running, wait_until
from bot.rasa.model import ready_model


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Rasa with the model and without its action server."""
    port = free_port()
    program = rasa_server(port, free_port(), ready_model(ROOT, Console(quiet=True)))
    program = replace(program, log=tmp_path_factory.mktemp("lonely") / "rasa.log")
    with running(program) as (rasa,):
        wait_until(lambda: answers(f"http://{HOST}:{port}/webhooks/web/"), READY_SECONDS, (rasa,), rasa, "没有启动完")
        yield Client(f"http://{HOST}:{port}/webhooks/rest/webhook")


@pytest.mark.parametrize(
    "text", ["我刚刚被骗了五万块钱怎么办", "骗子正在让我转账，说我涉嫌洗钱", "我刚把钱打到对方安全账户了"]
)
def test_a_victim_still_reads_110_first(lonely: Client, sources: Mapping[str, Source], text: str) -> None:
    """The wording is recognised in Rasa itself."""
    reply = lonely.say(text)
    assert reply.kind == "emergency"
    assert "110" in reply.text[:FIRST_WORDS]
    assert broken_promises(reply, sources) == ()


@pytest.mark.parametrize(
    "text", ["身份证丢了怎么办", "你好", "我想卖两张银行卡，一张多少钱", "今天天气怎么样", "还有吗", "😀"]
)
def test_everyone_else_reads_that_it_cannot_be_looked_up(
    lonely: Client, sources: Mapping[str, Source], text: str
) -> None:
    """The fixed sentence with 96110; nothing is cited, and nobody is left without a word."""
    reply = lonely.say(text)
    assert (reply.kind, reply.text, reply.citations) == ("abstain", sentences.UNAVAILABLE, ())
    assert "96110" in reply.text
    assert broken_promises(reply, sources) == ()


def test_who_says_nothing_is_asked_for_words(lonely: Client) -> None:
    """That needs no action server."""
    assert lonely.say("").text == sentences.NOTHING_SAID


def test_every_turn_of_a_conversation_gets_it(lonely: Client) -> None:
    """Not the first alone; and a victim among them still comes first."""
    talk = lonely.conversation()
    texts = ("卖银行卡会怎样", "那电话卡呢", "骗子正在让我转账", "还有吗")
    assert [talk.say(text).kind for text in texts] == ["abstain", "abstain", "emergency", "abstain"]
