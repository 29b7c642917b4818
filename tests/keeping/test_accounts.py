"""Accounts of the desk: names, roles, and that there is always an administrator."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.keeping.accounts import Accounts, RefusedChangeError, role_of


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """An empty database."""
    return Accounts(f"sqlite:///{tmp_path}/duanka.db")


def test_the_first_is_an_administrator(accounts: Accounts) -> None:
    """Who else could add the second one?"""
    assert not accounts.any()
    with pytest.raises(RefusedChangeError, match="第一个账号要是管理员"):
        accounts.add("li", "李四", "editor", "x", 1.0)
    assert not accounts.any()
    accounts.add("zhang", "张三", "administrator", "x", 1.0)
    accounts.add("li", "李四", "editor", "x", 1.0)
    assert [(account.name, account.shown, account.role) for account in accounts.all()] == [
        ("li", "李四", "editor"),
        ("zhang", "张三", "administrator"),
    ]


def test_one_administrator_stays(accounts: Accounts) -> None:
    """The last one is neither closed nor given another role; nothing is half done."""
    accounts.add("zhang", "张三", "administrator", "x", 1.0)
    for change in (lambda: accounts.set_closed("zhang", 2.0), lambda: accounts.set_role("zhang", "reader")):
        with pytest.raises(RefusedChangeError, match="至少要留一个管理员"):
            change()
    found = accounts.find("zhang")
    assert found
    assert (found.role, found.closed) == ("administrator", None)
    accounts.add("wang", "王五", "administrator", "x", 1.0)
    accounts.set_closed("zhang", 2.0)
    assert accounts.find("zhang") is None
    assert accounts.any()


@pytest.mark.parametrize("name", ["", " ", "a b", "x" * 41, "<b>", "a/b", "零宽\u200b"])
def test_names_that_are_none(accounts: Accounts, name: str) -> None:
    """They are refused in words."""
    with pytest.raises(RefusedChangeError, match="不行"):
        accounts.add(name, "", "administrator", "x", 1.0)


def test_one_name_is_one_person(accounts: Accounts) -> None:
    """However it is typed; a second one of that name is refused."""
    accounts.add("Zhang.San", "", "administrator", "x", 1.0)
    assert accounts.find(" zhang.san ")
    with pytest.raises(RefusedChangeError, match="已经有了"):
        accounts.add("ZHANG.SAN", "", "editor", "x", 1.0)


def test_a_code_is_spent_once(accounts: Accounts) -> None:
    """Who looked over a shoulder gains nothing."""
    accounts.add("zhang", "", "administrator", "x", 1.0)
    assert accounts.spend("zhang", "123456")
    assert not accounts.spend("zhang", "123456")
    assert accounts.spend("zhang", "654321")


def test_what_a_role_may(accounts: Accounts) -> None:
    """Each what those before it may."""
    administrator = accounts.add("zhang", "", "administrator", "x", 1.0)
    editor = accounts.add("li", "", "editor", "x", 1.0)
    assert administrator.may("approver")
    assert editor.may("reader")
    assert not editor.may("approver")
    assert role_of("审核") == role_of("approver") == "approver"
    with pytest.raises(RefusedChangeError, match="没有角色"):
        role_of("chief")


def test_no_password_is_shown(accounts: Accounts) -> None:
    """Not even its hash, where an account is printed."""
    assert "scrypt" not in repr(accounts.add("zhang", "", "administrator", "scrypt:1", 1.0))
