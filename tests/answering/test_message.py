"""What a message may be, before any model: a victim's, an offer of trade; and what must not be taken for them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from trade_told import NO_OFFERS, OFFERS
from victims_told import NO_VICTIMS as MORE_NO_VICTIMS
from victims_told import VICTIMS as MORE_VICTIMS

from bot.knowledge.messages import read_message
from bot.text.normalise import normalise

ROOT = Path(__file__).parents[2]


def kind_of(text: str) -> str:
    """Return what a message may be."""
    return read_message(text).kind


VICTIMS = [
    "我可能被骗了，转了两千",
    "我怕是被骗了",
    "我会不会被骗了",
    "我妈怕是上当了",
    "我按客服说的开了屏幕共享，钱没了，通报怎么说",
    "我现在正跟骗子视频，他说我涉嫌洗钱",
    "我不是没被骗，是刚被骗了五万",
    "谁说我没被骗，我钱都转给骗子了",
    "难道我没被骗吗，钱都没了",
    "我没被骗，我妈刚被骗了五万",
    "我没上当，可是我爸上当了，转了三万",
    "wo bei pian le wu wan kuai",
    "wo gang gang ba qian zhuan gei pian zi le",
    "pian zi rang wo zhuan zhang",
    "wǒ bèi piàn le",
    "WO SHANG DANG LE",
    "ta rang wo ba qian zhuan dao an quan zhang hu",
    "钱刚转过去",
    "验证码给他了",
    "说我涉嫌洗钱让我转安全账户",
    "我刚才给骗子转了三万块怎么办",
    "救命啊我被人骗了八千",
    "我妈被骗走了全部养老金",
    "俺爹刚把五万块打给一个自称公安的人",
    "客服让我开屏幕共享我已经开了",
    "刚把短信验证码念给对方听了",
    "密码也告诉人家了现在咋办",
    "今早一看银行卡里的钱全没了",
    "银行卡被盗刷了一万二",
    "俺娘微信里的八百块被转走了",
    "刷单垫了六千块提不出来了",
    "投资平台登上去提现不了",
    "付完定金就被拉黑了",
    "卖家收了钱就把我拉黑了",
    "有个自称警察的叫我把钱转到指定账户",
    "电话里的人说我涉嫌贩毒要我配合调查转账",
    "他们发了张通缉令给我，让我马上汇款",
    "对方让我下载一个会议软件共享屏幕",
    "正在被骗，钱还没到账能拦住吗",
    "骗子还在打电话催我",
    "被網友騙了兩萬",
    "我奶奶正在给骗子转账，拦不住",
    "冒充领导的人让我给他转三十万，我已经打了",
    "我上当了，刚充了五千",
    "贷款说要交解冻费，我交了八千还是不放款",
    "网恋对象骗了我十几万",
    "说是社保局的，让我点链接填卡号验证码",
    "我老公受骗了，刚汇出去四万",
    "被 人 骗 了 怎么 办",
    "遇到诈骗了，身份证照片和卡号都发过去了",
    "刚刚扫了他发的码，扣了我两千",
    "我同学被人诈骗了三千块，现在能追回吗",
    "客服说我百万保障到期，叫我把钱转到一个账户里",
    "儿子游戏买皮肤被骗一千多",
    "有人说我快递丢了要理赔，让我输密码",
    "钱已经转出去了，对方联系不上了",
    "我爷爷把存折里的钱都汇给骗子了",
    "被电信诈骗了报警打哪个电话",
    "我给他打了款才发现不对劲",
    "昨晚刚被人家骗的",
    "俺中招了，卡上少了九千",
]
NO_VICTIMS = [
    "老人可能被骗吗",
    "短视频里说有人被骗了五万",
    "通报里说多少人被骗",
    "我没有被骗，就是问问",
    "幸好没被骗走三万",
    "没上当，验证码没给他",
    "我从来没被骗过，怎么才叫被骗",
    "zen me fang zhi bei pian",
    "xiao xin bei pian",
    "mai ka hui zenyang",
    "How do I avoid being scammed?",
    "看到新闻说有人被骗",
    "怎样防止老人被骗",
    "怎么识别冒充公检法的电话",
    "通报里说的诈骗团伙是怎么抓到的",
    "卖银行卡给骗子要坐牢吗",
    "听说有人刷单被骗了几十万",
    "什么是安全账户",
    "安全账户是什么意思",
    "担心爸妈上当受骗，平时该提醒什么",
    "电视上讲好多老人上当",
    "为什么骗子要收购银行卡",
    "身份证丢了怎么办",
    "怎么才能不被骗",
    "南宁今年挽回群众损失多少",
    "有没有受害人把钱追回来的案例",
    "国家反诈中心APP能防骗吗",
    "反诈宣传都讲些什么",
    "把手机卡借给别人用犯法吗",
    "名下多了一张不认识的电话卡",
    "银行卡丢了要去挂失吗",
    "网银密码怎么保管比较好",
    "验证码能不能给别人",
    "有人要租我的银行卡能答应吗",
    "邻居家的事，听说人家被骗光了钱",
    "骗子一般用什么套路",
    "冻结涉案资金一共多少",
    "朋友圈里说有人因为卖卡被抓",
    "转账限额是多少",
    "给儿子转生活费用哪个银行好",
    "我在银行上班，怎么跟客户宣传防诈",
    "断卡行动打击哪些人",
    "抽屉里的旧卡放着不用怎么处理",
    "骗子会不会用我的身份证办卡",
    "别人骗我去办卡会被判刑吗",
    "诈骗电话拦截了多少个",
    "怎么跟孩子解释不要乱点链接",
    "工资卡转账要手续费吗",
    "征信有污点影响贷款吗",
    "公安机关会打电话让人转账吗",
    "受害人报警要带什么材料",
    "防骗知识给我讲讲",
    "今天天气真好",
    "早上好，今天谁值班",
    "谢谢你，我没有被骗",
    "学校让我们写一篇反诈心得",
]


@pytest.mark.parametrize("text", [*VICTIMS, *MORE_VICTIMS])
def test_a_victim_is_recognised_by_wording(text: str) -> None:
    """Money gone, a code given, a caller who wants a transfer: whatever words people find for it."""
    assert kind_of(text) == "victim"


@pytest.mark.parametrize("text", [*NO_VICTIMS, *MORE_NO_VICTIMS])
def test_who_tells_of_others_or_takes_care_is_no_victim(text: str) -> None:
    """News, prevention, penalties and everyday matters raise no alarm."""
    assert kind_of(text) != "victim"


@pytest.mark.parametrize("text", [*VICTIMS[:8], *OFFERS[:8]])
def test_spelling_does_not_hide_it(text: str) -> None:
    """Blanks, hidden characters and full width change nothing."""
    assert kind_of("\u200b".join(text)) == kind_of(text)
    assert kind_of(" ".join(text)) == kind_of(text)
    assert kind_of(f"\u3000{text}！！！") == kind_of(text)


@pytest.mark.parametrize("text", ["盗刷别人的卡判几年", "前些年我被骗过", "单位的钱被骗应由谁承担", "他骗我怀了孩子"])
def test_law_and_years_ago_are_not_happening(text: str) -> None:
    """Nobody is being defrauded."""
    assert kind_of(text) == "plain"


def test_a_loss_told_with_its_sum_has_happened() -> None:
    """However much the rest sounds like a question of law or of taking care."""
    assert kind_of("我三年前被骗过，昨天又被骗了两万") == "victim"
    assert kind_of("我妈被骗走五万，骗子构成什么罪") == "victim"
    assert kind_of("怎么不让人再骗，我刚被骗了八千") == "victim"


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_victim_an_offer_or_neither(text: str) -> None:
    """Whatever is typed there is one of three answers, and no error."""
    assert kind_of(text) in ("victim", "offer", "plain")


@pytest.mark.parametrize("length", [2_000])
@pytest.mark.parametrize("piece", ["转", "我要转卡", "卖卡", "被骗怎么", "1", "让我", "说我涉嫌"])
def test_a_long_text_does_not_hold_the_door(piece: str, length: int) -> None:
    """A text of the greatest length is judged at once: a pattern that ran wild would stop every conversation."""
    begun = time.process_time()
    kind_of(piece * (length // len(piece)))
    assert time.process_time() - begun < 10  # a busy machine counts a few times too much


def test_the_wordings_here_were_never_trained_on() -> None:
    """They say something about the rules only as long as they stand in no training data and in no golden question."""
    trained = {
        spoken(line.strip().removeprefix("- "))
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for intent in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["nlu"]
        for line in intent["examples"].splitlines()
    }
    golden = {
        spoken(question["q"])
        for path in (ROOT / "tests" / "questions").glob("*.yml")
        for question in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    }
    # The first three stand in the issue: they may be trained on.
    named = {
        "钱刚转过去",
        "验证码给他了",
        "说我涉嫌洗钱让我转安全账户",
        "看到新闻说有人被骗",
        "我有三张卡想出",
        "求购四件套",
    }
    told = (*VICTIMS, *MORE_VICTIMS, *NO_VICTIMS, *MORE_NO_VICTIMS, *OFFERS, *NO_OFFERS)
    ours = {spoken(text) for text in told if text not in named}
    assert trained
    assert golden
    assert ours & trained == set()
    assert ours & golden == set()


@pytest.mark.parametrize("text", ["1", "1,", "1.5", "一", "给1", "我付了1", "卡", "让我"])
def test_the_longest_message_is_read_at_once(text: str) -> None:
    """Ten thousand characters that all begin a pattern take no time to speak of: nobody else waits for them."""
    whole = (text * 10_000)[:10_000]
    begun = time.process_time()
    kind_of(whole)
    assert time.process_time() - begun < 5


def spoken(text: str) -> str:
    return re.sub(r"\W+", "", normalise(text)).lower()


@pytest.mark.parametrize("text", ["我不想活了", "钱都没了 活不下去了", "真想跳楼", "死了算了"])
def test_who_despairs_reads_110(text: str) -> None:
    """Somebody who has lost everything may say only this."""
    assert kind_of(text) == "victim"


@pytest.mark.parametrize("text", ["想死你了", "手机老是死机", "花能不能养活", "鱼活不了几天"])
def test_words_of_dying_are_no_despair(text: str) -> None:
    """Jokes, machines and plants."""
    assert kind_of(text) == "plain"
