"""Follow-ups: 「那电话卡呢」「南宁呢」「还有吗」「出处是哪」「为什么」 understood from what was asked before.

Works on wording and memory alone; knows neither passages nor replies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answering.records import Memory
from bot.reading.places import places_named
from bot.retrieval.answer_type import defined_term
from bot.retrieval.synonyms import LongestFirst, Synonyms, find_phrases
from bot.text.normalise import normalise

Step = Literal["question", "more", "source", "whole", "why", "place"]

_CLOSING = r"[\s?？!！。.~，,、]*$"
_PARTICLE = r"(?:呢|嘞|咧|哩|呀|啊|哈)?"
_MORE = re.compile(
    r"^(?:那|然后)?(?:还有(?:吗|没|没有|么|别的|其他|呢|啥|什么|不|更多)*(?:吗|么|说法|内容|规定)?|(?:再)?(?:多|接着|继续)(?:说|讲|来)(?:点|一点|些|说|下去|下)?(?:吧)?|"
    rf"继续|更多|下一条|下一个|别的呢|其他的呢|然后呢|就这些(?:吗|了吗|啊)?|没了吗|没有了吗|只有这些吗){_PARTICLE}{_CLOSING}"
)
_SOURCE = re.compile(
    r"^(?:请问|那|这个?|这话|这句话|上面的?|刚才(?:的|说的)?|你(?:这)?(?:说的|讲的)?)*(?:是|的|有)?(?:没有)?(?:出处|来源|原文|链接|依据|根据)+(?:是|在|有|呢|哪|什么|啥|哪里|哪儿|发|给|吗|我|看|看看|一下|下)*"
    rf"{_CLOSING}"
    r"|^(?:这个?|这话|这句话|你)*(?:是)?(?:在)?(?:哪里|哪儿|哪个|哪|谁)(?:个)?(?:通报|文件|公告|文章)?(?:里|上)?(?:说|写|讲|规定|发|看到)(?:的|过)?(?:呢|啊|呀)?"
    rf"{_CLOSING}"
)
_WHOLE = re.compile(
    rf"^(?:请|我要|想)?(?:看|发|给我看)?(?:一下)?(?:全文|整段|整段话|全部内容|完整(?:的)?(?:内容|原话)){_CLOSING}"
)
_WHY = re.compile(
    rf"^(?:那|这|这是|这个)?(?:是)?(?:为什么|为啥|为何|凭什么|凭啥|什么原因|啥原因|什么道理|为什么呢)(?:会|要|是|就|得|该)?(?:这样|这么严|这么严重|这么做|这么规定|这么罚|罚|管|打击|抓|惩罚|惩戒|处罚|停卡|不行|不能)?(?:他们|它们|它|这些人|这样|我|人)?{_PARTICLE}{_CLOSING}"
)
# 「那X呢」「换成X呢」「要是X呢」「X也一样吗」: X takes the place of what the last question named.
_INSTEAD = re.compile(
    r"^(?:那|那么|那要是|那如果|那如果是|那要是是|要是|如果|如果是|换成|换|假如|至于|还有|同样|那么?换成)?(?P<what>.{1,10}?)"
    rf"(?:的话|的|也|一样)*(?:呢|嘞|咧|哩|怎么说|咋说|咋样|怎么样|会怎样|也一样吗|一样吗|也是吗|是不是也一样|也是这样吗|也会吗|也算吗|行不行){_CLOSING}"
)
_FILLERS = re.compile(r"那|么|的|我|在|是|要|如果|换成|里|这边|那边|地区|市|方面|情况|呢|人")
# Whoever it is that did it, and wherever: no subject of its own.
_WHOEVER = re.compile(
    r"(?:爸|妈|爷|奶|公|婆|哥|姐|弟|妹|叔|姨|舅|姑|伯|嫂|表|堂){1,2}|老公|老婆|老伴|媳妇|儿子|女儿|孩子|亲戚|亲人|家人|朋友|同学|同事|室友|舍友|邻居|"
    r"老人|男友|女友|男朋友|女朋友|闺蜜|熟人|陌生人|网友|老乡|外地人|本地人|未成年|小孩|大人|老师|员工|农民|工人|学生|那边|这边|那里|这里|当地"
)
_ON_ITS_OWN = 14
# Tells the words of a text that nothing in the bulletins speaks of.
UnknownWords = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Turn:
    """A message with what went before: `question` is complete, `carried` says it rests on the last question.

    `leans`: it is a question of its own that leaves unsaid what it is about. `strays`: it has the form of a
    follow-up and names something else.
    """

    step: Step
    question: str
    place: str | None
    carried: bool
    leans: bool = False
    strays: bool = False


def resolve(text: str, memory: Memory, synonyms: Synonyms, unknown_words: UnknownWords) -> Turn:
    """Read a message in the light of `memory`. Without a last question every message stands on its own.

    A message that names something of which `unknown_words` says that no bulletin speaks is no follow-up.
    """
    clean = normalise(text)
    named = first_place(clean, synonyms)
    place = named or memory.place
    if _SOURCE.match(clean):
        return Turn("source", memory.question or clean, place, bool(memory.question))
    if _WHOLE.match(clean):
        return Turn("whole", memory.question or clean, place, bool(memory.question))
    if memory.question is None and (_WHY.match(clean) or _MORE.match(clean)):
        return Turn("why", clean, place, False)
    if memory.question is None:
        step: Step = "place" if named and _only_names(clean, synonyms.place_names) else "question"
        return Turn(step, clean, place, False)
    if _MORE.match(clean):
        return Turn("more", memory.question, place, True)
    if _WHY.match(clean):
        return Turn("why", memory.question, place, True)
    return _ellipsis(clean, memory, place, named, synonyms, unknown_words)


def first_place(text: str, synonyms: Synonyms) -> str | None:
    """Return the place a normalised text names first, by its canonical name, or None."""
    found = find_phrases(text, synonyms.place_names)
    first = min(found, key=text.lower().find, default=None)
    return synonyms.places[first] if first else None


def _ellipsis(
    text: str,
    memory: Memory,
    place: str | None,
    named: str | None,
    synonyms: Synonyms,
    unknown_words: UnknownWords,
) -> Turn:
    before = memory.question or ""
    if named and _only_names(text, synonyms.place_names):
        return Turn("question", without_places(before, synonyms), place, True)
    match = _INSTEAD.match(text)
    if match and places_named(text) and not named:
        # A place that has no bulletin: the question is asked of it, and the one named before is left.
        return Turn("question", places_named(text)[0] + without_places(before, synonyms), None, True)
    if len(text) > _ON_ITS_OWN:
        return Turn("question", text, place, False)
    strays = bool(unknown_words(_WHOEVER.sub(" ", match["what"] if match else text)))
    if match and not strays:
        return Turn("question", _instead(match["what"], before, synonyms), place, True)
    if not strays and not synonyms.objects_in(text) and _needs_an_object(text):
        spoken_of = normalise(before).lower()
        objects = find_phrases(spoken_of, synonyms.object_names) or find_phrases(spoken_of, synonyms.subject_words)
        return Turn("question", text + " " + " ".join(objects), place, False, leans=True)
    return Turn("question", text, place, False, strays=bool(match) and strays)


def _instead(what: str, before: str, synonyms: Synonyms) -> str:
    """Put `what` in the place of the objects that the last question named, or behind it."""
    term = defined_term(before)
    if term and not synonyms.objects_in(what):
        return before.replace(term, what)
    spelled = find_phrases(what.lower(), synonyms.object_names)
    old = find_phrases(before.lower(), synonyms.object_names)
    if not spelled:
        return f"{before} {what}"
    if not old:
        return f"{before} {spelled[0]}"
    for phrase in old:
        before = re.sub(re.escape(phrase), spelled[0], before, flags=re.IGNORECASE)
    return before


def without_places(text: str, synonyms: Synonyms) -> str:
    """Return `text` without the places it names: the asker has moved on to another."""
    for phrase in find_phrases(text.lower(), synonyms.place_names):
        text = text.replace(phrase, "")
    return text


def _only_names(text: str, names: LongestFirst) -> bool:
    rest = text
    for phrase in find_phrases(text, names):
        rest = rest.replace(phrase, "")
    return not re.sub(r"[\s\W]+", "", _FILLERS.sub("", rest))


def _needs_an_object(text: str) -> bool:
    """Whether a short question speaks of a consequence without saying of what: 「会坐牢吗」."""
    return bool(re.search(r"吗|么|几年|多久|怎么|咋|会不会|能不能|要不要|影响|犯法|违法|坐牢|后果|处罚|惩戒", text))
