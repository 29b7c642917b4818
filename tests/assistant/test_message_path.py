"""What Rasa would do anew with each message: the outcome stays Rasa's own."""

from __future__ import annotations

import inspect
import json
import warnings
from typing import Any, ClassVar

import jsonschema
import pytest
import rasa_quietly  # noqa: F401
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.utils.common import all_subclasses
from rasa_sdk import Tracker

from bot.rasa.patches.message_path import be_thrifty, call_of, check_result, run_graph, twin_of
from bot.rasa.patches.message_path import is_accepted as is_accepted_by_kind

RASAS_RUN = DaskGraphRunner.run  # modules are imported before any test runs
RASAS_COPY = DialogueStateTracker.copy
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of how slots were filled in Rasa 2
    DOMAIN = Domain.from_dict(
        {
            "intents": ["report"],
            "actions": ["action_answer"],
            "slots": {"memory": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}},
        }
    )
ANSWERED = {
    "events": [
        {"event": "slot", "timestamp": None, "name": "memory", "value": {"question": "卖卡", "quoted": ["a#p1"]}}
    ],
    "responses": [{"text": "警方说", "buttons": [], "custom": {"kind": "answer"}}],
}
RESULTS: dict[str, Any] = {
    "ours": ANSWERED,
    "nothing": {},
    "no events": {"events": [], "responses": []},
    "a restart": {"events": [{"event": "restart"}]},
    "two events": {"events": [*ANSWERED["events"], {"event": "followup", "name": "action_listen"}]},
    "a list": [],
    "null": None,
    "a word": "answer",
    "events are an object": {"events": {}},
    "events are null": {"events": None},
    "an unknown event": {"events": [{"event": "explosion"}]},
    "an event without a kind": {"events": [{"name": "memory"}]},
    "a slot without a name": {"events": [{"event": "slot", "value": 1}]},
    "a slot named by a number": {"events": [{"event": "slot", "name": 1, "value": 1}]},
    "an event that is a word": {"events": ["restart"]},
    "responses are words": {"responses": ["警方说"]},
    "responses are an object": {"responses": {"text": "警方说"}},
    "one response of two is wrong": {"events": [], "responses": [{}, 3]},
}


@pytest.fixture(autouse=True)
def thrifty() -> None:
    """As in service."""
    be_thrifty()
    be_thrifty()


def is_accepted(check: Any, result: Any) -> bool:
    """Whether a check lets a result pass."""
    try:
        check(result)
    except jsonschema.ValidationError:
        return False
    return True


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())
def test_what_rasa_accepts_is_accepted_and_what_it_refuses_is_refused(result: Any) -> None:
    """Checked by Rasa's own schema, as Rasa itself checks it."""
    action = RemoteAction("action_answer", None)
    ours = is_accepted(action._validate_action_result, result)
    assert ours == is_accepted(
        lambda each: jsonschema.validate(each, RemoteAction.action_response_format_spec()), result
    )


def test_ours_is_accepted_kind_by_kind() -> None:
    """Without going through the whole schema; and nothing is accepted there that the whole schema refuses."""
    assert is_accepted_by_kind(ANSWERED)
    kinds = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]["oneOf"]
    names = [kind["properties"]["event"]["const"] for kind in kinds]
    assert len(names) == len(set(names)) > 20
    for name in names:
        for event in ({"event": name}, {"event": name, "name": 1, "value": 2}, {"event": name, "timestamp": "now"}):
            whole = is_accepted(
                lambda each: jsonschema.validate(each, RemoteAction.action_response_format_spec()), {"events": [event]}
            )
            assert is_accepted_by_kind({"events": [event]}) == whole, event


def test_both_kinds_of_results_are_among_those_tried() -> None:
    """The comparison says something."""
    assert {is_accepted(lambda each: check_result(None, each), result) for result in RESULTS.values()} == {True, False}


def conversation(turns: int) -> DialogueStateTracker:
    """Return a conversation of so many turns, of which the last is always the same."""
    events: list[Event] = []
    for turn in range(turns):
        text = "卖卡会怎样" if turn == turns - 1 else f"第{turn:04}句"
        events += [
            ActionExecuted("action_listen"),
            UserUttered(text, {"name": "report", "confidence": 0.9}, parse_data={"text": text, "masked": True}),
            SlotSet("memory", {"question": "卖卡"}),
            BotUttered("警方说", {"custom": {"kind": "answer"}}),
        ]
    return DialogueStateTracker.from_events("me", events, DOMAIN.slots, domain=DOMAIN)


def test_an_action_reads_the_same_as_in_the_whole_conversation() -> None:
    """Slots, the latest message and who it is from."""
    tracker = conversation(3)
    whole = Tracker.from_dict(tracker.current_state(EventVerbosity.ALL))
    called = Tracker.from_dict(call_of(RemoteAction("action_answer", None), tracker, DOMAIN)["tracker"])
    assert called.latest_message == whole.latest_message
    assert called.latest_message["masked"] is True
    assert called.slots == whole.slots == {"memory": {"question": "卖卡"}, "session_started_metadata": None}
    assert called.sender_id == whole.sender_id == "me"


def test_a_call_does_not_grow_with_the_conversation() -> None:
    """After three hundred turns it is as long as after three, but for the digits of the time."""
    short, long = (
        len(json.dumps(RemoteAction("action_answer", None)._action_call_format(conversation(turns), DOMAIN)))
        for turns in (3, 300)
    )
    assert abs(short - long) < 10


