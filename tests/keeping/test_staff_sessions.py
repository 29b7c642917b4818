"""Sessions of the desk that end, and a pause after wrong passwords that never falls on somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.keeping.staff_sessions import (
    IDLE_SECONDS,
    LOCKED_MINUTES,
    LONGEST_SECONDS,
    MOST_OF_ACCOUNT,
    MOST_OF_ADDRESS,
    MOST_OF_ONE,
    Attempts,
    Sessions,
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of this test's own."""
    return f"sqlite:///{tmp_path}/duanka.db"


def test_a_session_ends_when_it_is_idle(url: str) -> None:
    """Each request renews it; after half an hour without one it is over."""
    sessions = Sessions(url)
    token = sessions.open("zhang", 0.0)
    assert sessions.find(token, IDLE_SECONDS)
    assert sessions.find(token, 2 * IDLE_SECONDS)
    assert sessions.find(token, 3 * IDLE_SECONDS + 1) is None


def test_a_session_ends_after_a_working_day(url: str) -> None:
    """However busy it is."""
    sessions = Sessions(url)
    token = sessions.open("zhang", 0.0)
    for now in range(0, LONGEST_SECONDS + 1, IDLE_SECONDS):
        assert sessions.find(token, now)
    assert sessions.find(token, LONGEST_SECONDS + 1) is None


def test_sessions_are_their_own(url: str) -> None:
    """Each has a token and a form token of its own; closing one leaves the other; a made-up token finds none.

    Another process finds the same.
    """
    sessions = Sessions(url)
    one, other = sessions.open("zhang", 0.0), sessions.open("zhang", 0.0)
    first, second = sessions.find(one, 1.0), Sessions(url).find(other, 1.0)
    assert first
    assert second
    assert len({one, other, first.csrf, second.csrf}) == 4
    sessions.end(one)
    assert sessions.find(one, 1.0) is None
    assert sessions.find(other, 1.0)
    assert sessions.find("", 1.0) is None
    assert sessions.find("一" * 43, 1.0) is None
    assert one not in Path(url.removeprefix("sqlite:///")).read_bytes().decode("latin-1")


def test_all_of_one_person_end(url: str) -> None:
    """Whose password changed is logged out everywhere, and nobody else is."""
    sessions = Sessions(url)
    tokens = [sessions.open("zhang", 0.0) for _ in range(3)]
    other = sessions.open("li", 0.0)
    sessions.end_all("zhang")
    assert [sessions.find(token, 1.0) for token in tokens] == [None] * 3
    assert sessions.find(other, 1.0)


def test_five_wrong_passwords(url: str) -> None:
    """The sixth of an account from an address is not looked at, in another process either; after a while it is."""
    tried = [Attempts(url).begin("zhang", "1.1.1.1", 0.0) for _ in range(MOST_OF_ONE + 1)]
    assert tried == [True] * MOST_OF_ONE + [False]
    assert Attempts(url).locked("zhang", "1.1.1.1", 60.0)
    assert not Attempts(url).locked("li", "1.1.1.1", 60.0)
    assert not Attempts(url).locked("zhang", "2.2.2.2", 60.0)
    assert Attempts(url).begin("zhang", "1.1.1.1", LOCKED_MINUTES * 60 + 1.0)


def test_many_names_from_one_address(url: str) -> None:
    """Gain no more than twenty tries; at another address everybody still gets in."""
    attempts = Attempts(url)
    assert sum(attempts.begin(f"name{number}", "1.1.1.1", 0.0) for number in range(50)) == MOST_OF_ADDRESS
    assert attempts.begin("zhang", "2.2.2.2", 0.0)


def test_many_addresses_lock_out_nobody_who_is_known(url: str) -> None:
    """A hundred addresses have thirty tries at one account together; where the officer works, the officer gets in."""
    attempts = Attempts(url)
    attempts.begin("zhang", "10.0.0.5", 0.0)
    attempts.succeeded("zhang", "10.0.0.5", 0.0)
    assert sum(attempts.begin("zhang", f"1.1.1.{number}", 1.0) for number in range(100)) == MOST_OF_ACCOUNT
    assert not attempts.locked("zhang", "10.0.0.5", 2.0)
    assert attempts.begin("zhang", "10.0.0.5", 2.0)
    assert not attempts.locked("li", "1.1.1.7", 2.0)


def test_the_right_password_begins_the_count_anew(url: str) -> None:
    """Who mistypes four times each morning is never locked out."""
    attempts = Attempts(url)
    for _ in range(3):
        assert all(attempts.begin("zhang", "1.1.1.1", 0.0) for _ in range(MOST_OF_ONE - 1))
        assert attempts.begin("zhang", "1.1.1.1", 0.0)
        attempts.succeeded("zhang", "1.1.1.1", 0.0)
    assert not attempts.locked("zhang", "1.1.1.1", 0.0)


def test_neither_names_nor_addresses_are_written_down(url: str) -> None:
    """What is kept of a wrong password says neither who nor where."""
    Attempts(url).begin("zhangsan", "203.0.113.9", 0.0)
    kept = b"".join(path.read_bytes() for path in Path(url.removeprefix("sqlite:///")).parent.iterdir())
    assert b"zhangsan" not in kept
    assert b"203.0.113.9" not in kept
