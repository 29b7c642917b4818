"""Who speaks of a fraud and is no victim of one now: of others, the law, years ago, a heart, a police station.

Knows the wording of a compact message (see bot.answering.safety) and nothing else.
"""

from __future__ import annotations

import re

from bot.answering.wordings import AMOUNT, PAY, PERSON, WANTED

# The text speaks of others, of the news: nothing is happening to the person.
_OTHERS = re.compile(
    r"(?:新闻|报道|电视|报纸|广播|抖音|视频|短视频|公众号|朋友圈|通报|宣传|刷到)(?!客服|商城|小店|平台|会员|主播|官方)(?:里|上|中|上面)?(?!.{0,4}(?:怎么|咋|有没有|如何)).{0,10}(?:说|讲|看|有人|有的人|别人|某|很多人|好多人)"
    r"|^(?:听说|听讲|据说|听闻)(?!.{0,20}(?:我|俺))|(?:听说|看到|看见|听人说|听到).{0,10}(?:有人|别人|某|好多人|很多人|老有人|人家|谁)"
    r"|(?:别人|人家|有的人|很多人|好多人|那么多人|这么多人|老有人|大家|群众|市民|老百姓|受害人|受害者|多少人|谁).{0,6}(?:被骗|上当|受骗|被诈骗)"
    r"|的人?(?:都)?(?:抓到|抓着|抓住|落网|判)(?:了)?(?:没|吗|么|几)"
)
OF_MYSELF = re.compile(
    rf"(?:我|俺|咱|本人)(?:也|刚|就|都|自己|被|遭|把|给|妈|爸|现在|正在|正跟|正和)|说(?:我|俺)(?:涉嫌|犯|有)|(?:骗|坑)(?:了|走|去)我|{AMOUNT}.{{0,4}}(?:我的|是我)"
)
# Somebody's question of law about a fraud: who did it, what it is called, who answers for it. No loss of the person's.
_OF_THE_LAW = re.compile(
    r"(?:什么|啥|哪种|何种)样?的?罪|构成.{0,8}(?:罪|诈骗)|定罪|量刑|包庇|被害人|法律责任|精神损害|(?:由|应).{0,24}承担|谁承担|谁(?:来)?赔|应如何"
    r"|(?:从|向)(?:她|他|别人|人家|对方).{0,6}骗|骗(?:了|走)?(?:别人|他人|人家|其)|盗刷(?:了)?(?:别人|他人|人家)"
    r"|(?:判|判刑|判决)(?:了)?[一二三四五六七八九十\d]+年|(?:警方|公安|警察|民警|反诈中心).{0,6}(?:追回|挽回|劝阻|拦).{0,6}(?:多少|几)"
)
_BORNE_BY_ME = re.compile(
    rf"{PERSON}.{{0,12}}(?:被|遭|受)(?:人|他|她|对方|骗子|网友)?.{{0,4}}(?:骗|呃|坑)(?!进|去|到)|骗(?:了|走|去|光)(?:我|俺|咱)|"
    rf"{PERSON}.{{0,10}}{PAY}(?:了|过去|给)"
)
# Years ago, and nothing of it goes on.
_LONG_AGO = re.compile(
    r"(?:(?<!\d)\d{1,2}|[一二两三四五六七八九十几好多]{1,3})年(?:之|以|多)?前.{0,10}(?:被|遭|受|上当)|(?:前几年|前些年|前年|那年|早些年|小时候).{0,10}(?:被|遭|受|上当)"
    r"|20(?:[01]\d|2[0-4])年.{0,14}(?:骗|上当)"
)
_STILL = re.compile(r"今天|昨天|昨晚|刚|这几天|现在(?:他|她|又|让|要|还|说)|最近|又(?:来|让|叫|要|打|骗|被)")
# A broken heart, not a purse.
_OF_THE_HEART = re.compile(r"流产|堕胎|打胎|打(?:了|过).{0,3}胎|怀孕|怀上|怀了|未婚妈妈|生下|第三者|小三|出轨|隐瞒婚史")
_PURSE = re.compile(rf"钱|{AMOUNT}|转账|彩礼|借款|贷款|投资|万|千|报警")
# Called to come in person, and no money asked for: a police station does that.
_IN_PERSON = re.compile(
    r"(?:去|到|来)(?:一趟)?(?:派出所|柜台|营业厅|投案|自首)|(?:卖|租|借)(?:的|过的|出去的|给).{0,6}卡.{0,8}涉案"
)
_ON_THE_PHONE = re.compile(rf"转接|笔录|视频|qq|保密|{WANTED}")


def tells_of_others(text: str) -> bool:
    """Whether nothing is happening to the person: others, a question of law, long ago, no money, a police station."""
    return bool(
        (_OTHERS.search(text) and not OF_MYSELF.search(text))
        or (_OF_THE_LAW.search(text) and not _BORNE_BY_ME.search(text))
        or (_LONG_AGO.search(text) and not _STILL.search(text))
        or (_OF_THE_HEART.search(text) and not _PURSE.search(text))
        or (_IN_PERSON.search(text) and not _ON_THE_PHONE.search(text))
    )
