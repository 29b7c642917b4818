"""How a near-duplicate and a contradiction are put to an editor: which bulletins, where, in whose words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.reading.contradictions import Contradiction, Said, contradictions
from bot.reading.near_duplicates import Likeness, likenesses
from bot.reading.records import Bulletin, Library, Passage

_SHOWN_SENTENCES = 3
_SHOWN_CHARACTERS = 60


# What a near-duplicate and the same address are called where somebody settles them; a contradiction by its measure.
ALIKE, SAME_ADDRESS = "近似", "网址相同"


@dataclass(frozen=True)
class Concern:
    """One thing to decide: what it is called, on which bulletin and beside which other, and in words.

    `said` are the two sentences that give a measure different values.
    """

    what: str
    one: str
    other: str
    text: str
    said: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Concerns:
    """What an editor should know before an article goes in."""

    found: tuple[Concern, ...]

    @property
    def stems(self) -> tuple[str, ...]:
        """The other bulletins they are about."""
        return tuple(dict.fromkeys(each.other for each in self.found))

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them in words."""
        return tuple(each.text for each in self.found)


def concerns_of(new: Bulletin, passages: Sequence[Passage], library: Library) -> Concerns:
    """Return near-duplicates, the same address, and contradictions among the bulletins in force, which nobody settled.

    `new` is `one` in each.
    """
    old = {stem: bulletin for stem, bulletin in library.bulletins.items() if bulletin.in_force and stem != new.stem}
    kept = [each for each in library.passages if each.bulletin in old and library.may_quote(each)]
    everything = [*kept, *(each for each in passages if each.superseded_by is None)]
    # What waits to be checked, or was withdrawn, is held against the others all the same: it may come back.
    bulletins = {**old, new.stem: replace(new, withdrawn=None, superseded_by=None, held_back=False, unchecked=False)}
    found = [*_among(bulletins, everything, new.stem), *_same_address(new, old.values())]
    return Concerns(tuple(each for each in found if not is_settled(each, bulletins)))


def standing_concerns(library: Library) -> tuple[Concern, ...]:
    """Return the near-duplicates and contradictions among all bulletins in force, which nobody settled."""
    everything = [each for each in library.passages if library.may_quote(each)]
    found = _among(library.bulletins, everything, None)
    return tuple(each for each in found if not is_settled(each, library.bulletins))


def is_settled(concern: Concern, bulletins: Mapping[str, Bulletin]) -> bool:
    """Whether an editor said, of either bulletin, that this is none."""
    pairs = ((concern.one, concern.other), (concern.other, concern.one))
    return any(concern.what in bulletins[one].settled.get(other, ()) for one, other in pairs)


def _among(bulletins: Mapping[str, Bulletin], passages: Sequence[Passage], new: str | None) -> Iterator[Concern]:
    for alike in likenesses(passages, new):
        yield Concern(ALIKE, alike.one, alike.other, describe_likeness(alike, bulletins))
    for apart in contradictions(bulletins, passages, new):
        said = (apart.one, apart.other)
        one, other = (each.passage.bulletin for each in said)
        yield Concern(apart.measure, one, other, describe_contradiction(apart, bulletins), said)


def told_lines(lines: tuple[int, int]) -> str:
    """Return a stretch of the file in words: 第 5 行, 第 5-8 行."""
    first, last = lines
    return f"第 {first} 行" if first == last else f"第 {first}-{last} 行"


def _same_address(new: Bulletin, old: Iterable[Bulletin]) -> Iterator[Concern]:
    for bulletin in old:
        if new.url is not None and bulletin.url == new.url:
            text = f"网址和已有的通报 {bulletin.stem} 相同：{new.url}"
            yield Concern(SAME_ADDRESS, new.stem, bulletin.stem, text)


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
