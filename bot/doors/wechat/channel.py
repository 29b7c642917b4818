"""The adapter: Rasa's channel interface and HTTP on one side, the pure modules of this door on the other."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw, text

from bot.answering.apology import apology
from bot.answering.rendering import render_text
from bot.conversation.concurrency import paced
from bot.conversation.duty import duty_of, handing_over
from bot.conversation.limits import limited, limits_of
from bot.conversation.metrics import figures
from bot.conversation.rasa_assistant import asker
from bot.conversation.switching import Switch
from bot.conversation.turns import Turns
from bot.doors.http.server import add_headers, serve_with
from bot.doors.wechat import menu
from bot.doors.wechat.counting import Counting
from bot.doors.wechat.credentials import VARIABLES, Credentials, read_credentials
from bot.doors.wechat.deliveries import Deliveries, Message
from bot.doors.wechat.envelope import Envelope, Letter
from bot.doors.wechat.incoming import Incoming, parse
from bot.doors.wechat.late import LateAnswers
from bot.doors.wechat.pagination import Style
from bot.doors.wechat.refusal import FORBIDDEN, UNREADABLE, RefusalError
from bot.doors.wechat.replying import Replying, greeting
from bot.doors.wechat.shared_store import SharedNotes
from bot.doors.wechat.ttl_store import MemoryNotes, Notes, RedisNotes
from bot.keeping.retention import Forget, retention_of
from bot.keeping.tallies import Tallies, Way
from bot.knowledge.catalogue import Catalogue, catalogue_of
from bot.knowledge.messages import read_message
from bot.reading.records import Topic
from bot.settings import Settings, read_settings

logger = logging.getLogger(__name__)

NAME = "wechat"
MOST_BODY = 64 * 1024
# WeChat has cut the connection by then, 5 s after it opened it. Only somebody else is still there.
HOLD = 6.0
# How long who is greeted, or comes by the menu, waits for the topics.
TOPICS_SECONDS = 2.0
_NOTHING = "success"  # what WeChat takes for: no reply, and do not send it again


class WeChatInput(InputChannel):
    """The channel `wechat`: GET and POST /webhooks/wechat/webhook."""

    channel, title = NAME, "微信公众号"
    variables: Mapping[str, str] = VARIABLES
    envelope: Callable[[Credentials], Envelope] = Envelope

    def __init__(self, credentials: Credentials, settings: Settings) -> None:
        """Keep what the account is connected with, and where topics and switches are."""
        self._credentials = credentials
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which is also its path."""
        return cls.channel

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> WeChatInput:
        """Read Rasa's credentials. Raises RasaException naming every variable that is missing or wrong."""
        try:
            return cls(read_credentials(credentials, cls.variables), read_settings())
        except ValueError as error:
            raise RasaException(f"{cls.title}渠道没有配置好：\n{error}") from error

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the two calls WeChat makes."""
        name = self.channel
        ask = paced(asker(on_new_message, name, Switch(self._settings.database, name)))
        counted = figures().counted(limited(ask, limits_of(self._settings), "follower", name), name)
        turns = Turns(handing_over(counted, name, duty_of(self._settings)))
        retention = retention_of(self._settings)
        notes = _notes(self._credentials.redis_url or self._settings.redis)
        envelope = type(self).envelope(self._credentials)
        counting = Counting(Tallies(self._settings.database), name)
        catalogue = catalogue_of(self._settings)
        door = _Door(self._credentials, name, envelope, notes, catalogue, turns, retention.forget, counting.note)
        blueprint = Blueprint(f"{name}_webhook", __name__)

        @blueprint.get("/webhook")
        async def check(request: Request) -> HTTPResponse:
            return await door.check(request)

        # As a stream: who is not WeChat does not make us read more than it may send.
        @blueprint.post("/webhook", stream=True)
        async def receive(request: Request) -> HTTPResponse:
            return await door.receive(request)

        @blueprint.listener("after_server_start")
        async def look(*_: Any) -> None:
            door.look()

        @blueprint.listener("before_server_stop")
        async def write(*_: Any) -> None:
            await counting.close()

        serve_with(blueprint, self._settings)
        retention.serve_with(blueprint)
        blueprint.middleware("response")(add_headers)
        _keep_queries_out_of_logs()
        return blueprint


class _Door:
    def __init__(
        self,
        credentials: Credentials,
        name: str,
        envelope: Envelope,
        notes: Notes,
        catalogue: Catalogue,
        turns: Turns,
        forget: Forget,
        count: Callable[[Way, str], None],
    ) -> None:
        style = Style(credentials.public_url, credentials.links)
        self._secret = credentials.sender_secret.encode()
        self._name, self._envelope = name, envelope
        self._deliveries = Deliveries(notes, style)
        self._catalogue, self._topics = catalogue, tuple[Topic, ...]()
        self._looking: asyncio.Task[None] | None = None
        self._replying = Replying(turns, self._deliveries, style, {}, (), forget, count, credentials.transfer)
        secret = credentials.app_secret
        self._late = LateAnswers(self._deliveries, credentials.appid, secret) if secret else None

    async def check(self, request: Request) -> HTTPResponse:
        """Answer WeChat's check of the address."""
        try:
            echo = self._envelope.echo(_query(request), time.time())
        except RefusalError as refusal:
            return _refused(refusal)
        return text(echo, headers={"X-Content-Type-Options": "nosniff"})

    def look(self) -> asyncio.Task[None]:
        """Begin to look at the topics, unless somebody is looking; return who does."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_at_topics())
        return self._looking

    async def _look_at_topics(self) -> None:
        """Greet with, and read the menu by, the topics as they are now."""
        topics = (await self._catalogue.take()).topics
        if topics != self._topics:
            self._topics = topics
            self._replying = replace(self._replying, asks=menu.asks_of(topics), greeting=greeting(topics))

    async def _topics_for(self, incoming: Incoming) -> None:
        """Look at the topics again, beside everything else: reading the folder may take longer than a reply has.

        Who is greeted, or comes by the menu, waits a moment for them; nobody else does.
        """
        looking = self.look()
        if incoming.kind in ("came", "chosen"):
            await asyncio.wait({looking}, timeout=TOPICS_SECONDS)

    async def receive(self, request: Request) -> HTTPResponse:
        """Answer a message or an event: with its text, or with nothing, so that WeChat sends it again."""
        arrival = time.monotonic()
        try:
            letter = self._envelope.open(_query(request), await _body(request), time.time())
            incoming = parse(letter.fields)
            message = self._message(incoming)
            await self._topics_for(incoming)
            if not letter.bound and not await self._deliveries.claim(self._hash(letter.stamp), message.key):
                raise RefusalError(FORBIDDEN, "the signature was another message's")
        except RefusalError as refusal:
            return _refused(refusal)
        if incoming.kind == "nothing":
            return text(_NOTHING)
        said = await self._deliver(incoming, message, arrival)
        if said is None:
            return await _held(arrival)
        if self._late and incoming.kind == "said" and said == self._deliveries.wait:
            self._late.follow(incoming.follower, message)
        return self._sealed(letter, incoming, said) if said else text(_NOTHING)

    async def _deliver(self, incoming: Incoming, message: Message, arrival: float) -> str | None:
        try:
            return await self._deliveries.deliver(message, lambda: self._replying.write(incoming, message), arrival)
        except Exception as error:  # nobody is left without a word; values may be a person's words and stay out
            logger.error("delivering failed: %s", type(error).__name__)
            return render_text(apology(read_message(incoming.text)))

    def _sealed(self, letter: Letter, incoming: Incoming, said: str) -> HTTPResponse:
        xml = self._envelope.close(letter, incoming.follower, incoming.account, said, time.time())
        return raw(xml.encode(), content_type="application/xml; charset=utf-8")

    def _message(self, incoming: Incoming) -> Message:
        sender = f"{self._name}-{self._hash(incoming.follower)}"
        return Message(self._hash(f"{self._name}\n{incoming.identity}"), sender, incoming.created)

    def _hash(self, name: str) -> str:
        """Return a name that only who has the secret can make of it."""
        return hmac.new(self._secret, name.encode(), hashlib.sha256).hexdigest()


def _notes(redis_url: str) -> Notes:
    """Return what this door remembers with: its account's Redis, else that of all doors, else its own memory."""
    own = MemoryNotes()
    return SharedNotes(RedisNotes(redis_url), own) if redis_url else own


