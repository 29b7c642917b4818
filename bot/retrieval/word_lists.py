"""The word lists beside the bulletins: lexicon, stop words, synonyms. A slip in one never holds back a bulletin.

They are read as bulletins are, in whatever encoding an editor's program saves; a line that has not its form is left
out and named, and a file that nobody can read stays as it was read last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.reading.header import decode
from bot.reading.records import Problem
from bot.retrieval.synonyms import Synonyms, parse_synonyms
from bot.text.words import Segmenter, stop_words_in

BULLETINS, ASKED = "bulletins", Path(__file__).parents[2] / "data" / "nlu"
# Characters that pinyin is learned from: more say little that is new, and take half a second.
MOST_TAUGHT = 1_000_000
LEXICON, STOP_WORDS, SYNONYMS = "lexicon", "stopwords.txt", "synonyms.yml"
# As jieba reads it: a word, how often it is met, what kind of word it is; the latter two may be left out.
_ENTRY = re.compile(r"\S+(?:[ \t]+[0-9]{1,9})?(?:[ \t]+[a-z]{1,8})?")
_FORM = "一行一个词，后面可以写词频（数字）和词性（小写字母），用空格隔开：断卡 3000 n"


@dataclass(frozen=True)
class WordLists:
    """`lexicon` are jieba word lists in UTF-8 by the names of their files; `problems` is what was left out, and why.

    `bulletins` is the folder of what is said in these words.
    """

    lexicon: Mapping[str, bytes] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()
    synonyms: Synonyms = field(default_factory=Synonyms)
    problems: tuple[Problem, ...] = ()
    bulletins: Path | None = field(default=None, compare=False)

    @property
    def segmenter(self) -> Segmenter:
        """What cuts text with these words."""
        said = partial(read_said, self.bulletins)
        return Segmenter(tuple(self.lexicon.values()), self.stop_words, tuple(self.synonyms.expansions), said)


def read_word_lists(knowledge: Path, before: WordLists | None = None) -> WordLists:
    """Read the word lists of the folder `knowledge`; what cannot be read at all is as it was in `before`."""
    before = before or WordLists()
    problems: list[Problem] = []
    lexicon = {}
    for path in sorted((knowledge / LEXICON).glob("*.txt")):
        text = _text(path, problems)
        last = before.lexicon.get(path.name, b"")
        lexicon[path.name] = last if text is None else _entries(path, text, problems)
    stop_words = _text(knowledge / STOP_WORDS, problems)
    return WordLists(
        lexicon,
        before.stop_words if stop_words is None else stop_words_in(stop_words),
        _synonyms(knowledge / SYNONYMS, before.synonyms, problems),
        tuple(problems),
        knowledge / BULLETINS,
    )


def read_said(bulletins: Path | None) -> Iterator[str]:
    """Yield what people ask, as the classifier learns it, and what bulletins say, as far as it teaches anything."""
    left = MOST_TAUGHT
    for folder, pattern in ((ASKED, "*.yml"), (bulletins, "*.md")):
        for path in sorted(folder.glob(pattern)) if folder else ():
            text = path.read_text("utf-8", errors="replace")[:left]
            left -= len(text)
            yield text


def _synonyms(path: Path, last: Synonyms, problems: list[Problem]) -> Synonyms:
    text = _text(path, problems)
    if text is None:
        return last
    synonyms, wrong = parse_synonyms(path, text.encode())
    problems += wrong
    # A file of which nothing could be read leaves nobody without the words of before.
    return last if wrong and synonyms == Synonyms() else synonyms


def _entries(path: Path, text: str, problems: list[Problem]) -> bytes:
    """Return the lines that are entries of a word list."""
    sound = []
    for number, line in enumerate(text.split("\n"), start=1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if _ENTRY.fullmatch(entry):
            sound.append(" ".join(entry.split()))
        else:
            problems.append(Problem(path, number, f"这一行不是词条：{entry[:20]}", _FORM))
    return "\n".join(sound).encode()


def _text(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a file, None when it cannot be read."""
    try:
        text = decode(path, path.read_bytes())
    except OSError as error:
        text = Problem(path, 1, f"读不到这个文件（{error.strerror}）", "请检查文件在不在、能不能读")
    if isinstance(text, Problem):
        problems.append(text)
        return None
    return text
