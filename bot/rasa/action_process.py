"""The process that runs our action, started by `action_endpoint`: `python -m bot.rasa.action_process PACKAGE SOCKET`.

It is asked over a socket, one call a line of JSON, and tells what came of each in the same way. Calls are done one
after the other, so that each has the processor to itself; one that takes longer than a moment goes on beside those
after it: nobody waits for another person. It knows rasa-sdk and no Rasa, so that it starts soon. It ends when the other
end of the socket is closed, however that came about, and on nothing else: whoever stops the service waits for the
reply that is being made.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress

import jieba
from rasa_sdk.executor import ActionExecutor

LOG_FORMAT = "%(asctime)s %(levelname)-8s %(name)s  - %(message)s"


# Seconds in which a call holds up the next. Most take some hundredths.
MOMENT = 0.5
# How many may go on beside each other. When all of them hang nobody is answered any more, and `beside` begins anew.
MOST_CALLS = 64

_own = threading.local()


def answer(executor: ActionExecutor, line: bytes) -> bytes:
    """Return the line that says what came of one call; an error by its kind alone: its text may be a person's words."""
    asked = json.loads(line)
    try:
        came = {"result": _loop().run_until_complete(executor.run(asked["call"]))}
    except Exception as error:  # whatever an action raises, the next call is answered
        came = {"error": type(error).__name__}
    return json.dumps({"number": asked["number"], **came}).encode() + b"\n"


def serve(package: str, connection: socket.socket) -> None:
    """Answer call after call until nobody is there to ask."""
    executor = ActionExecutor()
    executor.register_package(package)
    telling = threading.Lock()
    with connection, connection.makefile("rb") as asked, connection.makefile("wb") as told:

        def tell(line: bytes) -> None:
            said = answer(executor, line)
            with telling, suppress(OSError, ValueError):  # who asked is gone
                told.write(said)
                told.flush()

        calls = ThreadPoolExecutor(MOST_CALLS, "action")
        with suppress(OSError):
            for line in asked:
                wait((calls.submit(tell, line),), MOMENT)
        calls.shutdown(wait=False, cancel_futures=True)


def _loop() -> asyncio.AbstractEventLoop:
    """Return this thread's event loop: an action may be a coroutine."""
    if not hasattr(_own, "loop"):
        _own.loop = asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = _own.loop
    return loop


def main(package: str, descriptor: str) -> None:
    """Serve over the socket of this number."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    logging.basicConfig(format=LOG_FORMAT, level=logging.WARNING)
    jieba.setLogLevel(logging.WARNING)  # it would tell, on a handler of its own, that it loads its words
    serve(package, socket.socket(fileno=int(descriptor)))
    logging.shutdown()
    os._exit(0)  # a call that hangs holds up nobody's end: who would hear of it is gone


if __name__ == "__main__":
    main(*sys.argv[1:])
