"""What a sender may ask for by a word or a number after a reply: its rest, what is further told, its suggestions.

Knows the notes; knows neither attempts nor what is owed.
"""

from __future__ import annotations

import json
from dataclasses import replace

from bot.doors.wechat.noted import KEEP, name_of
from bot.doors.wechat.parcel import Parcel
from bot.doors.wechat.ttl_store import Notes


class Offers:
    """Of each sender those of the last reply that was delivered."""

    def __init__(self, notes: Notes) -> None:
        """Keep the notes."""
        self._notes = notes

    async def make(self, sender: str, parcel: Parcel) -> None:
        """Note what a parcel offers whose first page the sender has now read, in place of what was offered before."""
        rest = replace(parcel.pages, texts=parcel.pages.texts[1:])
        await self._notes.take(name_of("rest", sender))
        if rest.texts:
            await self._notes.put(name_of("rest", sender), Parcel(rest, created=parcel.created).dump(), KEEP)
        await self._notes.take(name_of("further", sender))
        if parcel.pages.further:
            await self._notes.put(name_of("further", sender), "", KEEP)
        shown = () if rest.texts else parcel.pages.suggestions
        await self._notes.put(name_of("suggested", sender), json.dumps(shown, ensure_ascii=False), KEEP)

    async def rest_for(self, sender: str) -> Parcel | None:
        """Return what of the last reply has not been shown, once; None when all has."""
        noted = await self._notes.take(name_of("rest", sender))
        return replace(Parcel.load(noted), rest=True) if noted else None

    async def has_further(self, sender: str) -> bool:
        """Whether the assistant offered to tell more of what it answered last."""
        return await self._notes.get(name_of("further", sender)) is not None

    async def suggestions_for(self, sender: str) -> tuple[str, ...]:
        """Return what the numbers stand for: the suggestions shown last."""
        noted = await self._notes.get(name_of("suggested", sender))
        return tuple(json.loads(noted)) if noted else ()

    async def forget(self, sender: str) -> None:
        """Offer the sender nothing more."""
        await self._notes.take(name_of("rest", sender))
        await self._notes.take(name_of("suggested", sender))
        await self._notes.take(name_of("further", sender))