class Counting(GraphComponent):  # type: ignore[misc]
    """Adds what it is given to its own number, and keeps count of how often it ran."""

    ran: ClassVar[list[int]] = []

    def __init__(self, number: int) -> None:
        self._number = number

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Counting:
        return cls(config["number"])

    def add(self, one: int, other: int) -> int:
        self.ran.append(self._number)
        if self._number < 0:
            raise RuntimeError("below zero")
        return self._number + one + other


def graph(*last: int) -> tuple[DaskGraphRunner, DaskGraphRunner]:
    """Return a diamond of components, once as Rasa runs it and once as we do; `last` are numbers of further nodes."""
    needs = [("b", "a", "x"), ("c", "a", "b"), ("d", "b", "c"), ("a", "x", "y")]
    numbers = {"a": 1, "b": 2, "c": 4, "d": 8, **{f"e{number}": number for number in last}}
    needs += [(f"e{number}", "d", "y") for number in last]
    nodes = {
        name: SchemaNode({"one": one, "other": other}, Counting, "create", "add", {"number": numbers[name]})
        for name, one, other in needs
    }
    schema = GraphSchema(nodes)
    context = ExecutionContext(schema)
    return tuple(DaskGraphRunner(schema, None, context) for _ in range(2))  # type: ignore[return-value]


def outcome(run: Any, *arguments: Any) -> tuple[Any, list[int]]:
    """Return what comes of a run, or the error and its cause, and the components that ran, each with its count."""
    Counting.ran.clear()
    try:
        given = run(*arguments)
    except Exception as error:  # compared with Rasa's own
        given = (type(error), type(error.__cause__))
    return given, sorted(Counting.ran)


@pytest.mark.parametrize("targets", [["d"], ["b"], ["c", "b"], ["a", "x"]])
def test_a_graph_gives_what_dask_gives(targets: list[str]) -> None:
    """The same results for the same inputs, each component run once, those nobody needs not at all; again and again."""
    theirs, ours = graph()
    for x in (3, 5):
        inputs = {"x": x, "y": 7}
        found = outcome(run_graph, ours, inputs, targets)
        assert found == outcome(RASAS_RUN, theirs, inputs, targets)
        assert found[0].keys() == set(targets)


@pytest.mark.parametrize("inputs", [{"x": 1}, {}, None])
def test_a_graph_without_its_inputs_fails_as_with_dask(inputs: dict[str, int] | None) -> None:
    """What lacks is an error, and of the same kind."""
    theirs, ours = graph()
    assert outcome(run_graph, ours, inputs, ["d"]) == outcome(RASAS_RUN, theirs, inputs, ["d"])


def test_a_component_that_fails_fails_as_with_dask() -> None:
    """Wrapped in the same error."""
    theirs, ours = graph(-1)
    inputs = {"x": 1, "y": 1}
    found = outcome(run_graph, ours, inputs, ["e-1"])
    assert found == outcome(RASAS_RUN, theirs, inputs, ["e-1"])
    assert found[0] == (GraphComponentException, RuntimeError)


def test_every_event_is_read_as_rasa_reads_it() -> None:
    """Each name leads to the class that bears it, the second time too."""
    for kind in all_subclasses(Event):
        first = next(each for each in all_subclasses(Event) if each.type_name == kind.type_name)
        assert [Event.resolve_by_type(kind.type_name) for _ in range(2)] == [first, first]


def test_an_unknown_event_is_treated_as_by_rasa() -> None:
    """It raises; with a default it is the default, and is not remembered as anything."""
    with pytest.raises(ValueError, match="explosion"):
        Event.resolve_by_type("explosion")
    assert Event.resolve_by_type("explosion", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="explosion"):
        Event.resolve_by_type("explosion")
    assert Event.resolve_by_type("topic") is None


def test_a_domain_is_empty_where_rasa_finds_it_empty() -> None:
    """The first time it is asked and the next."""
    for domain, empty in ((Domain.empty(), True), (DOMAIN, False)):
        assert [domain.is_empty(), domain.is_empty()] == [empty, empty]


def test_what_is_logged_is_not_copied() -> None:
    """Rasa's processor copies for its log alone."""
    value = {"a": [1]}
    assert processor.copy.deepcopy(value) is value
    names = {name for name in vars(processor.copy) if not name.startswith("_")}
    assert names == {"deepcopy"}
    uses = [line.strip() for line in inspect.getsource(processor).splitlines() if "copy." in line]
    assert uses
    assert all("=copy.deepcopy(" in use or use.startswith("import") for use in uses)


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_a_copy_of_a_conversation_stands_where_it_stands(turns: int) -> None:
    """In everything that replaying it gives, slots, the latest message and the latest action included."""
    tracker = conversation(turns)
    tracker.update(ActionExecuted("action_answer"))
    ours, theirs = twin_of(tracker), RASAS_COPY(tracker)
    assert tracker.copy.__func__ is twin_of
    assert ours.current_state(EventVerbosity.ALL) == theirs.current_state(EventVerbosity.ALL)
    assert {name for name in vars(theirs) if vars(theirs)[name] != vars(ours)[name]} <= {"slots"}  # compared above
    assert vars(ours).keys() == vars(theirs).keys()


def test_a_copy_of_a_conversation_goes_its_own_way() -> None:
    """What happens to it happens to nobody else."""
    tracker = conversation(2)
    before = tracker.current_state(EventVerbosity.ALL)
    twin = tracker.copy()
    twin.update_with_events([SlotSet("memory", {"question": "借卡"}), ActionExecuted("action_listen")], DOMAIN)
    assert tracker.current_state(EventVerbosity.ALL) == before
    assert twin.get_slot("memory") == {"question": "借卡"}
