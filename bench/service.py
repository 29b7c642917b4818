"""The knowledge as it is served, at 57,922 articles in 2,897 bulletins: read, changed, followed, asked.

    .venv/bin/python bench/service.py

A bulletin is saved into the followed folder; what is measured ends when the answerer in service quotes it. Results go
to reports/service.json and .png.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from footprint import resident_mb  # noqa: E402
from machine import machine  # noqa: E402
from plots import plot_service  # noqa: E402
from stard import Stard, read_stard  # noqa: E402

from bot.answering.records import Memory, Understanding  # noqa: E402
from bot.knowledge.live import LiveKnowledge  # noqa: E402
from bot.knowledge.messages import read_message  # noqa: E402
from bot.settings import Settings  # noqa: E402

ARTICLES_A_BULLETIN, TIMES, LONGEST_S = 20, 5, 60.0
NEWS = """# 桂林反诈提醒：{name}收卡团伙

来源：平安桂林

警方提醒：不要把银行卡出售、出借给名为{name}的收卡团伙，该团伙的涉案账户已全部止付，请立即拨打96110报告。
"""
NAMES = ("飞毛腿驿站", "夜行货栈", "顺风小铺", "白鲸茶馆", "北斗客栈")


def main() -> None:
    """Measure and write."""
    with tempfile.TemporaryDirectory() as folder:
        knowledge = written(read_stard(), Path(folder) / "knowledge")
        settings = Settings(knowledge=knowledge, index=Path(folder) / "index")
        bare = resident_mb()
        first, live = timed(lambda: LiveKnowledge(settings))
        library, passages = live.state.library, live.state.answerer.searcher.index.passages
        quoted(live, NAMES[0])
        mb = round(resident_mb() - bare)
        results = {
            "machine": machine(),
            "bulletins": len(library.bulletins),
            "passages": len(passages),
            "first_start_s": first,
            "start_with_index_s": timed(lambda: LiveKnowledge(settings))[0],
            **changes(live, knowledge / "bulletins"),
            "answer_ms": answer_ms(live),
            "mb": mb,
        }
        live.close()
    (ROOT / "reports").mkdir(exist_ok=True)
    (ROOT / "reports" / "service.json").write_text(json.dumps(results, indent=2, ensure_ascii=False), "utf-8")
    plot_service(results, ROOT / "reports" / "service.png")
    print(json.dumps(results, indent=2, ensure_ascii=False))


def written(data: Stard, knowledge: Path) -> Path:
    """Write the articles beside the bulletins we ship, twenty a bulletin; return the folder of knowledge."""
    shutil.copytree(ROOT / "knowledge", knowledge)
    articles = list(zip(data.titles, data.articles, strict=True))
    for first in range(0, len(articles), ARTICLES_A_BULLETIN):
        some = articles[first : first + ARTICLES_A_BULLETIN]
        body = "\n\n".join(f"**{title}**\n\n{' '.join(text.split())}" for title, text in some)
        number = first // ARTICLES_A_BULLETIN + 1
        path = knowledge / "bulletins" / f"law-{number:05d}.md"
        path.write_text(f"# 法律汇编第{number}册\n\n来源：平安中国\n\n{body}\n", "utf-8")
    return knowledge


def changes(live: LiveKnowledge, bulletins: Path) -> dict[str, object]:
    """Seconds from saving a bulletin until it is quoted, from withdrawing it until it is not, and without the watch.

    `read_again_cpu_s` is the processor time of the latter: on a busy machine it says more than the clock.
    """
    read, worked = [], []
    for name in NAMES:  # nobody follows yet: reading alone
        (bulletins / "news.md").write_text(NEWS.format(name=name), "utf-8")
        before = time.process_time()
        read.append(timed(lambda name=name: live.refresh() and quoted(live, name))[0])  # type: ignore[misc]
        worked.append(round(time.process_time() - before, 2))
        assert quoted(live, name)
    (bulletins / "news.md").unlink()
    live.refresh()
    live.follow()
    time.sleep(1)
    added, withdrawn = [], []
    for name in NAMES:
        (bulletins / "news.md").write_text(NEWS.format(name=name), "utf-8")
        added.append(until(lambda name=name: "news" in live.state.library.bulletins and quoted(live, name)))  # type: ignore[misc]
        (bulletins / "news.yml").write_text("withdrawn: 2021-01-01\n", "utf-8")
        withdrawn.append(until(lambda name=name: out_of_force(live) and not quoted(live, name)))  # type: ignore[misc]
        (bulletins / "news.yml").unlink()
        (bulletins / "news.md").unlink()
        until(lambda: "news" not in live.state.library.bulletins)
    spread = {"read_again_s": read, "read_again_cpu_s": worked, "added_s": added, "withdrawn_s": withdrawn}
    return {name: {"median": statistics.median(times), "longest": max(times)} for name, times in spread.items()}


def out_of_force(live: LiveKnowledge) -> bool:
    """Whether the state in service knows that the news is withdrawn. Cheap: who asks often takes the reader's time."""
    return not live.state.library.bulletins["news"].in_force


def quoted(live: LiveKnowledge, name: str) -> bool:
    """Whether a question for `name` is answered from the news."""
    question, understood = f"把银行卡卖给{name}会怎么样", Understanding("penalty", 0.5)
    answer, _ = live.state.answerer.reply(read_message(question), understood, Memory(), date.today())
    return "news" in {citation.bulletin for citation in answer.citations}


def answer_ms(live: LiveKnowledge) -> float:
    """Milliseconds of a whole answer, as the action has it made; mean of 100 questions."""
    questions = read_stard().questions[:100]
    begun = time.perf_counter()
    for question in questions:
        live.state.answerer.reply(read_message(question), Understanding("penalty", 0.3), Memory(), date.today())
    return round((time.perf_counter() - begun) / len(questions) * 1000, 1)


def timed(call: Callable[[], object]) -> tuple[float, object]:
    """Return how many seconds a call took, and what it gave."""
    begun = time.perf_counter()
    given = call()
    return round(time.perf_counter() - begun, 2), given


def until(holds: Callable[[], object]) -> float:
    """Return how many seconds it took for `holds()` to become true."""
    begun = time.perf_counter()
    while not holds():
        assert time.perf_counter() - begun < LONGEST_S, "it did not come about"
        time.sleep(0.05)
    return round(time.perf_counter() - begun, 2)


if __name__ == "__main__":
    main()
