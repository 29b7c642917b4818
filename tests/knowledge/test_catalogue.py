"""The catalogue: the bulletins as the doors show them, read again when the folder changes."""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path

import pytest

from bot.knowledge.catalogue import Catalogue
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BULLETIN = "# 关于保管好身份证的通报\n\n平安测试\n\n各位居民：身份证要自己保管好，不要借给别人办银行卡。\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A knowledge folder with one bulletin."""
    (tmp_path / "bulletins").mkdir()
    for part in (ROOT / "knowledge").iterdir():
        if part.suffix in (".yml", ".txt"):
            shutil.copy(part, tmp_path)
    shutil.copytree(ROOT / "knowledge/lexicon", tmp_path / "lexicon")
    (tmp_path / "bulletins/one.md").write_text(BULLETIN, "utf-8")
    return Settings(knowledge=tmp_path)


def test_a_change_is_seen(settings: Settings) -> None:
    """A bulletin that is added is there at the next look, one that is removed is not; unchanged is not read again."""

    async def scene() -> None:
        catalogue = Catalogue(settings, look=0)
        first = await catalogue.take()
        assert set(first.library.bulletins) == {"one"}
        assert first.topics
        assert await catalogue.take() is first
        (settings.bulletins / "two.md").write_text(BULLETIN, "utf-8")
        assert set((await catalogue.take()).library.bulletins) == {"one", "two"}
        (settings.bulletins / "one.md").unlink()
        assert set((await catalogue.take()).library.bulletins) == {"two"}

    asyncio.run(scene())


def test_a_broken_state_leaves_the_last_good_one(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """A list of topics that cannot be read is logged, and what was read before stays; mended, it is read."""

    async def scene() -> None:
        catalogue = Catalogue(settings, look=0)
        first = await catalogue.take()
        good = settings.topics.read_bytes()
        settings.topics.write_text("- slug: [", "utf-8")
        assert await catalogue.take() is first
        assert "the last good state stays" in caplog.text
        settings.topics.write_bytes(good)
        assert await catalogue.take() is not first

    caplog.set_level(logging.ERROR)
    asyncio.run(scene())


def test_it_does_not_look_all_the_time(settings: Settings) -> None:
    """Between two looks the folder is left alone."""

    async def scene() -> None:
        catalogue = Catalogue(settings, look=60)
        first = await catalogue.take()
        (settings.bulletins / "two.md").write_text(BULLETIN, "utf-8")
        assert await catalogue.take() is first

    asyncio.run(scene())


def test_no_folder_at_all(tmp_path: Path) -> None:
    """Nothing to read is an empty catalogue, not an error for whoever asks."""
    shown = asyncio.run(Catalogue(Settings(knowledge=tmp_path / "none")).take())
    assert (dict(shown.library.bulletins), shown.topics) == ({}, ())


def test_whoever_needs_the_index_has_the_same_reader(settings: Settings) -> None:
    """One state a process: once the index is there, what is shown is what it was built of, and follows it."""

    async def scene() -> None:
        catalogue = Catalogue(settings, look=60)
        await catalogue.take()
        live = await asyncio.to_thread(catalogue.live)
        try:
            assert catalogue.live() is live
            assert (await catalogue.take()).library is live.state.library
            (settings.bulletins / "two.md").write_text(BULLETIN, "utf-8")
            live.refresh()
            assert set((await catalogue.take()).library.bulletins) == {"one", "two"}
        finally:
            catalogue.close()
        assert set((await catalogue.take()).library.bulletins) == {"one", "two"}

    asyncio.run(scene())
