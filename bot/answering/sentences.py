"""Every sentence of the bot's own. They introduce, caution and point to 110 / 96110; none states a rule or a fact.

Rules, figures and cases come from bulletins only, as quotes. No sentence repeats what the person typed.
"""

from __future__ import annotations

from types import MappingProxyType

EMERGENCY = (
    "请立即拨打110报警，或反诈专线96110。先停下来：不要再转账，不要再告诉任何人验证码和密码，保留好聊天记录和转账凭证。"
)
EMERGENCY_QUOTES = "通报里还有这些话，供您参考："
REFUSE = "买卖、出租、出借银行卡、电话卡和账户的事，这里不能帮忙。请看通报里是怎么说的："
REFUSE_WITHOUT_QUOTE = "买卖、出租、出借银行卡、电话卡和账户的事，这里不能帮忙。想了解规定，请拨打96110。"
REFUSE_CLOSE = "如果有人找您办卡、租卡、收卡，请拨打96110咨询或拨打110举报。"
ABSTAIN = "已公布的通报里没有回答这个问题的内容，我不能随便回答。想咨询请拨打96110；遇到紧急情况请拨打110。"
NEAR = "通报里没有直接回答这个问题的话。最接近的是这一段，不一定说的是您的情况："
SUSPECT = "是不是诈骗，我不能替您判断：请拨打96110核实。核实以前，先不要点、不要转账，也不要把验证码告诉任何人。"
CONSULT = "想咨询请拨打96110，紧急情况请拨打110。"
FURTHER_PLACES = "另有{places}的通报"
FURTHER = "通报里还有相关的话"
REPLY_MORE = "回复“更多”"
REPLY_WHOLE = "回复“全文”看整段"
ANSWER_SILENT_PLACE = "{place}的通报里没有直接说到这一点，以下是{other}的通报，仅供参考："
ANSWER_OTHER_PLACE = "现有通报里没有{place}的相关内容，以下是{other}的通报，仅供参考："
ANSWER_MORE = "通报里还提到："
ANSWER_WHY = "通报里说到的缘由："
ANSWER_SOURCE = "上面的话出自："
ANSWER_WHOLE = "这一段的全文："
NO_MORE = "就这些了，通报里没有更多相关内容。还想了解别的，可以直接问；想咨询请拨打96110。"
ANSWER_SHORT = "简单说："
ASK_BACK = "您问的是哪种情况？请选一个，或者直接说清楚。"
NOTHING_BEFORE = "您还没有问过问题。请直接把想问的事打出来，我会引用通报原文来回答。"
PLACE_NOTED = "好的，接下来先看{place}的通报。您想了解什么？"
PLACE_WITHOUT_BULLETIN = "好的。现有通报里没有{place}的，我会引用其他地方的通报，供您参考。您想了解什么？"
HANDED_OVER = "已转告值班人员。有没有人马上答复不能保证：着急的事请拨打96110，紧急情况请立即拨打110。"
NOT_HANDED_OVER = "现在没能转告值班人员。请拨打96110，那里有人接听；紧急情况请立即拨打110。"
UNAVAILABLE = "抱歉，系统暂时查不到通报，请稍后再试。想咨询请拨打96110；如果正在被骗，请立即拨打110。"
KEEP_TO_YOURSELF = "请不要在这里发送证件号、银行卡号或验证码。"
CLOSED = "本渠道暂停自动答复。想咨询请拨打96110；如果正在被骗，请立即拨打110。"
BUSY = "现在问得太多、太快了，请过一会儿再问。着急的事请直接拨打96110咨询；如果正在被骗，请立即拨打110。"
# Ends what a door says by itself: a refusal, a fault.
HOTLINES = "咨询请拨打96110，紧急情况请拨打110。"
NOTHING_SAID = "请把想问的事打成文字发过来，例如：银行卡借给别人用违法吗？"
TOO_LONG = "您发的内容太长了。请把最想问的一件事用一两句话再发一次；着急的事请直接拨打96110咨询，紧急情况请拨打110。"

TALK = MappingProxyType(
    {
        "greet": "您好！我是断卡问答，只引用公安机关已公布的通报原文来回答。"
        "您可以问：卖银行卡会怎样、身份证丢了怎么办、去哪里举报。",
        "goodbye": "再见！保管好自己的证件和卡，有事请拨打96110咨询，紧急情况请拨打110。",
        "thanks": "不客气！我只用通报原文来回答；还有别的想了解，可以接着问。",
        "help": "我能从公安机关已公布的通报里，找出和“断卡”有关的原话给您看：出售、出租、出借银行卡和电话卡的后果，"
        "身份证丢了该查什么，卡怎么保管，去哪里举报，打击哪些人，有哪些案例。直接用平常的话问就行。",
        "who_are_you": "我是断卡问答，一个自动回答的程序，不是民警。我只引用已公布的通报原文，并注明出处；"
        "不会向您要验证码、卡号或转账。"
        "需要人工，请拨打96110。",
        # No word of agreement: whoever asks 「卖卡没事，对吧」 must not take one for an answer.
        "affirm": "还想了解什么，可以接着问。我只用通报原文来回答。",
        "deny": "想了解什么，请直接问。我只用通报原文来回答。",
        "complain": "抱歉，没有帮上忙。您可以换个说法再问一次；需要人工，请拨打96110，紧急情况请拨打110。",
    }
)
