"""Three questions that residents would ask of a bulletin before it is published: each one that it then answers.

First what residents asked lately and were not answered; then what its own rules say: who does so is asked what becomes
of him. Whether the bulletin answers, the answerer decides, as it would be. Pure but for what the answerer does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.answering.answerer import Answerer
from bot.editing.trying import Tried, ask
from bot.reading.records import Bulletin, Passage

MOST = 3
# So many candidates are tried, of each kind: one takes some 20 ms.
_MOST_TRIED = 40
_LONGEST = 30
_CLAUSE = re.compile(r"[，,。；：\n]")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十\d]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）])?(?:凡是?|对于?)?"
)
_FORBIDDEN = re.compile(r"(?:严禁|禁止|不得|不要|不准)(?:向他人|为他人)?([^，。；：！\n]{4,20})[，。；！\n]")
_MEASURE = re.compile(r"(?:奖励|罚款|拘留|期限|工作日|个?月内|年内)")
_TO_DO = re.compile(r"(身份证|银行卡|电话卡|手机卡|账户|账号|钱|护照|手机)(?:丢失|遗失|被盗|被冻结|被停用|被骗)")
_QUESTION = re.compile(r"[？?]\s*$")


def proposed_questions(
    drafted: Answerer, bulletin: Bulletin, passages: Sequence[Passage], asked: Sequence[str], today: date
) -> tuple[tuple[str, Tried], ...]:
    """Return at most MOST questions which the bulletin answers, each of another passage where there are so many."""
    found: list[tuple[str, Tried]] = []
    spare: list[tuple[str, Tried]] = []
    quoted: set[str] = set()
    for question in (*asked[:_MOST_TRIED], *list(dict.fromkeys(_candidates(bulletin, passages)))[:_MOST_TRIED]):
        tried = ask(drafted, (), question, today)
        if tried.outcome not in ("answer", "near") or not tried.passages[0].startswith(f"{bulletin.stem}#"):
            continue
        (spare if tried.passages[0] in quoted else found).append((question, tried))
        quoted.add(tried.passages[0])
        if len(found) == MOST:
            break
    return tuple((*found, *spare)[:MOST])


def _candidates(bulletin: Bulletin, passages: Sequence[Passage]) -> Iterator[str]:
    advice = [each for each in passages if each.kind == "advice" and each.superseded_by is None]
    for passage in (*advice, *(each for each in passages if each not in advice)):
        yield from (f"{does}会怎样？" for does in _who_does(passage.text))
        yield from (f"可以{_bare(does)}吗？" for does in _FORBIDDEN.findall(passage.text))
        yield from (f"{thing[0]}了怎么办？" for thing in _TO_DO.finditer(passage.text))
        if _QUESTION.search(passage.heading) and len(passage.heading) <= _LONGEST:
            yield passage.heading
        if _MEASURE.search(passage.text) and passage.heading and len(passage.heading) <= _LONGEST:
            yield f"{passage.heading}是怎样规定的？"
    title = re.split(r"[：:！!？?|｜]", bulletin.title)[-1].strip()
    if 4 <= len(title) <= _LONGEST:
        yield f"{title}，是怎么回事？"


def _who_does(text: str) -> Iterator[str]:
    """Yield what somebody does to whom a rule applies: 「出借银行卡的，……」."""
    for clause in _CLAUSE.split(text):
        does = _bare(_NUMBERED.sub("", clause.strip()))
        if does.endswith("的") and 5 <= len(does) <= _LONGEST:
            yield does[:-1]


def _bare(does: str) -> str:
    return re.sub(r"^(?:违反规定|任何单位和个人|任何人|个人|单位|有)", "", does.strip())
