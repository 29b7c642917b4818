"""`duanka wechat`: the menu as JSON, and everything that is wrong with a configuration."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from redis_program import redis_program
from simulated_wechat import ACCOUNT

ROOT = Path(__file__).resolve().parents[2]


def duanka(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with this environment and no other account's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WECHAT_")}
    command = (sys.executable, "-W", "ignore", "-m", "bot", "wechat", *words)
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_menu_is_json() -> None:
    """Printed as WeChat takes it, in Chinese as it is."""
    done = duanka("menu")
    assert done.returncode == 0
    assert json.loads(done.stdout)["button"][-1]["name"] == "紧急求助"
    assert "\\u" not in done.stdout


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "WECHAT_APPID：没有填写"),
        (ACCOUNT, "WECHAT_APP_SECRET：应为 32 位"),
        ({**ACCOUNT, "WECHAT_APP_SECRET": "geheim"}, "WECHAT_APP_SECRET：应为 32 位"),
    ],
)
def test_publishing_without_credentials(environment: dict[str, str], says: str) -> None:
    """Exit 1 and what is missing, instead of the menu; nobody is asked."""
    done = duanka("menu", "--publish", **environment)
    assert done.returncode == 1
    assert done.stdout.startswith(f"✗ {says}")
    assert "geheim" not in done.stdout
    assert "Traceback" not in done.stderr


def test_a_good_configuration() -> None:
    """Exit 0, with what is worth knowing."""
    done = duanka("check", **ACCOUNT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "配置没有问题" in done.stdout
    assert "WECHAT_PUBLIC_URL" in done.stdout


def test_an_address_for_readers_without_https() -> None:
    """It may be so on one's own machine: a warning, no mistake."""
    done = duanka("check", **ACCOUNT, WECHAT_PUBLIC_URL="http://a.example.cn/webhooks/web")
    assert done.returncode == 0
    assert "· WECHAT_PUBLIC_URL 不是 https" in done.stdout
    secure = duanka("check", **ACCOUNT, WECHAT_PUBLIC_URL="https://a.example.cn/webhooks/web")
    assert "WECHAT_PUBLIC_URL" not in secure.stdout


def test_everything_wrong_at_once() -> None:
    """Each variable on its line, in Chinese; exit 1."""
    done = duanka("check", WECHAT_MODE="geheim", WECHAT_APP_SECRET="x", WECHAT_LINKS="maybe")
    assert done.returncode == 1
    named = [line[2:].partition("：")[0] for line in done.stdout.splitlines() if line.startswith("✗")]
    assert named == [
        "WECHAT_APP_SECRET",
        "WECHAT_TOKEN",
        "WECHAT_APPID",
        "WECHAT_SENDER_SECRET",
        "WECHAT_MODE",
        "WECHAT_ENCODING_AES_KEY",
        "WECHAT_LINKS",
    ]


@pytest.mark.parametrize("variable", ["WECHAT_REDIS_URL", "DUANKA_REDIS"])
def test_redis_that_is_there_and_not(variable: str) -> None:
    """A Redis that cannot be reached is a mistake, whichever variable names it."""
    with redis_program() as redis:
        assert duanka("check", **ACCOUNT, **{variable: redis.url}).returncode == 0
        redis.stop()
        for address in (redis.url, f"{redis.url}?socket_timeout=soon"):
            done = duanka("check", **ACCOUNT, **{variable: address})
            assert (done.returncode, done.stderr) == (1, "")
            assert f"✗ {variable}：连不上" in done.stdout


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/webhooks/wechat/webhook", "https://a b/"])
def test_an_address_where_nobody_is(url: str) -> None:
    """What to look at is said."""
    done = duanka("check", "--url", url, **ACCOUNT)
    assert (done.returncode, done.stderr) == (1, "")
    assert "连不上；请检查服务是否启动" in done.stdout


def test_an_address_that_is_no_web_server() -> None:
    """The same: another program's port is easily mistyped."""
    assert "连不上；请检查服务是否启动" in check_of_one_that_says(b"SSH-2.0-OpenSSH\r\n")


def test_a_service_without_the_channel() -> None:
    """Two things make a 404: a path that is mistyped, a service that was started without an account."""
    said = check_of_one_that_says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    assert "路径应是 /webhooks/wechat/webhook" in said
    assert "服务启动时要有 WECHAT_TOKEN" in said


def check_of_one_that_says(reply: bytes) -> str:
    """Visit a server that answers everything so; it must be a mistake."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer, args=(server, reply), daemon=True).start()
        done = duanka("check", "--url", f"http://127.0.0.1:{server.getsockname()[1]}/", **ACCOUNT)
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout


def _answer(server: socket.socket, reply: bytes) -> None:
    line, _ = server.accept()
    with line:
        line.recv(4096)
        line.sendall(reply)
