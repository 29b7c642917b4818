"""Which reading of a turn is answered, and what of its search may be quoted. Pure.

Each question that a message may stand for is searched; what does not speak of what was named, or was said to others, is
left out; the likeliest reading is taken that is answered about as surely as any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.followup import Reading, Turn
from bot.answering.records import Memory, Understanding
from bot.answering.theme import speaks_of
from bot.reading.records import Topic
from bot.retrieval.features import OUT_OF_SCOPE
from bot.retrieval.index import PassageIndex
from bot.retrieval.query import Prior
from bot.retrieval.search import NEARLY_AS_LIKELY, Candidate, Result, Searcher

# A likelier reading is believed although another one is answered more surely, down to this part of its probability.
AS_SURE = 0.75
UNSPOKEN = "没有说到“{names}”"
# Topics less likely than this are left out of the prior.
LEAST_CHANCE = 0.01
# What bulletins say to those who sell: a victim is told none of it, unless they ask of it themselves.
_TO_SELLERS = re.compile(
    r"(?:出售|出租|出借|买卖|贩卖|收购|倒卖|转借|非法持有).{0,40}(?:卡|账户|账号)|帮信罪|惩戒|帮凶|卡农|卡贩|卡头"
)
_OF_SELLING = re.compile(r"卖|租|出借|借给|借出|收购|惩戒|跑分|走账|帮信")


def choose(
    turn: Turn, understood: Understanding, memory: Memory, searcher: Searcher, topics: Sequence[Topic]
) -> tuple[Reading, Mapping[str, float], Result]:
    """Return the likeliest reading of a turn that is answered about as well as any; its topics; its search."""
    found = []
    for reading in turn.readings:
        chances = topics_of(reading, understood, memory, topics)
        cited = memory.bulletins if reading.carried else frozenset()
        result = searcher.search(reading.question, Prior(chances, turn.place, cited))
        result = for_victims(_speaking_of(reading.names, result, searcher.index), memory)
        found.append((reading, chances, result))
    for each in found:
        if each[0].there and each[2].verdict == "answer":
            return each
    best = max(_sureness(result) for _, _, result in found)
    return next(each for each in found if _sureness(each[2]) >= AS_SURE * best)


def topics_of(
    reading: Reading, understood: Understanding, memory: Memory, topics: Sequence[Topic]
) -> Mapping[str, float]:
    """Return the prior: the last question's topics for a follow-up, else the classifier's."""
    if reading.carried and not reading.leans and memory.topics:
        return memory.topics
    known = {topic.slug for topic in topics} | {OUT_OF_SCOPE}
    chances = {slug: value for slug, value in understood.probabilities.items() if slug in known}
    # What may be an offer may as well be a question about what follows from one.
    chances["penalty"] = chances.get("penalty", 0.0) + understood.probabilities.get("offer_trade", 0.0)
    if reading.leans:
        # To the classifier, which reads it alone, it is about anything; it goes on with what was asked.
        unsure = chances.pop(OUT_OF_SCOPE, 0.0)
        chances = {
            slug: chances.get(slug, 0.0) + unsure * memory.topics.get(slug, 0.0) for slug in {*chances, *memory.topics}
        }
    return {slug: round(min(1.0, value), 4) for slug, value in chances.items() if value > LEAST_CHANCE}


def for_victims(result: Result, memory: Memory) -> Result:
    """Return a search without what is said to sellers, where a victim asks and asks nothing of selling."""
    if not memory.victim or _OF_SELLING.search(result.query.text):
        return result
    fitting = tuple(c for c in result.candidates if not _TO_SELLERS.search(c.passage.heading + c.passage.text))
    best = max((candidate.probability for candidate in result.candidates), default=0.0)
    left = max((candidate.probability for candidate in fitting if candidate.rejected is None), default=0.0)
    # What was sure of a passage that is left out is sure of no other.
    verdict = result.verdict if left >= NEARLY_AS_LIKELY * best else "nothing"
    return replace(result, candidates=fitting, verdict=verdict)


def _speaking_of(names: str, result: Result, index: PassageIndex) -> Result:
    """Reject the candidates that do not speak of what a follow-up put in the place of something else."""
    if not names:
        return result

    def judged(each: Candidate) -> Candidate:
        said = each.passage.heading + each.passage.text
        spoken_of = each.rejected or speaks_of(said, names, index.synonyms, index.segmenter)
        return each if spoken_of else each._replace(rejected=UNSPOKEN.format(names=names))

    return replace(result, candidates=tuple(map(judged, result.candidates)))


def _sureness(result: Result) -> float:
    """Return how likely it is that what may be quoted answers; nothing when nothing may be."""
    return result.answered if result.nearest else 0.0
