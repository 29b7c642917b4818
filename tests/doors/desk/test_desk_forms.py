"""The desk's forms over real HTTP: contradictions decided, rules outdated, questions proposed, two at one bulletin."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from people_at_desk import PASSWORD, Person, desk_door
from staff_door import ROOT, Staff

from tests.postgres_program import postgres_program

WITHIN = 10.0
RULE = "出借银行卡的，三年内暂停银行账户非柜面业务。"
OTHER_RULE = "出借共享充电宝账号的，三年内不得再注册共享充电宝账号。"
NOTICE = f"云溪市关于惩戒的办法\n\n{RULE}\n\n{OTHER_RULE}\n\n禁止倒卖共享充电宝账号。\n"
QUESTION = "出借共享充电宝账号会怎样"


@pytest.fixture(scope="module")
def li(desk: Staff) -> Person:
    """An editor."""
    return Person(desk, "li")


@pytest.fixture(scope="module")
def wang(desk: Staff) -> Person:
    """Who approves."""
    return Person(desk, "wang")


def soon(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether something comes to hold."""
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return held


def fields_of(text: str, act: str) -> dict[str, str]:
    """What the first form of that act on a page holds."""
    form = next(each for each in re.findall(r"<form.*?</form>", text, re.S) if f'value="{act}"' in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_a_new_rule_outdates_an_old_one(li: Person, wang: Person) -> None:
    """Listed on the draft and ticked there: once it is published, the old passage is quoted no more, until it goes."""
    number = li.draft("办法.txt", NOTICE.encode())
    page = li.page(f"draft?n={number}")
    assert "可能矛盾：暂停非柜面业务的期限" in page.text
    shown = li.staff.get(f"draft?n={number}").text
    ticked = fields_of(shown, "outdate")
    assert li.send("draft", **{name: value for name, value in ticked.items() if name != "csrf"}).status_code == 200
    assert "这份发布以后，下面的旧规定不再引用" in li.page(f"draft?n={number}").text
    li.change(number, "submit", note="新办法")
    published = wang.change(number, "approve", due="")
    assert published.status_code == 200, published.text
    stem = published.url.rpartition("stem=")[2]

    def quoted() -> str:
        return li.send("try", q="出借银行卡会被暂停非柜面业务几年").text

    assert soon(lambda: "三年内暂停银行账户非柜面业务" in quoted())
    assert li.send("bulletin", stem=stem, act="withdraw", why="还没有定").status_code == 200
    assert soon(lambda: "三年内暂停银行账户非柜面业务" not in quoted())
    assert soon(lambda: "5年内" in quoted() or "五年内" in quoted())


def test_what_was_looked_at_is_not_told_again(li: Person) -> None:
    """On the draft, by one click, for good."""
    number = li.draft("办法二.txt", NOTICE.replace("云溪", "河西").encode())
    told = li.staff.get(f"draft?n={number}").text
    before = told.count("可能矛盾：")
    assert before
    settled = fields_of(told, "settle")
    assert li.send("draft", **{name: value for name, value in settled.items() if name != "csrf"}).status_code == 200
    assert li.staff.get(f"draft?n={number}").text.count("可能矛盾：") == before - 1


def test_three_questions_are_proposed(li: Person) -> None:
    """Each with what is answered now and what would be."""
    number = li.draft("办法三.txt", NOTICE.replace("云溪", "河东").encode())
    text = li.change(number, "propose").text
    asked = re.findall(r'<details class="card" open><summary>(.*?)</summary>', text)
    assert len(asked) == 3, asked
    assert any("共享充电宝账号" in question for question in asked)


def test_a_conversation_before_a_question(li: Person) -> None:
    """What was said before decides what a few words mean, on the page of the live search too."""
    alone = li.send("try", q="那手机卡呢", said="").text
    after = li.send("try", q="那手机卡呢", said="卖银行卡会被惩戒几年\n\n").text
    assert "卖银行卡会被惩戒几年" in after
    assert "来源" in after
    assert re.findall(r'class="reply">(.*?)</blockquote>', alone) != re.findall(
        r'class="reply">(.*?)</blockquote>', after
    )


def test_two_at_one_draft(desk: Staff, li: Person) -> None:
    """Who saves second is told, what they typed stands in the form again, and what the first saved stays."""
    zhao = Person(desk, "zhao")
    number = li.draft("办法四.txt", NOTICE.replace("云溪", "山南").encode())
    version = li.version(number)
    assert li.change(number, "fields", version, place="山南市").status_code == 200
    late = zhao.change(number, "fields", version, place="山南区", publisher="山南公安")
    assert late.status_code == 409
    assert "有人改动了它" in late.text
    assert 'value="山南区"' in late.text
    assert "您写的，还没有保存；现在存着的是“山南市”" in late.text
    assert 'value="山南市"' in li.staff.get(f"draft?n={number}").text
    noted = zhao.change(number, "submit", version, note="我写的原因")
    assert noted.status_code == 409
    assert "我写的原因" in noted.text


def test_two_at_one_bulletin(desk: Staff, li: Person, wang: Person) -> None:
    """Each draft names the other; what was published first stays, and who comes second is told."""
    zhao = Person(desk, "zhao")
    one, two = (
        int(person.send("bulletin", stem="linyi-duanka", act="revise").url.rpartition("n=")[2]) for person in (li, zhao)
    )
    assert "赵六 也在改这份通报" in li.page(f"draft?n={one}").text
    assert "李四 也在改这份通报" in zhao.page(f"draft?n={two}").text
    assert "李四 正在改" in wang.page("bulletin?stem=linyi-duanka").text
    for person, number, place in ((li, one, "临沂市"), (zhao, two, "临沂城区")):
        assert person.change(number, "fields", place=place).status_code == 200
        assert person.change(number, "submit", note="更正").status_code == 200
    assert wang.change(one, "approve").status_code == 200
    refused = wang.change(two, "approve")
    assert refused.status_code == 400
    assert "被别人改过" in refused.text
    assert "临沂市" in wang.page("bulletin?stem=linyi-duanka").text
    assert 'value="临沂城区"' in zhao.staff.get(f"draft?n={two}").text


def test_it_is_published_at_a_time(li: Person, wang: Person) -> None:
    """A time that is past is refused; one to come stands on the draft and the list."""
    number = li.draft("办法五.txt", NOTICE.replace("云溪", "海北").encode())
    li.change(number, "submit", note="下月施行")
    assert "已经过去" in wang.change(number, "approve", due="2020-01-01T09:00").text
    later = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time() + 86_400))
    assert "已批准，到时发布" in wang.change(number, "approve", due=later).text
    assert "已批准，到时发布" in wang.page("bulletins").text


