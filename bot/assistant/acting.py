"""The process that runs our action: `python -m bot.assistant.acting PACKAGE DESCRIPTOR`, started by `beside`.

It is asked over a socket, one call a line of JSON, and tells what came of each in the same way. It knows rasa-sdk and
no Rasa, so that it starts soon. It ends when the other end of the socket is closed, however that came about, and on
nothing else: whoever stops the service waits for the reply that is being made.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
import sys

import jieba
from rasa_sdk.executor import ActionExecutor

LOG_FORMAT = "%(asctime)s %(levelname)-8s %(name)s  - %(message)s"


def answer(executor: ActionExecutor, loop: asyncio.AbstractEventLoop, line: bytes) -> bytes:
    """Return the line that says what came of one call; an error by its kind alone: its text may be a person's words."""
    asked = json.loads(line)
    try:
        came = {"result": loop.run_until_complete(executor.run(asked["call"]))}
    except Exception as error:  # whatever an action raises, the next call is answered
        came = {"error": type(error).__name__}
    return json.dumps({"number": asked["number"], **came}).encode() + b"\n"


def serve(package: str, connection: socket.socket) -> None:
    """Answer call after call until nobody is there to ask."""
    executor, loop = ActionExecutor(), asyncio.new_event_loop()
    executor.register_package(package)
    with connection, connection.makefile("rb") as asked, connection.makefile("wb") as told:
        try:
            for line in asked:
                told.write(answer(executor, loop, line))
                told.flush()
        except OSError:  # who asked is gone
            return


def main(package: str, descriptor: str) -> None:
    """Serve over the socket of this number."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    logging.basicConfig(format=LOG_FORMAT, level=logging.WARNING)
    jieba.setLogLevel(logging.WARNING)  # it would tell, on a handler of its own, that it loads its words
    serve(package, socket.socket(fileno=int(descriptor)))


if __name__ == "__main__":
    main(*sys.argv[1:])
