"""Never silent: when an action left the person without a word, Rasa itself says where help is.

The action server is another process. When it is down, Rasa logs the failure and replies with nothing; this policy
sees that and has Rasa utter a fixed sentence of the domain instead, 110 / 96110 first for a victim.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_ACTION_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MASKED = "masked"  # set by bot.assistant.components
OUR_ACTIONS = "action_"
_RASAS_OWN = frozenset(DEFAULT_ACTION_NAMES)
UTTER_EMERGENCY, UTTER_UNAVAILABLE = "utter_emergency", "utter_unavailable"
# The same with the request to send nothing personal, for who just did.
WITH_NOTICE = "_with_notice"
_OURS = frozenset(f"{name}{end}" for name in (UTTER_EMERGENCY, UTTER_UNAVAILABLE) for end in ("", WITH_NOTICE))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class NeverSilentPolicy(Policy):
    """Predicts a fixed sentence when an action of ours ran in this turn and nothing was said."""

    @staticmethod
    def supported_data() -> SupportedData:
        """Learns from nothing."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above RulePolicy's priority of 6."""
        return {"priority": 7}

    def train(self, training_trackers: Any, domain: Domain, **kwargs: Any) -> Resource:
        """Learn nothing."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: Any = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Overrule every other policy once an action of ours has run: speak if nothing was said, else listen."""
        probabilities = [0.0] * domain.num_actions
        action = after_our_action(tracker)
        if action is None:
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)


def after_our_action(tracker: DialogueStateTracker) -> str | None:
    """Return what comes after an action of ours in this turn, or None when none has run yet.

    A fixed sentence when nobody said anything, else listening: no rule knows the fixed sentences, and without one
    Rasa would run the fallback action again and again.
    """
    ran, said = False, False
    for event in reversed(tracker.applied_events()):
        if isinstance(event, UserUttered):
            victim = event.intent.get("name") == "victim"
            silent = UTTER_EMERGENCY if victim else UTTER_UNAVAILABLE
            silent += WITH_NOTICE if event.parse_data.get(MASKED) else ""
            return (ACTION_LISTEN_NAME if said else silent) if ran else None
        name = event.action_name or "" if isinstance(event, ActionExecuted) else ""
        said = said or isinstance(event, BotUttered) or name in _OURS
        ran = ran or (name.startswith(OUR_ACTIONS) and name not in _RASAS_OWN)
    return None
