"""The page for editors tells the truth: pictures are there and small, commands exist, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.commands.knowledge import app
from bot.reading.records import KIND_NAMES

PAGE = Path(__file__).parents[1] / "knowledge" / "README.md"
TEXT = PAGE.read_text("utf-8")
PICTURES = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT)
LARGEST = 150 * 1024


def test_it_has_pictures() -> None:
    """Of adding, of a contradiction, of withdrawing, of checking."""
    assert len(PICTURES) >= 4


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_there_and_small(picture: str) -> None:
    """A PNG of at most 150 KiB."""
    data = (PAGE.parent / picture).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) <= LARGEST


def test_every_verb_is_explained_and_exists() -> None:
    """All of `duanka knowledge`, and nothing else."""
    verbs = set(getattr(get_command(app), "commands", {}))
    assert set(re.findall(r"duanka knowledge ([a-z]+)", TEXT)) == verbs


def test_every_kind_stands_in_the_table() -> None:
    """By the name that is shown and the word that a correction takes; nothing else does."""
    rows = re.findall(r"^\| (\S+) \| `(\w+)` \|", TEXT, re.MULTILINE)
    assert {kind: name for name, kind in rows} == dict(KIND_NAMES)


def test_the_folder_of_the_service_is_spoken_of() -> None:
    """Who sets DUANKA_KNOWLEDGE for the service alone would add to another folder."""
    assert "DUANKA_KNOWLEDGE" in TEXT


def test_links_lead_somewhere() -> None:
    """Within the repository."""
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if not link.startswith("http")]
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
