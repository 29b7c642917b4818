"""What a database could not write: done later, in order, once, and never in the way of what it can do."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.keeping.outbox import Outbox


class Book:
    """Writes down what it is given while it is well."""

    def __init__(self) -> None:
        self.ill = False
        self.lines: list[str] = []

    def write(self, line: str) -> int:
        """Write a line; one that is there already is refused."""
        if self.ill:
            raise OperationalError("insert 秘密", {}, Exception("秘密"))
        if line in self.lines:
            raise IntegrityError("insert 秘密", {}, Exception("秘密"))
        self.lines.append(line)
        return len(self.lines)

    def read(self) -> list[str]:
        """Return the lines."""
        if self.ill:
            raise OperationalError("select 秘密", {}, Exception("秘密"))
        return list(self.lines)


@pytest.fixture
def book() -> Book:
    """An empty book."""
    return Book()


def test_what_failed_is_done_first(book: Book, caplog: pytest.LogCaptureFixture) -> None:
    """In the order it came in, before the next call, whatever that is; nothing is done twice, nothing is told."""
    outbox = Outbox((book.write,))
    book.ill = True
    for line in "一二三":
        with pytest.raises(OperationalError):
            outbox.do(book.write, line)
    book.ill = False
    assert outbox.do(book.write, "四") == 4
    assert outbox.do(book.read) == ["一", "二", "三", "四"]
    assert "秘密" not in caplog.text


def test_a_read_is_not_owed(book: Book) -> None:
    """It only fails; nobody waits for its answer later. After it, what is owed comes first."""
    outbox = Outbox((book.write,))
    book.ill = True
    with pytest.raises(OperationalError):
        outbox.do(book.write, "一")
    with pytest.raises(OperationalError):
        outbox.do(book.read)
    book.ill = False
    assert outbox.do(book.read) == ["一"]


def test_what_is_refused_is_not_owed(book: Book) -> None:
    """Now or later: it holds up no other."""
    outbox = Outbox((book.write,))
    outbox.do(book.write, "一")
    with pytest.raises(IntegrityError):
        outbox.do(book.write, "一")
    book.ill = True
    for line in ("一", "二"):
        with pytest.raises(OperationalError):
            outbox.do(book.write, line)
    book.ill = False
    assert outbox.do(book.read) == ["一", "二"]


def test_memory_is_no_database(book: Book, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond a number the oldest are let go, and the operator is told."""
    outbox = Outbox((book.write,), most=2)
    book.ill = True
    with caplog.at_level(logging.ERROR):
        for line in "一二三":
            with pytest.raises(OperationalError):
                outbox.do(book.write, line)
    book.ill = False
    assert outbox.do(book.read) == ["二", "三"]
    assert "never kept" in caplog.text
