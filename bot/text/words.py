"""Cutting text into the terms that are indexed and searched: jieba's words, and the character bigrams beside them.

Bigrams save a word that jieba cuts wrongly (帮信|罪判); they carry a mark so that they never meet a word.
The tokenizer is an instance of its own: words of ours never leak into the process-wide jieba.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path

import jieba

from bot.text import normalise as normalising
from bot.text.homophones import learn_homophones
from bot.text.normalise import normalise
from bot.text.pinyin import Pinyin, learn_pinyin

BIGRAM_MARK = "·"
_WORD = re.compile(r"(?<![\w.])[\w.]*\w")
QUANTITY_MARK = "#"
_DIGITS = {"两": 2, **{digit: value for value, digit in enumerate("一二三四五六七八九十", start=1)}}
# One (一个) is said of everything and tells nothing.
_QUANTITY = re.compile(r"(?<![\d.一二三四五六七八九十百])([2-9]|1\d|[二三四五六七八九十两])(?:个|名|张|人|台|部|套|起)")
# Quotation marks stand inside terms (“断卡”行动) and say nothing to a search.
_QUOTATION_MARKS = re.compile(r"[“”‘’\"'「」『』《》]")
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]+")
# One message is mended for the classifier, for the follow-up and for the search; others may come between.
_MENDED = 32


def stop_words_in(text: str) -> frozenset[str]:
    """Return the stop words of a list, one a line; a line that begins with # is a comment."""
    lines = (line.strip() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def searchable(text: str) -> str:
    """Return the form of `text` in which terms are looked for: normalised, lower case, without quotation marks."""
    return _QUOTATION_MARKS.sub("", normalise(text).lower())


@lru_cache(maxsize=4096)
def searchable_passage(text: str) -> str:
    """Return a passage's searchable form; kept, because one search asks for it several times, and the next again."""
    return searchable(text)


def quantities(text: str) -> tuple[str, ...]:
    """Return the small numbers before a measure word in a searchable text, marked: 六个 and 6名 are both #6."""
    found = (match[1] for match in _QUANTITY.finditer(text))
    return tuple(QUANTITY_MARK + str(_DIGITS.get(number, number)) for number in found)


@cache
def _own_code() -> bytes:
    # Read once: the files may be others when the process is older.
    return b"".join(Path(module).read_bytes() for module in (__file__, normalising.__file__))


@lru_cache(maxsize=2)
def _tokenizer_of(word_lists: tuple[bytes, ...]) -> jieba.Tokenizer:
    """Return a tokenizer with these lists; kept, because a changed bulletin changes no word and loading takes 0.4 s."""
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for words in word_lists:
        tokenizer.load_userdict(io.BytesIO(words))
    return tokenizer


@lru_cache(maxsize=2)
def _mender_of(
    word_lists: tuple[bytes, ...], spoken: tuple[str, ...], stop_words: frozenset[str]
) -> Callable[[str], str]:
    """Return what mends a text in its searchable form: one for all with these words, who share what it remembers."""
    tokenizer = _tokenizer_of(word_lists)
    lines = (line for words in word_lists for line in words.decode("utf-8").splitlines())
    lexicon = (line.split()[0] for line in lines if line.strip())
    # A phrase of two characters that is no word (新办) is too easily met by chance (网|信|办).
    meant = (word for word in spoken if len(word) > 2 or tokenizer.FREQ.get(word, 0))
    homophones = learn_homophones([*lexicon, *meant])
    common = stop_words - {"卡"}
    cut = partial(tokenizer.lcut, HMM=False)
    return lru_cache(_MENDED)(lambda text: homophones.mend(searchable(text), cut, common))


@dataclass(frozen=True)
class Segmenter:
    """Cuts text into terms with the words of `lexicon` (jieba word lists in UTF-8) and without `stop_words`.

    `spoken` are further words, beside the lexicon's, that people may have meant when they typed by sound. `taught`
    gives the texts, of what people ask and are told, from which pinyin is learned when the first is typed.
    """

    lexicon: tuple[bytes, ...] = ()
    stop_words: frozenset[str] = frozenset()
    spoken: tuple[str, ...] = ()
    taught: Callable[[], Iterable[str]] = field(default=tuple, compare=False)

    @cached_property
    def _tokenizer(self) -> jieba.Tokenizer:
        return _tokenizer_of(self.lexicon)

    @cached_property
    def _mended(self) -> Callable[[str], str]:
        return _mender_of(self.lexicon, self.spoken, self.stop_words)

    def _written(self, text: str) -> str:
        """Return a text, in characters if it is pinyin; learning them is put off to the first that may be."""
        return self._pinyin.read(searchable(text)) if text.isascii() else text

    @cached_property
    def _pinyin(self) -> Pinyin:
        words = (lines.decode("utf-8") for lines in self.lexicon)
        return learn_pinyin(chain(words, self.spoken, self.taught()))

    @property
    def fingerprint(self) -> bytes:
        """Another one whenever `terms` may cut differently: other words, other code, another jieba."""
        parts = (*self.lexicon, "\n".join(sorted(self.stop_words)).encode(), jieba.__version__.encode(), _own_code())
        return hashlib.blake2b(b"\0".join(parts)).digest()

    def known(self, word: str) -> bool:
        """Whether the dictionary (jieba's and ours) has this word."""
        return bool(self._tokenizer.FREQ.get(word, 0))

    def mend(self, text: str) -> str:
        """Return a question in its searchable form, with words that were typed by sound put right."""
        return self._mended(self._written(text))

    def pieces(self, text: str) -> Iterator[tuple[str, int]]:
        """Cut a text as it is into all its pieces, punctuation too, each with its place; new words are guessed."""
        return ((piece, start) for piece, start, _ in self._tokenizer.tokenize(text))

    def cut(self, text: str) -> list[str]:
        """Cut a text as it is into all its pieces; what the dictionary has not is cut into characters."""
        return list(self._tokenizer.cut(text, HMM=False))

    def words(self, text: str) -> tuple[str, ...]:
        """Cut into words, each place once, stop words and punctuation out: what the text is about."""
        return tuple(self._content(self.cut(searchable(text))))

    @cached_property
    def terms_of(self) -> Callable[[str], frozenset[str]]:
        """As `terms`, of a bulletin's sentence rather than of a person's text: it is cut once and remembered."""
        return lru_cache(4096)(lambda sentence: frozenset(self.terms(sentence)))

    @cached_property
    def words_of(self) -> Callable[[str], tuple[str, ...]]:
        """As `words`, of a phrase of ours rather than of a person's text: it is cut once and remembered."""
        return lru_cache(4096)(self.words)

    def terms(self, text: str) -> tuple[str, ...]:
        """Cut for search: words, the shorter words inside them, and marked character bigrams. For the index."""
        clean = searchable(text)
        words = self._content(self._tokenizer.cut_for_search(clean, HMM=False))
        return (*words, *self.bigrams(clean), *quantities(clean))

    def bigrams(self, text: str) -> tuple[str, ...]:
        """Return the marked bigrams of each run of Chinese characters, stop words' own characters included."""
        runs = _CHINESE_RUN.findall(text)
        return tuple(BIGRAM_MARK + run[i : i + 2] for run in runs for i in range(len(run) - 1))

    def _content(self, words: Iterable[str]) -> Iterator[str]:
        return (word for word in words if _WORD.fullmatch(word) and word not in self.stop_words)
