"""Whether somebody asks if a message, a link or a call that reached them is a fraud: nobody can tell here. Pure."""

from __future__ import annotations

import re

# What is looked up where no passage speaks of the very thing.
HOW_TO_TELL = "收到可疑的短信、链接、电话，怎么辨别是不是诈骗"
_THING = re.compile(
    "短信|[发条]的?信息|消息|链接|网址|网站|网页|电话|来电|号码|二维码|方块码|扫码|邮件|app|软件|小程序|微信|好友|群里|客服|快递|包裹|视频|通知",
    re.IGNORECASE,
)
_FRAUD = "(?:诈骗|电诈|骗子|骗局|骗人|骗我|骗钱|骗术|骗|假的?|真的?|钓鱼|木马|病毒)"
_ASKED = re.compile(
    rf"(?:是不是|是否是?|会不会是?|算不算|算是|可能是|有没有可能是|怕不怕是|不知道是不是|属于){_FRAUD}"
    rf"|(?:是|算){_FRAUD}(?:的|电话|短信|网站|信息|号码|链接|软件)?(?:吗|么|嘛|不|吧)"
    rf"|{_FRAUD}(?:吗|么|嘛|吧)|真的?假的?|真的?还是假|是真是假|真伪"
    "|(?:安全|可信|可靠|靠谱|能信|可以信|能点|可以点|能打开|能扫|可以扫|能回|能接|能加|敢点)(?:吗|么|嘛|不)"
    "|(?:能不能|可不可以|该不该|要不要)(?:点|信|扫|回|接|打开|加|相信)|靠不靠谱|可不可信|安不安全|信不信得过|怎么看出来?是"
)
# Of cards that change hands, and of what is the police's own, the bulletins speak themselves.
_OTHERWISE = re.compile(r"借|租|卖|收购|过户|反诈|96110|(?<!\d)1(?:10|2381)(?!\d)|断卡")
_LONGEST = 120


def asks_whether_fraud(text: str) -> bool:
    """Whether a mended message asks that of something which can reach anybody."""
    return (
        len(text) <= _LONGEST
        and not _OTHERWISE.search(text)
        and _THING.search(text) is not None
        and _ASKED.search(text) is not None
    )
