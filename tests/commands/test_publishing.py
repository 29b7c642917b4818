"""`duanka knowledge add`, `withdraw` and `supersede`, as an editor runs them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pexpect
import pytest
import yaml
from click.testing import Result
from office_files import docx, paragraph
from typer.testing import CliRunner

from bot.commands.knowledge import app
from bot.reading.library import read_library
from bot.reading.records import Library

ROOT = Path(__file__).parents[2]
WILD = ROOT.parent / "shared" / "bulletins-wild"
PAGE = ROOT / "tests" / "articles" / "official-account.html"
NOTICE = "# 临沂警方提醒\n\n[平安临沂]\n\n切勿出借账户，否则5年内暂停非柜面业务。\n身份证丢了要及时到派出所挂失。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the knowledge, entered as an editor would."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "knowledge" / "bulletins"


def wild(name: str) -> Path:
    if not WILD.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{WILD} is missing: in CI the wild articles must be there")
        pytest.skip(f"{WILD} is missing: the wild articles are not part of the repository")
    return WILD / name


def duanka(*arguments: str | Path, says: str = "") -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=says)


def saved(name: str, text: str, encoding: str = "utf-8") -> Path:
    path = Path(name)
    path.write_bytes(text.encode(encoding))
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def library(folder: Path) -> Library:
    return read_library(folder, (), date.today())


def test_an_article_goes_in_as_received(folder: Path) -> None:
    """Byte for byte under the name proposed; the sidecar says where it came from, and nothing the text says itself."""
    source = saved("文章.md", NOTICE)
    result = duanka("add", source, "--yes")
    assert result.exit_code == 0, result.output
    stem = "linyi-jingfangtixing"
    assert f"已收进 knowledge/bulletins/{stem}.md" in result.output
    assert (folder / f"{stem}.md").read_bytes() == source.read_bytes()
    sidecar = (folder / f"{stem}.yml").read_text("utf-8")
    assert sidecar.startswith("# 由 duanka knowledge add 收进：文章.md；sha256 ")
    assert yaml.safe_load(sidecar) is None
    assert duanka("check").exit_code == 0


def test_what_was_read_is_shown_first(folder: Path) -> None:
    """Title, publisher, place, date and each passage with kind and lines."""
    output = duanka("add", saved("a.md", NOTICE), "--yes").output
    for shown in (
        "临沂警方提醒",
        "发布：平安临沂",
        "地方：临沂",
        "日期：未注明日期",
        "读出 2 个段落",
        "p01 提示 第 5 行",
    ):
        assert shown in output
    assert len(list(folder.glob("*.md"))) == 6


NEWS = "市公安局召开会议，研究下一步工作。\n\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (NEWS, "没有一段是“提示”"),
        (NEWS * 4 + "切勿出借账户。\n", "只有 1 段是“提示”，4 段是“背景”"),
        (NEWS + "切勿出借账户。\n", ""),
        ("切勿出借账户。\n", ""),
        ("民警抓获犯罪嫌疑人赵某山。\n", ""),
    ],
)
def test_a_notice_that_would_answer_little_is_pointed_out(folder: Path, body: str, said: str) -> None:
    """Most of it background: perhaps read wrongly; where to correct it is said, before and without any question."""
    del folder
    output = duanka("add", saved("a.md", f"# 关于出借账户\n\n{body}"), "--yes").output
    assert ("请留意：" in output) == bool(said)
    assert said in output
    assert ("knowledge/README.md 第三节" in output) == bool(said)


def test_the_next_step_is_told(folder: Path) -> None:
    """Under the name it went in by."""
    del folder
    output = duanka("add", saved("a.md", NOTICE), "--yes", "--stem", "named").output
    assert "duanka knowledge show named\n" in output


def test_what_is_missing_is_asked_for(folder: Path) -> None:
    """Publisher, place and date in turn; a bad date is asked again; what is answered stands in the sidecar."""
    source = saved("a.txt", "防骗提醒\n\n出借账户可能要坐牢，还会影响征信。\n")
    answers = "示范市公安局\n示范市\n2999-01-01\n前天\n2022-03-04\n\nmy-notice\n1\n"
    result = duanka("add", source, says=answers)
    assert result.exit_code == 0, result.output
    assert "在将来" in result.output
    assert "日期 '前天' 读不懂" in result.output
    bulletin = library(folder).bulletins["my-notice"]
    assert (bulletin.title, bulletin.publisher, bulletin.place) == ("防骗提醒", "示范市公安局", "示范市")
    assert bulletin.published == date(2022, 3, 4)
    assert (folder / "my-notice.md").read_bytes() == source.read_bytes()


def test_the_signature_is_shown_to_be_confirmed(folder: Path) -> None:
    """Publisher and day under the text are asked about no more than what stands at its top."""
    source = saved("a.txt", "关于借卡的通告\n\n切勿出借手机卡。\n云杉市公安局\n2022年11月20日\n")
    result = duanka("add", source, says="云杉\n\nsigned\n1\n")
    assert result.exit_code == 0, result.output
    assert "发布：云杉市公安局　地方：云杉　日期：2022-11-20" in result.output
    assert library(folder).bulletins["signed"].published == date(2022, 11, 20)


@pytest.mark.parametrize("typed", ["2022年3月4日", "2022.3.4", "2022/03/04"])
def test_a_date_may_be_typed_as_people_write_it(folder: Path, typed: str) -> None:
    """At the prompt, as on paper."""
    result = duanka("add", saved("a.md", NOTICE), says=f"{typed}\n\ntyped\n1\n")
    assert result.exit_code == 0, result.output
    assert library(folder).bulletins["typed"].published == date(2022, 3, 4)


def test_an_empty_answer_leaves_the_date_out(folder: Path) -> None:
    """Undated is allowed and never guessed."""
    result = duanka("add", saved("a.md", NOTICE), says="\n\nundated\n1\n")
    assert result.exit_code == 0, result.output
    assert library(folder).bulletins["undated"].published is None


def test_what_was_read_wrongly_is_corrected(folder: Path) -> None:
    """By naming it; the file stays as received, the correction goes into the sidecar."""
    source = saved("a.md", NOTICE)
    result = duanka("add", source, says="\n发布\n临沂反诈中心\n题目\n改过的题目\n\n\n1\n")
    assert result.exit_code == 0, result.output
    stem = next(path.stem for path in folder.glob("*.md") if path.read_bytes() == source.read_bytes())
    written = yaml.safe_load((folder / f"{stem}.yml").read_text("utf-8"))
    assert written == {"title": "改过的题目", "publisher": "临沂反诈中心"}


def test_a_bad_or_taken_name_is_asked_again(folder: Path) -> None:
    """Until it is allowed and free."""
    result = duanka("add", saved("a.md", NOTICE), says="\n\n../x\nlinyi-duanka\nfree\n1\n")
    assert result.exit_code == 0, result.output
    assert "'../x' 不行" in result.output
    assert "'linyi-duanka' 已经有了" in result.output
    assert (folder / "free.md").is_file()


def test_options_answer_for_scripts(folder: Path) -> None:
    """Everything that would be asked can be said on the command line."""
    source = saved("a.txt", "出借账户可能要坐牢，还会影响征信。\n")
    said = ("--title", "甲: 乙", "--publisher", "平安甲", "--place", "全国", "--published", "2022-3-4", "--stem", "s")
    assert duanka("add", source, "--yes", *said).exit_code == 0
    bulletin = library(folder).bulletins["s"]
    assert (bulletin.title, bulletin.publisher, bulletin.place) == ("甲: 乙", "平安甲", "全国")
    assert bulletin.published == date(2022, 3, 4)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.txt", "--yes"), "没有题目；用 --title"),
        (("a.txt", "--published", "昨天"), "--published：日期 '昨天' 读不懂"),
        (("a.txt", "--stem", "临沂"), "--stem：文件名 '临沂' 不行"),
        (("a.txt", "--yes", "--title", "甲", "--stem", "linyi-duanka"), "已经有人用了"),
        (("a.txt", "--yes", "--title", "甲", "--supersede", "nobody"), "没有通报 nobody"),
        (("nowhere.md",), "没有文件 nowhere.md"),
        (("a.docx",), "文件是空的"),
        (("empty",), "文件夹里没有能收进的文件"),
        (("a.txt", "b.txt", "--title", "甲"), "只能用于一个文件"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    """In one sentence that names the way out; exit code 1."""
    saved("a.txt", "出借账户可能要坐牢，还会影响征信。\n")
    saved("b.txt", "出借账户可能要坐牢，还会影响征信。\n")
    saved("a.docx", "")
    Path("empty").mkdir()
    before = files(folder)
    result = duanka("add", *arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert files(folder) == before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.md", b"", "文件是空的"),
        ("bytes.md", b"\xff\xff\xff", "既不是 UTF-8 也不是 GB18030"),
        ("picture.md", b"\x89PNG\x00\x00", "不是文本文件"),
        ("header.md", b"---\ntitle: a: b\n---\n\n# a\n", "文件头不是合格的 YAML"),
        ("future.md", "---\ndate: 2999-01-01\n---\n# 甲\n\n出借账户可能要坐牢。\n".encode(), "在将来"),
        ("title.md", "# 只有题目\n".encode(), "没有正文"),
        ("login.html", "<html><body>请登录</body></html>".encode(), "没有找到文章的文字"),
    ],
)
def test_a_broken_file_is_named_and_not_taken_in(folder: Path, name: str, data: bytes, said: str) -> None:
    """With path and line, and what is allowed."""
    Path(name).write_bytes(data)
    before = files(folder)
    result = duanka("add", name, "--yes")
    assert result.exit_code == 1
    assert f"{name}:" in result.output
    assert said in result.output
    assert files(folder) == before


def test_a_folder_goes_in_file_by_file(folder: Path) -> None:
    """One bad file stops no other; the count is at the end, and the exit code tells."""
    Path("saved").mkdir()
    saved("saved/a.md", NOTICE)
    saved("saved/b.txt", "校园提醒\n\n收卡广告都是违法的，看到了请告诉老师。\n")
    saved("saved/c.md", "")
    saved("saved/d.docx", "")
    result = duanka("add", "saved", "--yes")
    assert result.exit_code == 1
    assert "收进 2 份，没有收进 2 份：c.md、d.docx" in result.output
    assert len(list(folder.glob("*.md"))) == 7


def test_what_offices_send_goes_in_with_folders(folder: Path) -> None:
    """A Word file in a folder of a folder goes in, and the file itself is kept; what is skipped is named with a reason.

    What a browser saved beside a page is no file of its own.
    """
    words = "云溪警方提醒：出借账户可能要坐牢，还会影响征信，请不要出借。"
    Path("saved/2025").mkdir(parents=True)
    made = docx(paragraph("云溪警方提醒") + paragraph(words))
    Path("saved/2025/a.docx").write_bytes(made)
    Path("saved/poster.jpg").write_bytes(b"\xff\xd8\xff")
    shutil.copy(PAGE, "saved/page.html")
    Path("saved/page_files").mkdir()
    saved("saved/page_files/x.js", "alert(1)")
    result = duanka("add", "saved", "--yes")
    assert "收进 2 份，没有收进 1 份：poster.jpg" in result.output
    assert "录成 .txt" in result.output
    (kept,) = (folder / "received").glob("*.docx")
    assert kept.read_bytes() == made
    assert words in (folder / f"{kept.stem}.md").read_text("utf-8")
    assert "不会被读到" not in duanka("check").output


def test_gb18030_stays_gb18030(folder: Path) -> None:
    """Text is kept as received in its own encoding and with its line ends, and reads right."""
    source = saved("a.md", NOTICE.replace("\n", "\r\n"), "gb18030")
    assert duanka("add", source, "--yes", "--stem", "gb").exit_code == 0
    assert (folder / "gb.md").read_bytes() == source.read_bytes()
    assert library(folder).bulletins["gb"].title == "临沂警方提醒"


def test_a_web_page_goes_in_as_markdown(folder: Path) -> None:
    """The article without its page; the sidecar names the page."""
    result = duanka("add", PAGE, "--yes", "--stem", "page")
    assert result.exit_code == 0, result.output
    bulletin = library(folder).bulletins["page"]
    assert (bulletin.publisher, bulletin.published) == ("平安示范", date(2022, 5, 1))
    assert "official-account.html，由网页转写" in (folder / "page.yml").read_text("utf-8")
    assert "script" not in (folder / "page.md").read_text("utf-8")
    assert (folder / "received" / "page.html").read_bytes() == Path(PAGE).read_bytes()


def test_the_same_file_does_not_go_in_twice(folder: Path) -> None:
    """Whatever it is called the second time."""
    assert duanka("add", saved("a.md", NOTICE), "--yes").exit_code == 0
    before = files(folder)
    result = duanka("add", saved("b.txt", NOTICE), "--yes")
    assert result.exit_code == 1
    assert "同样的文件已经有了：linyi-jingfangtixing.md" in result.output
    assert files(folder) == before


def test_a_contradiction_is_shown_with_both_sentences(folder: Path) -> None:
    """Measure, both numbers, both sentences whole, where they stand; and the editor may leave it."""
    before = files(folder)
    source = saved("a.md", NOTICE.replace("5年", "3年"))
    result = duanka("add", source, says="\n\n\n3\n")
    assert result.exit_code == 1
    assert "可能矛盾：暂停非柜面业务的期限，一份写 3年，一份写 5年" in result.output
    assert "「切勿出借账户，否则3年内暂停非柜面业务。" in result.output
    assert "（linyi-duanka#p09，第 69 行，临沂，未注明日期）" in result.output
    assert "什么也没有写" in result.output
    assert files(folder) == before


def test_the_new_one_may_replace_the_old(folder: Path) -> None:
    """The old one's sidecar says so and keeps its comments; it is cited no more."""
    (folder / "linyi-duanka.yml").write_text("# 编辑的说明\nplace: 临沂\n", "utf-8")
    source = saved("a.md", NOTICE.replace("5年", "3年"))
    stems = [stem for stem in sorted(library(folder).bulletins) if "qingyuan" not in stem and "guowuyuan" not in stem]
    result = duanka("add", source, "--yes", "--stem", "new", *(x for stem in stems for x in ("--supersede", stem)))
    assert result.exit_code == 0, result.output
    assert (folder / "linyi-duanka.yml").read_text("utf-8") == "# 编辑的说明\nplace: 临沂\nsuperseded_by: new\n"
    after = library(folder)
    assert [stem for stem, each in after.bulletins.items() if not each.in_force] == stems
    assert duanka("check").exit_code == 0


