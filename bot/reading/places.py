"""Which place a bulletin is for, told from its title or publisher by a closed list of mainland names.

The list is small on purpose. A name that is also an ordinary word (长治 in 长治久安, 大同, 中山) counts only with 市,
警方, 公安 or 反诈 after it.
"""

from __future__ import annotations

import re

NATIONAL = "全国"

_PROVINCES = """
    北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川
    贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆
"""
_CITIES = """
    石家庄 唐山 秦皇岛 邯郸 邢台 张家口 承德 沧州 廊坊 衡水 太原 阳泉 晋城 朔州 晋中 运城 忻州 临汾 吕梁
    呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 阜新
    辽阳 盘锦 铁岭 葫芦岛 长春 四平 辽源 通化 松原 白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 伊春 佳木斯 七台河
    牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州
    绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 滁州 阜阳 宿州 六安 亳州 池州 宣城
    福州 厦门 莆田 泉州 漳州 龙岩 宁德 南昌 景德镇 萍乡 九江 鹰潭 赣州 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营
    烟台 潍坊 济宁 泰安 威海 临沂 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡
    南阳 商丘 信阳 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳
    邵阳 岳阳 张家界 益阳 郴州 怀化 娄底 湘西 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 肇庆 惠州 梅州 汕尾 河源
    阳江 清远 东莞 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚
    儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水
    遵义 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 临沧 大理 西双版纳 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安
    汉中 榆林 商洛 兰州 嘉峪关 金昌 天水 武威 张掖 酒泉 庆阳 陇南 西宁 银川 石嘴山 吴忠 中卫 乌鲁木齐 克拉玛依
    吐鲁番 哈密
"""
_WORDS_TOO = """
    三明 东方 中山 保定 北海 南平 吉安 周口 固原 大同 大庆 安康 安顺 定西 常德 平凉 德州 新余 日照 普洱 朝阳
    永州 海东 白山 白银 茂名 营口 长治 黄山
"""


def _pattern(names: str) -> str:
    return "|".join(sorted(names.split(), key=len, reverse=True))


_CITY = re.compile(_pattern(_CITIES))
_PROVINCE = re.compile(_pattern(_PROVINCES))
_WITH_SUFFIX = re.compile(rf"({_pattern(_WORDS_TOO)})(?=市|警方|公安|反诈)")


def place_of(title: str, *accounts: str | None) -> str | None:
    """Return the city, else the province, else 全国, that the title names; failing that, what the accounts name.

    None when none of them names a place of the list.
    """
    for text in (title, *accounts):
        found = _place_in(text or "")
        if found is not None:
            return found
    return None


def places_named(text: str) -> tuple[str, ...]:
    """Return every city and province of the list that a text names, each once, in order."""
    found = sorted(
        (match.start(), match[0]) for rule in (_CITY, _PROVINCE, _WITH_SUFFIX) for match in rule.finditer(text)
    )
    return tuple(dict.fromkeys(name for _, name in found))


def _place_in(text: str) -> str | None:
    if re.search(r"全国|公安部|国务院", text):
        return NATIONAL
    for pattern in (_CITY, _WITH_SUFFIX, _PROVINCE):
        match = pattern.search(text)
        if match:
            return match[0]
    return None
