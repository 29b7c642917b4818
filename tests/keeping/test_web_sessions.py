"""The ledger: what the web door keeps, in a real SQLite file and in a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.reply import Reply
from bot.keeping.events import EventStore
from bot.keeping.switches import Switches
from bot.keeping.web_sessions import MOST_TURNS, Ledger
from tests.postgres_program import mortal_postgres

SESSION, OTHER = "web-" + "a" * 40, "web-" + "b" * 40
REPLY = Reply(
    "通报里是这样说的：", {"kind": "answer", "quotes": [{"text": "「不得」", "lines": [1, 2]}], "caution": None}
)


class Clock:
    """The time, as the test sets it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 1000."""
    return Clock()


@pytest.fixture
def ledger(url: str, clock: Clock) -> Iterator[Ledger]:
    """A ledger with one session begun."""
    opened = Ledger(url, clock)
    opened.open_session(SESSION)
    yield opened
    opened.close()


def test_a_message_is_ours_once(ledger: Ledger) -> None:
    """The first claim makes the reply; every later one gets what is entered."""
    first = ledger.claim(SESSION, "m-000001", "卖卡会怎样")
    assert (first.state, first.attempt) == ("ours", 1)
    again = ledger.claim(SESSION, "m-000001", "别的话")
    assert again.state == "kept"
    assert again.turn is not None
    assert (again.turn.text, again.turn.reply) == ("卖卡会怎样", None)
    assert ledger.finish(SESSION, "m-000001", REPLY) == REPLY
    kept = ledger.claim(SESSION, "m-000001", "卖卡会怎样").turn
    assert kept is not None
    assert kept.reply == REPLY


def test_the_same_id_in_another_session(ledger: Ledger) -> None:
    """Ids belong to their session."""
    ledger.open_session(OTHER)
    assert ledger.claim(SESSION, "m-000001", "一").state == "ours"
    assert ledger.claim(OTHER, "m-000001", "二").state == "ours"


def test_an_unknown_session(ledger: Ledger) -> None:
    """Nothing is entered for a session that nobody began, and it has no history."""
    assert ledger.claim(OTHER, "m-000001", "一").state == "unknown"
    assert ledger.history(OTHER) is None
    assert ledger.history(SESSION) == ()


def test_the_first_reply_stands(ledger: Ledger) -> None:
    """Should two processes answer the same message, both return the reply entered first."""
    ledger.claim(SESSION, "m-000001", "一")
    assert ledger.finish(SESSION, "m-000001", REPLY) == REPLY
    assert ledger.finish(SESSION, "m-000001", Reply("晚了", {})) == REPLY


def test_taking_over(ledger: Ledger, clock: Clock) -> None:
    """Of several that take an unanswered message over, one gets it; an answered one is nobody's."""
    ledger.claim(SESSION, "m-000001", "一")
    clock.now += 12
    seen = ledger.look(SESSION, "m-000001")
    assert (seen.attempt, seen.waited) == (1, 12.0)
    assert ledger.take_over(SESSION, "m-000001", seen.attempt)
    assert not ledger.take_over(SESSION, "m-000001", seen.attempt)
    assert ledger.look(SESSION, "m-000001").waited == 0
    ledger.finish(SESSION, "m-000001", REPLY)
    assert not ledger.take_over(SESSION, "m-000001", 2)


def test_history_is_the_last_turns_oldest_first(ledger: Ledger, clock: Clock) -> None:
    """In the order they were asked, each with its time; only the last 200."""
    for number in range(MOST_TURNS + 5):
        clock.now += 1
        ledger.claim(SESSION, f"m-{number:06}", f"第{number}句")
    turns = ledger.history(SESSION)
    assert turns is not None
    assert [turn.text for turn in turns] == [f"第{number}句" for number in range(5, MOST_TURNS + 5)]
    assert (turns[0].at, turns[-1].at) == (1006.0, 1205.0)


def test_feedback_is_replaced(ledger: Ledger) -> None:
    """The later judgement counts and stands in the history; the question comes back; else there is none."""
    ledger.claim(SESSION, "m-000001", "一")
    assert ledger.judge(SESSION, "m-999999", True, "") is None
    for helpful in (True, False):
        assert ledger.judge(SESSION, "m-000001", helpful, "说明") == "一"
        assert [turn.helpful for turn in ledger.history(SESSION) or ()] == [helpful]


def test_erase(ledger: Ledger, url: str) -> None:
    """Of an erased session nothing is left in any table; others stay."""
    ledger.open_session(OTHER)
    for session in (SESSION, OTHER):
        ledger.claim(session, "m-000001", "一")
        ledger.judge(session, "m-000001", True, "")
    assert ledger.erase(SESSION)
    assert not ledger.erase(SESSION)
    assert _counts(url) == (1, 1, 1)
    assert ledger.history(SESSION) is None


