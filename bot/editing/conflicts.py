"""How a near-duplicate and a contradiction are put to an editor: which bulletins, where, in whose words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.reading.contradictions import Contradiction, Said, contradictions
from bot.reading.near_duplicates import Likeness, likenesses
from bot.reading.records import Bulletin, Library, Passage

_SHOWN_SENTENCES = 3
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Concerns:
    """What an editor should know before an article goes in: about which bulletins, and in words."""

    stems: tuple[str, ...]
    texts: tuple[str, ...]


def concerns_of(new: Bulletin, passages: Sequence[Passage], library: Library) -> Concerns:
    """Return near-duplicates, the same address, and contradictions among the bulletins in force."""
    old = {stem: bulletin for stem, bulletin in library.bulletins.items() if bulletin.in_force and stem != new.stem}
    everything = [*(each for each in library.passages if each.bulletin in old), *passages]
    bulletins = {**old, new.stem: new}
    found: list[tuple[str, str]] = [
        *((each.other, describe_likeness(each, bulletins)) for each in likenesses(everything, new.stem)),
        *_same_address(new, old.values()),
        *(
            (each.other.passage.bulletin, describe_contradiction(each, bulletins))
            for each in contradictions(bulletins, everything, new.stem)
        ),
    ]
    return Concerns(tuple(dict.fromkeys(stem for stem, _ in found)), tuple(text for _, text in found))


def told_lines(lines: tuple[int, int]) -> str:
    """Return a stretch of the file in words: 第 5 行, 第 5-8 行."""
    first, last = lines
    return f"第 {first} 行" if first == last else f"第 {first}-{last} 行"


def _same_address(new: Bulletin, old: Iterable[Bulletin]) -> Iterator[tuple[str, str]]:
    for bulletin in old:
        if new.url is not None and bulletin.url == new.url:
            yield bulletin.stem, f"网址和已有的通报 {bulletin.stem} 相同：{new.url}"


def describe_likeness(likeness: Likeness, bulletins: Mapping[str, Bulletin]) -> str:
    """Return which two bulletins are alike, how much, and the first sentences they share, one a line."""
    one, other = bulletins[likeness.one], bulletins[likeness.other]
    lines = [
        f"与已有的通报近似：{_named(one)} 和 {_named(other)}，"
        f"较短的一份有 {likeness.share:.0%} 的文字也在另一份里，{len(likeness.same)} 句相同",
        *(f"    相同：{_short(sentence)}" for sentence in likeness.same[:_SHOWN_SENTENCES]),
    ]
    if len(likeness.same) > _SHOWN_SENTENCES:
        lines.append(f"    ……另有 {len(likeness.same) - _SHOWN_SENTENCES} 句相同")
    return "\n".join(lines)


def describe_contradiction(found: Contradiction, bulletins: Mapping[str, Bulletin]) -> str:
    """Return the measure and both sentences whole, each with its value, bulletin, place, date, passage and lines."""
    return "\n".join(
        (
            f"可能矛盾：{found.measure}，一份写 {found.one.value}，一份写 {found.other.value}",
            *(_said(said, bulletins) for said in (found.one, found.other)),
        )
    )


def _said(said: Said, bulletins: Mapping[str, Bulletin]) -> str:
    bulletin = bulletins[said.passage.bulletin]
    when = bulletin.published or "未注明日期"
    where = f"{said.passage.id}，{told_lines(said.passage.lines)}，{bulletin.place or '未注明地方'}，{when}"
    return f"    {said.value}：「{said.sentence}」（{where}）"


def _named(bulletin: Bulletin) -> str:
    return f"{bulletin.stem}《{_short(bulletin.title)}》"


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}……"
