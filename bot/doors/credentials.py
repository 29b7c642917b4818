"""Which doors `duanka run` opens: those of the named file, and those of `ACCOUNTS` that the environment has one for.

Knows Rasa's credentials files and the environment; a secret stays in the environment and is written nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.doors.wechat.credentials import VARIABLES, WECOM_VARIABLES, from_environment, read_credentials
from bot.keeping.switches import CHANNELS
from bot.processes.programs import CommandError

ALWAYS = Path("bot/rasa/credentials.yml")


@dataclass(frozen=True)
class Account:
    """A door that is open only with an account: its channel, its part of the credentials, its variables by use.

    `checked` says how to have the variables checked, `reached` from where the other side must reach the door.
    """

    channel: str
    part: Path
    variables: Mapping[str, str]
    checked: str
    reached: str

    @property
    def name(self) -> str:
        """What the operator reads."""
        return CHANNELS[self.channel]

    def named(self, environment: Mapping[str, str]) -> bool:
        """Whether the environment names an account for it."""
        return bool(environment.get(self.variables["token"]))


ACCOUNTS = (
    Account(
        "wechat",
        Path("bot/rasa/credentials.wechat.yml"),
        VARIABLES,
        "（逐项检查：duanka wechat check）",
        "微信要从公网的 https 访问，见 docs/wechat.md",
    ),
    Account("wecom", Path("bot/rasa/credentials.wecom.yml"), WECOM_VARIABLES, "", "同样要从公网的 https 访问"),
)
PRODUCTION, VARIABLE = Path("deploy/credentials.yml"), "DUANKA_CREDENTIALS"
WEB = "bot.doors.web.channel.WebInput"
TOGETHER = Path(".cache/credentials.yml")


def opened(environment: Mapping[str, str]) -> tuple[Account, ...]:
    """Return the doors for which the environment names an account."""
    return tuple(account for account in ACCOUNTS if account.named(environment))


def opens_rest(root: Path, environment: Mapping[str, str]) -> bool:
    """Whether programs may ask over plain REST: not in production. Raises CommandError as `credentials_file` does."""
    return "rest" in yaml.safe_load(_named(root, environment).read_text("utf-8"))


def credentials_file(root: Path, environment: Mapping[str, str]) -> Path:
    """Return the file for Rasa. Raises CommandError with everything wrong, when an account is named but not rightly."""
    parts = [_named(root, environment)]
    for account in opened(environment):
        try:
            read_credentials(from_environment(environment, account.variables), account.variables)
        except ValueError as error:
            raise CommandError(f"{account.name}的配置有问题{account.checked}：\n{error}") from error
        parts.append(root / account.part)
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
        for account in opened(environment)
        for variable in account.variables.values()
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
