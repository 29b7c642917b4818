"""What Rasa does next: the rules of data/rules, and after them a policy that leaves nobody without a word.

When the action failed, or its server is down, Rasa logs that and replies with nothing; `NeverSilentPolicy` sees that
and has Rasa utter a fixed sentence of the domain instead, 110 / 96110 first for a victim.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_ACTION_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.answering.message import READ, Message
from bot.knowledge.messages import read_message
from bot.rasa.components import MASKED

OUR_ACTIONS = "action_"
_LISTENING = {"action_name": ACTION_LISTEN_NAME}  # in the states of a rule
_RASAS_OWN = frozenset(DEFAULT_ACTION_NAMES)
UTTER_EMERGENCY, UTTER_UNAVAILABLE = "utter_emergency", "utter_unavailable"
# The same with the request to send nothing personal, for who just did.
WITH_NOTICE = "_with_notice"
_OURS = frozenset(f"{name}{end}" for name in (UTTER_EMERGENCY, UTTER_UNAVAILABLE) for end in ("", WITH_NOTICE))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class Rules(RulePolicy):
    """Rasa's RulePolicy, with what it would find looked up: to be used together with `NeverSilentPolicy`.

    RulePolicy goes through the whole conversation three times a message, and through every rule: for rules that name
    the words of a message, for rules that name its intent, and once more after the action, when `NeverSilentPolicy`
    decides. Ours say what follows an intent, whatever went before.
    """

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: Any = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Predict by the rules; nothing once an action of ours has run in this turn."""
        if after_our_action(tracker) is not None:
            return self._prediction([0.0] * domain.num_actions)
        return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if self._by_intent and tracker.latest_action_name == ACTION_LISTEN_NAME and tracker.active_loop_name is None:
            if use_text_for_last_user_input:
                return None, None, False
            rule = self._by_intent.get(tracker.latest_message.intent.get("name"))
            if rule is not None:
                return self.lookup[RULES][rule], rule, False
        found: tuple[str | None, str | None, bool]
        found = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        return found

    @cached_property
    def _by_intent(self) -> dict[str, str]:
        """Intent → the rule that applies to a message of it; none when any rule looks at more than its intent."""
        found: dict[str, str] = {}
        for rule in self.lookup[RULES]:
            states = json.loads(rule)
            if states[-1].get("prev_action") not in (_LISTENING, None):
                continue  # it applies later in a turn
            intent = states[-1].get("user", {}).get("intent")
            if states != [{"prev_action": _LISTENING, "user": {"intent": intent}}]:
                return {}
            found[intent] = rule
        return found


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
    for event in reversed(tracker.events):  # one message is never taken back in the middle of its turn
        if isinstance(event, UserUttered):
            victim = _read(event).kind == "victim"
            silent = UTTER_EMERGENCY if victim else UTTER_UNAVAILABLE
            silent += WITH_NOTICE if event.parse_data.get(MASKED) else ""
            return (ACTION_LISTEN_NAME if said else silent) if ran else None
        name = event.action_name or "" if isinstance(event, ActionExecuted) else ""
        said = said or isinstance(event, BotUttered) or name in _OURS
        ran = ran or (name.startswith(OUR_ACTIONS) and name not in _RASAS_OWN)
    return None


def _read(event: UserUttered) -> Message:
    """Return the message as the door read it; one that came by no door of ours is read here."""
    return Message.from_dict((event.metadata or {}).get(READ)) or read_message(event.text or "")
