/** The button on a centre's page: src/loader/. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Launcher } from "../../src/loader/launcher";
import { chatAddress, readSettings } from "../../src/loader/settings";

const SOURCE = "https://police.example/webhooks/web/widget.js";

describe("settings", () => {
  test("a bare script has all it needs", () => {
    expect(readSettings({}, SOURCE)).toEqual({
      title: "断卡问答", place: null, colour: "#1f4e9e", ink: "#ffffff", side: "right", base: "https://police.example/webhooks/web/",
    });
  });

  test.each([
    ["#abc", "#aabbcc"], ["#1F4E9E", "#1f4e9e"], ["red", "#1f4e9e"], ["#12345", "#1f4e9e"],
    ["#fff;background:url(//evil.example)", "#1f4e9e"], ["url(javascript:1)", "#1f4e9e"], ["", "#1f4e9e"],
  ])("the colour %s becomes %s", (given, colour) => expect(readSettings({ color: given }, SOURCE).colour).toBe(colour));

  test("letters on a light colour are dark", () => expect(readSettings({ color: "#ffd500" }, SOURCE).ink).toBe("#11192d"));

  test("a side that is neither is the right one; a long title is cut", () => {
    const { side, title } = readSettings({ position: "top", title: " 反诈\n中心 " + "长".repeat(40) }, SOURCE);
    expect([side, title.startsWith("反诈 中心 长"), title.length]).toEqual(["right", true, 20]);
  });

  test("the chat's address carries them, and whose page it is", () => {
    const settings = readSettings({ title: "问&答", place: "南宁" }, SOURCE);
    const address = new URL(chatAddress(settings, "https://centre.example"));
    expect(address.origin + address.pathname).toBe("https://police.example/webhooks/web/chat");
    expect(Object.fromEntries(address.searchParams)).toEqual({ title: "问&答", place: "南宁", color: "#1f4e9e", host: "https://centre.example" });
  });
});

describe("the launcher", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    new Launcher(readSettings({ title: "问一问" }, `${location.origin}/webhooks/web/widget.js`), window).mount();
  });
  afterEach(() => {
    vi.useRealTimers();
    document.querySelector("duanka-widget")?.remove();
    sessionStorage.clear();
    history.replaceState(null, "");
    for (const name of ["inert", "aria-hidden"]) document.body.removeAttribute(name);
  });

  const root = () => document.querySelector("duanka-widget")?.shadowRoot as ShadowRoot;
  const button = () => root().querySelector(".launcher") as HTMLButtonElement;
  const frame = () => root().querySelector("iframe");
  const shown = (what: string) => getComputedStyle(root().querySelector(what) as Element).display !== "none";
  const isOpen = () => button().getAttribute("aria-expanded") === "true";
  const say = (word: string, { origin = location.origin, source = frame()?.contentWindow ?? null }: { origin?: string; source?: unknown } = {}) =>
    window.dispatchEvent(Object.assign(new Event("message"), { data: { duanka: word }, origin, source }));

  test("loads nothing before it is opened, and the chat only once", () => {
    expect(frame()).toBeNull();
    button().click();
    const first = frame();
    button().click();
    button().click();
    expect(root().querySelectorAll("iframe")).toHaveLength(1);
    expect(frame()).toBe(first);
    expect([isOpen(), first?.title]).toEqual([true, "问一问"]);
  });

  test("the chat's word closes it, and the focus comes back to the button", () => {
    button().click();
    say("close");
    expect(isOpen()).toBe(false);
    expect(root().activeElement).toBe(button());
  });

  test("nobody else's word does: another origin's, another window's", () => {
    button().click();
    say("close", { origin: "https://evil.example" });
    say("close", { source: window });
    say("close", { source: null });
    expect(isOpen()).toBe(true);
  });

  test("the chat hears when it is opened and closed, and nobody else does", () => {
    button().click();
    const told: unknown[] = [];
    (frame()?.contentWindow as Window).postMessage = (...said: unknown[]) => void told.push(said);
    say("ready");
    button().click();
    expect(told).toEqual([[{ duanka: "opened" }, location.origin], [{ duanka: "closed" }, location.origin]]);
  });

  test("Escape closes it", () => {
    button().click();
    button().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(isOpen()).toBe(false);
  });

  test("hotlines and the plain page stand there from the first moment until the chat is up", () => {
    button().click();
    const links = [...root().querySelectorAll<HTMLAnchorElement>(".instead a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual(["tel:110", "tel:96110", `${location.origin}/webhooks/web/plain`]);
    expect([shown(".instead"), getComputedStyle(frame() as Element).opacity]).toEqual([true, "0"]);
    say("ready");
    expect([shown(".instead"), getComputedStyle(frame() as Element).opacity]).toEqual([false, "1"]);
  });

  test.each([["12 s after it was opened", false, 12_000], ["4 s after it was loaded", true, 4_000]])(
    "a chat that says nothing is given up %s, and may still come", (_when, loaded, wait) => {
      button().click();
      if (loaded) frame()?.dispatchEvent(new Event("load"));
      vi.advanceTimersByTime(wait - 1);
      expect([root().querySelector(".failed"), root().querySelector(".instead")?.textContent]).toEqual([null, expect.stringContaining("正在打开")]);
      vi.advanceTimersByTime(1);
      expect(root().querySelector(".failed .instead")?.textContent).toContain("暂时打不开");
      expect(shown("iframe")).toBe(false);
      say("ready");
      expect([root().querySelector(".failed"), shown(".instead"), shown("iframe")]).toEqual([null, false, true]);
    });

  test("on another site's page the console says what to set, once", () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    document.querySelector("duanka-widget")?.remove();
    new Launcher(readSettings({}, SOURCE), window).mount();
    button().click();
    frame()?.dispatchEvent(new Event("load"));
    vi.advanceTimersByTime(60_000);
    expect(told.mock.calls).toEqual([[expect.stringContaining(`DUANKA_WEB_ORIGINS=${location.origin}，`)]]);
    told.mockRestore();
  });

  test("a chat that comes up stays", () => {
    button().click();
    say("ready");
    frame()?.dispatchEvent(new Event("load"));
    vi.advanceTimersByTime(60_000);
    expect(root().querySelector(".failed")).toBeNull();
  });

  test("a reply that comes while it is closed leaves a mark until it is opened", () => {
    button().click();
    say("ready");
    say("answered");
    expect(root().querySelector(".unread")).toBeNull();
    button().click();
    say("answered");
    expect([shown(".mark"), button().textContent]).toEqual([true, expect.stringContaining("有新答复")]);
    button().click();
    expect(root().querySelector(".unread")).toBeNull();
  });

  test("open, Back closes it; closed, the page's own state is as it was", () => {
    history.replaceState({ page: "own" }, "");
    button().click();
    expect(history.state).toEqual({ page: "own", duanka: "open" });
    history.replaceState({ page: "own" }, "");
    window.dispatchEvent(new PopStateEvent("popstate"));
    expect([isOpen(), sessionStorage.getItem("duanka:open")]).toEqual([false, null]);
  });

  test("a place in the page that is gone to does not close it", () => {
    button().click();
    history.replaceState(null, "", "#contents");
    window.dispatchEvent(new PopStateEvent("popstate"));
    expect(isOpen()).toBe(true);
  });

  test("after a reload it is open again, and leaves the focus where it is", () => {
    button().click();
    document.querySelector("duanka-widget")?.remove();
    document.body.focus();
    new Launcher(readSettings({}, SOURCE), window).mount();
    expect([isOpen(), root().activeElement]).toEqual([true, null]);
  });

  test("without storage it works, and opens no more by itself than the history says", () => {
    const blocked = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => { throw new Error("blocked"); });
    button().click();
    button().click();
    button().click();
    expect(isOpen()).toBe(true);
    blocked.mockRestore();
  });
});

describe("the launcher in a small window", () => {
  const whole = { small: true };
  beforeEach(() => {
    vi.spyOn(window, "matchMedia").mockImplementation(() => ({ get matches() { return whole.small; } }) as MediaQueryList);
    document.body.setAttribute("aria-hidden", "false");
    new Launcher(readSettings({}, SOURCE), window).mount();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    document.querySelector("duanka-widget")?.remove();
    sessionStorage.clear();
    history.replaceState(null, "");
    document.body.removeAttribute("aria-hidden");
    whole.small = true;
  });

  const home = () => document.querySelector("duanka-widget")?.shadowRoot as ShadowRoot;
  const page = () => [document.body.hasAttribute("inert"), document.body.getAttribute("aria-hidden"), document.documentElement.style.overflow];

  test("the page behind is out of reach while it is open, and as before afterwards", () => {
    const button = home().querySelector(".launcher") as HTMLButtonElement;
    button.click();
    expect([home().querySelector(".panel")?.getAttribute("aria-modal"), page()]).toEqual(["true", [true, "true", "hidden"]]);
    button.click();
    expect([home().querySelector(".panel")?.hasAttribute("aria-modal"), page()]).toEqual([false, [false, "false", ""]]);
  });

  test("in a window that grows, both are in reach", () => {
    (home().querySelector(".launcher") as HTMLButtonElement).click();
    whole.small = false;
    window.dispatchEvent(new Event("resize"));
    expect([home().querySelector(".panel")?.hasAttribute("aria-modal"), page()]).toEqual([false, [false, "false", ""]]);
  });
});

describe("the launcher in a browser that cannot construct a style sheet", () => {
  beforeEach(() => {
    vi.stubGlobal("CSSStyleSheet", class { constructor() { throw new TypeError("Illegal constructor"); } });
    // An element that has an address and a relation, and loads nothing by itself.
    const make = document.createElement.bind(document);
    vi.spyOn(document, "createElement").mockImplementation((name: string) => make(name === "link" ? "a" : name));
    new Launcher(readSettings({ color: "#b3140f" }, SOURCE), window).mount();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    document.querySelector("duanka-widget")?.remove();
    sessionStorage.clear();
    history.replaceState(null, "");
  });

  const root = () => document.querySelector("duanka-widget")?.shadowRoot as ShadowRoot;
  const link = () => root().querySelector("[rel=stylesheet]") as HTMLLinkElement;
  const home = () => root().querySelector(".right") as HTMLElement;
  const style = (what: string) => (root().querySelector(what) as HTMLElement).style;

  test("the service's sheet is loaded; nothing is seen before it is there, nor an element with styles in it made", () => {
    expect([link().href, home().style.display, root().querySelector("style")]).toEqual(["https://police.example/webhooks/web/widget.css", "none", null]);
    link().dispatchEvent(new Event("load"));
    expect([home().style.display, style(".launcher").position]).toEqual(["", ""]);
  });

  test("where the page forbids that too, a script's hand lays it out, open and closed", () => {
    link().dispatchEvent(new Event("error"));
    expect([home().style.display, style(".launcher").position, style(".panel").display]).toEqual(["", "fixed", "none"]);
    (root().querySelector(".launcher") as HTMLButtonElement).click();
    expect([style(".panel").display, style(".panel").position, style("iframe").opacity]).toEqual(["block", "fixed", "0"]);
  });
});
