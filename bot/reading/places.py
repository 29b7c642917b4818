"""Which place a bulletin is for: told from its title, its accounts, its signature and its text.

Knows all provinces and prefectures of China by name, and of smaller places what an account's or an office's name says
of itself, 「某县公安局」. A name that is also an ordinary word (长治 in 长治久安, 大同, 中山) counts only with 市,
警方, 公安 or the like after it.
"""

from __future__ import annotations

import re
from collections import Counter

NATIONAL = "全国"

# Each province, then its prefectures: cities, autonomous prefectures, leagues, and cities that stand under it directly.
_DIVISIONS = """
    北京
    天津
    上海
    重庆
    河北 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水
    山西 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁
    内蒙古 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安盟 锡林郭勒 阿拉善
    辽宁 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛
    吉林 长春 四平 辽源 通化 白山 松原 白城 延边
    黑龙江 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭
    江苏 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁
    浙江 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水
    安徽 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
    福建 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德
    江西 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶
    山东 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽
    河南 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源
    湖北 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架
    湖南 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
    广东 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮
    广西 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左
    海南 海口 三亚 三沙 儋州
    四川 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山
    贵州 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南
    云南 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
    西藏 拉萨 日喀则 昌都 林芝 山南 那曲 阿里
    陕西 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
    甘肃 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南
    青海 西宁 海东 海北州 黄南州 海南州 果洛 玉树 海西州
    宁夏 银川 石嘴山 吴忠 固原 中卫
    新疆 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子
    香港
    澳门
    台湾 台北 高雄
"""
# Names that are ordinary words too, or stand in them; some are districts elsewhere, or foreign.
_WORDS_TOO = """
    三明 东方 中山 保定 北海 南平 吉安 周口 固原 大同 大庆 安康 安顺 定西 常德 平凉 德州 新余 日照 普洱 朝阳 永州 海东
    白山 白银 茂名 营口 长治 黄山 大理 开封 来宾 资阳 广元 阿里 山南 和田 天门 凉山 红河 文山 怒江 巴中 河源 天水
    台州 大连 通化 三沙 济源 玉树 甘南 仙桃 潜江 双鸭山 威海 孝感
"""
# What stands before or after a name when it is none: 网上海量, 隆重庆祝, 西南通信.
_NOT_AFTER = {
    "上海": "网线以",
    "重庆": "隆",
    "南通": "西东",
    "海南": "上",
    "吉林": "哥",
    "西安": "江山广陕",
    "台北": "平",
}
_SUFFIX = r"(?=市|州|盟|地区|警方|公安|反诈|网警|刑警|交警|检察|法院|人社|银行|农商|移动|电信|联通)"
_NATIONAL = re.compile(
    r"全国(?!多地|各地|首|人大|人民代表|重点|家)(?<!安全国)|公安部|国务院|最高人民法院|最高人民检察院|最高法|最高检|两高|中华人民共和国|全国人(大|民代表大会)"
    r"|(?<!安全)国家(反诈|金融监督管理|互联网信息|网信|市场监督管理|税务|数据|邮政|移民)|工信部|工业和信息化部|中国人民银行(?!.{2,6}(分行|支行|中心))|金融监管总局|网信办"
)
# What an account or an office calls itself.
_OWN_NAME = re.compile(
    r"^平安(?P<a>[\u4e00-\u9fff]{2,4})$"
    r"|^(?P<b>[\u4e00-\u9fff]{2,5}?)(省|市|县|区|旗|自治县)?(市)?(公安|警方|反诈|反电信|反虚假|网警|刑警|交警|刑侦|派出所)"
    r"|^(?P<c>[\u4e00-\u9fff]{2,4}?)(市|县|区|旗)?(发布|网信|检察|法院|政法)$"
)
_NO_PLACE = re.compile(
    r"中国|国家|全民|首都|人民|我们|天下|公安|警察|警方|反诈|打击|网络|安全|银行|保险|建设|生活|校园|社区|出行|平安|新华|央视|法治|治安|电信|本地|全省|全市"
)
# Who posts for a place. What a newspaper reports from somewhere is not for that place.
_OFFICE = re.compile(r"公安|警|反诈|反电信|反虚假|平安|政府|检察|法院|派出所|断卡|联席办|街道|社区")
_OPENING = 400
_FEWEST_MENTIONS = 2
_SHARE = 0.6


def _alternatives() -> str:
    names = sorted({name for line in _DIVISIONS.splitlines() for name in line.split()}, key=len, reverse=True)
    words = frozenset(_WORDS_TOO.split())
    found = []
    for name in names:
        before = f"(?<![{_NOT_AFTER[name]}])" if name in _NOT_AFTER else ""
        found.append(f"{before}{name}{_SUFFIX if name in words else ''}")
    return "|".join(found)


_PROVINCES = {line.split()[0]: tuple(line.split()[1:]) for line in _DIVISIONS.splitlines() if line.split()}
_PROVINCE_OF = {city: province for province, cities in _PROVINCES.items() for city in cities}
# One expression for all names: what one has taken the next cannot, as 南通 in 济南通报.
_NAME = re.compile(_alternatives())
_ISSUES = re.compile(r"(省|市|州|县|区|自治区)?(人民)?(公安|警方|反诈|网警|刑警|政府|检察|法院|市)")


def place_of(title: str, *accounts: str | None, text: str = "") -> str | None:
    """Return the city, else the province, else 全国, that the title names; failing that, what the accounts name.

    Where they name nothing and are no newspaper, it is the place whose offices the text speaks of above all others.
    None when there is none.
    """
    for said in (title, *accounts):
        found = _place_in(said or "")
        if found is not None:
            return found
    own = next((name for account in accounts if (name := _own_name(account or ""))), None)
    others = any(account and not _OFFICE.search(account) for account in accounts)
    return own or (None if others else _above_all(text))


def province_of(place: str) -> str | None:
    """Return the province a prefecture lies in, or the province itself; None for any other place."""
    return place if place in _PROVINCES else _PROVINCE_OF.get(place)


def is_province(place: str) -> bool:
    """Whether the place is a province, an autonomous region, or a city of that rank."""
    return place in _PROVINCES


def places_named(text: str) -> tuple[str, ...]:
    """Return every prefecture and province that a text names, each once, in order."""
    return tuple(dict.fromkeys(_plain(match[0]) for match in _NAME.finditer(text)))


def _plain(name: str) -> str:
    return name.removesuffix("州") if name in ("海北州", "黄南州", "海南州", "海西州") else name


def _place_in(text: str) -> str | None:
    issuer = next((match for match in _NAME.finditer(text) if _ISSUES.match(text, match.end())), None)
    if issuer is None and _NATIONAL.search(text):
        return NATIONAL
    named = [_plain(match[0]) for match in _NAME.finditer(text)]
    if not named:
        return None
    return next((name for name in named if not is_province(name)), named[0])


def _own_name(account: str) -> str | None:
    found = _OWN_NAME.search(account.strip())
    name = (found["a"] or found["b"] or found["c"]) if found else None
    return name if name and not _NO_PLACE.search(name) else None


def _above_all(text: str) -> str | None:
    """Return the place whose offices the text names first and most often; None when others are named about as often."""
    offices = [_plain(match[0]) for match in _NAME.finditer(text) if _ISSUES.match(text, match.end())]
    if not offices:
        return None
    place, count = Counter(offices).most_common(1)[0]
    named = Counter(_plain(match[0]) for match in _NAME.finditer(text))
    near = _place_in(text[:_OPENING])
    enough = count >= _FEWEST_MENTIONS and named[place] >= _SHARE * named.total()
    return place if enough and near == place else None
