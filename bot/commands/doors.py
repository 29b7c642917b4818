"""Which doors `duanka run` opens: those of every installation, WeChat when the environment names an account.

Knows Rasa's credentials files and the environment; a secret stays in the environment and is written nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.channels.wechat.credentials import VARIABLES, from_environment, read_credentials
from bot.commands.processes import CommandError

ALWAYS, WECHAT = Path("bot/assistant/credentials.yml"), Path("bot/assistant/credentials.wechat.yml")
TOGETHER = Path(".cache/credentials.yml")


def opens_wechat(environment: Mapping[str, str]) -> bool:
    """Whether the environment names an account."""
    return bool(environment.get(VARIABLES["token"]))


def credentials_file(root: Path, environment: Mapping[str, str]) -> Path:
    """Return the file for Rasa. Raises CommandError with everything wrong, when an account is named but not rightly."""
    if not opens_wechat(environment):
        return root / ALWAYS
    try:
        read_credentials(from_environment(environment))
    except ValueError as error:
        raise CommandError(f"微信公众号的配置有问题（逐项检查：duanka wechat check）：\n{error}") from error
    together = root / TOGETHER
    together.parent.mkdir(exist_ok=True)
    # Rasa reads one file; the variables in it stay variables.
    together.write_text("\n".join((root / part).read_text("utf-8") for part in (ALWAYS, WECHAT)), encoding="utf-8")
    return together


def filled_in(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables that the file needs: Rasa knows no default for one that is not set."""
    given = from_environment(environment)
    return {VARIABLES[name]: value for name, value in given.items()} if opens_wechat(environment) else {}
