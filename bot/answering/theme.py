"""What a question is about, apart from what it asks: 「卖银行卡会坐牢吗」 is about 卖银行卡.

Chinese says first what it speaks of and then what it says of it; so a question is cut where it begins to ask. Knows how
questions are built, no bulletin and no subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.forms import LATIN, PAUSE, PLACE, THING, VERB, kind, tokens
from bot.reading.places import places_named
from bot.retrieval.synonyms import Synonyms, find_phrases
from bot.text.words import Segmenter, searchable

# What begins to ask: what may be or follow, or a question word. (什么, 怎么, 哪里 are cut after their first character.)
_MAY = """
    会 要 能 可以 可不可以 会不会 能不能 要不要 是不是 算不算 是否 是 算 该 应该 需要 还 还能 就 也 都 行不行 行
    影响 连累 牵连 犯法 违法 犯罪 合法
""".split()  # noqa: SIM905
_ASKS = "怎 什 啥 多少 几 哪 谁 咋 如何 怎样 何时 多久 多大 为什么 为啥 为何 第几".split()  # noqa: SIM905
_ENDS = "吗 么 呢 不 没 吧 啊 呀 嘛 没有 咩 否 了 的".split()  # noqa: SIM905
_BESIDE_A_VERB = "了 过 到 得 给 掉 出 走 共 一共 总共 大概 一般 主要 通常 都 在 有 为".split()  # noqa: SIM905
# What asks how or where something is done, and the verbs that say nothing of what.
_HOW = "怎 咋 哪 怎么 如何 怎样 哪里 哪儿".split()  # noqa: SIM905
_DONE = "处理 处罚 处置 解决 应对 回事 看待 觉得 知道 算是 开始 进行 规定".split()  # noqa: SIM905
# How a question opens before it says what it is about.
_OPENINGS = """
    请问 另外 想问一下 再问一个 再问一下 对了 换个话题 听说 网上说 据说 那么 那 如果 要是 假如 万一 为什么 为啥 为何
    凭什么 怎么 发现 看到 ,
""".split()  # noqa: SIM905
# What stands around the thing in 「那X呢」「换成X也一样吗」.
# (哪 is typed for 那, and pinyin does not tell them apart; who names a thing and asks nothing means 那.)
_BEFORE = "那么 那 哪么 哪 要是 如果 假如 换成 换 还有 至于 同样 是 在 ,".split()  # noqa: SIM905
_AFTER = """
    的话 的情况 那边 这边 是不是 行不行 怎么样 怎么说 会怎样 会怎么样 咋样 咋说 一样 这样 也 都 是 算 会 行 可以
    的 呢 嘞 吗 么 啊 呀 吧 不 ? ! 。 . ~ ,
""".split()  # noqa: SIM905
# Whoever it is that did it: nothing that a bulletin must name.
_SOMEBODY = re.compile(
    r"(?:爸|妈|爷|奶|公|婆|哥|姐|弟|妹|叔|姨|舅|姑|伯|嫂|表|堂){1,2}$|老公|老婆|老伴|媳妇|儿子|女儿|孩子|小孩|亲戚|亲人|家人|朋友|"
    r"男友|女友|闺蜜|同学|同事|室友|邻居|熟人|陌生人|网友|老乡|(?:老年|外地|本地|未成年|年轻|大|老|女|男|别|其他|这些|那些)人|"
    r"老人家|老师|员工|农民|工人|学生|司机|老板|[我你您他她]"
)
# What is counted is what another thing takes the place of: 缴获多少银行卡, 抓了几个男的.
_COUNTED = re.compile(r"(?:多少|几).")
_LONGEST = 30


def is_somebody(what: str) -> bool:
    """Whether it names a person and no thing (我朋友, 老人): the answer is the same whoever it is."""
    return bool(_SOMEBODY.search(what))


def speaks_of(text: str, what: str, synonyms: Synonyms, segmenter: Segmenter) -> bool:
    """Whether a passage says any of the words of `what`, or one that may stand for them."""
    said, meant = searchable(text), segmenter.mend(what)
    others = (other for phrase in synonyms.phrases_in(meant) for other in (phrase, *synonyms.expansions[phrase]))
    if any(word in said for word in (*segmenter.words(meant), *others)):
        return True
    return bool(synonyms.objects_in(what) & synonyms.objects_in(text))


def theme(question: str, segmenter: Segmenter) -> str:
    """Return what a question is about: its words until it begins to ask; if there are none, all that say anything."""
    words = tokens(without_first(question, _OPENINGS), segmenter)
    asks = _begins_to_ask(words)
    before = (*words[:asks], *_to_be_done(words[asks:]))
    if not any(_says(word) and word not in _MAY for word in before):
        before = tuple(word for word in words if _says(word) and word not in _MAY)
    if all(places_named(word) for word in before if _says(word)):
        # A place alone is not what it is about: 南宁公布了多少惩戒人员.
        before = (*before, *(thing for thing in _things("".join(words[len(before) :]), segmenter) if len(thing) > 1))
    whole = "".join(before).strip(PAUSE).removesuffix("的话")
    return whole if len(whole) <= _LONGEST else "".join(word for word in before if _says(word))[-_LONGEST:]


def _to_be_done(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the act whose how or where is asked: 去|哪|举报 goes on about 举报, of whatever more is asked."""
    for place, word in enumerate(asked):
        if word in _HOW:
            acts = (each for each in asked[place + 1 :] if len(each) > 1 and kind(each) == VERB and each not in _DONE)
            return tuple(acts)[:1]
    return ()


