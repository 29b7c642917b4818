"""Conversations of several turns over REST: what one turn promises in the light of those before it, not its wording."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from service import Client, Conversation

from bot.evaluation.judging import FIRST_WORDS, Reply, Source, broken_promises

PHONE = re.compile(r"电话卡|手机卡|两卡")
BANK = re.compile(r"银行卡|银行账户|两卡")
END = "就这些了"
MOST_TURNS = 40


@pytest.fixture
def talk(client: Client) -> Conversation:
    """A new conversation."""
    return client.conversation()


def test_a_question_is_carried_on(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """Another object, another place, the source: each keeps the rest of what was asked."""
    bank = _sound(talk.say("卖银行卡会怎样"), sources)
    assert bank.kind == "answer"
    assert BANK.search(bank.quotes[0].text)
    phone = _sound(talk.say("那电话卡呢"), sources)
    assert phone.kind == "answer"
    assert PHONE.search(phone.quotes[0].text)
    assert phone.quotes != bank.quotes
    nanning = _sound(talk.say("南宁呢"), sources)
    assert nanning.kind == "answer"
    assert _first_place(nanning, sources) == "南宁"
    assert PHONE.search(nanning.quotes[0].text)
    _cites_again(_sound(talk.say("出处是哪"), sources), nanning)


def test_more_until_there_is_no_more(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """No quote comes twice, it ends, and the source of the last one comes with its link."""
    replies = [_sound(talk.say("身份证丢了怎么办"), sources)]
    assert replies[0].kind == "answer"
    while END not in replies[-1].text:
        assert len(replies) < MOST_TURNS, "it does not end"
        replies.append(_sound(talk.say("还有吗"), sources))
    quotes = [quote.text for reply in replies for quote in reply.quotes[:1]]
    assert len(set(quotes)) == len(quotes)
    assert (replies[-1].kind, replies[-1].citations) == ("chat", ())
    _cites_again(_sound(talk.say("出处是哪"), sources), replies[-2])


def test_the_source_of_an_answer_comes_with_its_link(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """As soon as it is asked for, where the bulletin has one."""
    lost = _sound(talk.say("身份证丢了怎么办"), sources)
    assert [citation.url for citation in lost.citations if citation.url]
    _cites_again(_sound(talk.say("出处是哪"), sources), lost)


def test_more_of_a_question_that_much_is_said_about(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """The same holds when it takes several turns."""
    shown = [quote.text for quote in _sound(talk.say("卖电话卡会怎样"), sources).quotes[:1]]
    for _ in range(MOST_TURNS):
        more = _sound(talk.say("还有吗"), sources)
        shown += [quote.text for quote in more.quotes[:1]]
        if END in more.text:
            break
    assert END in more.text
    assert len(set(shown)) == len(shown)


def test_a_place_named_first_is_kept(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """Who says where they live reads that place first from then on."""
    noted = _sound(talk.say("我在临沂"), sources)
    assert (noted.kind, noted.citations) == ("chat", ())
    assert "临沂" in noted.text
    asked = _sound(talk.say("卖卡怎么处罚"), sources)
    assert asked.kind == "answer"
    assert _first_place(asked, sources) == "临沂"
    why = _sound(talk.say("为什么"), sources)
    assert why.kind == "answer"
    _cites_again(_sound(talk.say("出处是哪"), sources), why)


def test_a_victim_comes_first_in_mid_conversation(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """Whatever was talked about before; afterwards the talk goes on."""
    assert _sound(talk.say("我在临沂"), sources).kind == "chat"
    assert _sound(talk.say("卖银行卡会怎样"), sources).kind == "answer"
    victim = _sound(talk.say("我刚刚被骗了五万块钱"), sources)
    assert victim.kind == "emergency"
    assert "110" in victim.text[:FIRST_WORDS]
    after = _sound(talk.say("那电话卡呢"), sources)
    assert after.kind == "answer"
    assert _first_place(after, sources) == "临沂"
    assert PHONE.search(after.quotes[0].text)


def test_an_offer_of_trade_is_refused_and_a_question_answered(
    talk: Conversation, sources: Mapping[str, Source]
) -> None:
    """A cited warning without a price; what they then ask is answered."""
    offer = _sound(talk.say("我想卖两张银行卡，一张多少钱"), sources)
    assert offer.kind == "refuse"
    assert offer.citations
    prison = _sound(talk.say("会坐牢吗"), sources)
    assert prison.kind == "answer"
    assert re.search(r"刑事责任|牢狱|犯罪", prison.quotes[0].text)
    phone = _sound(talk.say("那电话卡呢"), sources)
    assert phone.kind == "answer"
    assert PHONE.search(phone.quotes[0].text)
    _cites_again(_sound(talk.say("出处是哪"), sources), phone)


def test_a_victim_who_asks_on_is_still_a_victim(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """「那我该怎么办」 after a fraud is no question about the safekeeping of cards."""
    assert _sound(talk.say("我刚刚被骗了五万块钱"), sources).kind == "emergency"
    still = _sound(talk.say("那我该怎么办"), sources)
    assert still.kind == "emergency"
    assert "110" in still.text[:FIRST_WORDS]


def test_a_why_brings_something_new(talk: Conversation, sources: Mapping[str, Source]) -> None:
    """The reason is not the rule once more."""
    assert _sound(talk.say("我在临沂"), sources).kind == "chat"
    rule = _sound(talk.say("卖卡怎么处罚"), sources)
    assert set(_sound(talk.say("为什么"), sources).quotes) - set(rule.quotes)


def test_a_place_without_a_bulletin_is_not_passed_off_as_another(
    talk: Conversation, sources: Mapping[str, Source]
) -> None:
    """「北京呢」 says that nothing is there for 北京, names it before it quotes elsewhere, or is only near."""
    assert _sound(talk.say("清远卖银行卡会怎样"), sources).kind == "answer"
    beijing = _sound(talk.say("北京呢"), sources)
    assert beijing.kind in ("abstain", "near") or "北京" in beijing.text.partition("\n")[0]


def _sound(reply: Reply, sources: Mapping[str, Source]) -> Reply:
    """The reply, once it is clear that it keeps what every reply promises."""
    assert broken_promises(reply, sources) == ()
    return reply


def _first_place(reply: Reply, sources: Mapping[str, Source]) -> str | None:
    return sources[reply.quotes[0].bulletin].place


def _cites_again(reply: Reply, before: Reply) -> None:
    """Asked for the source, it names that of the last reply, with the link where there is one."""
    assert [citation.bulletin for citation in reply.citations] == [
        citation.bulletin for citation in before.citations[:1]
    ]
    assert [citation.url for citation in reply.citations if citation.url and citation.url not in reply.text] == []
