"""What must be recognised before any model: a victim, and an offer of trade. Pure rules over normalised text.

A victim's wording sends the person to 110 / 96110 whatever the classifier thought. The rules look for something
that has happened or is happening to the person or their family (money gone, a code given, a caller who wants a
transfer), and step back when the text speaks of others, of the news, or of how to take care. What an offer is, the
module `trade` knows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from bot.answering.bystanders import OF_MYSELF, tells_of_others
from bot.answering.trade import offers_trade
from bot.answering.wordings import AMOUNT, AUTHORITY, PAY, PERSON, URGES, WANTED, compact

Alarm = Literal["victim", "offer_trade"]

# Deceived, in so many words.
_DECEIVED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:被|遭|遭到|遭受|给|让|挨|着|俾|畀|受)(?:人|人家|他们?|她|骗子|对方|网友|诈骗分子|别人|电信|网络|网恋|网贷|刷单|投资|兼职|客服|中介)*(?:给)?(?:诈骗|骗(?!子|人)|呃|坑)",
        r"(?:被|挨|让)(?:诈骗|骗(?!子.{0,4}(?:用|使|买|拿去)))",
        r"(?:上当|受骗|中招|上了.{0,3}当|上套)",
        r"(?:骗|坑)(?:了|走|去|光)(?:了)?(?:我|俺|咱|家)",
        r"骗(?:了|走|去|光)(?!别人|他人|人家|其).{0,6}(?:万|千|块|元|钱|积蓄|养老钱|退休金|血汗钱)",
        r"(?:遇到|碰到|遇上|碰上|撞上)(?:了)?(?:个)?(?:骗子|诈骗|电信诈骗)",
        r"(?:发给|转给|汇给|打给|告诉|交给|寄给|付给)(?:了)?(?:骗子|诈骗)",
    )
)
_HAPPENED = _DECEIVED + tuple(
    re.compile(pattern)
    for pattern in (
        # money already gone
        rf"(?:还|又|已经|都|刚|才|先){PAY}(?:了|过去)(?:他|她|对方|人家)?{AMOUNT}",
        r"(?:扣|划|刷)(?:了|走|掉)(?:我|俺)?(?:\d{3,}|[一二两三四五六七八九十几]+(?:千|万|百))",
        rf"(?:钱|款|{AMOUNT}|积蓄|工资|养老金).{{0,6}}(?:刚|已经|已|都|全|全都)?.{{0,4}}(?<!电话){PAY}(?:过去|给|出去|走|进去|到|了)",
        rf"(?:刚|刚刚|已经|才|把钱|今天|昨天|早上|上午|下午|晚上|昨晚).{{0,8}}{PAY}(?:了|过去|给|出去|到).{{0,10}}(?:钱|万|千|块|元|账户|账号|对方|他|骗子)",
        rf"{PAY}(?:了|过去|给|出去|走|到).{{0,14}}(?:安全账户|骗子|才发现|不对劲|拉黑|联系不上|打不通|人不见|不见了|没音|跑了)",
        # paid, and the other one has fallen silent
        rf"(?!打了?(?:个|通)?(?:电话|热线|报警|110|96110|1[02]\d{{3}})){PAY}(?:了|过去|给|完).{{0,14}}(?:不理(?:我|人)|不回(?:我|消息|信息|微信))",
        rf"(?<!能)(?<!不)(?<!别)(?<!要)给骗子.{{0,6}}{PAY}(?:了|过)(?!.?电话)",
        r"(?:卡|账户|账上|微信|支付宝|余额|存折|花呗|银行)(?:里|上|里面)?(?:的)?(?:钱|存款|余额)?.{0,5}(?:被转走|被转了|被盗刷|被刷|被划走|没了|不见了|少了|被盗|被取走|被扣走)",
        r"盗刷(?!了?(?:别人|他人|人家|捡|拾|其)|罪|犯|的(?:人|行为))",
        rf"被(?:划|扣|刷|转)(?:走|了|掉)(?:了)?.{{0,6}}{AMOUNT}",
        r"(?:转|付|打|交|充|买).{0,12}(?:就|后|完|马上|立马)?.{0,3}(?:把我拉黑|拉黑了?我|拉黑了|删了我|失联|联系不上)",
        r"把我拉黑",
        rf"杀猪盘.{{0,10}}(?:亏|赔|投|搭|损失|充|转|没).{{0,4}}{AMOUNT}",
        r"(?:打款|转账|汇款|付款|转钱|打钱|付钱|交钱|下单).{0,8}(?:发现|才知道|觉得|感觉|怀疑).{0,6}(?:诈骗|骗|假的|不对)",
        r"(?:积蓄|养老钱|退休金|存款|血汗钱|棺材本).{0,4}(?:没了|没有了|没啦|打水漂|不见了)(?!吗|么)",
        rf"坑(?:了|走|去){AMOUNT}|(?:贷出|借出|贷了|消费|扣了|多了).{{0,8}}不是我(?:本人)?(?:贷|借|买|弄|操作|刷)",
        r"(?:付|转|充)了.{0,10}说没(?:有)?(?:收到|到账)",
        # codes and passwords handed over
        r"(?:验证码|密码|动态码|支付密码|卡号密码|校验码).{0,8}(?:给|告诉|发|报|念|说|输|填|泄露)(?:了|给|过去|他|她|对方|人家|进去|出去)",
        r"(?:给|告诉|发|报|念|说)(?:了)?(?:他们?|她|对方|人家|客服|骗子|那人|那边).{0,4}(?:验证码|密码|动态码|校验码)",
        r"(?:开|打开|点|做|进行)(?:了|过)?(?:那个)?(?:屏幕共享|共享屏幕|远程控制)",
        r"(?:手机|电脑|屏幕).{0,6}(?:(?:被|让).{0,6}(?:控制|操控)|自己(?:在|会)?(?:动|点|操作|转))",
        # paid, and asked for more
        rf"{PAY}(?:了|过)?{AMOUNT}.{{0,4}}(?:又|还|再)(?:要|让|叫|喊)",
        # despair: whatever it comes from, somebody has to be there now
        r"(?:不想|不要|没法|没脸)活(?:了|下去)|活不下去|(?:想|要|去)(?:自杀|轻生|跳楼|跳河|上吊|寻短见)|(?:想死|死了算了)(?!机|你)",
        # the money cannot be got back out
        r"(?:刷单|平台|投资|理财|博彩|充值|app|任务|返利|兼职|里面|本金).{0,16}(?:提不(?:了|出)|取不(?:了|出)|提现不了|不能提现|无法提现|不让提现|不给提现|提现失败|不返|不给退|退不了)",
    )
)
_HAPPENING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{URGES}(?:{PERSON}|先|再|马上|立刻|赶紧|去|把)+.{{0,16}}{WANTED}",
        rf"(?:对方|骗子|他|她|客服|那边|电话里|有个?人|陌生人|来电|{AUTHORITY}).{{0,16}}{URGES}.{{0,8}}{WANTED}",
        rf"(?:正在|在|马上|还在|继续).{{0,4}}{URGES}.{{0,8}}{WANTED}",
        rf"(?:自称|冒充|说是|声称|说他是|说自己是|称是).{{0,10}}{AUTHORITY}.{{0,30}}(?:转|打钱|汇|验证码|密码|屏幕|账户|下载|通缉|涉嫌|洗钱)",
        rf"说{PERSON}.{{0,12}}(?:涉嫌|犯了|涉及|卷入|参与|牵涉|涉案|有案).{{0,10}}(?:洗钱|犯罪|诈骗|案|通缉|逮捕|贩毒|走私|毒)?",
        rf"{PERSON}.{{0,6}}(?:涉嫌|涉及).{{0,4}}(?:洗钱|犯罪|诈骗|案件).{{0,16}}(?:转|汇|打钱|账户|配合|保密|电话)",
        rf"(?:通缉令|逮捕令).{{0,16}}(?:我|{URGES})",
        r"(?:让|叫|要).{0,8}(?:安全账户|清查账户|核查账户)",
        r"(?:正在|正)(?:被|遭|给人|让人)(?:骗|诈骗)",
        r"骗子.{0,6}(?:正在|还在|现在(?:在|就|又|还|让|叫|要|说|打)|打电话|在线|视频)",
        # kept from speaking to anybody
        r"(?:不让|不许|不准|[叫让]我(?:别|不要)).{0,4}挂(?:断)?电话|(?:不能|不许|不准|不让|别|不要)我?告诉(?:家里|家人|任何人|爸妈|父母|老公|老婆|子女)",
        rf"{URGES}(?:{PERSON}|把)+.{{0,8}}(?:没人的地方|飞行模式|别接.{{0,4}}电话)",
        # cash fetched at the door; relatives who need money at once; pictures held against somebody
        r"上门.{0,4}(?:收|取|拿).{0,8}(?:现金|钱|黄金)",
        r"(?:孙子|孙女|外孙|儿子|女儿|侄子|同学).{0,4}(?:打电话|来电|发消息|发微信).{0,14}(?:保释金|赎金|要钱|借钱|打钱|转钱|医药费)",
        r"(?:裸照|裸聊|私密照|不雅).{0,12}(?:要钱|转钱|威胁|要挟|敲诈|勒索|通讯录)",
        rf"(?:要|让|叫|得)(?:我|你|先|再)*交{AMOUNT}?.{{0,4}}(?:解冻|解封|保证金|验资)",
        r"(?:要|去|准备)给(?:陌生人|网友|对方|不认识的人?)(?:汇|转|打|存)|(?:非要|硬要|执意要?).{0,4}(?:转(?!让|院|学)|汇钱|汇款|打钱|打款)",
        rf"(?:正在|正|马上要|要|在).{{0,10}}给骗子.{{0,4}}{PAY}(?!电话)",
        r"(?:刷单|做任务|点赞返利).{0,24}(?:对方|他们?|她|客服|平台|导师|老师)(?:说|要求|非?要|让|叫|又).{0,16}(?:余额|充|垫|转|退款|保证金|解冻)",
        # another payment is asked for, to make good what is said to be wrong with the last
        rf"(?:操作|订单|账户|系统|流水|信用分?|银行卡|卡号|备注|连单)(?:填|输|写)?(?:错误|错了|失误|不当|超时|异常|冻结|卡单|不足|不够)[^吗么]{{0,10}}(?:再|继续|还要|重新|补|先|得|要|才能).{{0,3}}{PAY}(?!材料|资料|表|证)",
    )
)
# Asks how to take care, or what a word means.
_TAKING_CARE = re.compile(
    r"(?:怎么|怎样|如何|咋|咋个|啷个|咋样|才能|为了|怎么才能)(?:样)?(?:去)?(?:才能|可以|能|做到)?.{0,3}(?:防|避免|预防|不被|不会被|不上当|识别|分辨|辨别|判断|识破|别被|不受)"
    r"|(?:防止|避免|预防|以免|免得|小心|当心|防范|提防|别|不要|(?<!会)不会|不想|容易|谨防|差点|差一点|险些|少|没)(?:自己|老人|爸妈|父母|孩子|我|再|又|就|是)?.{0,2}(?:被(?:人)?骗|上当|受骗|被诈骗|中招|被盗刷)"
    # Who fears that it has happened already is no longer taking care.
    r"|(?:担心|怕|害怕|会不会|会|是不是会|可能)(?:自己|老人|爸妈|父母|孩子|我|再|又|就|是)?.{0,2}(?:被(?:人)?骗|上当|受骗|被诈骗|中招|被盗刷)(?!了)"
    r"|(?:怎么|怎样|如何|咋|怎么才能|怎样才能)(?:不让|别让|让).{0,8}(?:被骗|上当|受骗)"
    r"|别乱(?:点|信|转)|(?:公安|警察|警方|民警|银行|客服|法院|检察院)(?:机关|人员|真的|真)*会.{0,14}(?:吗|么|不)$|(?:防骗|反诈|防诈)(?:知识|技巧|宣传|常识|小技巧|攻略|手册)"
    r"|(?:诈骗|被骗|上当)(?:的)?(?:案例|套路|手段|种类|类型|例子|特点)"
    r"|(?:什么是|啥是|啥叫|什么叫).{0,6}(?:安全账户|屏幕共享|刷单|杀猪盘|诈骗|验证码)|安全账户(?:是什么|是啥|什么意思|啥意思)"
)
_DECEPTION = r"(?:被(?:人)?骗|上当|受骗|被诈骗|中招|被盗刷)"
# No upon no is yes.
_INSISTS = re.compile(
    rf"(?:不是|并非|谁说|难道|不能说|怎么会)(?:我|俺|咱|他|她)?(?:没有?|不是)(?=.{{0,2}}{_DECEPTION})"
)
# One who says so of himself may yet tell of another.
_DENIES = re.compile(rf"没有?(?:自己|再|又|就|是)?.{{0,2}}?{_DECEPTION}")
# The same typed by sound, without tones and spaces, in a message that has no Chinese character.
_BY_SOUND = re.compile(
    r"beipian|beiren(?:gei)?pian|beizha|shoupian|shangdangle|pianle(?:wo|\d|wan|qian|ji|yi|er|liang|san|si|wu|liu|qi|ba|jiu|shi)|"
    r"geile?pianzi|pianzi(?:rang|jiao|yao|zai|zheng|hai|ba|gei|da)|(?:rang|jiao|yao|cui|bi)wo(?:ba)?(?:qian)?(?:zhuan|daqian|huikuan|huiqian|fukuan)|"
    r"qian(?:dou|yijing|gang)?(?:bei|zhuan)(?:zou|gei|guoqu|chuqu)|anquanzhanghu|yanzhengma(?:\w{0,6})(?:gei|gaosu|fa|bao)(?:le|ta)|daoshua"
)
_CARE_BY_SOUND = re.compile(
    r"zenme(?:yang)?(?:cai)?(?:fang|bu|bi)|ruhe|fangzhi|bimian|xiaoxin|danxin|bie(?:bei|shang)|bubei|meibei|huibei|paibei|pabei"
)
# A loss told with its sum, or with the person who bears it: however it goes on, it has happened.
_LOST = re.compile(
    r"(?<!没)(?<!没有)(?<!不会)(?<!担心)(?<!怕)(?<!差点)(?<!差点就)(?<!差点儿)(?<!差一点)(?<!险些)(?<!险些就)"
    rf"(?:被|遭|让|给)(?:人)?(?:诈骗|骗)(?:了|走|去|光)?{AMOUNT}|(?:骗|坑)(?:了|走|去|光)(?:我|俺|咱)"
    r"|(?<!担心)(?<!怕)(?<!小心)(?:我|俺|咱|(?:爸|妈|爷|奶|婆|公|哥|姐|弟|妹))(?:刚刚|刚|已经|今天|昨天|昨晚)?(?:被|遭|让|给)(?:人)?(?:诈骗|骗)(?:了|走)"
)
# Deceived into opening or selling a card: what they need to hear is what follows from it, and the classifier decides.
_INTO_TRADE = re.compile(
    r"(?:骗|忽悠|哄)(?:我|他|她|去|着|了)*.{0,6}(?:办|开|卖|租|借|出)(?:了|过|给|的)?.{0,6}(?:卡|账户|户)"
    r"|(?:跑分|卖卡|租卡|借卡|办卡|开卡|走账|出租).{0,4}被骗|卡被骗"
)
# Asked to let strangers' money pass through the person's own account: a lure, not a loss.
_THROUGH_MY_ACCOUNT = re.compile(
    r"(?:帮忙|帮|代|替)(?:他|她|人|别人|朋友|公司|忙)?(?:收钱|收款|走账|过账).{0,8}(?:转出|转给|转走|提成|佣金|好处|手续费)|"
    r"(?:用|拿|借|走|过)(?:我|自己|俺|我们|咱)(?:的|个人|自己|公司|店里)*.{0,4}(?:卡|账户|账号|码|微信|支付宝|户头).{0,8}(?:收|过|走|转|代|帮)"
)
_WHAT_FOLLOWS = re.compile(
    r"怎么查|咋查|处理|注销|销户|坐牢|犯法|违法|犯罪|责任|判|后果|处罚|惩戒|征信|牵连|影响|算.{0,4}吗"
)

_MONEY = re.compile(
    r"钱|骗|转账|转了|转给|转走|汇|付款|付了|账|帐|卡|验证码|密码|扣|款|诈|充值|提现|返利|刷单|投资|下载|屏幕|公安|警察|客服|贷|块|押金|保证金|扫码|链接|平台|呃|积蓄|万|千|百"
)
_BLOCKED = re.compile(
    r"(?:卡|账户|账号|户头|微信|支付宝|手机号|号码|网银).{0,8}(?:冻结|被冻|冻了|风控|被限制?|限制了|管控|限额|停用|停机|被停|被封|封了|锁了|止付|异常)"
)


def recognise(text: str) -> Alarm | None:
    """Return what the wording of a message says beyond doubt, or None: then the classifier decides."""
    clean = compact(text)
    if _is_victim(_INSISTS.sub("", clean)) or _is_victim_by_sound(clean):
        return "victim"
    if offers_trade(clean):
        return "offer_trade"
    return None


def _is_victim(text: str) -> bool:
    if _INTO_TRADE.search(text) and _WHAT_FOLLOWS.search(text):
        return False
    if _THROUGH_MY_ACCOUNT.search(text):
        return False
    if tells_of_others(text):
        return False
    if any(pattern.search(text) for pattern in _HAPPENING):
        return not _TAKING_CARE.search(text)
    if _TAKING_CARE.search(text) and not _LOST.search(text):
        return _tells_of_another(text)
    return any(pattern.search(text) for pattern in _HAPPENED)


def _tells_of_another(text: str) -> bool:
    """Whether someone who was not deceived tells, after saying so, of somebody close who was."""
    rest = _DENIES.sub("", text)
    if rest == text or _TAKING_CARE.search(rest) or not OF_MYSELF.search(rest):
        return False
    return any(pattern.search(rest) for pattern in _DECEIVED)


def _is_victim_by_sound(text: str) -> bool:
    if any("\u4e00" <= character <= "\u9fff" for character in text):
        return False
    letters = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text))
    return bool(_BY_SOUND.search(letters)) and not _CARE_BY_SOUND.search(letters)


def speaks_of_money(text: str) -> bool:
    """Whether a message speaks of money, an account, a code or a fraud at all: a victim's does."""
    clean = compact(text)
    return bool(_MONEY.search(clean))


def speaks_of_a_block(text: str) -> bool:
    """Whether a message tells of a card, account or number that its bank, the police or its operator has stopped."""
    return bool(_BLOCKED.search(compact(text)))


def speaks_of_others(text: str) -> bool:
    """Whether a message tells of others or the news, or asks how to take care: nothing happens to the person."""
    clean = compact(text)
    return tells_of_others(clean) or bool(_TAKING_CARE.search(clean) and not _LOST.search(clean))
