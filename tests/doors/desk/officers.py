"""An officer's browser at the desk: what one does there from the first file to the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from office_files import docx, paragraph
from people_at_desk import PASSWORD
from playwright.sync_api import BrowserContext, Page, expect

SPLIT_OFF = "身份证丢失的，要尽快到派出所挂失补办。"
TITLE = "云溪市公安局提醒：出借共享充电宝账号要担责"
RULE = "出借共享充电宝账号给他人用于诈骗的，三年内不得再注册共享充电宝账号。"
LEFT_OUT = "来源：云溪公安"
QUESTION = "出借共享充电宝账号会怎样"
NOTICE = docx(
    paragraph(TITLE, bold=True)
    + "".join(
        paragraph(each)
        for each in (
            LEFT_OUT,
            RULE + SPLIT_OFF,
            "发现有人收购共享充电宝账号，请拨打96110举报。",
            "云溪市公安局",
            "2025年12月1日",
        )
    )
)


@dataclass
class Officer:
    """Someone with an account, at a page of the desk."""

    page: Page
    url: str

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.url + path)

    def press(self, button: str) -> None:
        """Press a button by what stands on it, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()

    def fill(self, label: str, value: str) -> None:
        """Fill a field by its label."""
        self.page.get_by_label(label).first.fill(value)

    def too_wide(self) -> int:
        """By how many pixels the page is wider than its window: 0 is right."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))

    def photograph(self, folder: Path | None, name: str) -> None:
        """Keep a picture of the whole page, where somebody wants to look."""
        if folder:
            self.page.screenshot(path=folder / f"{name}.png", full_page=True)


def enter(context: BrowserContext, url: str, name: str) -> Officer:
    """Log in with an account."""
    officer = Officer(context.new_page(), url)
    officer.go("")
    officer.fill("账号", name)
    officer.page.get_by_label("密码").first.fill(PASSWORD)
    officer.press("登录")
    expect(officer.page.get_by_role("navigation")).to_be_visible()
    return officer


def bring_in(officer: Officer, pictures: Path | None) -> str:
    """Upload the Word file, mend a field, put back what was left out, try it, submit it; return the draft's address."""
    officer.go("new")
    officer.photograph(pictures, "new")
    given = {"name": "通告<img src=x>.docx", "mimeType": "application/octet-stream", "buffer": NOTICE}
    officer.page.get_by_label("选一个文件").set_input_files(given)  # type: ignore[arg-type]
    officer.press("读这个文件")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    officer.photograph(pictures, "draft")
    officer.fill("地方", "云溪市")
    officer.press("改好了")
    expect(officer.page.get_by_label("地方").first).to_have_value("云溪市")
    before = officer.page.locator(".pair.passage").count()
    dropped = officer.page.locator(".pair.dropped", has_text=LEFT_OUT)
    with officer.page.expect_navigation():
        dropped.get_by_role("button", name="放回").click()
    expect(officer.page.locator(".pair.passage")).to_have_count(before + 1)
    split_and_join(officer)
    officer.fill("居民可能怎样问", QUESTION)
    officer.press("问一问")
    expect(officer.page.locator("#tried section").last).to_contain_text("三年内不得再注册")
    expect(officer.page.locator("#tried section").first).not_to_contain_text("三年内不得再注册")
    officer.photograph(pictures, "tried")
    officer.fill("为什么发布或改动", "市局新通告")
    officer.press("送审")
    expect(officer.page.locator("main")).to_contain_text("要由另一位有“审核”角色的人批准")
    return officer.page.url.rpartition("/")[2].partition("#")[0]


def upload(officer: Officer, name: str, data: bytes) -> None:
    """Send a file, and see the draft that it becomes."""
    officer.go("new")
    given = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    officer.page.get_by_label("选一个文件").set_input_files(given)  # type: ignore[arg-type]
    officer.press("读这个文件")
    while officer.page.get_by_role("link", name="看看读好了没有").count():
        officer.page.get_by_role("link", name="看看读好了没有").click()
    expect(officer.page.get_by_role("button", name="送审")).to_be_visible()


def fields(officer: Officer) -> dict[str, str]:
    """What the draft's form says of its source."""
    named = {"title": "题目", "publisher": "发布单位", "published": "发布日期"}
    return {name: officer.page.get_by_label(called).first.input_value() for name, called in named.items()}


def check_against_the_picture(officer: Officer, wrong: str, right: str) -> None:
    """What was recognised is marked, cannot be submitted, is mended beside the picture and said to be right."""
    expect(officer.page.get_by_role("heading", name="识别文字，待核对")).to_be_visible()
    picture = officer.page.get_by_alt_text("收到的图片，第 1 页")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    officer.fill("为什么发布或改动", "海报")
    officer.press("送审")
    expect(officer.page.get_by_role("alert")).to_contain_text("还没有对照图片核对")
    words = officer.page.get_by_label("识别出来的文字").input_value()
    officer.fill("识别出来的文字", words.replace(wrong, right))
    officer.press("改好了，还要再对")
    expect(officer.page.get_by_role("heading", name="识别文字，待核对")).to_be_visible()
    officer.press("已对照图片逐字核对")
    expect(officer.page.get_by_role("heading", name="已对照图片核对")).to_be_visible()
    expect(officer.page.locator(".pair.passage", has_text=right).first).to_be_visible()


def split_and_join(officer: Officer) -> None:
    """Have the second sentence of the rule's paragraph begin a passage of its own; join it, and split it again."""
    passages = officer.page.locator(".pair.passage")
    before = passages.count()
    for then in (before + 1, before, before + 1):
        if then > before:
            passages.filter(has_text=SPLIT_OFF).get_by_text("分成两段").first.click()
            with officer.page.expect_navigation():
                officer.page.get_by_role("button", name=SPLIT_OFF).click()
        else:
            with officer.page.expect_navigation():
                passages.filter(has_text=SPLIT_OFF).last.get_by_role("button", name="与上一段合并").click()
        expect(passages).to_have_count(then)
    expect(passages.filter(has_text=SPLIT_OFF).locator("blockquote").last).to_have_text(SPLIT_OFF)


def approve(officer: Officer, draft: str, pictures: Path | None) -> str:
    """Approve a draft; return the address of the bulletin's page."""
    officer.go("bulletins")
    officer.photograph(pictures, "bulletins")
    officer.go(draft)
    officer.press("批准发布")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    officer.photograph(pictures, "published")
    return officer.page.url.rpartition("/")[2]


def withdraw(officer: Officer, bulletin: str) -> None:
    """Take the one passage with the rule out of answers."""
    officer.go(bulletin)
    card = officer.page.locator("section.card", has_text=RULE).first
    card.get_by_text("撤回这一段").first.click()
    card.get_by_label("为什么").fill("写错了年限")
    with officer.page.expect_navigation():
        card.get_by_role("button", name="撤回这一段").click()
    expect(officer.page.locator("section.card", has_text=RULE).first).to_contain_text("不再引用")


def undo(officer: Officer, bulletin: str, why: str) -> None:
    """Take back the last change."""
    officer.go(bulletin)
    officer.fill("为什么撤销", why)
    officer.press("撤销这次改动")
