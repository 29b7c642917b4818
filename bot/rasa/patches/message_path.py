"""What Rasa does anew with each message, done once, or not at all where nobody looks at it.

Measured in docs/performance.md: for each action Rasa checks the schema of results itself, and posts the whole
conversation and the domain; it looks for an event's class among all classes, and plans the graph of its components anew
three times a message; it builds an empty domain to compare with, copies whatever it might log, and replays the whole
conversation for a copy of it. It has no hook there, so `be_thrifty` replaces these methods in the running process; our
stores call it when Rasa makes them. Written for one version of Rasa, and refuses any other.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache, wraps
from graphlib import TopologicalSorter
from types import SimpleNamespace
from typing import Any

import rasa
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.rasa.patches.version import expect_rasa

_DONE, _PLANS, _EMPTY = "_duanka_thrifty", "_duanka_plans", "_duanka_empty"


def be_thrifty() -> None:
    """Replace Rasa's methods, once. Raises RuntimeError for another version of Rasa."""
    expect_rasa("bot/rasa/patches/message_path.py")
    if getattr(RemoteAction, _DONE, False):
        return
    setattr(RemoteAction, _DONE, True)
    RemoteAction._validate_action_result = check_result
    RemoteAction._action_call_format = call_of
    Event.resolve_by_type = staticmethod(_remembering(Event.resolve_by_type))
    DaskGraphRunner.run = run_graph
    Domain.is_empty = _asked_once(Domain.is_empty)
    DialogueStateTracker.copy = twin_of
    # It copies only what it hands to a debug log, which writes it down at once or, as in service, not at all.
    processor.copy = SimpleNamespace(deepcopy=lambda value: value)


def check_result(_: RemoteAction, result: Any) -> bool:
    """Return True for what an action may return. Raises ValidationError for anything else, as Rasa does.

    Each event is held against the schema of its own kind; what does not pass there, against all of it.
    """
    if is_accepted(result):
        return True
    wrong = best_match(_validator().iter_errors(result))
    if wrong is None:
        return True
    raise wrong


def is_accepted(result: Any) -> bool:
    """Whether a result passes: the schema tries an event as each of two dozen kinds, here only as its own."""
    whole, kinds = _parts()
    return whole.is_valid(result) and all(_fits(event, kinds) for event in result.get("events", []))


def _fits(event: Any, kinds: dict[str, Any]) -> bool:
    kind = event.get("event") if isinstance(event, dict) else None
    return isinstance(kind, str) and kind in kinds and kinds[kind].is_valid(event)


def call_of(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Return what an action is called with: slots and the latest message, without past events and without the domain.

    That is all that actions/ read, and it does not grow with the conversation.
    """
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
        "version": rasa.__version__,
    }


def twin_of(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker that stands where this one stands, with slots of its own: what replaying its events gives."""
    twin = tracker.init_copy()
    # A twin puts no names of model and assistant on events: those it is given bear them already.
    own = {"slots", "events", "model_id", "assistant_id"}
    vars(twin).update({name: value for name, value in vars(tracker).items() if name not in own})
    twin.slots.update({name: copy.copy(slot) for name, slot in tracker.slots.items()})
    twin.active_loop = copy.copy(tracker.active_loop)
    twin.events.extend(tracker.events)
    return twin


def run_graph(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run the components that `targets` need, one after the other. Raises what they raise, and GraphRunError."""
    wanted = tuple(targets or runner._graph_schema.target_names)
    plans = vars(runner).setdefault(_PLANS, {})
    if wanted not in plans:
        plans[wanted] = plan(runner._graph_schema, wanted)
    # What a component gets of another is a pair: whose it is, and what.
    given: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in plans[wanted]:
            given[name] = runner._instantiated_nodes[name](*(given.get(each, each) for each in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(given[name] for name in wanted)


def plan(schema: GraphSchema, targets: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the nodes that `targets` need, each after those it needs itself, with the names of these."""
    nodes = schema.minimal_graph_schema(list(targets)).nodes
    order = TopologicalSorter({name: node.needs.values() for name, node in nodes.items()}).static_order()
    return tuple((name, tuple(nodes[name].needs.values())) for name in order if name in nodes)


@cache
def _validator() -> Any:
    """Return the validator that `jsonschema.validate` would make and throw away, its schema checked."""
    return _validator_of(RemoteAction.action_response_format_spec())


@cache
def _parts() -> tuple[Any, dict[str, Any]]:
    """Return the validator of a result but for its events, and that of an event of each kind.

    Exactly one of the alternatives must fit an event, and each names the kind it is for: of an event that names its
    kind no other can.
    """
    schema = RemoteAction.action_response_format_spec()
    events = schema["properties"]["events"]
    event = events["items"]
    whole = {**schema, "properties": {**schema["properties"], "events": {**events, "items": {}}}}
    alone = [(each["properties"]["event"]["const"], {**event, "oneOf": [each]}) for each in event["oneOf"]]
    return _validator_of(whole), {kind: _validator_of(alternative) for kind, alternative in alone}


def _validator_of(schema: dict[str, Any]) -> Any:
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _asked_once(is_empty: Callable[[Domain], bool]) -> Callable[[Domain], bool]:
    @wraps(is_empty)
    def asked(domain: Domain) -> bool:
        """Whether a domain, which does not change, is empty."""
        known = vars(domain)
        if _EMPTY not in known:
            known[_EMPTY] = is_empty(domain)
        return bool(known[_EMPTY])

    return asked


def _remembering(resolve: Any) -> Any:
    found: dict[str, Any] = {}

    @wraps(resolve)
    def resolved(type_name: str, default: Any = None) -> Any:
        """Return the class of an event's name. What is unknown is looked for each time, as a default may differ."""
        if type_name not in found:
            event = resolve(type_name, default)
            if getattr(event, "type_name", None) != type_name:
                return event
            found[type_name] = event
        return found[type_name]

    return resolved
