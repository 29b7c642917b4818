"""The adapter: WeChat's door with what surrounds a message in 企业微信."""

from __future__ import annotations

from bot.doors.wechat.channel import WeChatInput
from bot.doors.wechat.credentials import WECOM_VARIABLES
from bot.doors.wecom.envelope import WeComEnvelope

NAME = "wecom"


class WeComInput(WeChatInput):
    """The channel `wecom`: GET and POST /webhooks/wecom/webhook."""

    channel, title = NAME, "企业微信"
    variables = WECOM_VARIABLES
    envelope = WeComEnvelope
