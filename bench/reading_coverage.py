"""How much of bulletins the reader takes in: of the characters, those in a passage, a heading, left out, lost.

    python bench/reading_coverage.py FOLDER… [--list REASON] [--sample 60]

Characters are letters and digits of the body; addresses of links and images are none. `lost` must be 0: what stands in
no passage and no heading has to be listed with its reason. With --list each line left out for a reason is shown (`all`
for every one), with --sample so many passages drawn at random, with their heading, for reading by eye.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.reading.header import take_apart
from bot.reading.library import read_library
from bot.reading.records import Bulletin, Dropped, Library, Passage, Problem
from bot.text.squeezing import IMAGE, LINK

_NO_WORD = re.compile(r"[\W_]+")
_NO_TEXT = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
# What is no text of the bulletin: the page's own words, and what became its title, publisher and date.
CHROME = frozenset(
    (
        "账号简介",
        "页面的按钮和标签",
        "出处、作者、编辑",
        "图片说明",
        "满意度调查",
        "版权说明",
        "广告",
        "只有符号",
        "题目上方的页面",
        "文章之后的页面",
        "推荐的其他文章",
        "题目或账号的名字",
        "只有链接",
        "页面的菜单",
        "镜像网站的说明",
        "落款：发布者和日期",
        "请人关注、转发",
        "只有编号",
    )
)


@dataclass(frozen=True)
class Share:
    """The characters of one bulletin by where they stand."""

    stem: str
    passages: int
    headings: int
    chrome: int
    other: int
    lost: str

    @property
    def covered(self) -> float:
        """Of the characters that are no chrome, the share in a passage or the heading over it."""
        text = self.passages + self.headings + self.other + len(self.lost)
        return (self.passages + self.headings) / text if text else 1.0


def bare(text: str) -> str:
    """Return the letters and digits of a text, without the addresses of its links and images."""
    return _NO_WORD.sub("", LINK.sub(lambda link: link[1], IMAGE.sub("", _NO_TEXT.sub("", text))))


def share_of(bulletin: Bulletin, passages: Iterable[Passage]) -> Share:
    """Return where the characters of a bulletin stand; what is found nowhere is lost."""
    source = take_apart(Path(f"{bulletin.stem}.md"), "\n".join(bulletin.body))
    assert not isinstance(source, Problem)
    body = bare(source.body)
    taken = bytearray(len(body))
    mine = list(passages)
    found = {
        "passages": _take(body, taken, (bare(each.text) for each in mine)),
        "chrome": _take(body, taken, (bare(each.text) for each in bulletin.dropped if each.reason in CHROME)),
        "other": _take(body, taken, (bare(each.text) for each in bulletin.dropped if each.reason not in CHROME)),
        "headings": _take(body, taken, _headings(mine)),
    }
    free = "".join(character if not taken[at] else "\n" for at, character in enumerate(body))
    # What is said twice may have been marked where it stood first.
    known = "\n".join(bare(text) for each in (*mine, *bulletin.dropped) for text in _words(each))
    lost = [run for run in free.split("\n") if run and run not in known]
    return Share(bulletin.stem, **found, lost="\n".join(lost))


def _words(each: Passage | Dropped) -> tuple[str, ...]:
    return (each.text, each.heading, *each.heading.split(" ")) if isinstance(each, Passage) else (each.text,)


def _headings(passages: Iterable[Passage]) -> Iterator[str]:
    """Yield each heading once, whole and by its parts: a part may stand elsewhere."""
    for heading in dict.fromkeys(each.heading for each in passages):
        yield bare(heading)
        yield from map(bare, heading.split(" "))


def _take(body: str, taken: bytearray, texts: Iterable[str]) -> int:
    """Mark the first free place of each text as taken; return how many characters that took."""
    count = 0
    at = 0
    for text in texts:
        if not text:
            continue
        found = _free(body, taken, text, at)
        if found < 0:
            found = _free(body, taken, text, 0)
        if found >= 0:
            taken[found : found + len(text)] = b"\x01" * len(text)
            count += len(text)
            at = found + len(text)
    return count


def _free(body: str, taken: bytearray, text: str, at: int) -> int:
    found = body.find(text, at)
    while found >= 0 and any(taken[found : found + len(text)]):
        found = body.find(text, found + 1)
    return found


def report(folders: Iterable[Path], reason: str | None, sample: int, seed: int) -> None:
    """Print the shares of all folders, and what was asked for besides."""
    shares: list[Share] = []
    dropped: list[tuple[str, Dropped]] = []
    passages: list[Passage] = []
    for folder in folders:
        began = time.perf_counter()
        library: Library = read_library(folder, (), date.today())
        took = time.perf_counter() - began
        print(f"{folder}: {len(library.bulletins)} bulletins, {len(library.passages)} passages, {took:.2f} s")
        for stem, bulletin in library.bulletins.items():
            mine = [each for each in library.passages if each.bulletin == stem]
            shares.append(share_of(bulletin, mine))
            dropped += [(stem, each) for each in bulletin.dropped]
            passages += mine
    _print_totals(shares, dropped, passages)
    for stem, each in dropped:
        if reason in ("all", each.reason):
            print(f"{stem}:{each.lines[0]} [{each.reason}] {each.text[:110]!r}")
    for each in random.Random(seed).sample(passages, min(sample, len(passages))):
        print(f"\n{each.id} lines {each.lines} {each.kind} {each.article or ''} 〔{each.heading}〕\n{each.text}")


def _print_totals(shares: list[Share], dropped: list[tuple[str, Dropped]], passages: list[Passage]) -> None:
    total = Counter[str]()
    for each in shares:
        total.update(
            passages=each.passages, headings=each.headings, chrome=each.chrome, other=each.other, lost=len(each.lost)
        )
    text = total["passages"] + total["headings"] + total["other"] + total["lost"]
    print(
        f"characters that are no chrome: {text}; in a passage {total['passages'] / text:.4f}, with headings"
        f" {(total['passages'] + total['headings']) / text:.4f}; left out {total['other']}, lost {total['lost']};"
        f" chrome {total['chrome']}"
    )
    lengths = sorted(len(each.text) for each in passages)
    print(f"passages: median {lengths[len(lengths) // 2]} characters, longest {lengths[-1]}")
    reasons = Counter[str]()
    for _, one in dropped:
        reasons[one.reason] += len(bare(one.text))
    for name, count in reasons.most_common():
        print(f"  {count:7} {name}{'' if name in CHROME else '  (no chrome)'}")
    for each in sorted(shares, key=lambda share: share.covered)[:12]:
        print(f"  {each.covered:.3f} {each.stem} lost {len(each.lost)} {each.lost[:60]!r}")


def main() -> None:
    """Read the arguments and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--list", dest="reason")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    report(asked.folders, asked.reason, asked.sample, asked.seed)


if __name__ == "__main__":
    main()
