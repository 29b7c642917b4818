"""The action in Rasa's own process: the same results as over HTTP; one that fails or hangs holds up no one."""

from __future__ import annotations

import asyncio
import sys
import textwrap
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rasa_quietly  # noqa: F401
import requests
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.interfaces import ActionNotFoundException
from service import READY_SECONDS, ROOT

from bot.assistant import inside
from bot.assistant.inside import INSIDE, Actions, allow_inside
from bot.commands.loopback import HOST, answers, free_port
from bot.commands.processes import running, wait_until
from bot.commands.serve import action_server

ODD = """
    import threading
    from rasa_sdk import Action
    from rasa_sdk.events import SlotSet

    class Odd(Action):
        def name(self):
            return "action_odd"

        def run(self, dispatcher, tracker, domain):
            what = tracker.latest_message["text"]
            if what == "fail":
                raise ValueError("as asked")
            if what == "hang":
                import odd_actions.release
                odd_actions.release.EVENT.wait(60)
            dispatcher.utter_message(json_message={"pair": (1, 2)})
            return [SlotSet("thread", threading.current_thread().name)]
"""


def call(text: str, action: str) -> dict[str, Any]:
    """Return what Rasa would post."""
    message = {"text": text, "intent": {"name": "report", "confidence": 0.9}, "intent_ranking": []}
    tracker = {"sender_id": "me", "slots": {"memory": None}, "latest_message": message, "events": [], "paused": False,
               "followup_action": None, "active_loop": {}, "latest_action_name": "action_listen"}  # fmt: skip
    return {"next_action": action, "sender_id": "me", "tracker": tracker, "version": "3.6.21"}


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actions]:
    """Actions of which one fails, hangs or works as the message says."""
    package = tmp_path / "odd_actions"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "release.py").write_text("import threading\nEVENT = threading.Event()\n", "utf-8")
    (package / "odd.py").write_text(textwrap.dedent(ODD), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Actions("odd_actions")
    for name in [name for name in sys.modules if name.startswith("odd_actions")]:
        del sys.modules[name]


def test_it_runs_on_a_thread_of_its_own(odd: Actions) -> None:
    """And what it says has the form it has over HTTP: JSON has no tuples."""
    result = asyncio.run(odd.run(call("work", "action_odd")))
    assert result["responses"][0]["custom"] == {"pair": [1, 2]}
    assert result["events"][0]["value"] == "actions" != threading.current_thread().name


def test_what_fails_is_raised(odd: Actions) -> None:
    """Rasa then goes on without it; the next call works."""
    with pytest.raises(ValueError, match="as asked"):
        asyncio.run(odd.run(call("fail", "action_odd")))
    with pytest.raises(ActionNotFoundException):
        asyncio.run(odd.run(call("work", "action_unknown")))
    assert asyncio.run(odd.run(call("work", "action_odd")))["events"]


def test_one_that_hangs_leaves_the_doors_free(odd: Actions) -> None:
    """The doors' own loop turns meanwhile; who gave up waiting leaves nothing behind that hinders the next."""
    import odd_actions.release as release  # type: ignore[import-not-found]

    async def impatient() -> str:
        hanging = asyncio.create_task(odd.run(call("hang", "action_odd")))
        done, _ = await asyncio.wait({hanging}, timeout=0.2)
        hanging.cancel()
        release.EVENT.set()
        return "gave up" if not done else "never hung"

    assert asyncio.run(impatient()) == "gave up"
    assert asyncio.run(odd.run(call("work", "action_odd")))["events"]


def test_rasa_asks_it_only_when_told_so(monkeypatch: pytest.MonkeyPatch, odd: Actions) -> None:
    """An endpoint of type `inside` is answered here; one with a url is posted to, as ever."""
    allow_inside()
    allow_inside()
    monkeypatch.setattr(inside, "actions", lambda: odd)

    async def ask(endpoint: EndpointConfig) -> Any:
        return await endpoint.request(json=call("work", "action_odd"), method="post")

    assert asyncio.run(ask(EndpointConfig.from_dict({"type": INSIDE})))["events"]
    nobody = EndpointConfig.from_dict({"url": f"http://{HOST}:{free_port()}/webhook"})
    with pytest.raises(OSError, match="Cannot connect"):
        asyncio.run(ask(nobody))


def test_our_action_answers_the_same_as_over_http() -> None:
    """Texts, quotes and slots, of a quote, a refusal to guess, small talk and an emergency."""
    port = free_port()
    texts = ("银行卡借给朋友用违法吗？", "今天天气怎么样", "你好", "骗子正在让我转账")
    with running(action_server(port)) as (server,):
        wait_until(lambda: answers(f"http://{HOST}:{port}/health"), READY_SECONDS, (server,), server, "没有启动完")
        posted = [_posted(port, text) for text in texts]
    assert [asyncio.run(inside.actions().run(call(text, "action_answer"))) for text in texts] == posted
    assert all(result["responses"][0]["text"] for result in posted)


def _posted(port: int, text: str) -> Any:
    return requests.post(f"http://{HOST}:{port}/webhook", json=call(text, "action_answer"), timeout=60).json()


def test_every_action_of_the_domain_is_there() -> None:
    """None that Rasa may call is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how slots were filled in Rasa 2, and of what reads the YAML
        domain = Domain.load(str(ROOT / "bot/assistant/domain"))
    ours = {name for name in domain.user_actions if not name.startswith("utter_")}
    assert ours == {"action_answer"}
    assert ours <= set(inside.actions()._executor.actions)
