"""The knowledge in service: changed files are served within a second or two, broken ones leave the last good state."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.records import Answer, Memory, Understanding
from bot.knowledge import live as live_module
from bot.knowledge.live import LiveKnowledge, State, report
from bot.knowledge.messages import read_message
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 1, 1)
# A change is to be served after three seconds; on a busy machine the tests wait longer.
PROMISED, BOUND = 3.0, 60.0
QUESTION = "共享充电宝押金的事要保留什么截图"
NOTICE = """# 桂林反诈提醒：共享充电宝押金

来源：平安桂林

警方提醒：共享充电宝押金被扣，请保留订单截图，不要把银行卡借给自称客服的人，并拨打96110咨询。
"""
KEPT = NOTICE.rsplit("\n\n", 1)[1].strip()
WRONG_YAML = ("{", "title: [", "published: x", "passages: 3")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A copy of the knowledge we ship, to be changed."""
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))


@pytest.fixture
def live(knowledge: Path, tmp_path: Path) -> Iterator[LiveKnowledge]:
    """What serves the copy, following it."""
    served = LiveKnowledge(Settings(knowledge=knowledge), lambda: TODAY, tmp_path / "var" / "knowledge.json")
    served.follow()
    yield served
    served.close()


def ask(live: LiveKnowledge, question: str = QUESTION) -> Answer:
    answer, _ = live.state.answerer.reply(read_message(question), Understanding("nlu_fallback", 0.0), Memory(), TODAY)
    return answer


def cited(answer: Answer) -> set[str]:
    return {citation.bulletin for citation in answer.citations}


def within(seconds: float, holds: object) -> bool:
    """Whether `holds()` becomes true in time."""
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_new_bulletin_is_quoted_and_a_withdrawn_one_no_more(live: LiveKnowledge, knowledge: Path) -> None:
    """Saved, it answers what nothing answered before; withdrawn or superseded, it is cited no more."""
    bulletins = knowledge / "bulletins"
    assert ask(live).outcome == "abstain"
    (bulletins / "guilin.md").write_text(NOTICE, "utf-8")
    assert within(BOUND, lambda: cited(ask(live)) == {"guilin"})
    (bulletins / "guilin.yml").write_text("withdrawn: 2025-12-01\n", "utf-8")
    assert within(BOUND, lambda: "guilin" not in cited(ask(live)))
    (bulletins / "guilin.yml").unlink()
    assert within(BOUND, lambda: cited(ask(live)) == {"guilin"})
    (bulletins / "guilin.yml").write_text("superseded_by: linyi-duanka\n", "utf-8")
    assert within(BOUND, lambda: "guilin" not in cited(ask(live)))
    assert "guilin" in live.state.library.bulletins


@pytest.mark.parametrize("waits", [live_module.LONGEST_MS + live_module.QUIET_MS, live_module.LOOK_AGAIN_MS])
def test_three_seconds_are_enough(live: LiveKnowledge, knowledge: Path, waits: int) -> None:
    """What is waited for on purpose, told of the change or not, and the work of reading stay below three."""
    (knowledge / "bulletins" / "guilin.md").write_text(NOTICE, "utf-8")
    live.close()
    begun = time.thread_time()
    live.refresh()
    assert waits / 1000 + time.thread_time() - begun < PROMISED


