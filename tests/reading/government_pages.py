"""Imitations of pages as government sites and newspapers build them: five layouts, four notices, all of our own."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

FURNITURE = (
    "云溪市人民政府门户网站",
    "无障碍浏览",
    "政务公开指南",
    "当前位置",
    "打印本页",
    "关闭窗口",
    "分享到微信",
    "上一篇",
    "下一篇",
    "相关链接",
    "市领导带队检查冬季供暖工作",
    "我市召开文化旅游发展大会",
    "全市粮食收购工作会议召开",
    "网站地图",
    "备案号",
    "主办单位",
    "扫码关注我们",
    "您访问的链接即将离开",
)


@dataclass(frozen=True)
class Notice:
    """What such a page is about: its paragraphs, each of which must be kept."""

    title: str
    source: str
    date: str
    paragraphs: tuple[str, ...]


NOTICES = (
    Notice(
        "关于依法严厉打击惩治涉诈黑灰产违法犯罪活动的通告",
        "云溪市公安局",
        "2024-03-12",
        (
            "为切实维护人民群众财产安全，根据有关法律规定，现就打击惩治涉诈黑灰产违法犯罪活动通告如下：",
            "一、严禁非法买卖、出租、出借电话卡、物联网卡、银行账户、支付账户。",
            "二、对组织收购、贩卖上述卡证的，公安机关将依法追究刑事责任。",
            "三、违反本通告的个人，五年内暂停其银行账户非柜面业务。",
            "四、凡在2024年6月30日前主动投案、如实供述的，可以依法从轻处罚。",
            "五、举报电话：96110。",
            "本通告自发布之日起施行。",
            "特此通告。",
        ),
    ),
    Notice(
        "云溪市反诈中心提醒：警惕“刷流水”骗局",
        "云溪市反诈中心",
        "2025-11-02",
        (
            "近日，我市连续发生多起以“刷流水提额度”为名的诈骗案件。",
            "警方提醒：",
            "不要把银行卡、密码交给任何人。",
            "正规贷款不需要先转账证明还款能力，凡是要求先交钱的都是诈骗。",
            "已经转账的，请立即拨打110报警，并保留聊天记录和转账凭证。",
        ),
    ),
    Notice(
        "关于启用电话用户实名核验系统的公告",
        "云溪市通信管理办公室",
        "2023-08-01",
        (
            "各位用户：",
            "自2023年8月15日起，办理新入网、过户和补换卡业务，须由本人持有效身份证件到营业厅办理，并通过人脸核验。",
            "同一用户在同一家企业办理的电话卡不得超过5张。",
            "已超过的，应当在三个月内到营业厅核实用途；逾期未核实的，企业可以停止超出部分的服务。",
            "咨询电话：0999-12345。",
            "云溪市通信管理办公室",
        ),
    ),
    Notice(
        "我市警方打掉一收购银行卡团伙",
        "云溪日报",
        "2022-05-20",
        (
            "本报讯 5月18日，云溪警方成功打掉一个收购、贩卖银行卡的犯罪团伙，抓获犯罪嫌疑人12名。",
            "经查，该团伙以每张800元的价格收购银行卡，再转卖给境外诈骗人员使用。",
            "目前，12名犯罪嫌疑人已被依法采取刑事强制措施，案件正在进一步侦办中。",
            "警方提示，出售、出租银行卡可能构成帮助信息网络犯罪活动罪，切莫因小失大。",
        ),
    ),
)

_LINKS = (
    '<ul class="{name}"><li><a href="/a1.html">市领导带队检查冬季供暖工作</a></li>'
    '<li><a href="/a2.html">我市召开文化旅游发展大会</a></li><li><a href="/a3.html">全市粮食收购工作会议召开</a></li></ul>'
)
_TOP = (
    '<div class="top"><a href="/">云溪市人民政府门户网站</a><a href="/wza">无障碍浏览</a></div>'
    '<div class="nav"><ul><li><a href="/1">首页</a></li><li><a href="/2">政务公开指南</a></li><li><a href="/3">办事服务</a></li></ul></div>'
    '<div class="place">当前位置：<a href="/">首页</a> &gt; <a href="/tz">通知公告</a></div>'
)
_FOOT = (
    '<div class="foot"><p>主办单位：云溪市人民政府办公室</p><p>备案号：云ICP备00000000号</p><p><a href="/map">网站地图</a></p>'
    "<p>您访问的链接即将离开本网站，是否继续？</p></div>"
)
_TOOLS = '<div class="tools"><a href="javascript:print()">打印本页</a><a href="javascript:close()">关闭窗口</a><span>分享到微信</span></div>'


def _page(head: str, body: str) -> str:
    return f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def standard(notice: Notice) -> str:
    """With the meta names that are laid down for government sites, and an editor's container."""
    head = (
        f'<title>{notice.title}_云溪市人民政府门户网站</title><meta name="SiteName" content="云溪市人民政府门户网站">'
        f'<meta name="ArticleTitle" content="{notice.title}"><meta name="PubDate" content="{notice.date} 10:20">'
        f'<meta name="ContentSource" content="{notice.source}">'
    )
    words = "".join(f'<p style="text-indent:2em">　　{each}</p>' for each in notice.paragraphs)
    return _page(
        head,
        f'{_TOP}<div class="con"><h1>{notice.title}</h1><div class="info">发布时间：{notice.date} 来源：{notice.source}</div>'
        f'<div class="TRS_Editor">{words}</div>{_TOOLS}</div>{_LINKS.format(name="rel")}{_FOOT}',
    )


