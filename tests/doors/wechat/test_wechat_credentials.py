"""The credentials: everything wrong is said at once, by the variable's name, and no secret is repeated."""

from __future__ import annotations

import pytest

from bot.doors.wechat.cipher import key_of
from bot.doors.wechat.credentials import VARIABLES, Credentials, from_environment, read_credentials, wrong_app_secret

GOOD = {
    "token": "AAAAA",
    "appid": "wxba5fad812f8e6fb9",
    "sender_secret": "0123456789abcdef",
    "encoding_aes_key": "A" * 43,
}


def test_the_least() -> None:
    """Four values; the mode is safe, the notes are the process's own, replies have no reader link."""
    assert read_credentials(GOOD) == Credentials(
        "AAAAA", "wxba5fad812f8e6fb9", "0123456789abcdef", "safe", (key_of("A" * 43),)
    )


def test_everything() -> None:
    """Both keys in their order; the address without its last stroke."""
    given = {**GOOD, "mode": "compatible", "previous_encoding_aes_key": "B" * 43, "redis_url": "redis://h:6379/0"}
    read = read_credentials({**given, "public_url": "https://a.example.cn/webhooks/web/", "links": "off"})
    assert (read.mode, read.keys) == ("compatible", (key_of("A" * 43), key_of("B" * 43)))
    assert (read.redis_url, read.public_url) == ("redis://h:6379/0", "https://a.example.cn/webhooks/web")
    assert read.links is False


def test_plain_mode_needs_no_key() -> None:
    """And uses none that is there."""
    assert read_credentials({**GOOD, "mode": "plain", "encoding_aes_key": ""}).keys == ()
    assert read_credentials({**GOOD, "mode": "plain"}).keys == ()


@pytest.mark.parametrize("given", [None, {}, {name: f"${{{variable}}}" for name, variable in VARIABLES.items()}])
def test_nothing_filled_in(given: dict[str, str] | None) -> None:
    """Each missing variable is named, on a line of its own; the optional ones are not."""
    with pytest.raises(ValueError, match="WECHAT_TOKEN：没有填写") as wrong:
        read_credentials(given)
    named = [line.partition("：")[0] for line in str(wrong.value).splitlines()]
    assert named == ["WECHAT_TOKEN", "WECHAT_APPID", "WECHAT_SENDER_SECRET", "WECHAT_ENCODING_AES_KEY"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", "a"),
        ("token", "有汉字的令牌"),
        ("appid", "gh_97417a04a28d"),
        ("sender_secret", "short"),
        ("sender_secret", "$(cat /etc/duanka/sender-secret)"),
        ("sender_secret", "`openssl rand -hex 32`"),
        ("sender_secret", "$DUANKA_SENDER_SECRET_FROM_ELSEWHERE"),
        ("sender_secret", '"0123456789abcdef0123456789abcdef"'),
        ("sender_secret", "$(openssl rand -hex 32"),
        ("sender_secret", "秘密秘密秘"),
        ("encoding_aes_key", "A" * 42),
        ("previous_encoding_aes_key", "B" * 44),
        ("mode", "secret"),
        ("redis_url", "localhost:6379"),
        ("redis_url", "redis://h:port"),
        ("public_url", "a.example.cn"),
        ("public_url", 'https://a.example.cn/"x'),
        ("public_url", "https://a.example.cn/?x=1"),
        ("links", "maybe"),
        ("transfer", "maybe"),
        ("late", "yes"),
    ],
)
def test_one_that_is_wrong(name: str, value: str) -> None:
    """Its variable is named with what is allowed; what was given is not."""
    with pytest.raises(ValueError, match=f"^{VARIABLES[name]}：不合格；") as wrong:
        read_credentials({**GOOD, name: value})
    assert len(str(wrong.value).splitlines()) == 1
    if name not in ("mode", "token"):
        assert value not in str(wrong.value)


def test_from_the_environment() -> None:
    """As the credentials file would have it; others' variables do not matter."""
    environment = {VARIABLES[name]: value for name, value in GOOD.items()}
    assert read_credentials(from_environment({**environment, "HOME": "/"})) == read_credentials(GOOD)


def test_the_app_secret() -> None:
    """32 hexadecimal digits; what is wrong is said without it."""
    assert wrong_app_secret("0" * 32) is None
    assert "WECHAT_APP_SECRET" in str(wrong_app_secret("geheim"))
    assert "geheim" not in str(wrong_app_secret("geheim"))


def test_what_is_off_unless_it_is_switched_on() -> None:
    """Passing on to the account's staff, and late answers, which need the AppSecret; it is held for nothing else."""
    usual = read_credentials({**GOOD, "app_secret": "0" * 32})
    assert (usual.transfer, usual.app_secret) == (False, "")
    on = read_credentials({**GOOD, "transfer": "on", "late": "on", "app_secret": "0" * 32})
    assert (on.transfer, on.app_secret) == (True, "0" * 32)
    with pytest.raises(ValueError, match=r"WECHAT_APP_SECRET：.*WECHAT_LATE_ANSWERS"):
        read_credentials({**GOOD, "late": "on"})
