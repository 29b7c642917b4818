"""How a near-duplicate and a contradiction are put to an editor: which bulletins, where, in whose words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.printing import lines_of
from bot.reading.contradictions import Contradiction, Said
from bot.reading.likeness import Likeness
from bot.reading.records import Bulletin

_SHOWN_SENTENCES = 3
_SHOWN_CHARACTERS = 60


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
    where = f"{said.passage.id}，{lines_of(said.passage)}，{bulletin.place or '未注明地方'}，{when}"
    return f"    {said.value}：「{said.sentence}」（{where}）"


def _named(bulletin: Bulletin) -> str:
    return f"{bulletin.stem}《{_short(bulletin.title)}》"


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}……"
