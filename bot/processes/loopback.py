"""What we ask of this machine's loopback: is a port free, does a server answer. Knows HTTP; starts nothing."""

from __future__ import annotations

import errno
import json
import socket
import urllib.request
import uuid
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from bot.conversation.probes import PROBE_QUESTION, is_answer, probe_sender
from bot.processes.programs import CommandError

HOST = "127.0.0.1"
_given: set[int] = set()  # the ports that were handed out


def expect_free(ports: Sequence[tuple[int, str]]) -> None:
    """Raise CommandError naming the first port that cannot be had, and how to choose another.

    `ports` are (number, the environment variable that sets it).
    """
    numbers = [number for number, _ in ports]
    for number, variable in ports:
        if numbers.count(number) > 1:
            raise CommandError(f"两个服务不能共用端口 {number}：请给 {variable} 另选一个")
        wrong = _why_not(number)
        if wrong:
            other = next((n for n in range(number + 1, 65536) if not _why_not(n)), free_port())
            advice = f"请先关掉占用它的程序，或换一个端口，例如 make run {variable}={other}"
            raise CommandError(f"端口 {number} {wrong}：{advice}")


def free_port() -> int:
    """A port that nobody listens on just now; never the same twice: who was given one may not listen yet."""
    while True:
        with socket.socket() as one:
            one.bind((HOST, 0))
            port = int(one.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


def answers(url: str, seconds: float = 5.0) -> bool:
    """Whether GET `url` is answered with success."""
    try:
        with _open(urllib.request.Request(url), seconds) as response:
            return bool(response.status == 200)
    except (OSError, ValueError, HTTPException):
        return False


def has_route(url: str, seconds: float = 5.0) -> bool:
    """Whether a server knows the path of `url`; asked by a method no route has, so that nothing is done or noted."""
    try:
        with _open(urllib.request.Request(url, method="PUT"), seconds):
            return True
    except HTTPError as error:
        return error.code != 404
    except (OSError, ValueError, HTTPException):
        return False


def replies(rest_url: str, seconds: float = 60.0) -> bool:
    """Whether a real question over the REST channel gets a reply that says something, and is no apology."""
    message = {"sender": probe_sender(), "message": PROBE_QUESTION}
    body = json.dumps(message).encode()
    request = urllib.request.Request(rest_url, body, {"Content-Type": "application/json"})
    try:
        with _open(request, seconds) as response:
            bubbles = json.load(response)
            told = [bubble["text"] for bubble in bubbles if bubble.get("text")]
            return all(map(is_answer, told)) and any(bubble.get("text") or bubble.get("custom") for bubble in bubbles)
    except (OSError, ValueError, HTTPException):
        return False


def replies_on_the_web(web_url: str, seconds: float = 60.0) -> bool:
    """Whether a real question gets a reply over the web channel, which `web_url` (ending in /) names.

    The session is erased again: it was no one's conversation.
    """
    try:
        session = {"session": _posted(f"{web_url}session", {}, seconds)["session"]}
        turn = _posted(f"{web_url}message", {**session, "id": uuid.uuid4().hex, "text": PROBE_QUESTION}, seconds)
        _posted(f"{web_url}erase", session, seconds)
        return is_answer(turn["reply"]["text"])
    except (OSError, ValueError, HTTPException, KeyError, TypeError):
        return False


def _posted(url: str, sent: object, seconds: float) -> Any:
    """Return the JSON that comes back; None for nothing."""
    request = urllib.request.Request(url, json.dumps(sent).encode(), {"Content-Type": "application/json"})
    with _open(request, seconds) as response:
        said = response.read()
    return json.loads(said) if said else None


def _open(request: urllib.request.Request, seconds: float) -> Any:
    """Never through a proxy: the environment may name one, and it does not know our loopback."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=seconds)


def _why_not(port: int) -> str:
    """Why we cannot listen on it; empty when we can."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: a port just left is free
        try:
            one.bind((HOST, port))
        except OSError as error:
            return "已被占用" if error.errno == errno.EADDRINUSE else f"不能使用（{error.strerror}）"
    return ""
