"""From fields to what somebody said or did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doors.wechat.incoming import parse
from bot.doors.wechat.refusal import RefusalError

BASE = {"ToUserName": "gh_account", "FromUserName": "oFollower-1_x", "CreateTime": "1714037059"}
TEXT = {**BASE, "MsgType": "text", "Content": "身份证丢了怎么办", "MsgId": "6054768590064713728"}


def event(**fields: str) -> dict[str, str]:
    """Return the fields of an event."""
    return {**BASE, "MsgType": "event", **fields}


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        (TEXT, "said", "身份证丢了怎么办"),
        ({**TEXT, "Content": ""}, "said", ""),
        ({**TEXT, "Content": "【收到不支持的消息类型，暂无法显示】"}, "unreadable", ""),
        ({**TEXT, "MsgType": "voice", "Recognition": "卖卡会怎样。"}, "said", "卖卡会怎样。"),
        ({**TEXT, "MsgType": "voice"}, "unheard", ""),
        ({**TEXT, "MsgType": "image", "PicUrl": "http://x"}, "unreadable", ""),
        ({**TEXT, "MsgType": "location"}, "unreadable", ""),
        ({**TEXT, "MsgType": "link"}, "unreadable", ""),
        ({**TEXT, "MsgType": "what-comes-next-year"}, "unreadable", ""),
        (event(Event="subscribe", EventKey="qrscene_1"), "came", "qrscene_1"),
        (event(Event="SCAN", EventKey="1"), "came", "1"),
        (event(Event="CLICK", EventKey="topic:report"), "chosen", "topic:report"),
        (event(Event="unsubscribe"), "left", ""),
        (event(Event="UNSUBSCRIBE", EventKey=""), "left", ""),
        (event(Event="VIEW", EventKey="http://x"), "viewed", "http://x"),
        (event(Event="view_miniprogram", EventKey="pages/chat/chat", MenuId="1"), "viewed", "pages/chat/chat"),
        (event(Event="LOCATION", Latitude="23.1"), "nothing", ""),
        (event(), "nothing", ""),
    ],
)
def test_kinds(fields: dict[str, str], kind: str, text: str) -> None:
    """Each kind of message and event that WeChat sends."""
    incoming = parse(fields)
    assert (incoming.kind, incoming.text) == (kind, text)
    assert (incoming.follower, incoming.account) == ("oFollower-1_x", "gh_account")


@pytest.mark.parametrize(
    ("fields", "came_by"),
    [
        (event(Event="subscribe", EventKey="qrscene_poster-3", Ticket="T"), ("followed", "poster-3")),
        (event(Event="SCAN", EventKey="4294967295", Ticket="T"), ("scanned", "4294967295")),
        (event(Event="scan", EventKey="qrscene_"), ("scanned", "qrscene_")),
        (event(Event="CLICK", EventKey="topic:report"), ("menu", "topic:report")),
        (event(Event="click", EventKey="emergency", AgentID="1"), ("menu", "emergency")),
        (event(Event="VIEW", EventKey="https://a.example.cn/x?openid=o1#y"), ("menu", "https://a.example.cn/x")),
        (event(Event="view_miniprogram", EventKey="pages/chat/chat?from=o1"), ("menu", "pages/chat/chat")),
        (event(Event="subscribe", EventKey=""), None),
        (event(Event="subscribe", EventKey="last_trade_no_4001"), None),
        (event(Event="SCAN"), None),
        (event(Event="CLICK", EventKey=""), None),
        (event(Event="unsubscribe", EventKey="qrscene_1"), None),
        (event(Event="user_authorization_revoke", OpenID="o1", EventKey="1"), None),
        ({**TEXT, "Event": "CLICK", "EventKey": "topic:report"}, None),
    ],
)
def test_how_they_came(fields: dict[str, str], came_by: tuple[str, str] | None) -> None:
    """By the scene of a QR code, anew or again, or by the menu; a page without what stands behind it in its address."""
    assert parse(fields).came_by == came_by


def test_what_tells_messages_apart() -> None:
    """Follower and MsgId; the MsgId alone is not unique."""
    assert parse(TEXT).identity == parse({**TEXT, "CreateTime": "1714037064"}).identity
    assert parse(TEXT).identity != parse({**TEXT, "FromUserName": "oOther"}).identity
    assert parse(TEXT).identity != parse({**TEXT, "MsgId": "1"}).identity


@pytest.mark.parametrize("name", ["FromUserName", "CreateTime", "Event", "EventKey"])
def test_what_tells_events_apart(name: str) -> None:
    """Follower, time, event and key, one and all."""
    click = event(Event="CLICK", EventKey="topic:report")
    assert parse(click).identity == parse(dict(click)).identity
    assert parse(click).identity != parse({**click, name: "1"}).identity


@pytest.mark.parametrize("name", ["ToUserName", "FromUserName"])
@pytest.mark.parametrize("value", ["", "]]><x>", "断 卡", "a\nb", "9" * 70])
def test_nobody_to_answer(name: str, value: str) -> None:
    """Without who sent it, and to whom, there is nobody to answer."""
    with pytest.raises(RefusalError, match=name) as refused:
        parse({**TEXT, name: value})
    assert refused.value.status == 400
    assert value not in refused.value.reason or not value


@pytest.mark.parametrize("name", ["CreateTime", "MsgType", "MsgId"])
@pytest.mark.parametrize("value", ["", "]]><x>", "断 卡", "a\nb", "9" * 70])
def test_anything_else_that_is_missing_or_malformed(name: str, value: str) -> None:
    """Whoever sent it is answered: that it cannot be read. It is known again, and told from others."""
    odd = {**TEXT, name: value}
    assert parse(odd).kind == "unreadable"
    assert parse(odd).identity == parse(dict(odd)).identity
    assert parse(odd).identity != parse({**odd, "MsgId": "77", "Content": "另一条"}).identity


@pytest.mark.parametrize("name", ["user_authorization_revoke", "user_authorization_cancellation"])
def test_who_takes_back_what_they_authorised(name: str) -> None:
    """The platform tells it in its own name, about the follower in OpenID; what has changed in a profile is nothing."""
    told = event(Event=name, OpenID="oLeaver", AppID="wx0123456789abcdef", RevokeInfo="1")
    assert (parse(told).kind, parse(told).follower) == ("left", "oLeaver")
    assert parse(told).identity != parse({**told, "OpenID": "oOther"}).identity
    assert parse(event(Event=name)).kind == "nothing"
    assert parse(event(Event="user_info_modified", OpenID="oLeaver")).kind == "nothing"


@given(st.dictionaries(st.sampled_from([*TEXT, "Event", "EventKey", "Recognition"]), st.text(max_size=20)))
def test_any_fields(fields: dict[str, str]) -> None:
    """A message or a refusal, nothing else."""
    try:
        assert parse({**TEXT, **fields}).follower
    except RefusalError as refused:
        assert refused.status == 400  # noqa: PT017 - both ends are right
