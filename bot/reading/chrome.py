"""What a page shows around a bulletin: account bios, buttons, credits, captions, calls to share.

A line is the page's only when all of it is: each of its sentences is one of these. A sentence that merely speaks of
rights, links, codes or sources is the notice's. Whoever leaves a line out says why, in the words used here.
"""

from __future__ import annotations

import re

from bot.text.squeezing import LINK

# A line that is nothing but one of these is a button or a label of the page.
_BUTTONS = """
    赞 在看 分享 收藏 留言 听过 评论 视频 小程序 取消 允许 知道了 分析 关注 关注关注 已关注 点赞 点赞数 踩 举报
    登录 注册 搜索 主站 首页 阅读 活动 社区 学院 导航 分类 投稿 转发 原创 阅读原文 查看原文 点击阅读 返回 展开
    展开更多 立即使用 复制链接 微信 微博 微信二维码 点赞分享 分享到 分享到： 分享至 版权声明 新闻速览 黑夜模式
    阅读量 所属地 声明 打印 关闭 打印本页 关闭窗口 返回顶部 上一篇 下一篇 字体 去验证 更多 更多推荐
"""
BUTTONS = frozenset(_BUTTONS.split())

# From a line that is nothing but one of these, the rest of the page is not the article any more.
_ENDS = re.compile(
    r"预览时标签不可点|你可能感兴趣的|发表评论|文章目录|专栏目录|被以下专辑收录.*|确定要放弃本次机会？|继续滑动看下一个"
    r"|[*+]?\s*收入我的专辑|(最新|热门)(文章|评论)|TA的文章"
)
# Under a line that is nothing but one of these stand titles of other articles, until a paragraph follows.
_POINTERS = re.compile(
    r"((往期|精彩|更多)(回顾|推荐|精选|文章|内容|阅读)|推荐阅读|延伸阅读|相关(推荐|阅读|文章|热文|链接)|热门推荐|猜你喜欢|作者(介绍|简介))[：:]?"
    r"|(微信)?扫一扫|分享(到|至)[：:]?"
)

_NAMES = r"[^。；！？!?]{0,60}"
_CREDIT = (
    r"(文章|图文|图片|文字|视频|稿件|信息|内容|本文|素材|资料|综合|新闻|数据|消息|参考)?(来源|来自|作者)|文|图|图文|文字|摄影|摄像"
    r"|(责任|执行|值班|本期|本文|美术|图文|新媒体|微信)?(编辑|编审|主编|责编|小编)|(终|初|复|一|二|三)?(审|校)(核|对|稿|签)?|监制|排版|策划"
    r"|供稿|投稿|记者|通讯员|翻译|编译|译者|撰文|撰稿|统筹|出品|制作|设计|制图|Author|Editor|原标题|(原文)?(标题|链接|出处|地址)"
)
_RIGHTS = "版权说明"
_SHARE = "请人关注、转发"
_SIGNED = "出处、作者、编辑"
_PAGE = "页面的按钮和标签"

