"""Weighing the wording of a message against the classifier: is this a victim, or an offer of trade?"""

from __future__ import annotations

from bot.answering.records import Understanding
from bot.answering.safety import Alarm, recognise, speaks_of_a_block, speaks_of_money, speaks_of_others
from bot.answering.trade import asks_about, speaks_of_trade, tells_of_a_deed

# The probability from which a victim is believed: as the first guess, behind another one, whatever it is about.
FIRST_GUESS, LIKELY, QUITE_LIKELY = 0.3, 0.4, 0.75
OFFERED, ASKED = 0.4, 0.85
# An offer without goods (「火车票怎么买」) or without a deed (「支付宝怎么绑卡」) must be likelier than that.
OFFERED_IN_OTHER_WORDS = 0.7


def weigh(text: str, understood: Understanding) -> Alarm | None:
    """Weigh wording and classifier: a victim's wording is enough, and so is a likely victim whose wording allows it.

    An offer's wording counts unless the classifier is sure of a question; a likely offer unless the wording asks.
    """
    worded = recognise(text)
    if worded == "victim" or _likely_victim(text, understood, worded):
        return "victim"
    least = OFFERED if speaks_of_trade(text) else OFFERED_IN_OTHER_WORDS
    offered = understood.intent == "offer_trade" and understood.confidence >= least
    asked = understood.intent != "offer_trade" and understood.confidence >= ASKED
    if (worded == "offer_trade" and not asked) or (offered and not asks_about(text)):
        return "offer_trade"
    return None


def _likely_victim(text: str, understood: Understanding, worded: Alarm | None) -> bool:
    """Whether the classifier's belief is enough, which the wording neither bears out nor rules out."""
    chance = understood.probabilities.get("victim", understood.confidence if understood.intent == "victim" else 0.0)
    if chance < (FIRST_GUESS if understood.intent == "victim" else LIKELY):
        return False
    if chance < QUITE_LIKELY and (_told_alike(text, worded) or not speaks_of_money(text)):
        return False
    return not speaks_of_others(text)


def _told_alike(text: str, worded: Alarm | None) -> bool:
    """Whether it is often told in a victim's words: an offer, a card that was lent, one that a bank has stopped."""
    return worded == "offer_trade" or speaks_of_a_block(text) or tells_of_a_deed(text)
