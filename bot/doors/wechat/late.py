"""A late answer as a message of its own (客服消息), for an account that may send them: nobody need ask again.

Off unless the account says so. The follower's openid is held as long as their answer is awaited, and nowhere kept.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from bot.doors.wechat import api
from bot.doors.wechat.deliveries import Deliveries, Message

logger = logging.getLogger(__name__)


@dataclass
class LateAnswers:
    """Sends as the account with this AppID and AppSecret."""

    deliveries: Deliveries
    appid: str
    secret: str = field(repr=False)
    url: str = api.API
    _awaited: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def follow(self, follower: str, message: Message) -> None:
        """Send the answer to a message when it is there; the follower has read that it is being looked for."""
        task = asyncio.get_running_loop().create_task(self._send(follower, message))
        self._awaited.add(task)
        task.add_done_callback(self._awaited.discard)

    async def _send(self, follower: str, message: Message) -> None:
        text = await self.deliveries.take_late(message)
        if text is None:  # it was asked for meanwhile
            return
        try:
            await asyncio.to_thread(self._post, follower, text)
        except api.ApiError as error:
            logger.warning("a late answer could not be sent, it waits to be asked for: %s", error)
            await self.deliveries.leave_late(message)

    def _post(self, follower: str, text: str) -> None:
        query = api.token(self.appid, self.secret, self.url)
        sent = {"touser": follower, "msgtype": "text", "text": {"content": text}}
        api.post(f"{self.url}/cgi-bin/message/custom/send?{query}", sent)
