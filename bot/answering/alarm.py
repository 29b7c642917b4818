"""Weighing the wording of a message against the classifier: is this a victim, or an offer of trade?"""

from __future__ import annotations

from bot.answering.records import Understanding
from bot.answering.safety import Alarm, asks_about, recognise, speaks_of_money, speaks_of_others

# The victim's share of the classifier's belief from which it counts, and from which the wording may be about anything.
LIKELY, QUITE_LIKELY = 0.4, 0.75
# However sure the classifier is of another subject, the victim's share is of no less than this.
MUCH = 0.8
OFFERED, ASKED = 0.4, 0.6


def weigh(text: str, understood: Understanding) -> Alarm | None:
    """Weigh wording and classifier: a victim's wording is enough, and so is a likely victim whose wording allows it.

    An offer's wording counts unless the classifier is sure of a question; a likely offer unless the wording asks.
    """
    worded = recognise(text)
    if worded == "victim" or _likely_victim(text, understood):
        return "victim"
    offered = understood.intent == "offer_trade" and understood.confidence >= OFFERED
    asked = understood.intent != "offer_trade" and understood.confidence >= ASKED
    if (worded == "offer_trade" and not asked) or (offered and not asks_about(text)):
        return "offer_trade"
    return None


def _likely_victim(text: str, understood: Understanding) -> bool:
    share = _victims_share(understood)
    return share >= LIKELY and (share >= QUITE_LIKELY or speaks_of_money(text)) and not speaks_of_others(text)


def _victims_share(understood: Understanding) -> float:
    """Return how much of what is not another subject speaks for a victim: better one alarm too many than one missed."""
    chances = understood.probabilities or {understood.intent: understood.confidence}
    foreign = chances.get("out_of_scope", 0.0)
    return chances.get("victim", 0.0) / max(1.0 - foreign, MUCH)
