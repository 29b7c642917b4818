"""The settings: read once from the environment, and a mistake names the variable, its value and what is allowed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from bot.settings import Rates, Settings, read_settings


@pytest.fixture
def knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder one starts in, with a folder `knowledge`."""
    (tmp_path / "knowledge").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "knowledge"


@pytest.mark.usefixtures("knowledge")
def test_without_an_environment_there_are_defaults() -> None:
    """The folder knowledge, and two years."""
    assert read_settings({}) == Settings(knowledge=Path("knowledge"), old_after_years=2)


def test_the_environment_decides(knowledge: Path) -> None:
    """Another folder, another age; nought is an age."""
    (knowledge.parent / "别处").mkdir()
    settings = read_settings({"DUANKA_KNOWLEDGE": "别处", "DUANKA_OLD_AFTER_YEARS": "0"})
    assert settings == Settings(knowledge=Path("别处"), old_after_years=0)


def test_it_reads_the_processs_own_environment(knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When none is handed to it."""
    monkeypatch.setenv("DUANKA_KNOWLEDGE", str(knowledge))
    monkeypatch.setenv("DUANKA_OLD_AFTER_YEARS", "7")
    assert read_settings() == Settings(knowledge=knowledge, old_after_years=7)


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("years", ["two", "-1", "1.5", "", "²", "二"])
def test_years_are_a_whole_number(years: str) -> None:
    """Anything else is refused by name, value and what is allowed."""
    with pytest.raises(ValueError, match=r"DUANKA_OLD_AFTER_YEARS is .*whole number") as error:
        read_settings({"DUANKA_OLD_AFTER_YEARS": years})
    assert repr(years) in str(error.value)


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_the_knowledge_is_a_folder(knowledge: Path, folder: str) -> None:
    """A folder that is not there, or is a file, is refused before anything starts."""
    (knowledge.parent / "file").write_text("", "utf-8")
    with pytest.raises(ValueError, match=f"DUANKA_KNOWLEDGE: {folder} is not a folder"):
        read_settings({"DUANKA_KNOWLEDGE": folder})


def test_the_places_inside_follow_the_folder() -> None:
    """Bulletins and topics are found below it."""
    settings = Settings(knowledge=Path("别处"))
    assert settings.bulletins == Path("别处/bulletins")
    assert settings.topics == Path("别处/topics.yml")


def test_settings_cannot_be_changed() -> None:
    """Read once, passed on."""
    with pytest.raises(FrozenInstanceError):
        Settings().old_after_years = 3  # type: ignore[misc]


@pytest.mark.usefixtures("knowledge")
def test_database_and_origins() -> None:
    """Both are read; spaces and an end comma do no harm."""
    environment = {
        "DUANKA_DATABASE": "sqlite:///elsewhere.db",
        "DUANKA_WEB_ORIGINS": "https://police.example.cn, http://127.0.0.1:8080,",
    }
    settings = read_settings(environment)
    assert settings.database == "sqlite:///elsewhere.db"
    assert settings.web_origins == ("https://police.example.cn", "http://127.0.0.1:8080")


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("origin", ["*", "https://a.cn/path", "a.cn", "https://A b.cn", "javascript://x.cn"])
def test_an_origin_is_an_origin(origin: str) -> None:
    """Anything else is refused, with what is allowed."""
    with pytest.raises(ValueError, match=r"DUANKA_WEB_ORIGINS names .*HOST:PORT"):
        read_settings({"DUANKA_WEB_ORIGINS": origin})


@pytest.mark.usefixtures("knowledge")
def test_a_wrong_database_is_refused_without_repeating_it() -> None:
    """It may hold a password."""
    with pytest.raises(ValueError, match="DUANKA_DATABASE is no database URL") as caught:
        read_settings({"DUANKA_DATABASE": "geheim"})
    assert "geheim" not in str(caught.value)


@pytest.mark.usefixtures("knowledge")
def test_limits_and_retention() -> None:
    """Rates in the notation of the library; figures are never kept for less long than words."""
    environment = {
        "DUANKA_LIMIT_SESSION": "5 per second",
        "DUANKA_KEEP_DAYS": "400",
        "DUANKA_REDIS": "redis://127.0.0.1:6379/0",
        "DUANKA_TRUSTED_PROXIES": "2",
    }
    settings = read_settings(environment)
    assert settings.rates == Rates(session="5 per second")
    assert (settings.keep_days, settings.keep_events_days) == (400, 400)
    assert "geheim" not in repr(settings)
    assert (settings.redis, settings.trusted_proxies) == ("redis://127.0.0.1:6379/0", 2)


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("DUANKA_LIMIT_ADDRESS", "many", "30 per minute"),
        ("DUANKA_LIMIT_SERVICE", "0 per minute", "30 per minute"),
        ("DUANKA_KEEP_DAYS", "0", "from 1"),
        ("DUANKA_KEEP_EVENTS_DAYS", "29", "from 30"),
        ("DUANKA_TRUSTED_PROXIES", "-1", "from 0"),
        ("DUANKA_REDIS", "http://127.0.0.1", "redis://"),
        ("DUANKA_REDIS", "redis+unix:///run/redis.sock", "redis://"),
    ],
)
def test_wrong_limits_are_refused(name: str, value: str, allowed: str) -> None:
    """By name, with what is allowed."""
    with pytest.raises(ValueError, match=name) as caught:
        read_settings({name: value})
    assert allowed in str(caught.value)
