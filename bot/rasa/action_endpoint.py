"""Our action run in a process beside Rasa's: `action_endpoint: {type: beside}` in endpoints.yml.

It is the same package, run by the same executor of rasa-sdk as in an action server, without HTTP and without a program
to start: Rasa starts it with the first call, and anew when it ended or hangs. So the search has a processor of its own,
while Rasa reads the next message. With a `url` in its place, Rasa calls an action server as ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any

from rasa.utils.endpoints import EndpointConfig

from bot.rasa.patches.version import expect_rasa

logger = logging.getLogger(__name__)

BESIDE = "beside"
PACKAGE = "actions"
# Seconds after which one that has answered before, and answers nobody any more, hangs: it is ended and begun anew.
# Longer than any door waits for a reply.
HANGS = 15.0
# The same before its first answer: until then it reads the bulletins, of which there may be thousands.
BEGINS = 300.0
# A line, hence a call or a result, is no longer than this.
MOST_BYTES = 2**24
_KNOWN = "_duanka_beside"

Request = Callable[..., Awaitable[Any]]


class ActionFailedError(Exception):
    """The action raised an error, which the message names."""


class ActionEndedError(ActionFailedError):
    """Its process ended before it answered."""


def allow_beside() -> None:
    """Have Rasa know the type, once: what it would post to an action server is asked here."""
    expect_rasa("bot/rasa/action_endpoint.py")
    if not getattr(EndpointConfig.request, _KNOWN, False):
        EndpointConfig.request = _beside_or(EndpointConfig.request)


class Actions:
    """An action server without HTTP: whoever calls has a process to answer, of the event loop that calls."""

    def __init__(self, package: str) -> None:
        """Start nothing yet."""
        self._package = package
        self._process: Process | None = None

    async def run(self, call: dict[str, Any]) -> Any:
        """Return an action's result in the form it has over HTTP. Raises ActionFailedError."""
        try:
            return await self._started().ask(call)
        except ActionEndedError:  # whatever ended it: an action changes nothing, so it may be asked once more
            return await self._started().ask(call)

    async def close(self) -> None:
        """End the process, and wait until it has."""
        if self._process:
            self._process.close()
            await asyncio.wait({self._process.listening})

    def _started(self) -> Process:
        if self._process is None or not self._process.serves(asyncio.get_running_loop()):
            if self._process:
                self._process.close()
            self._process = Process(self._package)
        return self._process


class Process:
    """One process and the calls it has not answered yet. It is bound to the event loop that runs when it is made."""

    def __init__(self, package: str) -> None:
        """Start it; it answers as soon as it has imported the package."""
        ours, theirs = socket.socketpair()
        with theirs:
            # Its standard error is Rasa's, which in `rasa shell` is somebody's screen: no warnings of libraries there.
            command = (sys.executable, "-W", "ignore", "-m", "bot.rasa.action_process", package, str(theirs.fileno()))
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._sent = self._answered = 0
        self._heard = self._loop.time()
        self._watched = False
        self._ended = False
        self._writer: asyncio.StreamWriter | None = None
        self.listening = self._loop.create_task(self._listen(ours))
        self._connected = asyncio.Event()

    def serves(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether calls of this loop are answered."""
        return loop is self._loop and not self._ended and self._child.poll() is None

    async def ask(self, call: dict[str, Any]) -> Any:
        """Return what came of a call. Raises ActionFailedError, ActionEndedError also of one that hangs."""
        await self._connected.wait()
        number = self._tell(call)
        answer = self._waiting[number] = self._loop.create_future()
        try:
            return await answer
        finally:
            del self._waiting[number]

    def close(self) -> None:
        """Let it end: it does once nobody can ask it any more."""
        self._ended = True
        if self._writer and not self._loop.is_closed():
            self._writer.close()
        elif not self._loop.is_closed():
            self.listening.cancel()

    def _look(self) -> None:
        """End it when it answers nobody: who asked gave up waiting before, so none of them would."""
        if self._answered == self._sent or self._ended:
            self._watched = False
            return
        silent = self._loop.time() - self._heard
        if silent >= (HANGS if self._answered else BEGINS):
            logger.error("the action answered nobody for %.0f s: its process is ended and begun anew", silent)
            self._ended = True
            self._child.kill()
        else:
            self._loop.call_later(max(HANGS - silent, HANGS / 10), self._look)

    def _tell(self, call: dict[str, Any]) -> int:
        """Send a call; return its number, by which its answer is known. Raises ActionEndedError."""
        if self._ended or self._writer is None:
            raise ActionEndedError("the process of the action ended")
        if self._answered == self._sent:
            self._heard = self._loop.time()
        if not self._watched:
            self._watched = True
            self._loop.call_later(HANGS, self._look)
        self._sent += 1
        self._writer.write(json.dumps({"number": self._sent, "call": call}).encode() + b"\n")
        return self._sent

    async def _listen(self, ours: socket.socket) -> None:
        """Hand every answer to who waits for it; when no more can come, tell all who wait."""
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=MOST_BYTES)
        self._connected.set()
        try:
            async for line in reader:
                told = json.loads(line)
                self._answered, self._heard = self._answered + 1, self._loop.time()
                waiting = self._waiting.get(told["number"])  # who gave up waiting is not there any more
                if waiting and not waiting.done():
                    _settle(waiting, told)
        except OSError:
            pass  # it was ended
        finally:
            self._ended = True
            self._writer.close()
            for each in self._waiting.values():
                if not each.done():
                    each.set_exception(ActionEndedError("the process of the action ended"))
            code = await asyncio.to_thread(self._child.wait)
            if code:
                logger.error("the action's process ended (exit code %d); the next call begins another", code)


@cache
def actions() -> Actions:
    """Return the actions of this process, started when first asked for."""
    return Actions(PACKAGE)


def _settle(waiting: asyncio.Future[Any], told: dict[str, Any]) -> None:
    if "error" in told:
        waiting.set_exception(ActionFailedError(told["error"]))
    else:
        waiting.set_result(told["result"])


def _beside_or(request: Request) -> Request:
    @wraps(request)
    async def requested(endpoint: EndpointConfig, *arguments: Any, **options: Any) -> Any:
        if endpoint.type != BESIDE:
            return await request(endpoint, *arguments, **options)
        return await actions().run(options["json"])

    setattr(requested, _KNOWN, True)
    return requested