def test_a_folder_that_tells_nothing(knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network share no change is reported: one is found by looking, and so is one made as the watch begins."""

    def watch(*_: object, stop_event: threading.Event, **__: object) -> Iterator[set[object]]:
        while not stop_event.wait(0.05):
            yield set()

    monkeypatch.setattr(live_module, "watch", watch)
    served = LiveKnowledge(Settings(knowledge=knowledge), lambda: TODAY)
    (knowledge / "bulletins" / "guilin.md").write_text(NOTICE, "utf-8")
    served.follow()
    assert within(BOUND, lambda: cited(ask(served)) == {"guilin"})
    away = knowledge.rename(knowledge.with_name("away"))
    assert within(BOUND, lambda: served.state.failed is not None)
    away.rename(knowledge)
    assert within(BOUND, lambda: served.state.failed is None)
    served.close()


def test_a_bulletin_that_breaks_stays_as_it_was(live: LiveKnowledge, knowledge: Path, tmp_path: Path) -> None:
    """The last good version serves; the problem is told to who asks; mended, the new version serves."""
    path = knowledge / "bulletins" / "guilin.md"
    path.write_text(NOTICE, "utf-8")
    assert within(BOUND, lambda: cited(ask(live)) == {"guilin"})
    path.write_bytes(b"\xff\xfe\x00broken")
    status = tmp_path / "var" / "knowledge.json"
    assert within(BOUND, lambda: any("guilin.md" in line for line in json.loads(status.read_text())["problems"]))
    assert cited(ask(live)) == {"guilin"}
    path.write_text(NOTICE.replace("订单截图", "付款凭证"), "utf-8")
    assert within(BOUND, lambda: "付款凭证" in ask(live).quotes[0].text)
    assert not any("guilin" in line for line in json.loads(status.read_text())["problems"])


@pytest.mark.parametrize("written", ["withdrawn: [不是日期\n", "withdrawn: 某天\n", "superseded_by: \n", "{}}\n"])
def test_a_withdrawn_bulletin_does_not_come_back_by_a_slip(live: LiveKnowledge, knowledge: Path, written: str) -> None:
    """A sidecar broken after it withdrew the bulletin leaves it withdrawn."""
    (knowledge / "bulletins" / "guilin.md").write_text(NOTICE, "utf-8")
    (knowledge / "bulletins" / "guilin.yml").write_text("withdrawn: 2025-12-01\n", "utf-8")
    assert within(BOUND, lambda: "guilin" in live.state.library.bulletins)
    (knowledge / "bulletins" / "guilin.yml").write_text(written, "utf-8")
    live.refresh()
    assert "guilin" not in cited(ask(live))


LISTS = ("topics.yml", "synonyms.yml", "stopwords.txt", "lexicon/duanka.txt")


@pytest.mark.parametrize("name", LISTS)
def test_a_broken_list_holds_back_no_withdrawal(live: LiveKnowledge, knowledge: Path, name: str) -> None:
    """Answers go on with the words of before, who asks is told file and line; what is withdrawn meanwhile is gone."""
    (knowledge / "bulletins" / "guilin.md").write_text(NOTICE, "utf-8")
    assert within(BOUND, lambda: cited(ask(live)) == {"guilin"})
    good = (knowledge / name).read_bytes()
    before = cited(ask(live, "出售银行卡有什么后果？"))
    (knowledge / name).write_bytes(b"- [\xff\xff\xff")
    (knowledge / "bulletins" / "guilin.yml").write_text("withdrawn: 2025-12-01\n", "utf-8")
    assert within(BOUND, lambda: cited(ask(live)) == set())
    assert any(f"{name}:1" in str(problem) for problem in live.state.library.problems)
    assert cited(ask(live, "出售银行卡有什么后果？")) == before != set()
    (knowledge / name).write_bytes(good)
    assert within(BOUND, lambda: not [problem for problem in live.state.library.problems if name in str(problem)])
    assert live.state.failed is None


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_lists_in_other_encodings(live: LiveKnowledge, knowledge: Path, encoding: str) -> None:
    """Saved anew by an editor's program, they say the same, and nothing is wrong."""
    before = cited(ask(live, "出售银行卡有什么后果？"))
    for name in LISTS:
        text = (knowledge / name).read_text("utf-8")
        (knowledge / name).write_bytes(text.encode(encoding))
    live.refresh()
    assert (live.state.library.problems, live.state.failed) == ((), None)
    assert cited(ask(live, "出售银行卡有什么后果？")) == before != set()


def test_the_folder_may_go_and_come(live: LiveKnowledge, knowledge: Path) -> None:
    """Moved away it is missed by nobody; another in its place is served."""
    before = cited(ask(live, "出售银行卡有什么后果？"))
    away = knowledge.rename(knowledge.with_name("away"))
    assert within(BOUND, lambda: live.state.failed is not None)
    assert cited(ask(live, "出售银行卡有什么后果？")) == before != set()
    (away / "bulletins" / "guilin.md").write_text(NOTICE, "utf-8")
    away.rename(knowledge)
    assert within(BOUND, lambda: cited(ask(live)) == {"guilin"})


@pytest.mark.parametrize("clear", [shutil.rmtree, lambda folder: [path.unlink() for path in folder.iterdir()]])
def test_a_folder_without_any_bulletin_is_no_knowledge(
    live: LiveKnowledge, knowledge: Path, clear: Callable[[Path], object]
) -> None:
    """A share that fell off, a folder cleared by mistake: the last good state serves, and who asks is told."""
    before = cited(ask(live, "出售银行卡有什么后果？"))
    kept = shutil.copytree(knowledge / "bulletins", knowledge.with_name("kept"))
    clear(knowledge / "bulletins")
    assert within(BOUND, lambda: "bulletins" in (live.state.failed or ""))
    assert cited(ask(live, "出售银行卡有什么后果？")) == before != set()
    shutil.copytree(kept, knowledge / "bulletins", dirs_exist_ok=True)
    assert within(BOUND, lambda: live.state.failed is None)
    assert cited(ask(live, "出售银行卡有什么后果？")) == before


def test_a_thousand_edits_under_questions(live: LiveKnowledge, knowledge: Path) -> None:
    """Cut files, wrong YAML, deletes, renames, two editors at once: no question fails, no half of a state is seen.

    A bulletin that is only ever broken and mended is quoted all the time, as it was when it was last good.
    """
    failures: list[str] = []
    states: list[Answerer] = []  # kept, so that no later one gets the same identity
    served_some = threading.Event()
    over = threading.Event()
    (knowledge / "bulletins" / "guilin.md").write_text(NOTICE, "utf-8")
    assert within(BOUND, lambda: cited(ask(live)) == {"guilin"})

    def resident() -> None:
        while not over.is_set():
            try:
                state = live.state
                if not any(state.answerer is seen for seen in states):
                    states.append(state.answerer)
                    failures.extend(_half_built(state))
                if len(states) > 3:
                    served_some.set()
                failures.extend(_wrong_in(state))
            except Exception as error:
                failures.append(repr(error))
            time.sleep(0.01)

    def editor(seed: int) -> None:
        chance = random.Random(seed)
        for edits in itertools.count():
            if edits >= 500 and (served_some.is_set() or time.monotonic() > last):
                return
            _edit(knowledge / "bulletins", chance)
            time.sleep(0.002)

    last = time.monotonic() + 240
    threads = [threading.Thread(target=resident), *(threading.Thread(target=editor, args=(seed,)) for seed in (1, 2))]
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join()
    over.set()
    threads[0].join()
    shutil.rmtree(knowledge / "bulletins")
    shutil.copytree(ROOT / "knowledge" / "bulletins", knowledge / "bulletins")
    served = {path.stem for path in (ROOT / "knowledge" / "bulletins").glob("*.md")}
    assert within(BOUND, lambda: live.refresh() or set(live.state.library.bulletins) == served)
    assert failures == []
    assert served_some.is_set(), "the edits were not served while they were made"
    assert live.state.failed is None


def _half_built(state: State) -> Iterator[str]:
    """Yield what does not fit together in one state: it searches just what its library has in force."""
    library = state.library
    in_force = [passage for passage in library.passages if library.bulletins[passage.bulletin].in_force]
    if list(state.answerer.searcher.index.passages) != in_force:
        yield "searches other passages than its library has"


def _wrong_in(state: State) -> Iterator[str]:
    """Put two questions to a state, and yield what is wrong with the answers."""
    passages = {passage.id: passage for passage in state.library.passages}
    for question in ("出售银行卡有什么后果？", QUESTION):
        answer, _ = state.answerer.reply(read_message(question), Understanding("", 0.0), Memory(), TODAY)
        for quote in answer.quotes:
            if quote.passage != passages.get(quote.passage.id):
                yield f"quotes {quote.passage.id}, which its library does not have so"
        if question == QUESTION and [quote.text for quote in answer.quotes] != [KEPT]:
            yield f"the last good state is not served: {answer.quotes}"


def _edit(folder: Path, chance: random.Random) -> None:
    """One thing an editor, or a failing disk, might do; the other editor may have been there first."""
    kept = folder / "guilin.md"
    paths = sorted(path for path in folder.glob("*.md") if path != kept)
    path = chance.choice(paths) if paths else folder / "new.md"
    try:
        match chance.randrange(8):
            case 0:
                path.write_bytes(path.read_bytes()[: chance.randrange(400)])
            case 1:
                path.with_suffix(".yml").write_text(chance.choice(WRONG_YAML))
            case 2:
                path.unlink()
            case 3:
                path.rename(folder / f"renamed-{chance.randrange(9)}.md")
            case 4:
                path.write_text("# 另一份\n\n警方提醒：收卡广告都是违法的，看到了请拨打110。\n", "utf-8")
            case 5:
                kept.write_bytes(chance.choice((NOTICE.encode(), b"", b"\xff\xfe\x00", b"---\ntitle: [\n---\n")))
            case 6:
                kept.with_suffix(".yml").write_text(chance.choice(("{}", *WRONG_YAML)))
            case _:
                source = chance.choice(sorted((ROOT / "knowledge" / "bulletins").glob("*.md")))
                shutil.copy(source, folder / source.name)
    except FileNotFoundError:
        pass


def test_a_new_bulletin_is_soon_found_by_its_meaning_too(knowledge: Path) -> None:
    """By its words at once; its vectors are made beside the service, and then the same state serves with them."""
    served = LiveKnowledge(Settings(knowledge=knowledge), lambda: TODAY)
    served.embed()
    assert report(served.state)["meaning"] == 1.0
    before = served.state.read_at
    (knowledge / "bulletins/new.md").write_text(
        f"# 新的提醒\n\n来源：平安桂林\n\n新近出现{time.time_ns()}号骗局，请勿转账。\n", "utf-8"
    )
    assert served.refresh()
    assert 0 < float(str(report(served.state)["meaning"])) < 1
    assert served.embed()
    assert report(served.state)["meaning"] == 1.0
    assert served.state.read_at > before
    assert not served.embed()
    served.close()
