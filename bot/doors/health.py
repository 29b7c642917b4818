"""For whoever runs the service, not for the public: is it alive, is it ready, how is it doing.

GET /webhooks/health/live, /ready and /metrics, on loopback like everything else. A request that came through a proxy is
told that there is no such place, and deploy/nginx.conf does not pass it on in the first place.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, json, raw

from bot.conversation.metrics import figures, outcome_of
from bot.conversation.probes import PROBE_QUESTION, probe_sender
from bot.conversation.rasa_assistant import collect
from bot.doors.http.server import add_headers
from bot.knowledge.live import status_file
from bot.settings import Settings, read_settings

logger = logging.getLogger(__name__)
NAME = "health"
PROXY_HEADERS = ("x-forwarded-for", "x-real-ip", "forwarded", "via")
# A question is asked at most so often, whoever wants to know; and a reply may take so long.
REMEMBERED_SECONDS = 2.0
PROBE_SECONDS = 5.0
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class State:
    """`model`: it is loaded. `answers`: a real question gets a real reply, so action and knowledge are there too."""

    model: bool = False
    answers: bool = False

    @property
    def ready(self) -> bool:
        """Whether people may be sent here."""
        return self.model and self.answers


class Probe:
    """Asks Rasa a question of its own, which leaves no trace, and remembers for a moment what came of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet."""
        self._clock = clock
        self._state, self._until = State(), float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def state(self, agent: Any) -> State:
        """Return what was seen, asked anew when that is a while ago."""
        async with self._one_at_a_time:
            if self._clock() >= self._until:
                self._state = await _look(agent)
                self._until = self._clock() + REMEMBERED_SECONDS
        return self._state


class HealthInput(InputChannel):
    """Rasa's view of it: a channel nobody talks through."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Read the settings, unless they are given."""
        self._settings = settings or read_settings()

    @classmethod
    def name(cls) -> str:
        """Return the name under /webhooks/ where Rasa puts these calls."""
        return NAME

    def blueprint(self, _on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the three calls."""
        blueprint, probe, knowledge = Blueprint("duanka_health"), Probe(), status_file(self._settings)

        @blueprint.get("/live")
        async def live(_request: Request) -> HTTPResponse:
            return json({"live": True})

        @blueprint.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            seen = await probe.state(getattr(request.app.ctx, "agent", None))
            told = {"ready": seen.ready, "model": seen.model, "answers": seen.answers}
            return json(told, 200 if seen.ready else 503)

        @blueprint.get("/metrics")
        async def metrics(_request: Request) -> HTTPResponse:
            return raw(await asyncio.to_thread(figures().text, knowledge), content_type=TEXT)

        blueprint.middleware("request")(_refuse_proxied)
        blueprint.middleware("response")(add_headers)
        return blueprint


async def _look(agent: Any) -> State:
    if agent is None or not agent.is_ready():
        return State()
    output = CollectingOutputChannel()
    message = UserMessage(PROBE_QUESTION, output, probe_sender(), input_channel=NAME)
    try:
        await asyncio.wait_for(agent.handle_message(message), PROBE_SECONDS)
    except Exception as error:  # whatever it is: not ready
        logger.warning("not ready: %s", type(error).__name__)
        return State(model=True)
    outcome = outcome_of(collect(output.messages))
    return State(model=True, answers=outcome not in ("silent", "unavailable"))


async def _refuse_proxied(request: Request) -> None:
    if any(name in request.headers for name in PROXY_HEADERS):
        raise NotFound("Not Found")
