"""The one custom action: every information intent, the talk and the fallback lead here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answering.answerer import Answerer
from bot.answering.apology import apology
from bot.answering.message import READ, Message
from bot.answering.records import Answer, Memory, Understanding
from bot.answering.rendering import render_custom, render_text
from bot.conversation.faults import describe
from bot.knowledge.live import LiveKnowledge, status_file
from bot.knowledge.messages import read_message
from bot.settings import read_settings

logger = logging.getLogger(__name__)
MEMORY, CONSIDERED = "memory", "considered"


class ActionAnswer(Action):
    """Answers the latest message with quotes, or says that nothing answers it."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]) -> list[Any]:
        """Utter one text and one `custom` object; keep what the next turn needs in the slot `memory`."""
        message = said(tracker.latest_message)
        memory = Memory.from_dict(tracker.get_slot(MEMORY))
        try:
            answer, memory = answerer().reply(message, understanding(tracker.latest_message), memory, date.today())
        except Exception as error:  # the person must read something, whatever broke
            logger.error("answering failed: %s", describe(error))
            answer = apology(message)
        dispatcher.utter_message(text=render_text(answer))
        dispatcher.utter_message(json_message=render_custom(answer))
        return [SlotSet(MEMORY, memory.as_dict()), SlotSet(CONSIDERED, considered(answer))]


def answerer() -> Answerer:
    """Return what answers now: the newest complete state of the knowledge."""
    return knowledge().state.answerer


@cache
def knowledge() -> LiveKnowledge:
    """Load the knowledge at the first message, and follow its folder for the life of the process."""
    settings = read_settings()
    live = LiveKnowledge(settings, status=status_file(settings))
    live.follow()
    return live


def considered(answer: Answer) -> list[list[Any]]:
    """Return what the search looked at, for the staff: passage, probability, why it was not quoted."""
    return [[each.passage.id, round(each.probability, 3), each.rejected] for each in answer.considered]


def said(latest: Mapping[str, Any]) -> Message:
    """Return the message as the door read it; one that came by no door of ours is read here."""
    read = Message.from_dict((latest.get("metadata") or {}).get(READ))
    return read or read_message(str(latest.get("text") or ""))


def understanding(message: Mapping[str, Any]) -> Understanding:
    """Read Rasa's parse of a message; probabilities hold every intent the classifier ranked."""
    intent = message.get("intent") or {}
    ranking = message.get("intent_ranking") or []
    return Understanding(
        intent=intent.get("name") or "nlu_fallback",
        confidence=float(intent.get("confidence") or 0.0),
        probabilities={entry["name"]: float(entry["confidence"]) for entry in ranking if entry.get("name")},
    )