# Each is held against a whole sentence without its stop; what matches is no sentence of the notice's.
_W = r"[^。！？；]"
_FURNITURE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        (
            "账号简介",
            rf"微信号{_W}{{0,40}}|功能介绍.*|以下文章来源于{_W}{{0,60}}|[，,]\s*作者{_W}{{0,20}}|[^，。]{{0,14}}\.",
        ),
        (
            "账号简介",
            rf"{_W}{{0,40}}(为您|为你|权威)(提供|发布|推送){_W}{{0,60}}|{_W}{{0,12}}目前(尚|暂)?不(具备|接受)(报警|报案){_W}{{0,40}}",
        ),
        (
            _PAGE,
            r"(所属地|发布时间|发布日期|最新推荐文章|本文链接|原文链接|官方修复链接|文章标签|分类专栏|浏览次数|点击数|阅读次数|阅读量|字号|字体)"
            rf"{_W}{{0,60}}|本文已被查看{_W}{{0,12}}|\d+ (条评论|篇文章)"
            rf"|\W{{0,6}}\d+ ?赞|专栏收录该内容|订阅专栏|客服小蜜蜂{_W}{{0,20}}",
        ),
        (_SIGNED, rf"[（(]?\s*({_CREDIT})\s*[:：|｜丨/]\s*{_NAMES}(({_CREDIT})\s*[:：|｜丨/]{_NAMES})*[)）]?"),
        (_SIGNED, rf"[（(]\s*(转自|转载自|来源|原标题|摘自|审核|责编|编辑|据|更新时间戳){_NAMES}[)）]"),
        (
            _SIGNED,
            rf"(本文)?(转自|转载自|摘自)\s*[:：]?{_NAMES}|原文[:：].*|参考(来源|资料|文献|链接)\s*[:：]?.{{0,200}}",
        ),
        (
            _SIGNED,
            rf"本文(是|由|为)?[^。，]{{0,20}}(首发|转载|翻译|授权|原创)(于|自|自:|发布|文章)?{_W}{{0,40}}|译文仅供参考{_W}{{0,30}}|译文声明",
        ),
        (
            "图片说明",
            rf"[△▲▼↑↓]{_W}{{0,40}}|[（(]?(图\s*\d+[\s:：.]?|网络配图|资料图|配图|示意图|图片来源|图源|视频来源|图为){_W}{{0,40}}"
            rf"|{_W}{{0,30}}(网络配图|网络图片|资料图片)[)）]?|(网络配图)+",
        ),
        (
            _PAGE,
            rf"←.*→|{_W}{{0,20}}(向[左右上下]|左右|上下)(可)?滑动{_W}{{0,20}}|{_W}{{0,6}}轻点两下{_W}{{0,12}}|轻触阅读{_W}{{0,12}}"
            rf"|{_W}{{0,6}}滑动看下一个|微信扫一扫{_W}{{0,20}}|(使用)?(小程序|完整服务)"
            rf"|{_W}{{0,12}}(阅读原文|查看原文|原文链接|后台回复){_W}{{0,30}}",
        ),
        (
            "满意度调查",
            rf"{_W}{{0,12}}12340{_W}{{0,80}}|{_W}{{0,60}}(接到来电|公正的?评价|欢迎您的监督|您的(十分)?满意){_W}{{0,60}}|朋友您好",
        ),
        (
            _RIGHTS,
            rf"{_W}{{0,30}}(版权|著作权)(归|所有|声明){_W}{{0,80}}|{_W}{{0,20}}(©|Copyright|ICP备|公网安备|备案号).{{0,120}}|免责声明.{{0,120}}",
        ),
        (
            _RIGHTS,
            rf"([^。，；]{{0,14}}|(本文|本站|文章)[^。；]{{0,20}})未经[^。；]{{0,16}}(授权|许可|同意|允许)[^。；]{{0,12}}(不得|请勿|严禁|禁止|谢绝)[^。；]{{0,10}}"
            rf"(转载|复制|摘编|镜像|引用){_W}{{0,40}}",
        ),
        (
            _RIGHTS,
            r"[^。；，]{0,12}转载(时|者)?[，,]?\s*(请|须|需|应)(务必)?\s*(注明|标明|联系|参考)[:：]?\s*"
            r"(出处|来源|作者|原文|本文|本站|本号|我们|转载声明|来自|编辑|公众号).*",
        ),
        (
            _RIGHTS,
            rf"{_W}{{0,30}}[如若]{_W}{{0,6}}侵权{_W}{{0,20}}(联系|告知|删除|删文|撤稿|处理){_W}{{0,40}}"
            rf"|{_W}{{0,40}}(文|图|内容|素材|资料)[^。，；]{{0,8}}仅供(参考|学习){_W}{{0,30}}",
        ),
        (_RIGHTS, rf"[如若]需{_W}{{0,24}}(授权|转载|删除|删稿){_W}{{0,24}}联系{_W}{{0,30}}"),
        (
            "广告",
            rf"(商务|广告)?(合作|投放)(电话|微信|邮箱|单位|请?联系|[:：]){_W}{{0,60}}|商务合作[，,][^。]{{0,10}}(联系|发布){_W}{{0,40}}"
            rf"|投稿(邮箱|须知|请){_W}{{0,40}}|邮发代号{_W}{{0,20}}|征订热线{_W}{{0,30}}",
        ),
        (_PAGE, rf"举报电话[:：].{{0,60}}(涉未成年人|网上有害信息)举报{_W}{{0,60}}|网上有害信息举报{_W}{{0,60}}"),
        (_PAGE, r"[^\W\d_]{0,20}\d{4}[-/]\d{1,2}[-/]\d{1,2}日?(\s?\d{1,2}:\d{2}(:\d{2})?)?(发布|更新)?"),
        (_PAGE, r"[（(]?\s*<?(https?://|www\.)[!-~]*|[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+|导语[：:].{0,24}"),
    )
)

# Lines that invite to scan, follow or like. A warning not to scan a code looks the same but for its 不 or 勿.
_INVITATION = re.compile(
    rf"\W*(请|您可|可以|立即|赶紧|快来?|微信)?(长按|扫描|扫码|识别|戳|点击){_W}{{0,14}}(二维码|关注|蓝字|下图|原文|订阅|名片|卡片|公众号|加入)"
    rf"{_W}{{0,20}}|{_W}{{0,8}}欢迎(关注|订阅|扫码|投稿|加入){_W}{{0,40}}"
    rf"|{_W}{{0,12}}(如果你?喜欢|喜欢就|觉得(不错|有用|还不错)|动动手指|一键三连){_W}{{0,30}}"
    rf"|扫码(关注|订阅|加入|下载|支持|查看|了解|进群|入群){_W}{{0,30}}|(收入我的|加入我的|关注该公众号|感谢您的支持|赶紧关注){_W}{{0,30}}"
    rf"|编者按：?|{_W}{{0,30}}(抖音号|视频号)|{_W}{{0,20}}倾力推荐|\W*(点击|戳).{{0,10}}(了解|查看)(详情|更多)"
)
_WARNING = re.compile(r"不|勿|(?<!识)别|莫|严禁|警惕|小心|当心|防|骗")

