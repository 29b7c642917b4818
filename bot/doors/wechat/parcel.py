"""What a message leads to, as it is noted until it is delivered. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bot.answering.records import Answer
from bot.answering.reply import Reply
from bot.doors.wechat.pagination import Pages, Style, paginate


@dataclass(frozen=True)
class Parcel:
    """What a message leads to. `owed` is the earlier message whose answer this is, "" when it is this one's own.

    `created` is when what it answers was asked (see Message): so it can be said without repeating it.
    """

    pages: Pages
    owed: str = ""
    passing: bool = False  # says nothing that 更多 or a number could refer to
    created: int = 0
    rest: bool = False  # whether it goes on where a reply was cut

    @classmethod
    def of(cls, sentence: str) -> Parcel:
        """Return one of this door's own sentences."""
        return cls(Pages((sentence,)), passing=True)

    @classmethod
    def laid(cls, answer: Answer, style: Style) -> Parcel:
        """Return an answer that was made without asking the assistant."""
        return cls(paginate(Reply.of(answer), style), passing=True)

    def dump(self) -> str:
        """Return it as text for the notes."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Parcel:
        """Read what `dump` gave."""
        data = json.loads(text)
        pages = data["pages"]
        known = Pages(tuple(pages["texts"]), tuple(pages["suggestions"]), pages["urgent"], pages["further"])
        return cls(known, data["owed"], data["passing"], data["created"], data["rest"])
