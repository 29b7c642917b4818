"""Links made of what is written elsewhere: a proper address, or none."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.doors.web.pages.links import reader_link, telephone_link, web_link


@pytest.mark.parametrize(
    "url",
    [
        "http://mp.weixin.qq.com/s?__biz=MzI==&mid=2&scene=27#wechat_redirect",
        "https://gaj.example.cn/通报/1.html",
        "https://example.org:8443/",
    ],
)
def test_an_address_on_the_web_is_linked(url: str) -> None:
    """The address as written, and the host it leads to."""
    link = web_link(url)
    assert link is not None
    assert (link.href, link.host) == (url, urlsplit(url).hostname)


@pytest.mark.parametrize(
    "url",
    [None, "", "mp.weixin.qq.com/s", "ftp://a.example/", "http:", "https:///x", "http://[::1", "http://a b/",
     "https://a@b.example/", "file:///etc/passwd", "http:\\\\a.example", "tel:110", "//a.example"],
)  # fmt: skip
def test_anything_else_is_not_linked(url: str | None) -> None:
    """No scheme but http and https, no user name, no white space, a host."""
    assert web_link(url) is None


@pytest.mark.parametrize(
    ("passage_id", "path"),
    [
        ("linyi-duanka#p12", "linyi-duanka#p12"),
        ("linyi-duanka", "linyi-duanka"),
        ("断卡 50%?#p01", "%E6%96%AD%E5%8D%A1%2050%25%3F#p01"),
        ("a#b#p01", "a%23b#p01"),
        ("a#evil", "a%23evil"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("../../x#p01", "..%2F..%2Fx#p01"),
    ],
)
def test_a_stem_is_one_step_of_a_path(passage_id: str, path: str) -> None:
    """Whatever a file is called, its link stays below the reader and keeps its anchor."""
    assert reader_link(passage_id) == path


def test_only_digits_are_dialled() -> None:
    """A hotline is a number; a `tel:` link takes nothing else."""
    assert telephone_link("96110") == "tel:96110"
    assert [telephone_link(each) for each in ("", "11", "110;ext=1", "110#", "９６１１０", "+86 110")] == [None] * 6
