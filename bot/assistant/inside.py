"""Our action run in Rasa's own process: `action_endpoint: {type: inside}` in endpoints.yml.

It is the same package, run by the same executor of rasa-sdk as in an action server, without a second program and
without HTTP. With a `url` in its place, as several machines may want it, Rasa calls an action server as ever.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any

from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

INSIDE = "inside"
PACKAGE = "actions"
_KNOWN = "_duanka_inside"

Request = Callable[..., Awaitable[Any]]


def allow_inside() -> None:
    """Have Rasa know the type, once: what it would post to an action server is done here."""
    if not getattr(EndpointConfig.request, _KNOWN, False):
        EndpointConfig.request = _inside_or(EndpointConfig.request)


class Actions:
    """An action server without HTTP: rasa-sdk's executor on a thread of its own, so that no action holds up a door."""

    def __init__(self, package: str) -> None:
        """Import the package, and begin the thread, which ends with the process."""
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="actions", daemon=True).start()

    async def run(self, call: dict[str, Any]) -> Any:
        """Return an action's result, in the form it has over HTTP. Raises what the action raises, and TimeoutError."""
        running = asyncio.run_coroutine_threadsafe(self._executor.run(call), self._loop)
        result = await asyncio.wait_for(asyncio.wrap_future(running), DEFAULT_REQUEST_TIMEOUT)
        return json.loads(json.dumps(result))


@cache
def actions() -> Actions:
    """Return the actions of this process, imported when first asked for."""
    return Actions(PACKAGE)


def _inside_or(request: Request) -> Request:
    @wraps(request)
    async def requested(endpoint: EndpointConfig, *arguments: Any, **options: Any) -> Any:
        if endpoint.type != INSIDE:
            return await request(endpoint, *arguments, **options)
        return await actions().run(options["json"])

    setattr(requested, _KNOWN, True)
    return requested