def _begins_to_ask(words: Sequence[str]) -> int:
    """Return the place of the word with which a question begins to ask."""
    for place, word in enumerate(words):
        if word in _ASKS:
            return _before_the_verb(words, place)
        if word in _MAY and any(_says(each) for each in words[:place]):
            return place
    last = len(words)
    while last and words[last - 1] in _ENDS:
        last -= 1
    if last == len(words):
        return last  # it asks nothing
    spoken = next((place for place in range(last - 1, 0, -1) if kind(words[place]) == VERB), last)
    things = sum(kind(word) != VERB and _says(word) for word in words[spoken:last])
    return spoken if things <= 1 else last


def _before_the_verb(words: Sequence[str], place: int) -> int:
    """Return where the verb begins whose object a question word at `place` is: 南宁|抓了多少."""
    while place and (words[place - 1] in _BESIDE_A_VERB or words[place - 1] in _MAY):
        place -= 1
    alone = place and len(words[place - 1]) == 1
    if place and kind(words[place - 1]) == VERB:
        place -= 1
        if alone and place and len(words[place - 1]) == 1 and kind(words[place - 1]) == VERB:
            place -= 1  # 打|掉
    while place and words[place - 1] in _BESIDE_A_VERB:
        place -= 1
    return place


def _says(word: str) -> bool:
    """Whether a word says something by itself."""
    return kind(word) in (VERB, THING, PLACE, LATIN) and word not in _ENDS and word not in _BESIDE_A_VERB


def named(text: str) -> str:
    """Return what a message of the form 「那X呢」 names."""
    return without_last(without_first(text, _BEFORE), _AFTER) or text


def without_first(text: str, words: Sequence[str]) -> str:
    """Return `text` without those of the `words` that it begins with, as many as there are."""
    while found := next((word for word in words if text.startswith(word)), None):
        text = text[len(found) :].lstrip()
    return text


def without_last(text: str, words: Sequence[str]) -> str:
    """Return `text` without those of the `words` that it ends with, as many as there are."""
    while found := next((word for word in words if text.endswith(word)), None):
        text = text[: -len(found)].rstrip()
    return text


def instead(what: str, before: str, synonyms: Synonyms, segmenter: Segmenter) -> tuple[str, ...]:
    """Return the questions that may be meant by `what` after the question `before`, the likeliest first."""
    about = theme(before, segmenter)
    asked = before.split(about, 1)[1] if about and about in before else ""
    words = tokens(what, segmenter)
    acts = any(kind(word) == VERB for word in words)
    if is_somebody(what) and not acts and not synonyms.objects_in(what):
        before_him = next((thing for thing in _things(about, segmenter)[:1] if is_somebody(thing)), None)
        return (before.replace(before_him, what, 1) if before_him else what + before,)
    found = [_in_its_place(what, before, synonyms, segmenter)]
    if affected := _affected(asked):
        found.append(f"{about}{affected}{what}吗")
    if acts:
        things = "" if _has_a_thing(words) else "".join(_things(about, segmenter))
        deed = f"把{things}{what}" if things and "给" in what else f"{what}{things}"
        found += [f"{deed}{asked}", f"{about} {what}"]
    elif asked != before:
        other = _replaced(about, what, asked, segmenter)
        counted = tuple(about + each for each in _replaced(asked, what, "", segmenter))
        found += [*counted, *other] if _COUNTED.search(asked) else [*other, *counted]
    found.append(f"{before} {what}")
    return tuple(dict.fromkeys(question for question in found if question))


def _affected(asked: str) -> str:
    """Return the word with which a question asks what something affects: what is named then may be that too."""
    return next((word for word in ("影响", "连累", "牵连") if word in asked), "")


def _replaced(text: str, what: str, rest: str, segmenter: Segmenter) -> tuple[str, ...]:
    """Return `text` with `what` for the thing it begins with, or ends with; a place stands for no thing."""
    things = [thing for thing in _things(text, segmenter) if len(thing) > 1 and not places_named(thing)]
    if not things:
        return ()
    if text.startswith(things[0]):
        return (text.replace(things[0], what, 1) + rest,)
    return (what.join(text.rsplit(things[-1], 1)) + rest,)


def _in_its_place(what: str, before: str, synonyms: Synonyms, segmenter: Segmenter) -> str:
    """Put `what` in the place of a thing of its kind that `before` names; "" when it names none."""
    spelled = find_phrases(what.lower(), synonyms.object_names)
    for old in find_phrases(before.lower(), synonyms.object_names) if spelled else ():
        before = re.sub(re.escape(old), spelled[0], before, flags=re.IGNORECASE)
        what = ""
    if not what:
        return before
    if any(kind(word) == VERB for word in tokens(what, segmenter)):
        return ""
    alike = [thing for thing in _things(before, segmenter) if thing[-1] == what[-1] or set(thing) & set(what)]
    return before.replace(alike[0], what) if alike else ""


def _things(text: str, segmenter: Segmenter) -> tuple[str, ...]:
    """Return the things that a text names; words that stand together name one."""
    found, last = [""], False
    for word in tokens(text, segmenter):
        thing = _says(word) and kind(word) != VERB
        if thing and last:
            found[-1] += word
        elif thing:
            found.append(word)
        last = thing
    return tuple(found[1:])


def _has_a_thing(words: Sequence[str]) -> bool:
    return any(_says(word) and kind(word) != VERB for word in words)
