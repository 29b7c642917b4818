"""Who may see the desk: the password's hash, and codes from a telephone."""

from __future__ import annotations

import pyotp
import pytest

from bot.doors.desk.access import NOBODYS, Visitor, fits, hash_password, is_hash, matches, new_one_time_secret
from bot.keeping.accounts import ROLES
from bot.keeping.staff_sessions import Session
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


def test_the_shared_password_makes_nobody_an_editor() -> None:
    """It opens what needs no role above reading: drafts and bulletins take an account."""
    shared = Visitor(Session("", "token", 0.0, 0.0), None)
    assert [role for role in ROLES if shared.may(role)] == ["reader"]


def test_nobody_has_nobodys_password() -> None:
    """It is a hash like any other, so that a name that is none takes as long as one that is."""
    assert is_hash(NOBODYS)
    assert not any(matches(tried, NOBODYS) for tried in ("", PASSWORD, "\x00" * 32))


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


def test_a_code_from_a_telephone() -> None:
    """It fits in its half minute and the one beside it, with or without a space, and not two minutes later."""
    secret = new_one_time_secret()
    code = pyotp.TOTP(secret).at(1_800_000_000)
    assert all(fits(code, secret, 1_800_000_000 + seconds) for seconds in (-30, 0, 30))
    assert fits(f"{code[:3]} {code[3:]}", secret, 1_800_000_000)
    assert not any(fits(code, secret, 1_800_000_000 + seconds) for seconds in (-120, 120))
    assert not any(fits(wrong, secret, 1_800_000_000) for wrong in ("", "abc", "一二三四五六", code[:5]))
    assert new_one_time_secret() != secret
