"""Every message comes in through here, whatever the door: cleaned, masked, and never left without a reply.

Rasa has no hook between its channels and its processor, and its own doors (`rest`, `rasa shell`) store and log a
message as it was typed. So `guard_every_door` wraps, in the running process, the two methods all of them share. Our
stores call it when Rasa makes them (endpoints.yml), which it does in every `rasa run` and `rasa shell`. It is written
for one version of Rasa and refuses any other, rather than let a message by.
"""

from __future__ import annotations

import hashlib
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.constants import DEFAULT_SENDER_ID
from sanic.exceptions import InvalidUsage

from bot.answering.apology import apology
from bot.answering.message import READ, Message
from bot.answering.records import Answer
from bot.answering.rendering import render_custom, render_text
from bot.answering.reply import Reply
from bot.conversation.admission import Admitted, admit
from bot.conversation.faults import describe
from bot.conversation.metrics import REST, figures, is_counted, outcome_of
from bot.conversation.probes import is_probe
from bot.rasa.patches.logs import keep_words_out
from bot.rasa.patches.version import expect_rasa
from bot.text.masking import mask

logger = logging.getLogger(__name__)

NOT_AN_OBJECT = '请求的内容应是一个 JSON 对象，例如 {"sender": "me", "message": "身份证丢了怎么办"}'
# Names that a program made: they tell nothing about a person, whatever digits stand in them.
_MADE = re.compile(r"(?:[a-z]+[-_:.])*[0-9a-f]{32,64}", re.ASCII)
_NAME = re.compile(r"[\w.:@+-]{1,100}", re.ASCII)
_CHANNEL = re.compile(r"[A-Za-z_.]{1,40}", re.ASCII)
_GUARDED = "_duanka_guarded"

Handler = Callable[[Agent, UserMessage], Awaitable[Any]]


def guard_every_door() -> None:
    """Put the guard before Rasa's agent and its REST doors, once. Raises RuntimeError for another version of Rasa."""
    expect_rasa("bot/rasa/patches/intake.py")
    if getattr(Agent.handle_message, _GUARDED, False):
        return
    Agent.handle_message = guarded(Agent.handle_message)
    RestInput._extract_sender = _sender_of
    RestInput._extract_message = _message_of
    keep_words_out()


def guarded(handle: Handler) -> Handler:
    """Return Rasa's `handle_message` behind the guard."""

    @wraps(handle)
    async def handle_message(agent: Agent, message: UserMessage) -> list[dict[str, Any]] | None:
        # One of our doors has read it already; whatever else a program sends beside the text, nobody looks at.
        read = message.metadata
        admitted = Admitted(read) if isinstance(read, Message) else admit(_said(message))
        message.text = admitted.text
        message.sender_id, message.input_channel = sender_name(message.sender_id), _channel_name(message.input_channel)
        message.metadata = {READ: admitted.message.as_dict()}
        with _counted(message.sender_id) as came_to, _Ear(message.output_channel) as ear:
            if admitted.reply is None:
                await _attempt(handle, agent, message)
            if ear.heard is None:
                await _say(message, admitted.reply or apology(admitted.message))
            came_to(outcome_of(ear.heard))
        output = message.output_channel
        return output.messages if isinstance(output, CollectingOutputChannel) else None

    setattr(handle_message, _GUARDED, True)
    return handle_message


def _said(message: UserMessage) -> str:
    return message.text if isinstance(message.text, str) else ""


def sender_name(name: str) -> str:
    """Return the name a conversation is kept under: as given, unless it may tell who the person is.

    A missing name is a new conversation: Rasa would put all that have none into one.
    """
    if name == DEFAULT_SENDER_ID:
        return uuid.uuid4().hex
    if _MADE.fullmatch(name) or (_NAME.fullmatch(name) and mask(name) == name):
        return name
    return f"sender-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _counted(sender: str) -> AbstractContextManager[Callable[[str], None]]:
    """Count a message of Rasa's own channels. Ours count their own; a health check is not counted."""
    nobody = is_counted() or is_probe(sender)
    return nullcontext(lambda _: None) if nobody else figures().message(REST)


class _Ear:
    """Hears what is said through an output channel: `heard` is None as long as there is no word."""

    def __init__(self, output: OutputChannel) -> None:
        self._output = output
        self._texts: list[str] = []
        self._custom: dict[str, Any] = {}

    @property
    def heard(self) -> Reply | None:
        """All of it as one reply."""
        return Reply("\n".join(self._texts), self._custom) if self._texts else None

    def __enter__(self) -> _Ear:
        send = self._output.send_response

        async def noted(recipient: str, message: dict[str, Any]) -> None:
            if message.get("text"):
                self._texts.append(message["text"])
            if isinstance(message.get("custom"), dict):
                self._custom = message["custom"]
            await send(recipient, message)

        self._output.send_response = noted
        return self

    def __exit__(self, *_: object) -> None:
        del self._output.send_response


async def _attempt(handle: Handler, agent: Agent, message: UserMessage) -> None:
    """Have Rasa answer; what goes wrong is logged here, without a value, and not by Rasa, which logs the text."""
    try:
        await handle(agent, message)
    except Exception as error:  # the person must read something, whatever broke
        logger.error("a message was not answered: %s", describe(error))


async def _say(message: UserMessage, answer: Answer) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": render_text(answer)})
    await message.output_channel.send_response(message.sender_id, {"custom": render_custom(answer)})


def _channel_name(name: str | None) -> str | None:
    return name if isinstance(name, str) and _CHANNEL.fullmatch(name) else None


async def _sender_of(_: RestInput, request: Any) -> str | None:
    if not isinstance(request.json, dict):
        raise InvalidUsage(NOT_AN_OBJECT)
    sender = request.json.get("sender")
    return None if sender is None else str(sender)


def _message_of(_: RestInput, request: Any) -> str:
    """Return the text; anything else is no text, and gets the reply to one who said nothing."""
    text = request.json.get("message")
    return text if isinstance(text, str) else ""
