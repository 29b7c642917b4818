"""What a passage is for: advice, a case, figures or background; and which topics it is on.

Told sentence by sentence from classes of words that hold for any text: who is named, whether it tells of one event, who
is spoken to, what must be or must not be done, what follows from doing it, what a word means, how a swindle goes, what
is counted. No text in particular is known here. The reason is written for editors, who may overrule both in a sidecar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.reading.pieces import Piece
from bot.reading.records import Kind, Topic

# What others say is no advice of the police.
_QUOTED = re.compile(r"“[^“”]*”|「[^「」]*」")

# 李某, 施某广, 佛子岭路某小区; not 某些, 某种, 某某 (nobody in particular).
_NAMED = re.compile(
    r"(?<![与和的在个有称自到向对从据以为过])(?<=[\u4e00-\u9fff])某(?![些种个类项次时天日年月段样某人一方位知])|[A-Z]某|（化名）|被害人[\u4e00-\u9fff]某"
    r"|[\u4e00-\u9fffA-Z](某某|先生|女士|小姐|大爷|大妈|阿姨)(?!吗|您|们)"
)
_WHEN = re.compile(
    r"近日|日前|当天|当日|当晚|次日|随后|昨日|前不久|不久前|去年|(19|20)\d\d年|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}月[初底中]|年[初底]|今年\d{1,2}月"
)
_HAPPENED = re.compile(
    r"抓获|逮捕|被捕|落网|归案|起诉|判处|宣判|判决|立案|侦破|破获|捣毁|摧毁|打掉|查获|查处|端掉|报警|报案|被骗|受骗|上当|转账|转出|汇款|汇入|接到"
    r"|收到|发现|遭遇|遭到|披露|泄露|曝光|攻击|入侵|窃取|盗取|逃|移交|遣返|劝阻|承认|供述|交代|认识"
)
# What is only said to happen: by rule, in time to come, if.
_IN_GENERAL = re.compile(
    r"如果|一旦|假如|若|当[^，。]{1,20}时|往往|通常|经常|常常|一般|将(全面|组织|继续|进一步|持续|会|依法|对|于|采取|面临|被)|应当|必须|要|会(?![议上员])|可能|可以|为(了|打击|提高)"
)
# Somebody did it, whenever that was.
_DONE = re.compile(
    r"(抓获|逮捕|捣毁|破获|打掉|查获|侦破|起诉|判处|查处|摧毁)(了|一)(?!大?批)(?!一批)|一举(摧毁|打掉|捣毁|抓获|端掉)|被(捕|骗走|判|抓|拘|起诉)|落网|归案"
)
_STORY_TELLS = re.compile(r"受害人|被害人|事主|嫌疑人|被告人|专案|该(犯罪)?团伙")
# Who acts in what stands under a heading that announces a case.
_ACTORS = re.compile(r"民警|警方|公安|嫌疑|被告|受害|被害|男子|女子|老人|法院|检察院|他|她")
_CASE_HEADING = re.compile(r"案例|案情|诉讼过程|案件回顾")

_ORGANS = (
    r"(公安|部门|单位|政府|企业|平台|银行|机构|国家|行业|运营商|监管|公司|各地|各级"
    r"|我们将|警方将|检察|法院|协会|学校|党委|组织|网信|经营者|提供者)"
)
_TO_READERS = (
    r"(市民|群众|公众|民众|大家|您|你|居民|消费者|网友|网民|用户"
    r"|家长|学生|老人|老年人|朋友|持卡人|个人|公民|每个人|人人)"
)
_TOLD_BY_OTHERS = re.compile(
    r"[谎声宣]称|为由|诱[导骗使]|骗取|(对方|骗子|分子|短信|客服|群里|嫌疑人|团伙|诈骗者|攻击者|黑客)[^。；]{0,16}(说|写|称|提示|显示|告知|要求|发来|让|会|以|将)"
)
_TOLD_IN_NEWS = re.compile(
    r"目前|近日|日前|去年|先后|会议|强调|部署|专案组|嫌疑人|检察院|法院|检方|已(被|经|依法|将|对|有)|被(依法|行政|刑事|处|判|捕)|对其|(?<![为除])了"
    r"|[\d一二两三四五六七八九十]\s?(余|多)?名|(抓获|起诉|判处|查处)[^，。]{0,10}\d"
)
_SPAN = r"[\d一二两三四五六七八九十]{1,3}\s{0,2}(年|个月|日|天|小时)(之|以)?内"
_ACTS = "办理|说明|登记|核实|停机|注销|投案|自首|上交|交还|归还|销户|挂失|报警|报案|咨询|查询|申诉|举报"
_COUNTER = "(局|所|厅|中心|网点|银行)"


@dataclass(frozen=True)
class _Class:
    """A class of wording: its name, what it says of a sentence, how it is told, and what makes it something else."""

    name: str
    reason: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def found_in(self, sentence: str) -> str | None:
        """Return the words that tell it; None where they are not there, or mean something else."""
        found = self.pattern.search(sentence)
        if found is None or (self.unless is not None and self.unless.search(sentence)):
            return None
        return found[0].strip()


def _either(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile("|".join(pattern.pattern for pattern in patterns))


_MEETING = re.compile(r"会议|强调|部署|各(级|地|部门|单位)")
# What residents are told to do or not to do, what happens to who does it, what is forbidden.
_ADVICE = (
    _Class(
        "report",
        "写明到哪里举报、求助",
        re.compile(
            r"请.{0,12}(拨打|举报|报警|报案|联系|致电)|(拨打|致电|拨通).{0,6}\d{3}|可.{0,8}(拨打|举报|报警)|(立即|及时|马上|第一时间|尽快)[^，。；]{0,8}(报警|报案|举报|拨打)"
            r"|(举报|咨询|报警|服务|热线)(电话|热线)[^，。；\d]{0,8}\d|(举报|报案)(途径|方式|渠道)|查证属实[^。；]{0,12}奖励"
        ),
        re.compile(r"(后|已|便|就|随即|遂|于是)[^，。；]{0,4}(报警|报案|拨打)|接到[^，。；]{0,10}(报警|报案|举报)"),
    ),
    _Class(
        "dont",
        "提醒不要做什么",
        re.compile(
            r"切勿|切莫|切忌|切不可|请勿|千万(别|不|要)|不要|不可(轻信|随意|贪)|(绝对|绝|决)不能?|(?<![鉴识区个性特分级类])别(信|点|转|贪|怕|让|把|再|慌|轻)|勿(点|信|转|将|把|轻|贪|随)|莫(轻|贪|信|让|被)"
            r"|不(出租|出借|出售|轻信|透露|点击|泄露|转账|汇款|贪|扫|盲目|随意|随便|参与|接听|添加|下载|理睬)|谨防|严防|警惕|当心|提防|远离|拒绝(?!了)"
        ),
        _either(_TOLD_BY_OTHERS, re.compile(r"会议|部署")),
    ),
    _Class(
        "do",
        "提醒该怎么做",
        re.compile(
            rf"提醒|(警方|民警|专家|律师|检察官|法官|央行|银行|我们|中心|部门|笔者|本文)?(建议|提示)(?!词|框|音|符|标|：“)|呼吁(广大|大家|{_TO_READERS})"
            rf"|{_TO_READERS}[^，。；]{{0,12}}(要(?![求么是还素])|应(?!用)|须|需(?!求)|务必|切(?=[记忌勿莫]))|一定要|务必|谨记|牢记|铭记|妥善保管|请(及时|立即|迅速|主动|尽快|注意|保持|认准|谨慎|仔细|先)"
            r"|(^|，|；|、)(要|应|应当|必须|需|须)(及时|立即|注意|保持|核实|树立|养成|妥善|增强|提高|做到|谨慎|仔细|定期|学会|通过官方|第一时间|主动|警惕|先|多)"
            r"|(提高|增强|强化)[^，。；]{0,12}(意识|警惕|能力)|(做到|坚持|牢记)[^，。；]{0,8}“?[三四五六八十]个?不|第一时间|如何(防范|识别|避免|应对)|(安装|下载)[^，。；]{0,6}国家反诈中心"
        ),
        _either(
            _TOLD_BY_OTHERS,
            _MEETING,
            re.compile(rf"{_ORGANS}[^，。；]{{0,14}}(要|应|需|必须|须|应当|将|着力|切实)|为(提高|增强|强化)|进一步"),
        ),
    ),
    _Class(
        "do",
        "提醒该怎么做",
        re.compile(
            rf"(?<![邀申聘提恳宴敬])请(到|前往|(?![求示假教客帖])[^。；]{{0,30}}({_ACTS}|拨打|联系|保存|到[^，。；]{{0,16}}{_COUNTER}))"
            rf"|(应当|应|须|限[^，。；]{{0,12}}[内前]|之日起|即日起)[^。；]{{0,40}}({_ACTS}|到[^，。；]{{0,16}}{_COUNTER})"
            rf"|可[^，。；]{{0,4}}(到|持|凭|通过|拨)[^。；]{{0,24}}({_ACTS}|核验)"
            r"|(主动|自动)(投案|自首|说明)[^。；]{0,16}(从轻|减轻|从宽|免除|不予)"
        ),
        _either(_TOLD_BY_OTHERS, _MEETING),
    ),
    _Class(
        "consequence",
        "写明后果",
        re.compile(
            r"(追究|承担|负)[^，。；]{0,10}责任|(处|处以|并处|判处|予以|给予|可以?处|依法)[^，。；]{0,16}(罚款|拘留|徒刑|拘役|管制|处分|没收|处罚|惩戒|严惩|惩处|打击处理)"
            r"|(构成|涉嫌|触犯)[^，。；“]{0,24}罪(?!嫌|分|团|行|活|案|名单|手)|以[^，。；]{2,24}罪(定罪|处罚|论处|追究|的共犯)|(受到|面临|接受|被?纳入|被?列入|被?记入|联合)[^，。；]{0,20}(惩戒|处罚|制裁|限制|名单|征信|信用|牢狱|管控|失信)"
            r"|(暂停|停止|停用|冻结|封停|限制|取消|关停|不得|不能)[^，。；]{0,16}(业务|功能|使用|服务|新开|办理|开户|入网)"
            rf"|{_SPAN}[^。；]{{0,24}}(不得|不再|不能|不予|只(为|能|可|保留|准)|仅(为|能|可|保留)|暂停|停用|停止|停办|关停|一概|一律|限制|禁止)"
            r"|一旦[^。；]{0,40}(将|要|会)(被)?(依法|面临|承担|列入|纳入|受到|追究|处罚|处以|暂停|停用|影响|公安)|惩戒(措施|对象|期限|内容|名单)|以下惩戒"
            r"|帮凶|牢狱|坐牢|判刑|留下[^，。；]{0,10}(污点|记录)|失信(惩戒|名单|联合|被执行)|不良信用|影响[^，。；]{0,8}(征信|信用|就业|贷款|子女)|(公开|向社会)[^，。；]{0,6}曝光|从(轻|重|严|宽)(或者减轻)?处罚"
        ),
        _either(
            _TOLD_IN_NEWS,
            re.compile(r"力度|专项行动|深入推进|虚假征信|征信(诈骗|骗局|类)|修复征信|[谎声宣]称|为由|恐吓|威胁"),
        ),
    ),
    _Class(
        "unlawful",
        "写明什么违法",
        re.compile(
            r"(属于|均属|涉嫌|(是|均为|都是|即是)(严重的?)?)(违法|犯罪|违法犯罪|诈骗|骗局)(行为|活动)?(！|。|，|的|$)|(违反|触犯)[^，。；]{0,20}(法|规定|条例)"
            r"|(任何(单位|个人|人|组织|公民)|一律|均|不准|不得)[^。；，]{0,14}(不得|不准|禁止|转借|转让|冒用|擅自|非法|出租|出借|出售|买卖|提供)|禁止(任何|出租|出借|出售|买卖|转借|转让|非法)|不得(出租|出借|出售|买卖|非法)"
            r"|将(依法)?[^，。；]{0,6}(严厉打击|严惩|惩处|追究|处理)|依法(从严|从重|严厉)"
        ),
        _either(
            _TOLD_IN_NEWS,
            _TOLD_BY_OTHERS,
            re.compile(rf"保持|态势|力度|深入推进|{_ORGANS}[^，。；]{{0,10}}(将|要|会|始终|持续)"),
        ),
    ),
    _Class(
        "meaning",
        "解释是什么",
        re.compile(
            r"以[^，。]{0,40}为(主要内容|重点|目标)的“|是指|指的?是|所谓|所称(?!的)|俗称|又称|也叫|也称|又叫|(?<!以下)简称“|（即|即“|是一种|属于一种|“[^”]{0,20}”(是(?!否|不)|即|就是|包括|主要|分为|一般)|定义为|顾名思义|(包括|有)以下|通常指|分为[以三四五两]"
            r"|^第?[一二三四五六七八九十]+类[：，]|(常见|典型|主要)(的)?[^，。；]{0,6}(手法|手段|套路|骗术|类型|方式|特征|特点|形式|情形)|针对的?(是|人群)|链条[^，。；]{0,6}(的|上)"
        ),
        re.compile(r"近日|日前|会议"),
    ),
    _Class(
        "method",
        "说明骗术",
        re.compile(
            r"(诈骗分子|骗子|不法分子|犯罪分子|诈骗团伙|诈骗者|诈骗人员|欺诈者|对方|不法商家)"
            r"[^。；]{0,50}(会(?!议)|通常|往往|常常|利用|通过|冒充|伪装|假冒|仿冒|谎称|声称|诱导|诱骗|诱使|引诱|要求|引导|套取|骗取|盗取)"
            r"|(第[一二三四五]步|步骤[一二三四五\d]|冒充|假冒|谎称|以[^，。；]{2,20}为(由|名|诱饵|借口|幌子))"
        ),
        re.compile(rf"抓获|逮捕|被捕|落网|起诉|判处|破获|侦破|专案|严厉|打击|整治|{_WHEN.pattern}"),
    ),
)

# What a sentence may do, as topics.yml names it.
SAYS: tuple[str, ...] = tuple(dict.fromkeys(each.name for each in _ADVICE))

_COUNT = (
    r"(?<!\d)\d[\d.,]{0,14}\s{0,2}(多|余)?(万|亿|千)?(多|余)?\s{0,2}"
    r"(名|人|个|起|宗|张|部|台|套|处|条|元|户|次|件|家|款|项|%|美元|倍|例|份)"
)
_RESULT = re.compile(
    r"(抓获|打掉|捣毁|查缴|缴获|扣押|收缴|止付|冻结|挽回|拦截|劝阻|刑拘|刑事拘留|逮捕|取保候审|行政处罚|惩戒|治理|查处"
    r"|返还|训诫|破获|查获|起诉|涉案|涉及|流水|立案|审结|受理|办理|批准|侦破|移送|达到?|超过?|占比?|增长|下降|上升|损失|金额)[^。；，、\d]{0,24}"
    + _COUNT
)
# 「各地共抓获……405名」 is a sum even when it stands alone.
_SUM = re.compile(
    r"(共|累计|总计|合计)[^，。；\d]{0,16}(抓获|打掉|捣毁|查处|查获|破获|止付|冻结|挽回|拦截|劝阻|训诫|惩戒|立案|起诉|审结)[^。；，、\d]{0,24}"
    + _COUNT
)
_FEWEST_RESULTS = 2


@dataclass(frozen=True)
class Sorted:
    """A passage's kind, and why."""

    kind: Kind
    reason: str


