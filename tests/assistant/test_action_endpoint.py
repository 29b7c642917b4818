"""The action in a process beside Rasa's: the same results as over HTTP; one that fails, ends or hangs harms no one."""

from __future__ import annotations

import asyncio
import os
import signal
import textwrap
import time
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import rasa_quietly  # noqa: F401
import requests
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from service import READY_SECONDS, ROOT

from bot.commands.run import action_server
from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import running, wait_until
from bot.rasa import action_endpoint
from bot.rasa.action_endpoint import BESIDE, ActionFailedError, Actions, allow_beside

ODD = """
    import os
    import time
    from rasa_sdk import Action
    from rasa_sdk.events import SlotSet

    class Odd(Action):
        def name(self):
            return "action_odd"

        def run(self, dispatcher, tracker, domain):
            what = tracker.latest_message["text"]
            if what == "fail":
                raise ValueError("a person's words")
            if what == "end":
                os._exit(3)
            once = __file__ + ".hung"
            if what == "hang" and not os.path.exists(once):
                open(once, "w").close()
                time.sleep(60)
            if what == "slow":
                time.sleep(0.4)
            if what == "very slow":
                time.sleep(4)
            dispatcher.utter_message(json_message={"pair": (1, 2)})
            return [SlotSet("process", os.getpid())]
"""


def call(text: str, action: str = "action_odd") -> dict[str, Any]:
    """Return what Rasa would post."""
    message = {"text": text, "intent": {"name": "report", "confidence": 0.9}, "intent_ranking": []}
    tracker = {"sender_id": "me", "slots": {"memory": None}, "latest_message": message, "events": [], "paused": False,
               "followup_action": None, "active_loop": {}, "latest_action_name": "action_listen"}  # fmt: skip
    return {"next_action": action, "sender_id": "me", "tracker": tracker, "version": "3.6.21"}


