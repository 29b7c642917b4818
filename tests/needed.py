"""What a test needs of the machine it runs on: is it there, does it listen."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

import pytest

from bot.processes.loopback import HOST


def missing(what: str) -> NoReturn:
    """End the test for want of something, which `what` names: skip it, and fail it where everything must be there."""
    pytest.fail(what) if os.environ.get("CI") == "true" else pytest.skip(what)


def listens(port: int) -> bool:
    """Whether a program accepts connections on it."""
    with socket.socket() as one:
        return one.connect_ex((HOST, port)) == 0
