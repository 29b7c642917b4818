"""Which doors `duanka run` opens: those of the named file, WeChat and 企业微信 when the environment names an account.

Knows Rasa's credentials files and the environment; a secret stays in the environment and is written nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.doors.wechat.credentials import VARIABLES, WECOM_VARIABLES, from_environment, read_credentials
from bot.processes.programs import CommandError

ALWAYS = Path("bot/rasa/credentials.yml")
# What is open only with an account: its name, its part of the credentials, its variables, what checks them.
ACCOUNTS = (
    ("微信公众号", Path("bot/rasa/credentials.wechat.yml"), VARIABLES, "（逐项检查：duanka wechat check）"),
    ("企业微信", Path("bot/rasa/credentials.wecom.yml"), WECOM_VARIABLES, ""),
)
PRODUCTION, VARIABLE = Path("deploy/credentials.yml"), "DUANKA_CREDENTIALS"
WEB = "bot.doors.web.channel.WebInput"
TOGETHER = Path(".cache/credentials.yml")


def opens_wechat(environment: Mapping[str, str]) -> bool:
    """Whether the environment names an Official Account."""
    return bool(environment.get(VARIABLES["token"]))


def opens_wecom(environment: Mapping[str, str]) -> bool:
    """Whether the environment names an application of 企业微信."""
    return bool(environment.get(WECOM_VARIABLES["token"]))


def opens_rest(root: Path, environment: Mapping[str, str]) -> bool:
    """Whether programs may ask over plain REST: not in production. Raises CommandError as `credentials_file` does."""
    return "rest" in yaml.safe_load(_named(root, environment).read_text("utf-8"))


def credentials_file(root: Path, environment: Mapping[str, str]) -> Path:
    """Return the file for Rasa. Raises CommandError with everything wrong, when an account is named but not rightly."""
    parts = [_named(root, environment)]
    for name, part, variables, how in ACCOUNTS:
        if environment.get(variables["token"]):
            try:
                read_credentials(from_environment(environment, variables), variables)
            except ValueError as error:
                raise CommandError(f"{name}的配置有问题{how}：\n{error}") from error
            parts.append(root / part)
    if len(parts) == 1:
        return parts[0]
    together = root / TOGETHER
    together.parent.mkdir(exist_ok=True)
    # Rasa reads one file; the variables in it stay variables.
    together.write_text("\n".join(part.read_text("utf-8") for part in parts), encoding="utf-8")
    return together


def filled_in(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables that the file needs: Rasa knows no default for one that is not set."""
    return {
        variable: environment.get(variable, "")
        for _, _, variables, _ in ACCOUNTS
        if environment.get(variables["token"])
        for variable in variables.values()
    }


def _named(root: Path, environment: Mapping[str, str]) -> Path:
    path = root / (environment.get(VARIABLE) or ALWAYS)
    try:
        doors = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CommandError(f"{VARIABLE}：读不了 {path}（{type(error).__name__}）；例如 {PRODUCTION}") from error
    if not isinstance(doors, dict) or WEB not in doors:
        raise CommandError(f"{VARIABLE}：{path} 里没有 {WEB}：居民的网页总要开放；例如 {PRODUCTION}")
    return path