def process_of(result: dict[str, Any]) -> int:
    """Return the number of the process that a result of the odd action comes from."""
    number: int = result["events"][0]["value"]
    return number


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Actions], Awaitable[Any]]], Any]:
    """Runs a talk with an action that fails, ends, hangs or works as the message says."""
    package = tmp_path / "odd_actions"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "odd.py").write_text(textwrap.dedent(ODD), "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def talking(talk: Callable[[Actions], Awaitable[Any]]) -> Any:
        actions = Actions("odd_actions")
        try:
            return await talk(actions)
        finally:
            await actions.close()

    return lambda talk: asyncio.run(talking(talk))


def test_it_runs_in_a_process_of_its_own(odd: Any) -> None:
    """One for all calls; and what it says has the form it has over HTTP: JSON has no tuples."""

    async def talk(actions: Actions) -> None:
        first, second = [await actions.run(call("work")) for _ in range(2)]
        assert first["responses"][0]["custom"] == {"pair": [1, 2]}
        assert process_of(first) == process_of(second) != os.getpid()

    odd(talk)


def test_what_fails_is_told_without_a_persons_words(odd: Any) -> None:
    """Rasa then goes on without it; the next call works."""

    async def talk(actions: Actions) -> None:
        with pytest.raises(ActionFailedError, match=r"^ValueError$"):
            await actions.run(call("fail"))
        with pytest.raises(ActionFailedError, match=r"^ActionNotFoundException$"):
            await actions.run(call("work", "action_unknown"))
        assert (await actions.run(call("work")))["events"]

    odd(talk)


def test_calls_at_once_get_each_its_own_result(odd: Any) -> None:
    """Also where one of them fails; the loop of the doors turns meanwhile."""

    async def talk(actions: Actions) -> None:
        texts = ["slow", "work", "fail", "work"]
        waiting = asyncio.gather(*(actions.run(call(text)) for text in texts), return_exceptions=True)
        turned = 0
        while not waiting.done():
            turned += 1
            await asyncio.sleep(0.02)
        assert turned > 10
        assert [isinstance(each, ActionFailedError) for each in await waiting] == [False, False, True, False]

    odd(talk)


def test_one_that_ends_is_begun_anew(odd: Any) -> None:
    """A call that ends every process is given up after the second; others are asked of a new one, unnoticed."""

    async def talk(actions: Actions) -> None:
        before = process_of(await actions.run(call("work")))
        with pytest.raises(ActionFailedError, match="ended"):
            await actions.run(call("end"))
        after = process_of(await actions.run(call("work")))
        assert after != before
        under_way = asyncio.create_task(actions.run(call("slow")))
        await asyncio.sleep(0.1)
        os.kill(after, signal.SIGKILL)
        assert process_of(await under_way) not in (before, after)

    odd(talk)


def test_one_that_hangs_is_ended_and_begun_anew(odd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it has answered nobody for so long; whoever still waits is answered by the next process."""

    async def talk(actions: Actions) -> None:
        before = process_of(await actions.run(call("work")))
        monkeypatch.setattr(action_endpoint, "HANGS", 0.8)
        hanging = asyncio.create_task(actions.run(call("hang")))
        await asyncio.sleep(0.1)
        behind = asyncio.create_task(actions.run(call("work")))
        assert process_of(await behind) == before
        assert process_of(await hanging) != before
        monkeypatch.setattr(action_endpoint, "HANGS", 30.0)
        assert process_of(await actions.run(call("work"))) != before

    odd(talk)


def test_nobody_waits_for_another_persons_slow_answer(odd: Any) -> None:
    """Behind one that takes seconds, every other has its result within a moment, in the order they were asked."""

    async def talk(actions: Actions) -> None:
        await actions.run(call("work"))
        done: list[str] = []

        async def ask(text: str, name: str) -> float:
            begun = time.monotonic()
            await actions.run(call(text))
            done.append(name)
            return time.monotonic() - begun

        slow = asyncio.create_task(ask("very slow", "slow"))
        await asyncio.sleep(0.05)
        seconds = await asyncio.gather(*(ask("work", str(number)) for number in range(20)))
        assert max(seconds) < 1.0
        assert done == [str(number) for number in range(20)]
        assert await slow >= 4.0

    odd(talk)


def test_one_that_hangs_ends_with_who_started_it(odd: Any) -> None:
    """Nobody is left behind who waits for a call that never comes to its end."""

    async def talk(actions: Actions) -> int:
        number = process_of(await actions.run(call("work")))
        hanging = asyncio.create_task(actions.run(call("hang")))
        await asyncio.sleep(0.2)
        hanging.cancel()
        return number

    wait_for_the_end_of(odd(talk))


def test_a_slow_begin_is_no_hanging(odd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call may take long: it reads the bulletins."""
    monkeypatch.setattr(action_endpoint, "HANGS", 0.05)

    async def talk(actions: Actions) -> None:
        assert (await actions.run(call("slow")))["events"]

    odd(talk)


def test_who_gives_up_leaves_nothing_behind(odd: Any) -> None:
    """A door that waited long enough cancels; what comes afterwards is nobody's."""

    async def talk(actions: Actions) -> None:
        await actions.run(call("work"))
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(actions.run(call("slow")), 0.05)
        assert (await actions.run(call("work")))["events"]
        assert actions._process is not None
        assert actions._process._waiting == {}

    odd(talk)


def test_it_ends_with_who_started_it(odd: Any) -> None:
    """However that came about: it hears that nobody is there any more."""

    async def talk(actions: Actions) -> int:
        return process_of(await actions.run(call("work")))

    wait_for_the_end_of(odd(talk))


def test_signals_of_the_terminal_do_not_cut_a_reply_short(odd: Any) -> None:
    """Ctrl-C and systemd's SIGTERM reach every process of the group: this one ends after Rasa."""

    async def talk(actions: Actions) -> None:
        process = process_of(await actions.run(call("work")))
        under_way = asyncio.create_task(actions.run(call("slow")))
        await asyncio.sleep(0.1)
        os.kill(process, signal.SIGINT)
        os.kill(process, signal.SIGTERM)
        assert process_of(await under_way) == process

    odd(talk)


def wait_for_the_end_of(process: int) -> None:
    """Fail when it is there after ten seconds; a child of ours that ended is a zombie until somebody asks."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("it did not end")


def test_rasa_asks_it_only_when_told_so(monkeypatch: pytest.MonkeyPatch, odd: Any) -> None:
    """An endpoint of type `beside` is answered here; one with a url is posted to, as ever."""
    allow_beside()
    allow_beside()

    async def ask(endpoint: EndpointConfig) -> Any:
        return await endpoint.request(json=call("work"), method="post")

    async def talk(actions: Actions) -> None:
        monkeypatch.setattr(action_endpoint, "actions", lambda: actions)
        assert (await ask(EndpointConfig.from_dict({"type": BESIDE})))["events"]
        nobody = EndpointConfig.from_dict({"url": f"http://{HOST}:{free_port()}/webhook"})
        with pytest.raises(OSError, match="Cannot connect"):
            await ask(nobody)

    odd(talk)


def test_our_action_answers_the_same_as_over_http() -> None:
    """Texts, quotes and slots, of a quote, a refusal to guess, small talk and an emergency."""
    port = free_port()
    texts = ("银行卡借给朋友用违法吗？", "今天天气怎么样", "你好", "骗子正在让我转账")
    with running(action_server(port)) as (server,):
        wait_until(lambda: answers(f"http://{HOST}:{port}/health"), READY_SECONDS, (server,), server, "没有启动完")
        posted = [_posted(port, text) for text in texts]

    async def ask() -> list[Any]:
        ours = Actions(action_endpoint.PACKAGE)
        try:
            return [await ours.run(call(text, "action_answer")) for text in texts]
        finally:
            await ours.close()

    assert asyncio.run(ask()) == posted
    assert all(result["responses"][0]["text"] for result in posted)


def _posted(port: int, text: str) -> Any:
    return requests.post(f"http://{HOST}:{port}/webhook", json=call(text, "action_answer"), timeout=60).json()


def test_every_action_of_the_domain_is_there() -> None:
    """None that Rasa may call is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how slots were filled in Rasa 2, and of what reads the YAML
        domain = Domain.load(str(ROOT / "bot/rasa/domain"))
    ours = {name for name in domain.user_actions if not name.startswith("utter_")}
    executor = ActionExecutor()
    executor.register_package(action_endpoint.PACKAGE)
    assert ours == {"action_answer"}
    assert ours <= set(executor.actions)
