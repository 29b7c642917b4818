"""The one function every door calls: a message, what the classifier made of it, and what went before → an Answer.

Order matters: the victim first, then the trade, then the talk around, then the search. Pure: the date and the
settings are arguments, the memory goes in and comes out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from bot.answering import sentences
from bot.answering.apology import emergency, with_notice
from bot.answering.asking_back import ask_back, choices_for, chosen_reading, taken_choice
from bot.answering.choosing import choose, for_victims, topics_of
from bot.answering.composing import MOST_CONSIDERED, Composer
from bot.answering.followup import (
    OF_THE_REPLY,
    SURELY,
    Step,
    Turn,
    place_noted,
    points_at_somebody,
    resolve,
)
from bot.answering.forms import forms
from bot.answering.message import ALIKE, Message
from bot.answering.records import Answer, Memory, Outcome, Understanding
from bot.answering.suspecting import HOW_TO_TELL, asks_whether_fraud
from bot.answering.theme import theme
from bot.reading.records import LaterRule, Topic
from bot.retrieval.matcher import SPEAKS_FOR_ITSELF
from bot.retrieval.query import Prior
from bot.retrieval.search import Candidate, Result, Searcher

_LEADS: Mapping[Step, str] = MappingProxyType(
    {"source": sentences.ANSWER_SOURCE, "shorter": sentences.ANSWER_SHORT, "whole": sentences.ANSWER_WHOLE}
)
HALF = 0.5
# Below this the first intent is a guess: talk and trade are not taken from it.
SURE = 0.4
# Below this probability of being on the matter at all, what only sounds like a victim or an offer is none. Of 300
# victims' messages, written without having seen a rule, one lies below it; it still reads both hotlines.
FOREIGN = 0.3
# A passage so likely to answer is put after the hotlines: a story is long, and no passage answers all of it.
HELPFUL = 0.2
# From this confidence on talk is talk, whatever a passage says.
QUITE_SURE = 0.75
# Talk that may carry an assertion: 「卖卡没事，对吧」 is classified as assent, and is none when it names something.
ASSENT = ("affirm", "deny", "thanks")
# What is looked up for who offers what none of the found passages warns of.
WHAT_IS_OFFERED, THINGS, WHAT_FOLLOWS = "出租、出售、出借{things}", "银行卡、电话卡", "有什么后果"
# Who names a place and asks something besides wants that answered: 「南宁到临沂怎么坐车」.
_ASKS = re.compile(r"吗|么|呢|怎|咋|多少|几|哪|什么|啥|谁|如何|[冇咩没不]$")
# What a question of "why" is searched by beside its own words.
REASONS = "原因 根源 因为 帮凶"


@dataclass(frozen=True)
class Answerer:
    """Answers from one state of the knowledge. `old_after_years` is the age from which an answer carries a caution.

    `later` are rules that came after bulletins and are not among them.
    """

    searcher: Searcher
    topics: tuple[Topic, ...]
    old_after_years: int = 2
    later: tuple[LaterRule, ...] = ()

    def reply(self, message: Message, understood: Understanding, memory: Memory, today: date) -> tuple[Answer, Memory]:
        """Answer one message. Returns the answer and the memory to keep for the next turn.

        What it may be was read at the door: whatever the classifier makes of it, a victim reads 110 first. That
        something personal was sent, the person is told.
        """
        answer, remembered = self._reply(message, understood, memory, today)
        return with_notice(answer, message.personal), remembered

    def _reply(self, message: Message, understood: Understanding, memory: Memory, today: date) -> tuple[Answer, Memory]:
        text = message.mended
        kind = "plain" if self._is_foreign(message) else message.kind
        if kind == "victim":
            return self._emergency(text, memory, today)
        if kind == "offer" and not self._follows(message, memory):
            return self._refuse(text, memory, today)
        if memory.alarmed and self._still_alarmed(text, understood):
            return self._emergency(text, memory, today)
        memory = replace(memory, alarmed=False)
        turn = self._resolve(text, memory)
        answer, kept = self._next(turn, understood, memory, today)
        # Of a talk that goes on, 「这个消息可靠吗」 may ask of the reply before.
        talks_on = answer.outcome == "chat" and memory.question is not None
        if asks_whether_fraud(text) and answer.outcome != "refuse" and not talks_on:
            return self._suspect(text, answer, kept, today)
        return answer, kept

    def _is_foreign(self, message: Message) -> bool:
        """Whether what only sounds like a victim or an offer is of another world altogether: a divorce, a lease.

        No rule says what it is, and the matcher that it has nothing to do with what bulletins speak of.
        """
        return message.why.startswith(ALIKE) and self.searcher.search(message.mended, Prior()).on_the_matter < FOREIGN

    def _follows(self, message: Message, memory: Memory) -> bool:
        """Whether what may be an offer takes a choice that was asked (「卖银行卡」), or rests on the last question.

        「能留几张」 only sounds like one; what a rule says is an offer is one wherever it is said.
        """
        if memory.pending is not None:
            return taken_choice(message.mended, memory.choices) is not None
        if memory.question is None or not message.why.startswith(ALIKE):
            return False
        chances = forms().of(message.mended, self.searcher.index.segmenter)
        return max(chances[form] for form in ("rests", "instead", "repair")) >= HALF

    def _resolve(self, text: str, memory: Memory) -> Turn:
        index = self.searcher.index
        chosen = chosen_reading(text, memory, index.synonyms, index.segmenter)
        return chosen or resolve(text, memory, index.synonyms, index.segmenter)

    def _still_alarmed(self, text: str, understood: Understanding) -> bool:
        """Whether a message after an emergency goes on with it: all but talk, and what names a thing and no person."""
        if understood.intent in sentences.TALK and understood.confidence >= SURE:
            return False
        chances = forms().of(text, self.searcher.index.segmenter)
        return points_at_somebody(text) or max(chances["complete"], chances["instead"]) < SURELY

    def look_up(self, question: str, understood: Understanding, memory: Memory | None = None) -> Result:
        """Return the search that `reply` makes for a question, which stands on its own where there is no memory."""
        memory = memory or Memory()
        turn = self._resolve(question, memory)
        topics = topics_of(turn.readings[0], understood, memory, self.topics)
        return self.searcher.search(turn.question, Prior(topics, turn.place))

    def _next(self, turn: Turn, understood: Understanding, memory: Memory, today: date) -> tuple[Answer, Memory]:
        asked_back = memory.pending is not None
        remembered = replace(memory, place=turn.place, pending=None, choices=())
        if turn.step == "place":
            return self._composer.talk(place_noted(turn)), remembered
        if turn.step in OF_THE_REPLY and memory.question is None:
            return self._composer.talk(sentences.NOTHING_BEFORE), remembered
        if turn.step == "more":
            return self._more(turn.question, remembered, today)
        if turn.step == "why":
            return self._why(remembered, today)
        if turn.step in ("source", "shorter", "whole"):
            return self._again(turn.step, remembered, today)
        answer, kept = self._question(turn, understood, remembered, today)
        choices = self._choices(turn, kept) if turn.lacks and answer.outcome != "chat" else ()
        if not choices or (asked_back and answer.quotes):
            return answer, kept
        kept = replace(remembered, topics=kept.topics, pending=turn.question, choices=choices)
        # Nobody is asked back twice running.
        return (answer if asked_back else replace(ask_back(choices), considered=answer.considered)), kept

    def _choices(self, turn: Turn, memory: Memory) -> tuple[str, ...]:
        """Return what to let choose from who asks something of nothing they name."""
        says_nothing = not forms().own_words(turn.question, self.searcher.index.segmenter)
        return choices_for(memory.topics, self.topics, says_nothing)

    def _question(self, turn: Turn, understood: Understanding, memory: Memory, today: date) -> tuple[Answer, Memory]:
        refused, memory = memory.refused, replace(memory, refused=False)
        reading, topics, result = choose(turn, understood, memory, self.searcher, self.topics)
        if not reading.carried and (self._only_talks(turn, result) or self._is_talk(understood, result)):
            return self._composer.talk(_talk_of(understood.intent, turn.place)), memory
        if _only_may_answer(understood, result):
            result = replace(result, verdict="near")
        # What is asked of nothing that was named is nothing to rest the next question on.
        question = None if turn.lacks else reading.question
        memory = replace(memory, question=question, about=reading.about, topics=topics, shown=())
        if refused and understood.intent == "offer_trade" and understood.confidence >= SURE:
            return self._refuse(reading.question, memory, today)  # 「谁收」 goes on with the offer
        if not result.nearest:
            return self._composer.abstain(topics, result.candidates), memory
        place = turn.place or next(iter(result.query.elsewhere), None)
        outcome: Outcome = "answer" if result.accepted else "near"
        answer = self._composer.quote(outcome, None, result, result.nearest, topics, place, today)
        return answer, replace(memory, question=reading.question, shown=answer.told, last=answer.told)

    def _only_talks(self, turn: Turn, result: Result) -> bool:
        """Whether a message has the form of talk, and says nothing that a passage answers: 「哦」「行，那我不借了」."""
        own_words = forms().own_words(turn.question, self.searcher.index.segmenter)
        return turn.talk and (not own_words or result.verdict != "answer")

    def _is_talk(self, understood: Understanding, result: Result) -> bool:
        """Whether to talk rather than quote: the classifier says so, and no passage answers against a guess of its."""
        answers = result.verdict == "answer"
        if understood.confidence < SURE or (understood.intent in ASSENT and self._asserts(result)):
            return False
        if understood.intent == "name_place":
            return not answers and not _ASKS.search(result.query.text)
        return understood.intent in sentences.TALK and (understood.confidence >= QUITE_SURE or not answers)

    def _asserts(self, result: Result) -> bool:
        """Whether an assent says what it assents to: it has a word that stands in a bulletin."""
        return any(len(word) > 1 and self.searcher.index.speaks_of(word) for word, _ in result.query.words)

    def _more(self, question: str, memory: Memory, today: date) -> tuple[Answer, Memory]:
        """What else answers the question; then what else there is on what it is about."""
        for asked in (question, memory.about or theme(question, self.searcher.index.segmenter)):
            result = self.searcher.search(asked, Prior(memory.topics, memory.place))
            rest = [candidate for candidate in result.accepted if candidate.passage.id not in memory.shown]
            if rest:
                answer = self._composer.quote(
                    "answer", sentences.ANSWER_MORE, result, rest, memory.topics, memory.place, today
                )
                return answer, _having_shown(memory, answer)
        return self._composer.talk(sentences.NO_MORE), memory

    def _why(self, memory: Memory, today: date) -> tuple[Answer, Memory]:
        if memory.question is None:
            return self._composer.talk(sentences.NOTHING_BEFORE), memory
        prior = Prior(memory.topics, memory.place)
        # The words of reasons find, and would be too much of a question to decide by.
        answers = self.searcher.search(f"为什么{memory.question}", prior).verdict == "answer"
        result = self.searcher.search(f"{memory.question} {REASONS}", prior)
        advice = [candidate for candidate in result.nearest if candidate.passage.kind == "advice"]
        accepted = [candidate for candidate in advice if candidate.passage.id not in memory.last] or advice
        if not answers or not accepted:
            return self._composer.abstain(memory.topics, ()), memory
        answer = self._composer.quote(
            "answer", sentences.ANSWER_WHY, result, accepted, memory.topics, memory.place, today
        )
        return answer, _having_shown(memory, answer)

    def _again(self, step: Step, memory: Memory, today: date) -> tuple[Answer, Memory]:
        """What was told last once more: with the address of its bulletin, its point alone, or the whole passage."""
        answer = self._last(_LEADS[step], memory, today, whole=step == "whole")
        if answer is None:
            return self._composer.talk(sentences.NOTHING_BEFORE), memory
        if step == "shorter":
            return replace(answer, caution=None, close=None), memory
        return replace(answer, show_links=step == "source"), memory

    def _last(self, lead: str, memory: Memory, today: date, whole: bool = False) -> Answer | None:
        """Return what was told last, again; None when nothing was, or its bulletin is gone."""
        result = self.searcher.search(memory.question or "", Prior(memory.topics, memory.place))
        by_id = {candidate.passage.id: candidate for candidate in result.candidates}
        last = [by_id[passage] for passage in memory.last if passage in by_id]
        marks = self._composer.marks_of(memory.topics)
        return self._composer.compose("answer", lead, result, last, marks, None, today, whole) if last else None

    def _emergency(self, text: str, memory: Memory, today: date) -> tuple[Answer, Memory]:
        """110 / 96110 first, whatever is found; then the passage that fits. To tap: calls, no questions."""
        memory = replace(memory, alarmed=True, victim=True)
        result = for_victims(self.searcher.search(text, Prior(place=memory.place)), memory)
        helpful = [candidate for candidate in result.nearest if candidate.probability >= HELPFUL]
        considered = result.candidates[:MOST_CONSIDERED]
        if not helpful:
            return replace(emergency(), considered=considered), memory
        lead = f"{sentences.EMERGENCY}{sentences.EMERGENCY_QUOTES}"
        answer = self._composer.quote("emergency", lead, result, helpful[:1], {}, None, today)
        return replace(answer, suggestions=()), memory

    def _suspect(self, text: str, answer: Answer, memory: Memory, today: date) -> tuple[Answer, Memory]:
        """From here nobody can tell a fraud: 96110 first; then what is advised on the very thing, or on telling.

        Advice that answers surely stays as it is; somebody else's case, however like it sounds, is no answer.
        """
        if answer.outcome == "answer" and all(quote.passage.kind == "advice" for quote in answer.quotes):
            return replace(answer, lead=answer.lead or sentences.SUSPECT), memory
        memory = replace(memory, question=text, pending=None, choices=())
        for asked in (text, HOW_TO_TELL):
            result = self.searcher.search(asked, Prior(place=memory.place))
            found = result.accepted if asked == HOW_TO_TELL else result.nearest
            advice = [each for each in found if each.passage.kind == "advice" and each.probability >= HELPFUL]
            if advice:
                lead = f"{sentences.SUSPECT}{sentences.NEAR}"
                near = self._composer.quote("near", lead, result, advice, {}, memory.place, today)
                return near, replace(memory, shown=near.told, last=near.told)
        suggestions, considered = self._composer.suggest({}), answer.considered
        return Answer("abstain", sentences.SUSPECT, suggestions=suggestions, considered=considered), memory

    def _refuse(self, text: str, memory: Memory, today: date) -> tuple[Answer, Memory]:
        """A cited warning, no price, no channel: the penalty passages that fit what was offered."""
        topics = {"penalty": 1.0}
        result = self.searcher.search(text, Prior(topics, memory.place))
        general = WHAT_IS_OFFERED.format(things=THINGS) + WHAT_FOLLOWS
        warnings = _warnings(result) or _warnings(self.searcher.search(general, Prior(topics, memory.place)))
        if not warnings:
            return Answer("refuse", sentences.REFUSE_WITHOUT_QUOTE, suggestions=self._composer.suggest({})), memory
        about = WHAT_IS_OFFERED.format(
            things="、".join(sorted(self.searcher.index.synonyms.objects_in(text))) or THINGS
        )
        question = f"{about}{WHAT_FOLLOWS}"
        remembered = replace(memory, question=question, about=about, topics=topics, shown=(), refused=True)
        answer = self._composer.quote("refuse", sentences.REFUSE, result, warnings[:2], topics, None, today)
        return replace(answer, close=sentences.REFUSE_CLOSE), _having_shown(remembered, answer)

    @cached_property
    def _composer(self) -> Composer:
        scorer = self.searcher.closeness_of_sentences
        return Composer(self.searcher, self.old_after_years, scorer, self.later, self.topics)


def _only_may_answer(understood: Understanding, result: Result) -> bool:
    """Whether to a message that sounds like assent or a complaint a passage is found which does not speak for itself.

    Who presses (「卖卡没事，对吧，快说」) takes any quote for a yes.
    """
    sounds_so = understood.intent in (*ASSENT, "complain") and understood.confidence >= SURE
    return sounds_so and result.verdict == "answer" and result.answered < SPEAKS_FOR_ITSELF


def _talk_of(intent: str, place: str | None) -> str:
    if intent == "name_place" and place:
        return sentences.PLACE_NOTED.format(place=place)
    return sentences.TALK.get(intent, sentences.TALK["affirm"])


def _warnings(result: Result) -> list[Candidate]:
    """Return the passages that say what follows from the trade, likeliest first."""
    return [c for c in result.candidates if c.passage.kind == "advice" and "penalty" in c.passage.topics]


def _having_shown(memory: Memory, answer: Answer) -> Memory:
    return replace(memory, shown=(*memory.shown, *answer.told), last=answer.told)
