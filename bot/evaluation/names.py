"""What topics, intents, kinds of reply and figures are called in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.evaluation.baseline import ACCURACY, ALL, KEPT, KIND, MACRO_F1, TOPIC
from bot.reading.records import Topic

# What a question of each kind should get, and what each kind of reply is.
EXPECTED = MappingProxyType(
    {
        "answer": "该引用通报",
        "abstain": "该说不知道",
        "emergency": "该先报警",
        "refuse": "该拒绝",
        "chat": "该闲聊",
    }
)
GIVEN = MappingProxyType(
    {
        "answer": "引用了通报",
        "near": "给了最接近的",
        "abstain": "说不知道",
        "ask": "反问一句",
        "emergency": "请先报警",
        "refuse": "拒绝并警示",
        "chat": "闲聊",
        "": "没有说明类别",
    }
)
_OTHERS = MappingProxyType(
    {
        "affirm": "答“是”",
        "ask_more": "还有吗",
        "ask_source": "出处是哪",
        "complain": "抱怨",
        "deny": "答“不是”",
        "goodbye": "道别",
        "greet": "问好",
        "help": "你能做什么",
        "name_place": "说自己在哪里",
        "nlu_fallback": "没有认出",
        "offer_trade": "要卖卡、买卡",
        "out_of_scope": "与断卡无关",
        "safety": "受害和要卖卡、买卡",
        "talk": "问好、道谢、闲聊",
        "thanks": "道谢",
        "victim": "正在受骗",
        "who_are_you": "你是谁",
    }
)
_FIGURES = MappingProxyType(
    {ALL: "全部金题", KEPT: "没有违背承诺的回复", MACRO_F1: "分类器 macro-F1", ACCURACY: "分类器准确率"}
)


@dataclass(frozen=True)
class Names:
    """The names of the topics of topics.yml, by slug."""

    topics: Mapping[str, str]

    @classmethod
    def of(cls, topics: Sequence[Topic]) -> Names:
        """Take the names from the topics."""
        return cls(MappingProxyType({topic.slug: topic.name for topic in topics}))

    def topic(self, slug: str) -> str:
        """Return the name of a topic, an intent or a file of golden questions; the slug when it has none."""
        return self.topics.get(slug) or _OTHERS.get(slug, slug)

    def figure(self, name: str) -> str:
        """Return the name of a figure of the baseline."""
        if name.startswith(TOPIC):
            return f"金题·话题「{self.topic(name.removeprefix(TOPIC))}」"
        if name.startswith(KIND):
            return f"金题·{EXPECTED.get(name.removeprefix(KIND), name)}"
        return _FIGURES.get(name, name)
