"""Ready is: the model is there, and a real question gets a real reply."""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass, field

from bot.answering import sentences
from bot.conversation.probes import PROBE_SENDER

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from rasa.core.channels.channel import UserMessage

    from bot.doors.health import REMEMBERED_SECONDS, Probe, State


@dataclass
class Agent:
    """As Rasa's, to who asks it: it says a sentence, or breaks."""

    said: str | None = "通报说……"
    loaded: bool = True
    asked: list[str] = field(default_factory=list)

    def is_ready(self) -> bool:
        """Whether the model is there."""
        return self.loaded

    async def handle_message(self, message: UserMessage) -> None:
        """Answer."""
        self.asked.append(message.sender_id)
        if self.said is None:
            raise OSError
        await message.output_channel.send_response(message.sender_id, {"text": self.said})


def seen(agent: Agent | None) -> State:
    """What a new probe sees."""
    return asyncio.run(Probe().state(agent))


def test_ready_and_not_ready() -> None:
    """Each part that is missing shows."""
    assert seen(Agent()) == State(model=True, answers=True)
    assert seen(None) == seen(Agent(loaded=False)) == State()
    assert seen(Agent(said=sentences.UNAVAILABLE)) == State(model=True)
    assert seen(Agent(said="")) == State(model=True)
    assert seen(Agent(said=None)) == State(model=True)
    assert State(model=True, answers=True).ready
    assert not State(model=True).ready


def test_it_is_no_conversation() -> None:
    """What asks goes by the name that no store keeps."""
    agent = Agent()
    seen(agent)
    assert [name.startswith(PROBE_SENDER) for name in agent.asked] == [True]


def test_asking_often_costs_nothing() -> None:
    """However many ask, the question is put once in a while."""
    agent, now = Agent(), [0.0]
    probe = Probe(lambda: now[0])

    async def many() -> None:
        await asyncio.gather(*(probe.state(agent) for _ in range(50)))

    asyncio.run(many())
    assert len(agent.asked) == 1
    now[0] = REMEMBERED_SECONDS
    asyncio.run(probe.state(agent))
    assert len(agent.asked) == 2
