"""What a page shows around a bulletin: account bios, buttons, credits, captions, calls to share.

Every pattern here was seen in a mirror of a real Official Account. None of it is ever a rule for residents, so what
matches never becomes a passage. Patterns that could also match a sentence of a notice are bounded in length.
"""

from __future__ import annotations

import re

# A line that is nothing but one of these is a button or a label of the page.
_BUTTONS = """
    赞 在看 分享 收藏 留言 听过 评论 视频 小程序 取消 允许 知道了 分析 关注 关注关注 已关注 点赞 点赞数 踩 举报
    登录 注册 搜索 主站 首页 阅读 活动 社区 学院 导航 分类 投稿 转发 原创 阅读原文 查看原文 点击阅读 返回 展开
    展开更多 立即使用 复制链接 微信 微博 微信二维码 点赞分享 分享到 分享到： 分享至 版权声明 新闻速览 黑夜模式
    阅读量 所属地
"""
BUTTONS = frozenset(_BUTTONS.split())

# From a line that is nothing but one of these, the rest of the page is not the article any more.
ENDS = re.compile(
    r"预览时标签不可点|作者(介绍|简介)"
    r"|(往期|精彩)(回顾|推荐|精选|文章)[：:]?|推荐阅读[：:]?|相关(推荐|阅读|文章|热文)[：:]?|你可能感兴趣的"
    r"|发表评论|文章目录|专栏目录|被以下专辑收录.*|本文为独立观点.*|(微信)?扫一扫|确定要放弃本次机会？|热门推荐|分享到：?|分享至"
    r"|继续滑动看下一个|[*+]?\s*收入我的专辑"
)

_LINE = tuple(
    re.compile(pattern)
    for pattern in (
        # the account and its bio
        r"^微信号|^功能介绍|^\[[^\]]*\]$|^以下文章来源于|^[，,]\s*作者|^[^，。]{1,14}\.$|^\.$",
        r"目前(尚|暂)?不(具备|接受)|不具备报警功能|提供最新警务资讯|权威推送",
        r"^(所属地|发布时间|最新推荐文章|本文链接|文章来源|原文链接|官方修复链接|参考来源|本文是?(首发|转载|翻译|由|授权)|译文仅供参考)",
        # who made it, where it was taken from
        r"^.{0,6}(来源|编辑|责编|责任编辑|审核|校对|监制|排版|供稿|作者|记者|通讯员|翻译|撰文|Author)\s*[:：|｜丨/].{0,60}$",
        r"^(文|图|图文|来源|编辑)\s*[|｜丨/].{0,60}$|^[（(]\s*(转自|转载自|来源|原标题|摘自|审核|责编|编辑|更新时间戳).{0,80}[)）]$",
        r"^(转自|转载自)[:：]?.{0,20}$|^原文[:：]",
        # captions
        r"^[△▲▼↑↓]|^[（(]?(网络配图|资料图|配图|示意图|图片来源|图源|视频来源|图为).{0,40}$|(网络配图|网络图片|资料图片)[)）]?$",
        # swiping, reading on
        r"←.*→|^.{0,20}(向[左右上下]|左右|上下)滑动.{0,20}$|轻点两下|轻触阅读|滑动看下一个|向上滑动",
        r"微信扫一扫|使用小程序|使用完整服务|^.{0,12}(阅读原文|查看原文|原文链接|阅读量|后台回复).{0,30}$",
        # the survey of satisfaction with the police
        r"0771-?12340|民意调查中心|公众安全感满意度|公正的评价|欢迎您的监督",
        # rights, addresses, advertisements
        r"版权(所有|声明|归)|©|Copyright|ICP备|公网安备|未经授权|如有侵权|侵犯.{0,14}(权益|版权)",
        r"(如若)?转载.{0,12}(注明|请联系|参考)|免责声明|商务合作|^合作(电话|微信|单位)|投稿(邮箱|须知)",
        r"网上有害信息举报|涉未成年人举报",
        r"邮发代号|征订热线|订阅专栏|专栏收录|^\d+ (条评论|篇文章)|客服小蜜蜂",
        r"^[（(]?\s*<?(https?://|www\.)\S*$|^[\w.+-]+@[\w.-]+$|^导语[：:].{0,24}$",
    )
)

# Lines that invite to scan, follow or like. A warning not to scan a code looks the same but for its 不 or 勿.
_INVITATION = re.compile(
    r"^.{0,20}(长按|扫描|扫码|识别|戳|点击).{0,14}(二维码|关注|蓝字|下图|原文|订阅|名片|详情|公众号|支持).{0,20}$"
    r"|^.{0,8}欢迎(关注|订阅|扫码|投稿).{0,40}$|^.{0,12}(如果喜欢|喜欢就|觉得(不错|有用|还不错)|动动手指|一键三连).{0,30}$"
    r"|^(扫码|收入我的|加入我的|关注该公众号|感谢您的支持|赶紧关注|编者按：?$|分享网络安全知识)|抖音号\*{0,2}$|倾力推荐"
)
_WARNING = re.compile(r"不|勿|(?<!识)别|莫|严禁|谨防|警惕|小心|当心")

# A sentence that asks to share, like or follow, inside a paragraph that says something else.
_CALL = re.compile(
    r"(请|欢迎|记得|赶紧|赶快|快快?|多多|动动|一定要|大家|点击|随手|无情)[^。！？]{0,12}(转发|点赞|在看|收藏|分享给|转给|关注我们|扩散|三连)"
    r"|^(快！)+|转发扩散|(点击|扫描|长按)[^。！？]{0,12}(阅读原文|二维码|蓝字)|扫码关注|关注(本|我们的?)?(微信)?公众号|一键三连"
    r"|左右可?滑动|后台回复|(点个|给个|点点)(赞|在看|关注)|微信扫一扫|阅读原文"
)

_NOTHING = re.compile(r"^[\W\d_]*$")
_LIST_NUMBER = re.compile(r"^(\d{1,2}|[①-⑳])[.、．]?$")
_ORNAMENT = re.compile(r"[|｜丨│┃‖]")


def is_list_number(text: str) -> bool:
    """Whether a line is only the number of the item under it."""
    return bool(_LIST_NUMBER.match(text))


def is_ornament(text: str) -> bool:
    """Whether a line is letters set apart for show, as in 「平丨安丨县」."""
    cells = _ORNAMENT.split(text)
    return len(cells) > 2 and all(len(cell.strip()) <= 1 for cell in cells)


def is_chrome(text: str) -> bool:
    """Whether a whole line belongs to the page and not to the article. Blank lines do not."""
    if not text:
        return False
    if is_list_number(text):
        return False
    if text in BUTTONS or _NOTHING.match(text) or is_ornament(text):
        return True
    return any(pattern.search(text) for pattern in _LINE) or _invites(_INVITATION, text)


def ends_article(text: str) -> bool:
    """Whether the article is over at this line: what follows is the page's."""
    return bool(ENDS.fullmatch(text))


def is_call(sentence: str) -> bool:
    """Whether a sentence only asks the reader to share, like or follow."""
    return _invites(_CALL, sentence)


def _invites(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.search(text)
    return found is not None and not _WARNING.search(text[max(found.start() - 6, 0) : found.end()])