def test_two_machines(tmp_path: Path) -> None:
    """Over one PostgreSQL and one folder: accounts, drafts, what is published and closed are the other's in 10 s."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres_program())
        knowledge = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
        doors = []
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            doors.append(stack.enter_context(desk_door(tmp_path / name, url, knowledge)))
        here, there = doors
        zhang = Person(here, "zhang")
        added = zhang.send("people", act="add", name="qian", shown="钱七", role="approver", password=PASSWORD)
        assert "已改好" in added.text
        qian, li = Person(there, "qian"), Person(here, "li")
        number = li.draft("办法.txt", NOTICE.encode())
        li.change(number, "submit", note="新办法")
        assert "三年内不得再注册" not in li.send("try", q=QUESTION).text
        assert qian.change(number, "approve").status_code == 200
        began = time.monotonic()
        assert soon(lambda: "三年内不得再注册" in li.send("try", q=QUESTION).text, WITHIN)
        print(f"the other machine answers {time.monotonic() - began:.1f} s after approval")
        li.staff.post("logout", csrf=li.csrf)
        assert "钱七 批准" in zhang.page("log").text
        assert "已关闭" in qian.send("doors", channel="web", to="off", why="系统维护").text
        assert soon(lambda: "系统维护" in zhang.page("doors").text, WITHIN)
