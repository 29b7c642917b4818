"""Rasa's event broker, as we use it: of the events of a turn it makes the one row the staff look at.

Named in endpoints.yml. Rasa hands it each event of a turn, in order, before the conversation is saved; texts have
been masked on their way in. What is wrong with the database never holds up a turn: it is logged, without content, and
the row is written once the database is well again.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from bot.conversation.probes import is_probe
from bot.keeping.events import Considered, EventStore, TurnEvent
from bot.keeping.outbox import Outbox
from bot.settings import read_settings

logger = logging.getLogger(__name__)
# Turns that may wait for a slow database; what comes then leaves no row.
MOST_WAITING = 2000
CONSIDERED = "considered"  # the slot in which the action leaves what the search looked at


class TurnBroker(EventBroker):
    """Gathers a turn's events by sender; writes the row when Rasa listens again."""

    def __init__(self, store: EventStore) -> None:
        """Keep where rows go. One thread writes them, so that no turn waits for the database."""
        self._store = store
        self._open: dict[str, dict[str, Any]] = {}
        self._thread = ThreadPoolExecutor(1, "events")
        self._outbox = Outbox((self._add,))
        self._room = threading.BoundedSemaphore(MOST_WAITING)

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig | None, event_loop: Any = None
    ) -> TurnBroker | None:
        """Create it on the database of the settings."""
        return None if broker_config is None else cls(EventStore(read_settings().database))

    def publish(self, event: dict[str, Any]) -> None:
        """Take one event; nothing here may fail a turn."""
        sender = str(event.get("sender_id", ""))
        if is_probe(sender):
            return
        turn = self._open.get(sender)
        match event.get("event"):
            case "user":
                self._open[sender] = {"user": event}
            case "bot" if turn is not None:
                turn.setdefault("bots", []).append(event)
            case "slot" if turn is not None and event.get("name") == CONSIDERED:
                turn["considered"] = event.get("value")
            case "action" if turn is not None and event.get("name") == "action_listen":
                self._hand_over(self._open.pop(sender))

    async def forget(self, sender: str) -> None:
        """Drop what was gathered of a person's turn, once the rows that wait are written."""
        self._open.pop(sender, None)
        await asyncio.wrap_future(self._thread.submit(self._outbox.forget, sender))

    async def close(self) -> None:
        """Write what is left, and leave the database."""
        self._thread.shutdown(wait=True)
        self._store.close()

    def _hand_over(self, turn: dict[str, Any]) -> None:
        if not self._room.acquire(blocking=False):
            logger.error("a turn left no event: the database is too slow")
            return
        try:
            self._thread.submit(self._write, turn)
        except RuntimeError:  # a turn that ends after we were closed
            logger.error("a turn left no event: the service is stopping")

    def _write(self, turn: dict[str, Any]) -> None:
        try:
            event = turn_event(turn["user"], turn.get("bots", []), turn.get("considered"))
            self._outbox.do(self._add, event.sender, event)
        except (IntegrityError, DataError, ValueError, TypeError, KeyError) as error:
            logger.error("a turn left no event: %s", type(error).__name__)
        except (SQLAlchemyError, OSError) as error:
            logger.error("a turn's event is not written yet: %s", type(error).__name__)
        finally:
            self._room.release()

    def _add(self, _sender: str, event: TurnEvent) -> None:
        self._store.add(event)


def turn_event(user: dict[str, Any], bots: list[dict[str, Any]], considered: Any) -> TurnEvent:
    """Make the row of a turn from Rasa's events, as they are published."""
    customs = [bot["data"]["custom"] for bot in bots if isinstance((bot.get("data") or {}).get("custom"), dict)]
    custom: dict[str, Any] = next(iter(customs), {})
    intent = (user.get("parse_data") or {}).get("intent") or {}
    last = max((bot.get("timestamp") or 0.0 for bot in bots), default=0.0)
    return TurnEvent(
        at=float(user["timestamp"]),
        sender=str(user["sender_id"]),
        channel=str(user.get("input_channel") or ""),
        question=str(user.get("text") or ""),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        outcome=str(custom.get("kind") or "silent"),
        quoted=tuple(quote["passage"] for quote in custom.get("quotes", [])),
        considered=tuple(Considered(*each) for each in considered or ()),
        seconds=max(0.0, last - float(user["timestamp"])),
    )
