"""What follows a message: what our rules look up is what Rasa's RulePolicy finds by going through all of them."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import rasa_quietly  # noqa: F401
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from service import ROOT

from bot.rasa.policies import Rules

CONFIG = {"core_fallback_threshold": 0.3, "core_fallback_action_name": "action_answer"}
LISTEN = {"action_name": "action_listen"}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Rasa's reader of rules imports


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The domain of the assistant."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how slots were filled in Rasa 2
        return Domain.from_path(str(ROOT / "bot/rasa/domain"))


def made(kind: type[RulePolicy], folder: Path) -> Any:
    """Return an untrained policy."""
    storage = LocalModelStorage.create(folder)
    context = ExecutionContext(GraphSchema({}), "model")
    return kind.create({**kind.get_default_config(), **CONFIG}, storage, Resource("rules"), context)


@pytest.fixture(scope="module")
def policies(domain: Domain, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Rasa's policy and ours, which know the rules of data/rules."""
    folders = [tmp_path_factory.mktemp("rules") for _ in range(2)]
    theirs, ours = made(RulePolicy, folders[0]), made(Rules, folders[1])
    rules = TrainingDataImporter.load_from_dict(
        domain_path=str(ROOT / "bot/rasa/domain"), training_data_paths=[str(ROOT / "data/rules")]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how slots were filled in Rasa 2
        trackers = TrainingDataGenerator(rules.get_stories(), domain, remove_duplicates=False).generate()
    for policy in (theirs, ours):
        policy.train(trackers, domain)
    return theirs, ours


def asked(domain: Domain, *intents: str) -> DialogueStateTracker:
    """Return a conversation whose last message, of the last intent, waits for what follows."""
    events: list[Event] = [ActionExecuted("action_session_start"), ActionExecuted("action_listen")]
    for place, intent in enumerate(intents):
        events.append(UserUttered("卖卡会怎样", {"name": intent, "confidence": 0.9}))
        if place < len(intents) - 1:
            answered = [ActionExecuted("action_answer"), BotUttered("警方说"), SlotSet("memory", {"question": "卖卡"})]
            events += [*answered, ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("me", events, domain.slots, domain=domain)


def test_every_intent_leads_where_rasa_leads(policies: tuple[Any, Any], domain: Domain) -> None:
    """At the begin of a conversation and later, of intents with a rule and without one."""
    theirs, ours = policies
    assert len(ours._by_intent) > 20
    for intent in [*domain.intents, "nlu_fallback", "nobody_knows"]:
        for tracker in (asked(domain, intent), asked(domain, "penalty", "greet", intent)):
            found = ours.predict_action_probabilities(tracker, domain)
            wanted = theirs.predict_action_probabilities(tracker, domain)
            assert found.probabilities == wanted.probabilities, intent
            assert found.is_end_to_end_prediction == wanted.is_end_to_end_prediction
            assert found.hide_rule_turn == wanted.hide_rule_turn


def test_after_the_action_the_other_policy_decides(policies: tuple[Any, Any], domain: Domain) -> None:
    """Nothing is predicted here, so that nothing here can overrule it."""
    tracker = asked(domain, "penalty")
    tracker.update(ActionExecuted("action_answer"), domain)
    assert set(policies[1].predict_action_probabilities(tracker, domain).probabilities) == {0.0}


@pytest.mark.parametrize(
    "rule",
    [
        [{"prev_action": LISTEN, "user": {"text": "卖卡"}}],
        [{"prev_action": LISTEN, "user": {"intent": "penalty"}, "slots": {"place": [1.0]}}],
        [{"prev_action": {"action_name": "action_answer"}}, {"prev_action": LISTEN, "user": {"intent": "penalty"}}],
        [{"user": {"intent": "penalty"}}],
    ],
)
def test_a_rule_that_looks_at_more_is_left_to_rasa(rule: list[dict[str, Any]], tmp_path: Path) -> None:
    """Then nothing is looked up, of any intent."""
    policy = made(Rules, tmp_path)
    simple = [{"prev_action": LISTEN, "user": {"intent": "greet"}}]
    policy.lookup = {RULES: {json.dumps(each): "action_answer" for each in (simple, rule)}}
    assert policy._by_intent == {}


def test_rules_of_a_later_step_change_nothing(tmp_path: Path) -> None:
    """What follows the action is no matter of the message."""
    policy = made(Rules, tmp_path)
    simple = [{"prev_action": LISTEN, "user": {"intent": "greet"}}]
    later = [*simple, {"prev_action": {"action_name": "action_answer"}, "user": {"intent": "greet"}}]
    policy.lookup = {RULES: {json.dumps(each): "action_answer" for each in (simple, later)}}
    assert policy._by_intent == {"greet": json.dumps(simple)}