def test_purge(ledger: Ledger, url: str, clock: Clock) -> None:
    """What was asked before the day goes; a session goes with its last turn, one that goes on stays."""
    ledger.open_session(OTHER)
    for session in (SESSION, OTHER):
        ledger.claim(session, "m-000001", "一")
        ledger.judge(session, "m-000001", True, "")
    clock.now = 2000
    ledger.claim(OTHER, "m-000002", "二")
    assert ledger.purge(1500) == 2
    assert _counts(url) == (1, 1, 0)
    assert [turn.text for turn in ledger.history(OTHER) or ()] == ["二"]


def test_it_is_there_after_a_restart(ledger: Ledger, url: str) -> None:
    """Another process finds what this one left."""
    ledger.claim(SESSION, "m-000001", "一")
    ledger.finish(SESSION, "m-000001", REPLY)
    another = Ledger(url)
    turns = another.history(SESSION)
    another.close()
    assert turns is not None
    assert turns[0].reply == REPLY


def test_several_at_once(url: str) -> None:
    """Four connections that begin together share one file: every message is claimed by exactly one of them."""
    ours: list[str] = []
    ledgers = [Ledger(url) for _ in range(4)]
    ready = threading.Barrier(4)

    def work(ledger: Ledger) -> None:
        ready.wait()
        ledger.prepare()
        if ledger is ledgers[0]:
            ledger.open_session(SESSION)
        ready.wait()
        for number in range(50):
            if ledger.claim(SESSION, f"m-{number:06}", "一").state == "ours":
                ours.append(f"m-{number:06}")
                ledger.finish(SESSION, f"m-{number:06}", REPLY)

    threads = [threading.Thread(target=work, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ours) == [f"m-{number:06}" for number in range(50)]
    for ledger in ledgers:
        ledger.close()


def test_an_error_holds_no_words(tmp_path: Path) -> None:
    """What a broken database says does not repeat what was to be stored."""
    (tmp_path / "web.db").write_bytes(b"this is no database, " * 100)
    with pytest.raises(SQLAlchemyError) as broken:
        Ledger(f"sqlite:///{tmp_path}/web.db").claim(SESSION, "m-000001", "我的秘密")
    assert "秘密" not in str(broken.value)


def _counts(url: str) -> tuple[int, ...]:
    engine = create_engine(url)
    tables = ("web_sessions", "web_turns", "web_feedback")
    with engine.connect() as database:
        counts = tuple(database.execute(text(f"select count(*) from {table}")).scalar() for table in tables)
    engine.dispose()
    return counts


def test_no_word_in_the_servers_own_log() -> None:
    """Sent twice, or to a session that has gone, judged twice at once, settled twice: nothing fails."""
    words, sender = "我叫龘靐住在南宁", "web-" + "c" * 40
    with mortal_postgres() as server:
        ledger, events, switches = Ledger(server.url), EventStore(server.url), Switches(server.url)
        ledger.open_session(sender)
        ledger.open_session(sender)
        assert ledger.claim(sender, "message-1", words).state == "ours"
        assert ledger.claim(sender, "message-1", words).state == "kept"
        assert ledger.claim(OTHER, "message-1", words).state == "unknown"
        together = [
            threading.Thread(target=call)
            for call in (
                *(lambda: Ledger(server.url).claim(sender, "message-2", words) for _ in range(4)),
                *(lambda: Ledger(server.url).judge(sender, "message-1", True, words) for _ in range(4)),
                *(lambda: Ledger(server.url).erase(sender) for _ in range(1)),
            )
        ]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
        assert ledger.judge(OTHER, "message-1", True, words) is None
        events.settle([words], 1.0)
        events.settle([words], 2.0)
        switches.turn_off("web", 1.0)
        switches.turn_off("web", 2.0)
        ledger.close(), events.close(), switches.close()
        log = (server.folder / "log").read_bytes()
    assert b"database system is ready" in log
    assert words.encode() not in log
    assert sender.encode() not in log
    assert b"ERROR" not in log


def test_a_server_that_would_log_words_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """As it comes, PostgreSQL logs what failed; with the setting of docs/deployment.md nothing is said."""
    with mortal_postgres() as server:
        Ledger(server.url).prepare()
        assert "log_min_error_statement" in caplog.text
        assert "docs/deployment.md" in caplog.text
        engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as database:
            database.execute(text("ALTER ROLE duanka SET log_min_error_statement = panic"))
        engine.dispose()
        caplog.clear()
        Ledger(server.url).prepare()
        assert caplog.text == ""
