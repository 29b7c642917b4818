"""The units of systemd and the compose file: sound, hardened, without a secret, and agreeing with deploy/nginx.conf."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.__main__ import app
from bot.settings import read_settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
    "UMask=0077",
    "Restart=always",
    "User=duanka",
}


def compose(name: str = "compose.yml") -> dict[str, Any]:
    """Read a compose file."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
    return read


def ports_of(upstream: str) -> set[str]:
    """Return the ports that nginx sends to."""
    block = re.search(rf"upstream {upstream} {{(.*?)}}", (DEPLOY / "nginx.conf").read_text("utf-8"), re.S)
    assert block
    return set(re.findall(r"server 127\.0\.0\.1:(\d+)", block.group(1)))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_hardened(unit: Path) -> None:
    """Each runs as a user of its own who may write to little, and is started again when it ends."""
    assert set(unit.read_text("utf-8").splitlines()) >= HARDENED


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_call_verbs_that_exist(unit: Path) -> None:
    """What they start is a verb of `duanka`, with options it has."""
    line = next(line for line in unit.read_text("utf-8").splitlines() if line.startswith("ExecStart="))
    words = shlex.split(line.split("-m bot ", 1)[1].replace("%i", "5005"))
    expect_verb(words)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="没有 systemd-analyze（Debian 软件包 systemd）")
def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    """`systemd-analyze verify` says nothing of our units, on a machine where the program is in its place."""
    python, environment = tmp_path / "python", tmp_path / "duanka.env"
    python.write_text("#!/bin/sh\n", "utf-8")
    python.chmod(0o755)
    environment.touch()
    for unit in (*UNITS, DEPLOY / "systemd/duanka.target"):
        text = (
            unit.read_text("utf-8")
            .replace("/opt/duanka/.venv/bin/python", str(python))
            .replace("User=duanka", "User=root")
        )
        (tmp_path / unit.name).write_text(text.replace("Group=duanka", "Group=root"), "utf-8")
    units = [str(tmp_path / unit.name.replace("@", "@5005")) for unit in UNITS]
    for unit in UNITS:
        if "@" in unit.name:
            shutil.copy(tmp_path / unit.name, tmp_path / unit.name.replace("@", "@5005"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "duanka" in line]
    assert ours == []


def test_compose_starts_what_nginx_sends_to() -> None:
    """One service for each port of the two upstreams, by a verb that exists, and the action servers behind one port."""
    commands = [each["command"] for name, each in compose()["services"].items() if each.get("image") == "duanka"]
    for words in commands:
        expect_verb(words)
    assert {words[-1] for words in commands if words[1] == "rasa"} == ports_of("duanka") == ports_of("duanka_staff")
    assert {words[-1] for words in commands if words[1] == "actions"} == ports_of("duanka_actions")
    assert compose()["services"]["rasa-1"]["environment"]["DUANKA_ACTION_PORT"] == "5054"
    assert "listen 127.0.0.1:5054;" in (DEPLOY / "nginx.conf").read_text("utf-8")


def test_compose_shows_nginx_only() -> None:
    """Only nginx has ports; everything else lives in its network, and what listens by itself does so on loopback."""
    services = compose()["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["nginx"]
    assert all(each["network_mode"] == "service:nginx" for name, each in services.items() if name != "nginx")
    assert "listen_addresses=127.0.0.1" in services["postgres"]["command"]
    assert services["redis"]["command"][1:3] == ["--bind", "127.0.0.1"]


def test_what_compose_mounts_is_there() -> None:
    """Every file and folder it takes from the project exists; what is not part of the project is a secret."""
    for name, service in compose()["services"].items():
        sources = [volume.split(":")[0] for volume in service.get("volumes", ()) if volume.startswith(".")]
        secret = [source for source in sources if source.startswith("./secrets/")]
        assert [each for each in sources if not (DEPLOY / each).exists() and each not in secret] == [], name
        assert set(service.get("env_file", ())) <= {"duanka.env"}
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert "mkdir -p var" in dockerfile, "a volume on a folder that is not there belongs to root"
    assert re.search(r"--uid 999 .*\n(?s:.*)^USER duanka$", dockerfile, re.M)
    assert all("uid=999,gid=999" in tmpfs or tmpfs == "/tmp" for tmpfs in compose()["x-program"]["tmpfs"])


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="没有 docker-compose（Debian 软件包 docker-compose）")
def test_compose_finds_no_fault(tmp_path: Path) -> None:
    """`docker-compose config` is content; that needs no engine."""
    deploy = shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("secrets", "duanka.env"))
    (deploy / "secrets").mkdir()
    for name in ("duanka.env", "secrets/postgres"):
        (deploy / name).touch()
    command = ["docker-compose", "-f", str(deploy / "compose.yml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_secret_is_in_the_files() -> None:
    """Passwords come from files that are not part of the project; the example holds none, and git ignores the rest."""
    for path in (*UNITS, *DEPLOY.glob("*.yml"), DEPLOY / "nginx.conf", DEPLOY / "duanka.env.example"):
        text = path.read_text("utf-8")
        assert not re.search(r"PASSWORD[:=] *['\"]?[^\s'\"#…]", text), path.name
        assert not re.search(r"://[^/\s:]*:(?!PASSWORD)[^@\s/]+@", text), path.name
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert {"deploy/duanka.env", "deploy/secrets/"} <= set(ignored)


def test_the_example_names_settings_that_exist() -> None:
    """Every variable of the example is one that is read, and empty values are its defaults."""
    lines = (DEPLOY / "duanka.env.example").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert read_settings(given) == read_settings({})
    read = (ROOT / "bot/settings.py").read_text("utf-8")
    assert [name for name in given if name not in read] == []


def expect_verb(words: list[str]) -> None:
    """Fail unless the words are a command of ours, as the command line itself reads them."""
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not hasattr(command, "commands")
    command.make_context("duanka", list(words))
