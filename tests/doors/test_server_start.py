"""What a door has done before the first person comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sanic import Blueprint, Sanic

from bot.doors.http import server
from bot.settings import Settings


@pytest.fixture
def app() -> Iterator[Sanic]:
    """An application, forgotten afterwards."""
    yield Sanic("starting")
    Sanic._app_registry.clear()


async def started(app: Sanic, blueprint: Blueprint) -> None:
    """Do what the door does before the server listens."""
    for each in blueprint._future_listeners:
        if each.event == "before_server_start":
            await each.listener(app)
    getattr(app.ctx, server._WATCHING).cancel()


@pytest.mark.parametrize("wrong", [False, True])
def test_messages_can_be_read(app: Sanic, monkeypatch: pytest.MonkeyPatch, wrong: bool) -> None:
    """What reads them is made before the watchdog counts, once, however many doors there are; broken, too."""
    made: list[str] = []

    def read(text: str) -> Any:
        made.append(text)
        if wrong:
            raise ValueError("knowledge/wordings/offers.yml:3")

    monkeypatch.setattr(server, "read_message", read)
    doors = [Blueprint("first"), Blueprint("second")]
    for door in doors:
        server.serve_with(door, Settings())

    async def scene() -> None:
        for door in doors:
            await started(app, door)

    asyncio.run(scene())
    assert made == [""]
