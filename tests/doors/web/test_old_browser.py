"""The chat and its pages in the oldest browser that is promised (bot/widget/browsers.ts), on pages of other sites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from host_site import BOX, LAUNCHER, PANEL, POLICIES, Site, host_site, keep

from tests.old_chromium import OldChromium, expect_old_chromium, in_old_chromium

WIDTH, HEIGHT = 390, 844


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that may hold the chat, and the service behind it."""
    expect_old_chromium()
    with host_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.mark.parametrize("policy", POLICIES)
def test_a_browser_of_2018(site: Site, tmp_path: Path, policy: str) -> None:
    """Chromium 70, which cannot construct a style sheet: whatever the page allows, the button and the chat are in
    place, a question is answered, a reply that comes while the chat is closed leaves its mark, Back closes it.
    """

    async def scene(browser: OldChromium) -> None:
        await browser.open(site.url + policy)
        await browser.when(f"document.querySelector('duanka-widget') && {LAUNCHER}.offsetHeight > 40")
        position, y = await browser.say(f"[getComputedStyle({LAUNCHER}).position, {LAUNCHER}.{BOX}.y]")
        assert position == "fixed"
        assert y > HEIGHT - 120
        keep(f"chromium70-{policy}-closed", await browser.picture())
        await browser.say(f"{LAUNCHER}.click()")
        await browser.when(f"{PANEL}.parentNode.className.match('ready')")
        assert await browser.say(f"(b => [b.x, b.y, b.width, b.height])({PANEL}.{BOX})") == [0, 0, WIDTH, HEIGHT]
        chat = await browser.frame()
        await chat.ask("卖卡会怎样")
        await chat.when("document.querySelector('.Answer') && document.body.innerText.includes('回复：卖卡会怎样')")
        assert await chat.say("document.documentElement.scrollWidth <= innerWidth")
        picture = await browser.picture()
        assert len(picture) > 10_000
        keep(f"chromium70-{policy}", picture)
        await chat.ask("等100慢慢查")
        await browser.say("history.back()")
        await browser.when(f"{LAUNCHER}.getAttribute('aria-expanded') === 'false'")
        await browser.when(f"getComputedStyle({LAUNCHER}.querySelector('.mark')).display === 'block'")
        assert await browser.say(f"{LAUNCHER}.textContent") == "断卡问答有新答复"
        assert browser.errors == []

    in_old_chromium(tmp_path, scene)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568), (640, 240)])
@pytest.mark.parametrize(
    "path", ["chat", "chat?elder=1", "plain", "plain?elder=1", "bulletins/", "bulletins/linyi-duanka#p12"]
)
def test_pages_in_a_browser_of_2018(site: Site, tmp_path: Path, path: str, width: int, height: int) -> None:
    """Each is laid out, nothing is wider than the window, no script breaks; half of a low window is talk."""

    async def scene(browser: OldChromium) -> None:
        await browser.open(site.service + path)
        await browser.when("document.readyState === 'complete' && document.styleSheets.length > 0")
        within = "document.body"
        if path.startswith("chat"):
            await browser.when("document.querySelector('.QuickReply')")
            assert await browser.say("document.querySelector('main').clientHeight") >= height / 2
            within = "document.querySelector('.ChatApp')"
        assert await browser.say("document.documentElement.scrollWidth - innerWidth") <= 0
        assert "sans-serif" in await browser.say(f"getComputedStyle({within}).fontFamily")
        assert browser.errors == []

    in_old_chromium(tmp_path, scene, width, height)
