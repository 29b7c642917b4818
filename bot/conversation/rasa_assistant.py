"""How a door puts a message to Rasa, in the same process: the one place of the doors that knows Rasa's messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.answering import sentences
from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.rendering import render_custom
from bot.answering.reply import Reply
from bot.conversation.assistant import Ask
from bot.conversation.switching import Switch


def asker(on_new_message: Callable[[UserMessage], Awaitable[Any]], channel: str, switch: Switch | None = None) -> Ask:
    """Return the function that asks Rasa in the name of `channel`; while its `switch` is off, a notice answers."""

    async def ask(message: Message, sender: str) -> Reply | None:
        if switch and await switch.is_off():
            return Reply.of(apology(message, sentences.CLOSED))
        output = CollectingOutputChannel()
        await on_new_message(UserMessage(message.masked, output, sender, input_channel=channel, metadata=message))
        return collect(output.messages, message)

    return ask


def collect(messages: list[dict[str, Any]], question: Message | None = None) -> Reply | None:
    """Make one reply of what Rasa said; None when it said nothing.

    Rasa's own fixed sentences come without a `custom` object: it is then that of an apology.
    """
    text = "\n".join(message["text"] for message in messages if message.get("text"))
    custom = next((message["custom"] for message in messages if isinstance(message.get("custom"), dict)), None)
    if not text:
        return None
    return Reply(text, custom or {**render_custom(apology(question)), "lead": text})
