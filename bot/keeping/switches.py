"""A switch for each door: while it is off, the door answers with a notice and the hotlines. Knows SQLAlchemy; no door.

Calls go to the database at once, off the event loop; each may raise SQLAlchemyError or OSError when it is ill.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Float, MetaData, String, Table, delete, select

from bot.keeping.database import Database, insert_into

CHANNELS: Mapping[str, str] = {"web": "网页", "wechat": "微信公众号", "wecom": "企业微信"}
# What else a turn may have come through; these have no switch.
DOOR_NAMES: Mapping[str, str] = {**CHANNELS, "rest": "程序接口（REST）", "cmdline": "终端"}

_metadata = MetaData()
_off = Table(
    "doors_switched_off",
    _metadata,
    Column("channel", String(40), primary_key=True),
    Column("at", Float(53), nullable=False),
)


class Switches:
    """The doors that are off, in the database at `url`: every process sees the same."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def off(self) -> Mapping[str, float]:
        """Return the doors that are off, and since when, in seconds since 1970."""
        with self._database.reading() as database:
            return {row.channel: row.at for row in database.execute(select(_off))}

    def turn_off(self, channel: str, at: float) -> None:
        """Close a door; one that is closed stays so."""
        with self._database.writing() as database:
            closing = insert_into(_off, database.dialect.name).values(channel=channel, at=at)
            database.execute(closing.on_conflict_do_nothing())

    def turn_on(self, channel: str) -> None:
        """Open a door."""
        with self._database.writing() as database:
            database.execute(delete(_off).where(_off.c.channel == channel))

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()
