"""An answer as every door delivers it: one text, and one `custom` object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.answering.records import Answer
from bot.answering.rendering import render_custom, render_text


@dataclass(frozen=True)
class Reply:
    """What a person gets: one text, and the `custom` object of the design."""

    text: str
    custom: Mapping[str, Any]

    @classmethod
    def of(cls, answer: Answer) -> Reply:
        """Render an answer."""
        return cls(render_text(answer), render_custom(answer))
