"""The WeChat door on a real server, with a plain function where Rasa would be: run as a program.

Run: `python wechat_door.py PORT ASKED CREDENTIALS`, a JSON object; with `channel: wecom` in it it is 企业微信's door.
What it is asked goes into the file ASKED, one line of JSON a turn. Words in a message steer it: 等N waits N hundredths
of a second, 坏 breaks, 无 says nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bot.processes.loopback import HOST, free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0
# What a test sends in a second nobody types in an hour.
UNLIMITED = {f"DUANKA_LIMIT_{name}": "1000000 per minute" for name in ("FOLLOWER", "SERVICE")}


@dataclass(frozen=True)
class Door:
    """A running server."""

    url: str
    asked: Path
    log: Path

    def turns(self) -> list[dict[str, str]]:
        """Return what reached the place of Rasa so far."""
        return [json.loads(line) for line in self.asked.read_text("utf-8").splitlines()] if self.asked.exists() else []


@contextmanager
def doors(
    folder: Path, credentials: Mapping[str, Any], count: int = 1, limits: Mapping[str, str] = UNLIMITED
) -> Iterator[tuple[Door, ...]]:
    """Start as many processes of the door, each with its port; end them afterwards."""
    with ExitStack() as stack:
        started = [stack.enter_context(_door(folder, number, credentials, limits)) for number in range(count)]
        deadline = time.monotonic() + START_SECONDS
        for door, process in started:
            while not _answers(door.url):
                assert process.poll() is None, door.log.read_text("utf-8")
                assert time.monotonic() < deadline, door.log.read_text("utf-8")
                time.sleep(0.1)
        yield tuple(door for door, _ in started)


@contextmanager
def _door(
    folder: Path, number: int, credentials: Mapping[str, Any], limits: Mapping[str, str]
) -> Iterator[tuple[Door, subprocess.Popen[bytes]]]:
    port, asked, log = free_port(), folder / f"asked-{number}.jsonl", folder / f"door-{number}.log"
    command = (sys.executable, __file__, str(port), str(asked), json.dumps(dict(credentials)))
    channel = credentials.get("channel", "wechat")
    own = {"DUANKA_DATABASE": f"sqlite:///{folder}/door.db", "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**limits, **own})
    try:
        yield Door(f"http://{HOST}:{port}/webhooks/{channel}/webhook", asked, log), process
    finally:
        process.terminate()
        try:
            process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 400
    except requests.RequestException:
        return False


def main(port: str, asked: str, credentials: str) -> None:
    """Serve until ended."""
    import logging

    from rasa.core.channels.channel import UserMessage, register
    from sanic import Sanic

    from bot.doors.wechat import ttl_store
    from bot.doors.wechat.channel import WeChatInput
    from bot.doors.wecom.channel import WeComInput

    ttl_store.REDIS_SECONDS = 30.0  # a busy machine is no Redis that went away

    async def assistant(message: UserMessage) -> None:
        text = message.text or ""
        with open(asked, "a", encoding="utf-8") as out:
            out.write(json.dumps({"sender": message.sender_id, "text": text}, ensure_ascii=False) + "\n")
        pause = re.search(r"等(\d+)", text)
        await asyncio.sleep(int(pause[1]) / 100 if pause else 0)
        if "坏" in text:
            raise RuntimeError(text)
        if "无" in text or message.output_channel is None:
            return
        await message.output_channel.send_text_message(message.sender_id, f"答：{text}")
        await message.output_channel.send_custom_json(message.sender_id, {"kind": "chat", "lead": f"答：{text}"})

    logging.basicConfig(level=logging.INFO)
    app = Sanic("wechat_door", configure_logging=False)
    app.ctx.agent = type("Agent", (), {"handle_message": staticmethod(assistant)})()
    given = json.loads(credentials)
    kind = WeComInput if given.pop("channel", "wechat") == "wecom" else WeChatInput
    register([kind.from_credentials(given)], app, "/webhooks/")
    app.run(host=HOST, port=int(port), access_log=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
