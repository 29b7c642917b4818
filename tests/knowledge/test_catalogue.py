"""The shelf: the bulletins as the doors show them, read again when the folder changes."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.knowledge.catalogue import Shelf
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BULLETIN = "# 关于保管好身份证的通报\n\n平安测试\n\n各位居民：身份证要自己保管好，不要借给别人办银行卡。\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A knowledge folder with one bulletin."""
    (tmp_path / "bulletins").mkdir()
    (tmp_path / "topics.yml").write_bytes((ROOT / "knowledge/topics.yml").read_bytes())
    (tmp_path / "bulletins/one.md").write_text(BULLETIN, "utf-8")
    return Settings(knowledge=tmp_path)


def test_a_change_is_seen(settings: Settings) -> None:
    """A bulletin that is added is there at the next look, one that is removed is not; unchanged is not read again."""

    async def scene() -> None:
        shelf = Shelf(settings, look=0)
        first = await shelf.take()
        assert set(first.library.bulletins) == {"one"}
        assert first.topics
        assert await shelf.take() is first
        (settings.bulletins / "two.md").write_text(BULLETIN, "utf-8")
        assert set((await shelf.take()).library.bulletins) == {"one", "two"}
        (settings.bulletins / "one.md").unlink()
        assert set((await shelf.take()).library.bulletins) == {"two"}

    asyncio.run(scene())


def test_a_broken_state_leaves_the_last_good_one(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """A list of topics that cannot be read is logged, and what was read before stays; mended, it is read."""

    async def scene() -> None:
        shelf = Shelf(settings, look=0)
        first = await shelf.take()
        good = settings.topics.read_bytes()
        settings.topics.write_text("- slug: [", "utf-8")
        assert await shelf.take() is first
        assert "the last good state stays" in caplog.text
        settings.topics.write_bytes(good)
        assert await shelf.take() is not first

    caplog.set_level(logging.ERROR)
    asyncio.run(scene())


def test_it_does_not_look_all_the_time(settings: Settings) -> None:
    """Between two looks the folder is left alone."""

    async def scene() -> None:
        shelf = Shelf(settings, look=60)
        first = await shelf.take()
        (settings.bulletins / "two.md").write_text(BULLETIN, "utf-8")
        assert await shelf.take() is first

    asyncio.run(scene())


def test_no_folder_at_all(tmp_path: Path) -> None:
    """Nothing to read is an empty shelf, not an error for whoever asks."""
    shelved = asyncio.run(Shelf(Settings(knowledge=tmp_path / "none")).take())
    assert (dict(shelved.library.bulletins), shelved.topics) == ({}, ())
