"""The web door: a Rasa channel of JSON calls and pages under /webhooks/web/, as docs/web-channel.md tells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint

from bot.conversation.concurrency import LONG_MOMENT, paced
from bot.conversation.duty import duty_of, handing_over
from bot.conversation.exchange import Exchange
from bot.conversation.limits import limits_of
from bot.conversation.metrics import figures
from bot.conversation.rasa_assistant import asker
from bot.conversation.switching import Switch
from bot.doors.http.headers import Headers
from bot.doors.http.routing import add_routes, closed
from bot.doors.http.server import serve_with
from bot.doors.web.api import api_routes
from bot.doors.web.files import Files
from bot.doors.web.noscript import plain_routes
from bot.doors.web.reader import reader_routes
from bot.doors.web.widget import widget_routes
from bot.keeping.events import EventStore
from bot.keeping.retention import retention_of
from bot.keeping.web_sessions import Ledger
from bot.knowledge.catalogue import catalogue_of
from bot.settings import Settings, read_settings

NAME = "web"
BUILT = Path(__file__).parents[2] / "widget" / "dist"


class WebInput(InputChannel):
    """Rasa's view of the door; `built` is the folder of the widget as Vite made it, `demo`: there is a demo page."""

    def __init__(self, settings: Settings | None = None, built: Path = BUILT, demo: bool = True) -> None:
        """Read the settings, unless they are given."""
        self._settings = settings or read_settings()
        self._built, self._demo = built, demo

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> WebInput:
        """Return the door as the credentials file has it: `demo: false` leaves out the demo page."""
        return cls(demo=(credentials or {}).get("demo", True) is not False)

    @classmethod
    def name(cls) -> str:
        """Return the part of the path that is ours."""
        return NAME

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes; the database is connected to when the server starts."""
        ledger, events = Ledger(self._settings.database), EventStore(self._settings.database)
        ask = asker(on_new_message, NAME, Switch(self._settings.database, NAME))
        begun = paced(ask, moment=LONG_MOMENT)
        told = handing_over(figures().counted(begun, NAME), NAME, duty_of(self._settings))
        exchange = Exchange(ledger, told, note=events.judge)
        retention = retention_of(self._settings)
        catalogue, limits = catalogue_of(self._settings), limits_of(self._settings)
        blueprint = Blueprint("duanka_web", strict_slashes=True)
        headers = Headers(self._settings.web_origins)
        routes = {
            **api_routes(exchange, catalogue, limits, retention.forget),
            **widget_routes(Files(self._built)),
            **reader_routes(catalogue, self._settings.old_after_years, self._demo),
            **plain_routes(exchange, catalogue, limits, retention.forget),
        }
        add_routes(blueprint, routes)
        closed(blueprint)
        serve_with(blueprint, self._settings)
        retention.serve_with(blueprint)
        blueprint.middleware("response")(headers.add)

        @blueprint.listener("before_server_start")
        async def prepare(*_: Any) -> None:
            await exchange.prepare()

        @blueprint.listener("after_server_stop")
        async def close(*_: Any) -> None:
            exchange.close()
            events.close()

        return blueprint
