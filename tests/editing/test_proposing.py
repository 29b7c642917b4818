"""Questions that residents would ask of a bulletin: each is one that it answers when it is published."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from bot.editing.proposing import proposed_questions
from bot.editing.revisions import Read, Revision, read
from bot.editing.trying import answerer_with
from bot.knowledge.loading import load_answerer
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 1)
NOTICE = """# 云溪市公安局提醒：共享充电宝账号不要出借

出借共享充电宝账号的，三年内不得再注册共享充电宝账号。

禁止倒卖共享充电宝账号，违者处五百元以下罚款。

共享充电宝账号被盗的，要在二十四小时内到派出所登记。
"""


def test_three_questions_that_it_answers(tmp_path: Path) -> None:
    """What was asked lately comes first; what the bulletin does not answer is not proposed."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    settings = Settings(knowledge=tmp_path / "knowledge", index=tmp_path / "index")
    served = load_answerer(settings, TODAY)
    revision = Revision("yunxi-chongdianbao", NOTICE.encode(), "place: 云溪\n")
    known = read(revision, served.topics, TODAY)
    assert isinstance(known, Read)
    drafted = answerer_with(settings, revision, served, TODAY)
    asked = ("今天天气怎么样", "倒卖共享充电宝账号会被罚款吗")
    found = proposed_questions(drafted, known.bulletin, known.passages, asked, TODAY)
    assert len(found) == 3
    assert found[0][0] == asked[1]
    assert "出借共享充电宝账号会怎样？" in [question for question, _ in found]
    for _, tried in found:
        assert tried.passages[0].startswith("yunxi-chongdianbao#")
