"""Parts of the wordings by which victims are told from others: people, sums, deeds of paying. Patterns, and no rule."""

from __future__ import annotations

import re

from bot.text.normalise import normalise

PERSON = (
    r"(?:我|俺|咱|偶|本人|(?:爸|妈|爷|奶|婆|公|叔|姨|舅|姑|伯|哥|姐|弟|妹|嫂|娘)|老公|老婆|老伴|媳妇|儿子|女儿|孩子|家里|"
    r"家人|老人|父母|父亲|母亲|朋友|同学|同事|室友|舍友|邻居|闺蜜|男友|女友)"
)
# Bounded: a long row of digits is looked through once, not once from each digit.
AMOUNT = r"(?:\d[\d,.]{0,11}|[一二两三四五六七八九十百几]{1,8})[多几]?(?:余|来)?(?:个)?(?:万|千|百|块|元|w|k|万块|钱)"
PAY = r"(?:转|打|汇|付|充|交|投|存|划|刷)"
AUTHORITY = (
    r"(?:公安|警察|民警|公检法|检察院|检察官|法院|法官|客服|领导|老板|通管局|通信管理局|银保监|"
    r"社保局|医保局|海关|快递员|反诈中心|班主任|老师)"
)
WANTED = (
    r"(?:转账|转钱|打钱|打款|汇款|汇钱|付款|转过去|转到|打到|汇到|存到|安全账户|保证金|押金|解冻金|解冻费|手续费|垫付|充值|验证码|"
    r"屏幕共享|共享屏幕|开共享|归集|过数|入数|验资|金条|(?:调高|提高|提升).{0,3}(?:限额|额度)|(?:限额|额度).{0,6}(?:调高|提高|提升)|(?:念|读|报).{0,3}短信|点链接|点.{0,4}链接|下载.{0,8}(?:软件|app|会议|应用)|取现金|买黄金|礼品卡|点卡|输密码|输入密码|刷脸|人脸)"
)
URGES = r"(?:让|叫|要|要求|催|逼|喊|教|骗|非要|一直要)"


def compact(text: str) -> str:
    """Return a message without white space and the punctuation around it, in one spelling and lower case."""
    return re.sub(r"\s+", "", normalise(text)).lower().strip(",.!?;:。、~…·-")
