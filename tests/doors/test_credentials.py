"""Which doors are opened: by the environment, with every mistake said before anything starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from simulated_wechat import ACCOUNT

from bot.doors.credentials import ACCOUNTS, ALWAYS, PRODUCTION, credentials_file, filled_in, opens_rest
from bot.doors.wechat.credentials import VARIABLES, WECOM_VARIABLES
from bot.processes.programs import CommandError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with all three files, as the repository has them."""
    for part in (ALWAYS, PRODUCTION, *(account.part for account in ACCOUNTS)):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).write_bytes((ROOT / part).read_bytes())
    return tmp_path


@pytest.mark.parametrize("environment", [{}, {"WECHAT_TOKEN": ""}, {"WECHAT_APPID": "wx"}])
def test_without_an_account(root: Path, environment: dict[str, str]) -> None:
    """The web and REST only; nothing is written and nothing is filled in."""
    assert credentials_file(root, environment) == root / ALWAYS
    assert filled_in(environment) == {}
    assert not (root / ".cache").exists()


def test_with_an_account(root: Path) -> None:
    """WeChat beside the usual doors; no secret is written, and every variable in the file has a value."""
    text = credentials_file(root, ACCOUNT).read_text("utf-8")
    usual = set(yaml.safe_load((ROOT / "bot/rasa/credentials.yml").read_text("utf-8")))
    assert set(yaml.safe_load(text)) == {*usual, "bot.doors.wechat.channel.WeChatInput"}
    assert {"bot.doors.web.channel.WebInput", "bot.doors.desk.channel.StaffInput"} <= usual
    assert not [value for value in ACCOUNT.values() if value in text]
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(filled_in(ACCOUNT)) == set(VARIABLES.values())


def test_with_both_accounts(root: Path) -> None:
    """企业微信 beside WeChat, or alone; what is wrong with one is said in its name."""
    wecom = {variable: ACCOUNT.get(VARIABLES[name], "") for name, variable in WECOM_VARIABLES.items()}
    wecom["WECOM_CORPID"] = "ww0123456789abcdef"
    both = yaml.safe_load(credentials_file(root, {**ACCOUNT, **wecom}).read_text("utf-8"))
    assert {"bot.doors.wechat.channel.WeChatInput", "bot.doors.wecom.channel.WeComInput"} <= set(both)
    text = credentials_file(root, wecom).read_text("utf-8")
    assert "WeChatInput" not in text
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(filled_in(wecom)) == set(WECOM_VARIABLES.values())
    with pytest.raises(CommandError, match=r"^企业微信的配置有问题：\nWECOM_CORPID：不合格"):
        credentials_file(root, {**ACCOUNT, **wecom, "WECOM_CORPID": "gh_x"})


def test_an_account_that_is_wrong(root: Path) -> None:
    """Everything that is wrong is said at once."""
    with pytest.raises(CommandError, match="wechat check") as wrong:
        credentials_file(root, {"WECHAT_TOKEN": "AAAAA"})
    for variable in ("WECHAT_APPID", "WECHAT_SENDER_SECRET", "WECHAT_ENCODING_AES_KEY"):
        assert variable in wrong.value.sentence


def test_production_opens_no_raw_door(root: Path) -> None:
    """Residents', staff's and operators' doors, WeChat where an account is named: none that anybody may speak into."""
    production = {"DUANKA_CREDENTIALS": "deploy/credentials.yml"}
    ours = {f"bot.doors.{each}" for each in ("web.channel.WebInput", "desk.channel.StaffInput", "health.HealthInput")}
    alone = credentials_file(root, production)
    together = credentials_file(root, {**ACCOUNT, **production})
    assert set(yaml.safe_load(alone.read_text("utf-8"))) == ours
    # Were one there twice, Rasa would refuse the file.
    assert len(re.findall(r"(?m)^\w", alone.read_text("utf-8"))) == len(ours)
    assert set(yaml.safe_load(together.read_text("utf-8"))) == {*ours, "bot.doors.wechat.channel.WeChatInput"}
    assert [opens_rest(root, each) for each in ({}, production, {**ACCOUNT, **production})] == [True, False, False]


@pytest.mark.parametrize("text", [None, "", "rest:\n", "- rest\n", "a: [\n"])
def test_a_file_that_opens_nothing(root: Path, text: str | None) -> None:
    """One that is not there, is no list of doors, or leaves residents outside is refused, and a right one named."""
    if text is not None:
        (root / "doors.yml").write_text(text, "utf-8")
    with pytest.raises(CommandError, match=r"DUANKA_CREDENTIALS：.*doors\.yml.*deploy/credentials\.yml"):
        credentials_file(root, {"DUANKA_CREDENTIALS": "doors.yml"})
