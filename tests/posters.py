"""Ten posters of our own, drawn by a real browser as pictures: what stands on each is known to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser

_SANS = "font-family:'Noto Sans CJK SC',sans-serif"
_SERIF = "font-family:'Noto Serif CJK SC','Noto Sans CJK SC',serif"


@dataclass(frozen=True)
class Poster:
    """One poster: its title, its lines, how it looks, how it is kept."""

    title: str
    lines: tuple[str, ...]
    style: str
    width: int = 900
    kept: str = "png"

    @property
    def words(self) -> str:
        """All that stands on it."""
        return self.title + "".join(self.lines)


POSTERS = (
    Poster(
        "出租银行卡 就是帮骗子",
        (
            "出租、出借、出售银行卡的，五年内暂停银行账户非柜面业务、支付账户所有业务，不得新开账户。",
            "情节严重的，处三年以下有期徒刑或者拘役，并处或者单处罚金。",
            "举报电话：96110",
        ),
        f"{_SANS};background:#c8102e;color:#fff;font-size:34px",
    ),
    Poster(
        "云溪市公安局关于严厉打击涉电话卡违法犯罪的通告",
        (
            "一、严禁非法办理、出租、出售、购买、囤积电话卡和物联网卡。",
            "二、违反规定的，由公安机关处二十万元以下罚款；情节严重的，并处十五日以下拘留。",
            "三、本通告自2025年12月1日起施行，有效期五年。",
            "云溪市公安局",
            "2025年11月20日",
        ),
        f"{_SERIF};background:#fffdf5;color:#222;font-size:30px",
    ),
    Poster(
        "身份证丢了怎么办",
        (
            "第一步：马上到就近的派出所挂失。",
            "第二步：带户口簿申请补领，二十个工作日内可以领到。",
            "第三步：在“国家政务服务平台”查名下有几张电话卡。",
            "丢失期间被人冒用的，本人不承担责任。",
        ),
        f"{_SANS};background:linear-gradient(#dff1ff,#fff);color:#0b3d66;font-size:32px",
        kept="jpeg",
    ),
    Poster(
        "刷单返利都是诈骗",
        (
            "先给小甜头，后骗大本金。",
            "凡是要求先垫付资金的刷单，都是诈骗！",
            "不点陌生链接，不下载来路不明的软件，不向陌生人转账。",
            "已经转账的，立即拨打110，并保留聊天记录和转账凭证。",
        ),
        f"{_SANS};background:#ffd54a;color:#1a1a1a;font-size:36px;font-weight:700",
    ),
    Poster(
        "给老年人的一封信",
        (
            "各位叔叔阿姨：骗子常常冒充公安、医保、社保的工作人员打电话，说您涉嫌犯罪、医保卡要停用，让您把钱转到“安全账户”。",
            "公安机关没有安全账户，也不会在电话里办案。接到这样的电话，请马上挂断，告诉子女，或者拨打96110问一问。",
            "养老钱来之不易，转账之前多问一句。",
        ),
        f"{_SERIF};background:#f4ece0;color:#3b2a1a;font-size:28px",
        width=760,
    ),
    Poster(
        "跑分就是洗钱",
        (
            "用自己的银行卡、收款码替别人收款转账，每天能得几百元“佣金”，看起来轻松，其实是在帮诈骗团伙转移赃款。",
            "构成帮助信息网络犯罪活动罪或者掩饰、隐瞒犯罪所得罪的，要负刑事责任。",
        ),
        f"{_SANS};background:#102a43;color:#e6f0fa;font-size:32px",
    ),
    Poster(
        "学生暑期兼职提示",
        (
            "1.办电话卡、银行卡给别人用，不是兼职。",
            "2.扫码注册账号换礼品，账号会被用来行骗。",
            "3.替人“养号”、拉群，同样违法。",
            "4.遇到这样的“兼职”，请告诉老师和家长。",
        ),
        f"{_SANS};background:#fff;color:#333;font-size:30px;border:12px solid #2a7",
        kept="jpeg",
    ),
    Poster(
        "收购银行卡线索举报奖励办法",
        (
            "举报收购、贩卖银行卡和电话卡窝点的，查实后奖励5000元至20000元。",
            "举报一人出售银行卡的，查实后奖励500元。",
            "举报方式：拨打0999-7654321，或者到就近派出所。",
            "举报人的信息严格保密。",
        ),
        f"{_SANS};background:#fafafa;color:#444;font-size:26px;letter-spacing:2px",
    ),
    Poster(
        "被惩戒后怎样申诉",
        (
            "对惩戒有异议的，可以向作出认定的公安机关申诉。",
            "公安机关收到申诉后，十五个工作日内核实完毕；情况复杂的，可以延长十五个工作日。",
            "认定错误的，三个工作日内解除惩戒，恢复账户功能。",
            "解除以后，银行和支付机构不得另外设限。",
        ),
        f"{_SERIF};background:#eef7ee;color:#14361f;font-size:30px;transform:rotate(0.6deg)",
    ),
    Poster(
        "一图看懂电信网络诈骗联合惩戒",
        (
            "惩戒对象：因实施电信网络诈骗、非法买卖电话卡银行卡受过刑事处罚的人，以及经设区的市级以上公安机关认定的人。",
            "金融惩戒：限制名下银行账户的非柜面出金功能，不得新开户。",
            "电信网络惩戒：名下电话卡保留一张，不得新办。",
            "信用惩戒：信息移送金融信用信息基础数据库。",
            "惩戒期限：受过刑事处罚的为三年，其他的为二年。",
            "惩戒期满自动解除。",
        )
        * 2,
        f"{_SANS};background:#fff;color:#222;font-size:40px",
        width=720,
    ),
)


def drawn(browser: Browser) -> Iterator[tuple[Poster, bytes]]:
    """Yield each poster as a picture."""
    page = browser.new_page()
    for poster in POSTERS:
        page.set_viewport_size({"width": poster.width, "height": 1200})
        lines = "".join(f"<p style='margin:0 0 .9em'>{line}</p>" for line in poster.lines)
        title = f"<h1 style='font-size:1.8em;margin:0 0 1em;line-height:1.4'>{poster.title}</h1>"
        page.set_content(
            f"<body style='margin:0'><div style=\"padding:48px;line-height:1.7;{poster.style}\">{title}{lines}</div>"
        )
        told = {"type": "jpeg", "quality": 70} if poster.kept == "jpeg" else {"type": "png"}
        yield poster, page.locator("div").screenshot(**told)  # type: ignore[arg-type]
    page.close()