def kind_of(piece: Piece) -> Sorted:
    """Return the kind of a passage: what most of its words do, where they do more than one thing; else background."""
    named = _NAMED.search(piece.text)
    if named:
        return Sorted("case", f"写到具体的人或地方：「{_around(piece.text, named)}」")
    sentences = [_QUOTED.sub("“”", each) for each in piece.sentences]
    told = [each for each in sentences if _tells_an_event(each)]
    advice = next(_advice_in(sentences), None)
    is_story = sum(map(len, told)) * 2 >= sum(map(len, sentences))
    if advice is not None and (not is_story or any(_is_advice(each) for each in sentences if each not in told)):
        return advice
    total, results = _SUM.search(piece.text), list(_RESULT.finditer(piece.text))
    if total or len(results) >= _FEWEST_RESULTS:
        return Sorted("figures", f"写明数字：「{total[0] if total else results[0][0]}」")
    if told:
        return Sorted("case", f"写一件事的经过：「{told[0].strip()[:20]}」")
    if _CASE_HEADING.search(piece.heading) and _ACTORS.search(piece.text):
        return Sorted("case", f"小标题是「{piece.heading}」")
    return Sorted("background", "没有后果、做法、案例或战果的数字")


def _tells_an_event(sentence: str) -> bool:
    """Whether a sentence tells what happened once: when, and what; or what those in it did."""
    if _DONE.search(sentence):
        return True
    if not _HAPPENED.search(sentence):
        return False
    return bool(_WHEN.search(sentence) or (_STORY_TELLS.search(sentence) and not _IN_GENERAL.search(sentence)))


