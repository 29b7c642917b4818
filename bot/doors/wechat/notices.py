"""What this door says by itself: how to go on, and what it cannot read. None states a rule; none repeats the person."""

from __future__ import annotations

import re

from bot.answering import sentences

_TAPPED = re.compile(r'点“<a href="weixin://bizmsgmenu[^>]*>[^<]*</a>”，或')


def tap(word: str) -> str:
    """Return a word that sends itself when it is tapped."""
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={word}&msgmenuid=0">{word}</a>'


def without_links(text: str) -> str:
    """Return what this door says, for an account whose followers see no links to tap."""
    return _TAPPED.sub("", text)


WAIT = f"正在查找，请点“{tap('继续')}”，或回复“继续”。着急的事请直接拨打96110，紧急情况请拨打110。"
FOUND = "您之前问的，查到了："
FOUND_AT = "您{clock}问的，查到了："
ALSO_OWED = f"还有一个问题的答复，请再点“{tap('继续')}”，或回复“继续”。"
ALREADY_SENT = "刚才那个问题的答复已经发给您了。还想了解什么，可以直接问。"
MORE = f"（还没说完，点“{tap('更多')}”，或回复“更多”看后面的内容）"
REST_AT = "（接着说您{clock}问的）"
SUGGESTIONS = "您还可以问（点文字，或回复数字）："
SUGGESTIONS_PLAIN = "您还可以问（回复数字就行）："
NO_NUMBER = "这个数字现在没有对应的问题。想问什么，可以直接打成文字发过来。"
TRANSFER = "转人工"  # is no text: WeChat passes the message to the account's own staff
READER = "看通报原文"
HOTLINES = sentences.HOTLINES
WELCOME = (
    "您好！我是断卡问答，一个自动回答的程序。我只引用公安机关已公布的通报原文来回答，并注明出处；不会向您要验证码、卡号或转账。\n"
    "直接把想问的话发过来就行，打字、说话都可以；发“删除我的记录”，就删掉您问过的话。\n"
    "如果正在被骗或刚刚被骗，请立即拨打110报警，或拨打反诈专线96110。"
)
UNREADABLE = (
    "抱歉，我只看得懂文字和说出来的话，看不了图片、视频、位置、链接和表情。"
    "请把想问的事打成文字发过来；着急的事请拨打96110，紧急情况请拨打110。"
)
UNHEARD = "抱歉，这段话没有听清。请再说一遍，或者打成文字发过来；着急的事请拨打96110，紧急情况请拨打110。"
ERASED = "您在这里问过的话和得到的回答已经从我们的服务器上删除。公众号聊天窗口里的，请您自己清空。"
NOT_ERASED = "暂时没能删除，请稍后再发一次“删除我的记录”。着急的事请拨打96110，紧急情况请拨打110。"
OLD_MENU = "这个菜单已经换了。请把想问的事打成文字发过来，例如：银行卡借给别人用违法吗？"