# A sentence that asks to share, like or follow, inside a paragraph that says something else.
_CALL = re.compile(
    r"^.{0,8}?((请|欢迎|记得|赶紧|赶快|快快?|多多|动动|一定要|大家|点击|随手|无情)[^。！？]{0,12}(转发|点赞|在看|收藏|分享给|转给|关注我们|扩散|三连)"
    r"|^(快！)+|转发扩散|^(点击|扫描|长按)[^。！？]{0,12}(阅读原文|二维码|蓝字)|扫码关注|关注(本|我们的?)?(微信)?公众号|一键三连"
    r"|左右可?滑动|后台回复|(点个|给个|点点)(赞|在看|关注)|微信扫一扫)|^\W{0,20}(?:外刊-\W{0,20})?(阅读原文|查看原文|原文链接)\W*$"
)
# A request of more than this says something besides; so does one that also tells what to do or not to do.
_LONGEST_CALL = 50
_SAYS_MORE = re.compile(r"切勿|不要|不得|请勿|千万|拨打|报警|报案|举报|依法|学习|安装|\d{3,}")

_NOTHING = re.compile(r"[\W_]*")
_NUMBERS = re.compile(r"[\W\d_]*")
_STAMP = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(\s*\d{1,2}:\d{1,2}(:\d{1,2})?)?")
_LIST_NUMBER = re.compile(r"^(\d{1,2}|[①-⑳])[.、．]?$")
_ORNAMENT = re.compile(r"[|｜丨│┃‖]")
_STOPS = re.compile(r"(?<=[。！？!?；])")


def is_list_number(text: str) -> bool:
    """Whether a line is only the number of the item under it."""
    return bool(_LIST_NUMBER.match(text))


def is_number(text: str) -> bool:
    """Whether a line has digits and no other word: a part of a broken sentence, or a counter of the page."""
    return bool(_NUMBERS.fullmatch(text)) and not _NOTHING.fullmatch(text)


def is_ornament(text: str) -> bool:
    """Whether a line is letters set apart for show, as in 「平丨安丨县」."""
    cells = _ORNAMENT.split(text)
    return len(cells) > 2 and all(len(cell.strip()) <= 1 for cell in cells)


def why_chrome(text: str) -> str | None:
    """Return why a whole line belongs to the page and not to the article; None when it is the article's."""
    text = LINK.sub(lambda link: link[1], text) if "](" in text else text
    if not text or is_list_number(text):
        return None
    if _NOTHING.fullmatch(text) or is_ornament(text):
        return "只有符号"
    if text in BUTTONS or _STAMP.fullmatch(text):
        return _PAGE
    whole = _why_furniture(text)
    if whole is not None:
        return whole
    each = [_why_furniture(sentence) for sentence in _STOPS.split(text) if sentence.strip()]
    return each[0] if len(each) > 1 and None not in each else None


def is_chrome(text: str) -> bool:
    """Whether a whole line belongs to the page and not to the article. Blank lines do not."""
    return why_chrome(text) is not None


def ends_article(text: str) -> bool:
    """Whether the article is over at this line: what follows is the page's."""
    return bool(_ENDS.fullmatch(text))


def points_elsewhere(text: str) -> bool:
    """Whether titles of other articles follow this line."""
    return bool(_POINTERS.fullmatch(text))


def is_call(sentence: str) -> bool:
    """Whether a sentence only asks the reader to share, like or follow, or to read on somewhere else."""
    said = LINK.sub(lambda link: link[1], sentence)
    if len(said) > _LONGEST_CALL or _SAYS_MORE.search(said):
        return False
    return _CALL.search(said) is not None and not _WARNING.search(said)


def _why_furniture(text: str) -> str | None:
    text = text.strip().rstrip("。！!？?；;")
    for reason, pattern in _FURNITURE:
        if pattern.fullmatch(text):
            return reason
    invites = not _SAYS_MORE.search(text) and _invites(_INVITATION.fullmatch(text), text)
    return _SHARE if invites else None


def _invites(found: re.Match[str] | None, text: str) -> bool:
    return found is not None and not _WARNING.search(text[max(found.start() - 6, 0) : found.end()])
