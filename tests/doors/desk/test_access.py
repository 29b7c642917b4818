"""Who may see the staff page: the password's hash, sessions that end, and a pause after wrong attempts."""

from __future__ import annotations

import gc
import time

import pytest

from bot.doors.desk.access import (
    IDLE_SECONDS,
    LONGEST_SECONDS,
    MOST_OF_ALL,
    MOST_OF_ONE,
    Attempts,
    Sessions,
    hash_password,
    is_hash,
    matches,
)
from bot.settings import read_settings

PASSWORD = "两只老虎-跑得快-2026"


def test_only_the_password_opens() -> None:
    """The hash shows nothing of it, is another one each time, and fits no other password."""
    hashed = hash_password(PASSWORD)
    assert is_hash(hashed)
    assert PASSWORD not in hashed
    assert hashed != hash_password(PASSWORD)
    assert matches(PASSWORD, hashed)
    assert not any(matches(wrong, hashed) for wrong in ("", PASSWORD + " ", PASSWORD[:-1], hashed))


def test_what_is_printed_is_what_the_settings_take() -> None:
    """A hash goes through the environment unchanged; the password itself, or half a hash, is refused unrepeated."""
    hashed = hash_password(PASSWORD)
    assert read_settings({"DUANKA_STAFF_PASSWORD": hashed}).staff_password == hashed
    for wrong in (PASSWORD, "scrypt:1:2", hashed.rpartition(":")[0]):
        with pytest.raises(ValueError, match="DUANKA_STAFF_PASSWORD is not a hash") as refused:
            read_settings({"DUANKA_STAFF_PASSWORD": wrong})
        assert wrong not in str(refused.value)


@pytest.mark.parametrize(
    "hashed",
    [
        "",
        "plain",
        "scrypt:16384:8:5:c2FsdHNhbHQ=",
        "scrypt:1024:8:5:c2FsdHNhbHRzYWx0:" + "A" * 43 + "=",
        "scrypt:16385:8:5:c2FsdHNhbHRzYWx0:" + "A" * 43 + "=",
        "scrypt:16384:8:5:!!:" + "A" * 43 + "=",
        "scrypt:16384:8:5:c2FsdHNhbHRzYWx0:AAAA",
        "scrypt:99999999:8:5:c2FsdHNhbHRzYWx0:" + "A" * 43 + "=",
    ],
)
def test_what_is_no_hash_of_ours_opens_for_nobody(hashed: str) -> None:
    """Cut, with a cost too low, too high or odd, or not base64: no password fits it, and nothing is computed."""
    assert not is_hash(hashed)
    assert not matches(PASSWORD, hashed)


def test_a_session_ends_when_it_is_idle() -> None:
    """Each request renews it; after half an hour without one it is over."""
    sessions = Sessions()
    token = sessions.open(0.0)
    assert sessions.find(token, IDLE_SECONDS)
    assert sessions.find(token, 2 * IDLE_SECONDS)
    assert sessions.find(token, 3 * IDLE_SECONDS + 1) is None


def test_a_session_ends_after_a_working_day() -> None:
    """However busy it is."""
    sessions = Sessions()
    token = sessions.open(0.0)
    for now in range(0, LONGEST_SECONDS + 1, IDLE_SECONDS):
        assert sessions.find(token, now)
    assert sessions.find(token, LONGEST_SECONDS + 1) is None


def test_sessions_are_their_own() -> None:
    """Each has a token and a form token of its own; closing one leaves the other; a made-up token finds none."""
    sessions = Sessions()
    one, other = sessions.open(0.0), sessions.open(0.0)
    first, second = sessions.find(one, 1.0), sessions.find(other, 1.0)
    assert first
    assert second
    assert len({one, other, first.csrf, second.csrf}) == 4
    sessions.close(one)
    assert sessions.find(one, 1.0) is None
    assert sessions.find(other, 1.0)
    assert sessions.find("", 1.0) is None
    assert sessions.find("一" * 43, 1.0) is None


def fail(attempts: Attempts, address: str) -> bool:
    """Give a wrong password; return whether it was looked at."""
    if not attempts.begin(address):
        return False
    attempts.failed()
    return True


def test_five_wrong_passwords_of_one_address() -> None:
    """The sixth is not looked at; another address may still try."""
    attempts = Attempts()
    assert [fail(attempts, "1.1.1.1") for _ in range(MOST_OF_ONE + 1)] == [True] * MOST_OF_ONE + [False]
    assert attempts.locked("1.1.1.1")
    assert not attempts.locked("2.2.2.2")


def test_many_at_once_gain_nothing() -> None:
    """A try counts when it begins: of a hundred sent together, before any was found wrong, five are looked at."""
    attempts = Attempts()
    assert sum(attempts.begin("1.1.1.1") for _ in range(100)) == MOST_OF_ONE


def test_the_count_lasts() -> None:
    """It is not collected with other garbage."""
    attempts = Attempts()
    gc.collect()
    time.sleep(0.05)  # the limiter's own threads are over
    gc.collect()
    assert [fail(attempts, "1.1.1.1") for _ in range(MOST_OF_ONE + 1)] == [True] * MOST_OF_ONE + [False]


def test_many_addresses_gain_nothing() -> None:
    """After thirty wrong passwords from anywhere, everyone waits."""
    attempts = Attempts()
    assert sum(fail(attempts, f"1.1.1.{number}") for number in range(100)) == MOST_OF_ALL
    assert attempts.locked("9.9.9.9")


def test_the_right_password_begins_the_count_anew() -> None:
    """Who mistypes four times each morning is never locked out."""
    attempts = Attempts()
    for _ in range(3):
        assert all(fail(attempts, "1.1.1.1") for _ in range(MOST_OF_ONE - 1))
        assert attempts.begin("1.1.1.1")
        attempts.succeeded("1.1.1.1")
    assert not attempts.locked("1.1.1.1")