QUESTIONS = ("发布日期", "对不对", "文件名", "怎么办")


def terminal(*arguments: str) -> pexpect.spawn:
    """Run `duanka knowledge` in a real terminal."""
    command = str(ROOT / ".venv" / "bin" / "duanka")
    return pexpect.spawn(command, ["knowledge", *arguments], encoding="utf-8", timeout=120)


@pytest.mark.parametrize("answered", range(len(QUESTIONS)))
def test_ctrl_c_at_any_question_writes_nothing(folder: Path, answered: int) -> None:
    """In a real terminal, at each of the questions: no traceback, a Chinese sentence, the folder as before."""
    saved("a.md", NOTICE.replace("5年", "3年"))
    before = files(folder)
    editor = terminal("add", "a.md")
    for question in QUESTIONS[:answered]:
        editor.expect(f"{question}.*: ")
        editor.sendline("")
    editor.expect(f"{QUESTIONS[answered]}.*: ")
    editor.sendintr()
    editor.expect("没有收进，什么也没有写")
    editor.expect(pexpect.EOF)
    assert "Traceback" not in (editor.before or "")
    editor.close()
    assert editor.exitstatus == 1
    assert files(folder) == before


def test_ctrl_c_leaves_a_whole_folder(folder: Path) -> None:
    """The editor who goes in the middle of many is asked about none of the others; what went in before stays."""
    Path("saved").mkdir()
    for name in ("a", "b", "c"):
        saved(f"saved/{name}.md", NOTICE.replace("临沂", f"临沂{name}"))
    before = len(list(folder.glob("*.md")))
    editor = terminal("add", "saved")
    for question in QUESTIONS[:3]:
        editor.expect(f"{question}.*: ")
        editor.sendline("")
    editor.expect("收进吗.*: ")
    editor.sendline("")
    editor.expect("请写 1 或 2")
    editor.sendline("1")
    editor.expect("b.md")
    editor.expect("发布日期.*: ")
    editor.sendintr()
    editor.expect("收进 1 份，没有收进 2 份：b.md、c.md")
    editor.expect(pexpect.EOF)
    assert "c.md" not in (editor.before or "")
    editor.close()
    assert len(list(folder.glob("*.md"))) == before + 1


