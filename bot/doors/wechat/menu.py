"""The account's menu: what its keys stand for, what WeChat is told of it, and telling it. Knows topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.doors.wechat.api import API, NoMenuError, get, post, token
from bot.doors.wechat.api import ApiError as MenuError
from bot.reading.records import Topic

EMERGENCY = "emergency"
# WeChat's limits: three buttons of five entries; bytes of a button's and of an entry's name.
ENTRIES, BUTTON_BYTES, ENTRY_BYTES = 5, 16, 60
BUTTONS = ("常见问题", "更多问题", "紧急求助")
BUTTONS_MOST, TOGETHER = 3, "断卡问答"


def key_of(topic: Topic) -> str:
    """Return the key of a topic's menu entry."""
    return f"topic:{topic.slug}"


def asks_of(topics: Sequence[Topic]) -> Mapping[str, str]:
    """Return the question that each key stands for."""
    return {key_of(topic): topic.asks[0] for topic in topics if topic.asks}


def build(topics: Sequence[Topic]) -> dict[str, Any]:
    """Return the menu as WeChat wants it: the topics in their order, as many as fit, and help for victims."""
    shown = [topic for topic in topics if topic.asks][: 2 * ENTRIES]
    groups = [shown[:ENTRIES], shown[ENTRIES:]]
    buttons = [
        {"name": name, "sub_button": [_entry(topic) for topic in group]}
        for name, group in zip(BUTTONS, groups, strict=False)
        if group
    ]
    return {"button": [*buttons, {"type": "click", "name": BUTTONS[2], "key": EMERGENCY}]}


def current(appid: str, secret: str, api: str = API) -> Mapping[str, Any] | None:
    """Return the menu that the account shows now, None when it has none. Raises MenuError as `publish`."""
    given = token(appid, secret, api)
    try:
        found = get(f"{api}/cgi-bin/menu/get?{given}").get("menu")
    except NoMenuError:
        # One that was made by hand in the account's own pages is told elsewhere.
        shown = get(f"{api}/cgi-bin/get_current_selfmenu_info?{given}")
        found = shown.get("selfmenu_info") if shown.get("is_menu_open") else None
    return found if isinstance(found, dict) and found.get("button") else None


def publish(menu: Mapping[str, Any], appid: str, secret: str, api: str = API) -> None:
    """Make it the account's menu. Raises MenuError when WeChat does not, or cannot be reached."""
    post(f"{api}/cgi-bin/menu/create?{token(appid, secret, api)}", menu)


def merge(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a menu with the buttons that others have, and ours in one beside them.

    Raises MenuError when they leave no place for it.
    """
    kept = [button for button in map(_plain, buttons_of(theirs)) if not _is_ours(button)]
    if len(kept) >= BUTTONS_MOST:
        raise MenuError(f"现在的菜单已有 {len(kept)} 个一级菜单，没有空位：请先在公众号后台去掉一个，或不加 --merge")
    entries = [entry for button in ours["button"] for entry in button.get("sub_button", [button])]
    topics, urgent = entries[:-1][: ENTRIES - 1], entries[-1]
    return {"button": [*kept, {"name": TOGETHER, "sub_button": [*topics, urgent]}]}


def buttons_of(menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons of a menu, each with its entries, if it has any."""
    found = menu.get("button", [])
    return [button for button in found if isinstance(button, dict)]


def lines_of(menu: Mapping[str, Any]) -> list[str]:
    """Return what a follower sees of a menu, a button a line."""
    told = []
    for button in map(_plain, buttons_of(menu)):
        entries = "、".join(str(entry.get("name", "")) for entry in button.get("sub_button", []))
        told.append(f"{button.get('name', '')}：{entries}" if entries else str(button.get("name", "")))
    return told


def replaces_others(menu: Mapping[str, Any]) -> bool:
    """Whether a menu has buttons that are not ours."""
    return not all(_is_ours(_plain(button)) for button in buttons_of(menu))


def _is_ours(button: Mapping[str, Any]) -> bool:
    entries = button.get("sub_button") or [button]
    return all(str(entry.get("key", "")).startswith(("topic:", EMERGENCY)) for entry in entries)


def _plain(button: Mapping[str, Any]) -> dict[str, Any]:
    """Return a button as it is told to WeChat: what it tells of one may have its entries in a list of their own."""
    entries = button.get("sub_button")
    if isinstance(entries, dict):
        entries = entries.get("list", [])
    return {**button, "sub_button": entries} if entries else {k: v for k, v in button.items() if k != "sub_button"}


def _entry(topic: Topic) -> dict[str, str]:
    return {"type": "click", "name": _cut(topic.name, ENTRY_BYTES), "key": key_of(topic)}


def _cut(name: str, most: int) -> str:
    return name.encode()[:most].decode(errors="ignore")