def account_page(notice: Notice) -> str:
    """The page of an Official Account, as a browser saves it."""
    paragraphs = "".join(f'<section style="margin:8px"><span>{each}</span></section>' for each in notice.paragraphs)
    return (
        f'<!DOCTYPE html><html><head><meta property="og:title" content="{notice.title}"></head><body>'
        f'<h1 id="activity-name"> {notice.title} </h1><a id="js_name"> {notice.source} </a>'
        f'<em id="publish_time">{notice.date} 08:30</em><div id="js_content">{paragraphs}</div>'
        "<div>预览时标签不可点</div></body></html>"
    )


def tables(notice: Notice) -> str:
    """Laid out in tables, as fifteen years ago: the words in one cell, parted by line breaks."""
    words = "<br><br>".join(f"<font size=3>　　{each}</font>" for each in notice.paragraphs)
    return _page(
        f"<title>{notice.title}</title>",
        f"<table width=1000><tr><td>{_TOP}</td></tr><tr><td><table><tr><td>{_LINKS.format(name='left')}</td><td>"
        f"<table><tr><td align=center><b>{notice.title}</b></td></tr><tr><td align=center>信息来源：{notice.source}　发布日期：{notice.date}</td></tr>"
        f"<tr><td><div id=zoom>{words}</div></td></tr></table></td></tr></table></td></tr><tr><td>{_FOOT}</td></tr></table>",
    )


def divisions(notice: Notice) -> str:
    """Everything in `div`, a paragraph too; the article before and after it, and a column beside."""
    words = "".join(f"<div><span>{each}</span></div>" for each in notice.paragraphs)
    return _page(
        f"<title>{notice.title}-云溪新闻网</title>",
        f'{_TOP}<div class="main"><div class="left"><h1>{notice.title}</h1><div class="source">来源：{notice.source} 时间：{notice.date} 08:00</div>'
        f'<div class="article-content">{words}</div><div class="pn">上一篇：<a href="/x">我市召开文化旅游发展大会</a></div>'
        f'<div class="pn">下一篇：<a href="/y">全市粮食收购工作会议召开</a></div></div>'
        f'<div class="right"><h3>相关链接</h3>{_LINKS.format(name="hot")}<p>扫码关注我们</p></div></div>{_FOOT}',
    )


def semantic(notice: Notice) -> str:
    """With the tags of HTML 5."""
    words = "".join(f"<p>{each}</p>" for each in notice.paragraphs)
    return _page(
        f'<title>{notice.title}</title><meta property="og:title" content="{notice.title}">'
        f'<meta property="article:published_time" content="{notice.date}T08:00:00+08:00">',
        f"<header>{_TOP}</header><main><article><h1>{notice.title}</h1><p class=meta>文章来源：{notice.source}</p>{words}{_TOOLS}</article>"
        f"<aside><h3>相关链接</h3>{_LINKS.format(name='side')}</aside></main><footer>{_FOOT}</footer>",
    )


def nested(notice: Notice) -> str:
    """Copied from a word processor: spans in spans, empty paragraphs, and the words in two containers."""
    half = len(notice.paragraphs) // 2
    parts = (notice.paragraphs[:half], notice.paragraphs[half:])
    words = "".join(
        "<div class=part>"
        + "".join(f"<p class=MsoNormal><span><span>{each}</span></span></p><p>&nbsp;</p>" for each in part)
        + "</div>"
        for part in parts
    )
    return _page(
        f"<title>{notice.title}</title>",
        f'{_TOP}<div id="UCAP-CONTENT-BOX"><h1>{notice.title}</h1><p>发布时间：{notice.date}　来源：{notice.source}　{_TOOLS}</p>'
        f'<div id="UCAP-CONTENT">{words}</div></div><div class="share">分享到微信</div>{_LINKS.format(name="more")}{_FOOT}',
    )


LAYOUTS = (standard, tables, divisions, semantic, nested)