def test_the_knowledge_of_the_service_is_meant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article goes where DUANKA_KNOWLEDGE has the service read it, and so do withdrawals."""
    elsewhere = Path(shutil.copytree(folder.parent, folder.parent.with_name("elsewhere")))
    before = files(folder)
    monkeypatch.setenv("DUANKA_KNOWLEDGE", str(elsewhere))
    assert duanka("add", saved("a.md", NOTICE), "--yes", "--stem", "new").exit_code == 0
    assert duanka("withdraw", "new").exit_code == 0
    assert files(folder) == before
    assert not library(elsewhere / "bulletins").bulletins["new"].in_force


def test_the_second_of_two_editors_notices(folder: Path) -> None:
    """Another bulletin came in while the first editor was thinking: it is shown before anything is written."""
    saved("a.md", NOTICE.replace("5年", "3年"))
    editor = terminal("add", "a.md")
    for question in QUESTIONS[:3]:
        editor.expect(f"{question}.*: ")
        editor.sendline("")
    editor.expect("怎么办.*: ")
    assert duanka("add", saved("b.txt", NOTICE.replace("5年", "3年 ")), "--yes", "--stem", "theirs").exit_code == 0
    editor.sendline("1")
    while editor.expect(["怎么办[^\n]*: ", "请再看一遍"]) == 0:
        editor.sendline("1")
    editor.expect("与已有的通报近似.*theirs")
    assert "linyi-jingfangtixing.md" not in files(folder)
    editor.sendintr()
    editor.close()


def test_killed_at_any_moment_the_folder_stays_sound(folder: Path) -> None:
    """The whole command, killed five times: what is there is complete or absent, and the last run completes it."""
    source = saved("a.md", NOTICE + "有人收卡请马上告诉民警，不要贪小便宜。\n" * 1_000)
    command = [sys.executable, "-m", "bot", "knowledge", "add", str(source.resolve()), "--yes", "--stem", "big"]
    options = ["--folder", str(folder), "--topics", str(folder.parent / "topics.yml")]
    for moment in range(5):
        with subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL) as running:
            time.sleep(0.4 + moment * 0.4)
            if running.poll() is None:
                os.kill(running.pid, signal.SIGKILL)
        if (folder / "big.md").exists():
            assert (folder / "big.md").read_bytes() == source.read_bytes()
            assert (folder / "big.yml").is_file()
            return
    assert not (folder / "big.yml").exists() or (folder / "big.yml").read_text("utf-8").startswith("# 由 duanka")
    assert subprocess.run([*command, *options], cwd=ROOT, capture_output=True, check=False, timeout=300).returncode == 0


def test_withdrawing_keeps_the_file_and_the_comments(folder: Path) -> None:
    """One line in the sidecar; everything else stays as the editor wrote it."""
    stem = "2021-06-20-nanning-lvcheng-duanka-2"
    before = files(folder)
    assert duanka("withdraw", stem, "--date", "2024-5-1").exit_code == 0
    after = files(folder)
    assert after.pop(f"{stem}.yml") == before.pop(f"{stem}.yml") + b"withdrawn: 2024-05-01\n"
    assert after == before
    assert not library(folder).bulletins[stem].in_force


def test_withdrawing_without_a_date_is_from_today(folder: Path) -> None:
    """And makes the sidecar where there was none."""
    assert duanka("withdraw", "linyi-duanka").exit_code == 0
    assert library(folder).bulletins["linyi-duanka"].withdrawn == date.today()


def test_superseding_names_the_successor(folder: Path) -> None:
    """The old one goes out of force, the new one stays."""
    assert duanka("supersede", "linyi-duanka", "2021-07-08-qingyuan-liangka-bangxin").exit_code == 0
    found = library(folder)
    assert found.problems == ()
    assert not found.bulletins["linyi-duanka"].in_force
    assert found.bulletins["2021-07-08-qingyuan-liangka-bangxin"].in_force


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("withdraw", "nobody"), "没有通报 nobody；现有："),
        (("withdraw", "linyi-duanka", "--date", "2999-01-01"), "在将来"),
        (("withdraw", "linyi-duanka", "--date", "昨天"), "读不懂"),
        (("supersede", "linyi-duanka", "linyi-duanka"), "不能取代自己"),
        (("supersede", "linyi-duanka", "nobody"), "没有通报 nobody"),
    ],
)
def test_what_cannot_be_withdrawn_or_replaced_is_said(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    """And nothing is changed."""
    before = files(folder)
    result = duanka(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert files(folder) == before


@pytest.mark.usefixtures("folder")
def test_no_circle_of_successors_is_made() -> None:
    """What was replaced itself can replace nothing."""
    one, other = "linyi-duanka", "2021-07-08-qingyuan-liangka-bangxin"
    assert duanka("supersede", one, other).exit_code == 0
    result = duanka("supersede", other, one)
    assert result.exit_code == 1
    assert "已经撤回或被取代" in result.output


def test_check_finds_circles_and_the_future(folder: Path) -> None:
    """Written by hand, they are problems with file and line."""
    (folder / "linyi-duanka.yml").write_text("superseded_by: 2021-07-08-qingyuan-liangka-bangxin\n", "utf-8")
    (folder / "2021-07-08-qingyuan-liangka-bangxin.yml").write_text(
        "place: 清远\nsuperseded_by: linyi-duanka\n", "utf-8"
    )
    tomorrow = date.today() + timedelta(days=2)
    (folder / "2021-01-18-guowuyuan-duanka-dierlun.yml").write_text(f"withdrawn: {tomorrow}\n", "utf-8")
    result = duanka("check")
    assert result.exit_code == 1
    assert "linyi-duanka.yml:1: superseded_by" in result.output
    assert "bangxin.yml:2: superseded_by 'linyi-duanka' 又被本通报取代，绕成一圈" in result.output
    assert "'withdrawn' 的日期" in result.output
    assert "共 4 个问题" in result.output


def test_check_warns_of_duplicates_contradictions_and_strays(folder: Path) -> None:
    """Warnings are no problems: the exit code stays 0."""
    shutil.copy(folder / "linyi-duanka.md", folder / "copy.md")
    (folder / "three.md").write_text(NOTICE.replace("5年", "3年"), "utf-8")
    (folder / "left.txt").write_text("留在这里的文件", "utf-8")
    result = duanka("check")
    assert result.exit_code == 0, result.output
    assert "留意：与已有的通报近似：copy" in result.output
    assert "留意：可能矛盾：暂停非柜面业务的期限" in result.output
    assert "left.txt 不是 .md 文件，不会被读到" in result.output
    assert "没有问题；" in result.output


def test_three_real_articles_go_in(folder: Path) -> None:
    """An undated one, one that contradicts Linyi, and a reprint of it in GB18030: each is warned of as it should be."""
    undated = duanka("add", wild("d01.md"), "--yes")
    assert undated.exit_code == 0, undated.output
    assert "日期：未注明日期" in undated.output
    assert "可能矛盾" not in undated.output
    contradicting = duanka("add", wild("d03.md"), "--yes")
    assert contradicting.exit_code == 0, contradicting.output
    assert "可能矛盾：不得办理电话卡的期限，一份写 2年，一份写 5年" in contradicting.output
    assert "linyi-duanka#p08" in contradicting.output
    text = wild("d03.md").read_text("utf-8").replace("帐", "账").replace("中山市反诈骗中心", "平安示范")
    again = saved("reprint.md", "# 转：卡被封停了怎么办\n\n" + text.partition("\n")[2], "gb18030")
    reprint = duanka("add", again, "--yes")
    assert reprint.exit_code == 0, reprint.output
    assert "与已有的通报近似" in reprint.output
    assert "zhongshan-nidekabei" in reprint.output
    assert duanka("check").exit_code == 0
    assert len(library(folder).bulletins) == 8


@pytest.mark.parametrize("written", ["linyi-duanka.md", "knowledge/bulletins/linyi-duanka.md"])
def test_a_bulletin_may_be_named_by_its_file(folder: Path, written: str) -> None:
    """As the shell completes it; in every verb that names one."""
    assert "临沂" in duanka("show", written).output
    assert duanka("add", saved("a.md", NOTICE), "--yes", "--stem", "new", "--supersede", written).exit_code == 0
    assert not library(folder).bulletins["linyi-duanka"].in_force
    (folder / "linyi-duanka.yml").unlink()
    assert duanka("supersede", written, "new.md").exit_code == 0
    assert library(folder).bulletins["linyi-duanka"].superseded_by == "new"
    assert duanka("withdraw", written).exit_code == 0
    assert library(folder).bulletins["linyi-duanka"].withdrawn is not None
