"""The assistant as a door sees it: something that is asked and replies. Knows no Rasa."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.answering.message import Message
from bot.answering.reply import Reply

# Ask the assistant: (message, sender) → its reply, or None when it said nothing.
Ask = Callable[[Message, str], Awaitable[Reply | None]]
