"""The vanilla bot's one custom action: a fixed sentence, so that what is measured is Rasa's own cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionAnswer(Action):
    """Says one sentence, whatever was asked."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]) -> list[Any]:  # noqa: ARG002
        """Utter it."""
        dispatcher.utter_message(text="请拨打96110咨询。")
        return []