def _advice_in(sentences: Iterable[str]) -> Iterator[Sorted]:
    for sentence in sentences:
        for each in _ADVICE:
            words = each.found_in(sentence)
            if words is not None:
                yield Sorted("advice", f"{each.reason}：「{words}」")


def _is_advice(sentence: str) -> bool:
    return next(_advice_in((sentence,)), None) is not None


def topics_of(piece: Piece, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the slugs of the topics a passage is on, in the list's order.

    It is on one when a mark of the topic is found in the heading or the text, or when a sentence does what the topic
    `says`: lays down a consequence, names where to report, and the like.
    """
    text = f"{piece.heading}\n{piece.text}"
    said = frozenset(_said_in(piece)) if any(topic.says for topic in topics) else frozenset()
    return tuple(topic.slug for topic in topics if said.intersection(topic.says) or _marked(topic.marks, text))


def _said_in(piece: Piece) -> Iterator[str]:
    for sentence in (_QUOTED.sub("“”", each) for each in piece.sentences):
        yield from (each.name for each in _ADVICE if each.found_in(sentence) is not None)


def _marked(marks: Iterable[str], text: str) -> bool:
    return any(re.search(mark, text) for mark in marks)


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(match.start() - 2, 0) : match.end() + 2].replace("\n", " ")