def _query(request: Request) -> Mapping[str, str]:
    """Return the parameters. Raises RefusalError when one is given twice: whose reading would count?"""
    if any(len(values) > 1 for values in request.args.values()):
        raise RefusalError(UNREADABLE, "a parameter is given twice")
    return {name: values[0] for name, values in request.args.items()}


async def _body(request: Request) -> bytes:
    """Return the body. Raises RefusalError when it is longer than 64 KB, whatever its header says."""
    stream = request.stream
    assert stream is not None
    stream.request_max_size = MOST_BODY
    try:
        await request.receive_body()  # type: ignore[no-untyped-call]
    except PayloadTooLarge:
        raise RefusalError(UNREADABLE, "the body is longer than 64 KB") from None
    return bytes(request.body)


async def _held(arrival: float) -> HTTPResponse:
    """Keep the connection without a word until WeChat cuts it: that is how it knows to send the message again."""
    await asyncio.sleep(max(0.0, arrival + HOLD - time.monotonic()))
    return empty(503)


def _refused(refusal: RefusalError) -> HTTPResponse:
    logger.warning("refused with %d: %s", refusal.status, refusal.reason)
    return empty(refusal.status)


class _WithoutQueries(logging.Filter):
    """Takes the queries out of what the server logs of requests: WeChat's hold an openid and a signature."""

    _QUERY = re.compile(r"(/webhook)\?\S*")

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass without them."""
        for name in ("request", "msg"):
            value = getattr(record, name, None)
            if isinstance(value, str):
                setattr(record, name, self._QUERY.sub(r"\1", value))
        return True


def _keep_queries_out_of_logs() -> None:
    for name in ("sanic.root", "sanic.access", "sanic.error"):
        logging.getLogger(name).addFilter(_WithoutQueries())
