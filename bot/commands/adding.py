"""Where an article becomes a bulletin: read, shown, completed, weighed against what is there, and only then written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from bot.commands.dialog import CancelledError, LeftError, Questions, Unattended, print_draft
from bot.commands.printing import read_all
from bot.editing.archive import OccupiedError, locked, put, set_entry, state_of, taken_stems
from bot.editing.conflicts import concerns_of
from bot.editing.drafting import Details, Draft, Reader
from bot.editing.receiving import receive
from bot.reading.naming import propose_stem
from bot.reading.records import Library, Problem


@dataclass(frozen=True)
class Wishes:
    """What the command line says of the article: details, the file's name, what it takes the place of."""

    details: Details
    stem: str | None
    supersedes: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """Takes in one article after another. Nothing is written before the editor has said yes."""

    folder: Path
    topics: Path
    reader: Reader
    questions: Questions | Unattended
    out: Console

    def take(self, source: Path, wishes: Wishes) -> bool:
        """Take in one article; say why not, and return False, when it does not go in. Raises LeftError, said too."""
        try:
            drafted = self._draft(source, wishes)
            if isinstance(drafted, Problem):
                self.out.print(str(drafted), style="red", markup=False)
                return False
            return self._decide(drafted, wishes)
        except CancelledError as reason:
            self.out.print(f"{source.name} 没有收进，什么也没有写。{reason}", style="yellow", markup=False)
            if isinstance(reason, LeftError):
                raise
            return False

    def _draft(self, source: Path, wishes: Wishes) -> Draft | Problem:
        try:
            data = source.read_bytes()
        except OSError as error:
            return Problem(source, 1, f"打不开（{error.strerror}）", "要有一个读得到的文件")
        article = receive(source.name, data)
        if isinstance(article, Problem):
            return replace(article, path=source)
        draft = self.reader.draft(source, article, wishes.details)
        if isinstance(draft, Problem):
            return draft
        self._refuse_twice(draft)
        return self._complete(draft, wishes)

    def _refuse_twice(self, draft: Draft) -> None:
        for path in sorted(self.folder.glob("*.md")):
            if path.stat().st_size == len(draft.article.data) and path.read_bytes() == draft.article.data:
                raise CancelledError(f"同样的文件已经有了：{path.name}")

    def _complete(self, draft: Draft, wishes: Wishes) -> Draft | Problem:
        """Return the draft with what the editor says is missing or wrong, under a free name."""
        print_draft(self.out, draft)
        details = self.questions.details(draft.details, self.reader.today)
        stem = wishes.stem or self.questions.stem(*self._names(draft, details))
        read = self.reader.read(draft.source, draft.article, stem, draft.told, details)
        if not isinstance(read, Problem) and stem in self._names(read, details)[1]:
            raise CancelledError(f"文件名 {stem} 已经有人用了；用 --stem 另起一个")
        return read

    def _names(self, draft: Draft, details: Details) -> tuple[str, frozenset[str]]:
        """Return a free name to propose, and the names that are taken."""
        taken = taken_stems(self.folder, f"# {draft.comment}\n")
        title = details.title or ""
        return propose_stem(title, details.place, details.published, taken), taken

    def _decide(self, draft: Draft, wishes: Wishes) -> bool:
        """Show what speaks against it, ask, and write; once more from the start where the folder changed meanwhile."""
        while True:
            before = state_of(self.folder)
            library, _ = read_all(self.folder, self.topics)
            supersedes = self._weigh(draft, library, wishes)
            with locked(self.folder):
                if state_of(self.folder) == before:
                    self._write(draft, supersedes)
                    return True
            self.out.print("在您确认的时候，有人改动了通报文件夹。请再看一遍。", style="yellow")

    def _weigh(self, draft: Draft, library: Library, wishes: Wishes) -> tuple[str, ...]:
        """Return the bulletins this one is to replace. Raises CancelledError when the editor wants it no more."""
        concerns = concerns_of(draft.bulletin, draft.passages, library)
        for text in concerns.texts:
            self.out.print(text, style="yellow", markup=False)
        unknown = [stem for stem in wishes.supersedes if stem not in library.bulletins]
        if unknown:
            raise CancelledError(f"--supersede：没有通报 {unknown[0]}")
        asked = tuple(stem for stem in concerns.stems if stem not in wishes.supersedes)
        return (*wishes.supersedes, *self.questions.replaced(asked))

    def _write(self, draft: Draft, supersedes: Sequence[str]) -> None:
        try:
            received = (draft.source.suffix.lower(), draft.article.received)
            put(self.folder, draft.stem, draft.article.data, draft.sidecar, received if received[1] else None)
        except OccupiedError:
            raise CancelledError(f"文件名 {draft.stem} 刚刚有人用了；用 --stem 另起一个") from None
        self.out.print(f"已收进 {self.folder / draft.stem}.md，说明写在 {draft.stem}.yml", style="green", markup=False)
        self.out.print(f"再看一遍读得对不对：duanka knowledge show {draft.stem}", markup=False)
        for stem in supersedes:
            try:
                set_entry(self.folder, stem, "superseded_by", draft.stem)
            except ValueError as error:
                self.out.print(f"{stem}.yml {error}，没有改；请手工写上 superseded_by: {draft.stem}", markup=False)
                continue
            self.out.print(f"{stem} 已由它取代，不再引用", style="green", markup=False)
