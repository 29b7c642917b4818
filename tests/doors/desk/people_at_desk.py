"""People with accounts at the desk, who send its forms by hand: what a browser would not send too."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from page_checks import Page
from staff_door import ROOT, Staff, staff_door

from bot.doors.desk.access import hash_password
from bot.keeping.accounts import Accounts, Role

PASSWORD = "四条腿-的板凳-2026"
PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("zhang", "张三", "administrator"),
    ("li", "李四", "editor"),
    ("zhao", "赵六", "editor"),
    ("wang", "王五", "approver"),
    ("sun", "孙七", "reader"),
)


@contextmanager
def desk_door(made: Path, url: str = "", knowledge: Path | None = None) -> Iterator[Staff]:
    """The staff door over a copy of the knowledge, or one that is there, with these people's accounts."""
    url = url or f"sqlite:///{made}/kept/duanka.db"
    knowledge = knowledge or Path(shutil.copytree(ROOT / "knowledge", made / "knowledge"))
    accounts, hashed = Accounts(url), hash_password(PASSWORD)
    if not accounts.any():
        for name, shown, role in PEOPLE:
            accounts.add(name, shown, role, hashed, time.time())
    accounts.close()
    settings = {"DUANKA_KNOWLEDGE": str(knowledge), "DUANKA_STAFF_PASSWORD": "", "DUANKA_DATABASE": url}
    with staff_door(made, settings) as opened:
        yield opened


class Person:
    """Somebody who is logged in."""

    def __init__(self, door: Staff, name: str) -> None:
        """Log in."""
        self.staff = door.other()
        answered = self.staff.post("login", name=name, password=PASSWORD)
        assert "退出" in answered.text, answered.text
        found = re.search(r'name="csrf" value="([^"]+)"', answered.text)
        assert found
        self.csrf = found[1]

    def send(self, path: str, **fields: str) -> requests.Response:
        """Send a form with this session's token."""
        return self.staff.post(path, csrf=self.csrf, **fields)

    def upload(self, name: str, data: bytes, csrf: str | None = None, **headers: str) -> requests.Response:
        """Send a file."""
        fields = {"csrf": self.csrf if csrf is None else csrf}
        url = f"{self.staff.url}new"
        return self.staff.http.post(url, data=fields, files={"file": (name, data)}, headers=headers, timeout=120)

    def draft(self, name: str, data: bytes) -> int:
        """Send a file; return the number of the draft it becomes."""
        answered = self.upload(name, data)
        assert answered.status_code == 200, answered.text
        return int(answered.url.rpartition("n=")[2])

    def change(self, number: int, act: str, version: str = "", **fields: str) -> requests.Response:
        """Send a form of a draft, as it stands on its page now, or with the version it had once."""
        return self.send("draft", n=str(number), act=act, version=version or self.version(number), **fields)

    def version(self, number: int) -> str:
        """How often a draft was changed, as its page says."""
        found = re.search(r'name="version" value="(\d+)"', self.staff.get(f"draft?n={number}").text)
        assert found
        return found[1]

    def page(self, path: str) -> Page:
        """Open a page that must be there."""
        return self.staff.page(path)
