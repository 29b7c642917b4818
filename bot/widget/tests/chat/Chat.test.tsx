/** The whole chat, over a channel in memory: src/chat/Chat.tsx. */
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat } from "../../src/chat/Chat";
import { Dictation } from "../../src/chat/dictation";
import { Host } from "../../src/chat/host";
import { readOptions } from "../../src/chat/options";
import { Announcer } from "../../src/chat/parts/Announcer";
import { Speaker } from "../../src/chat/speaker";
import { clock } from "../../src/chat/wording";
import type { Conversation } from "../../src/conversation/conversation";
import type { Reply } from "../../src/wire/contract";
import { FakeStore, FakeWire, pageOver, quiet, turnOf } from "../fakes";
import { HOSTILE } from "./hostile";

/** A browser's speech recognition; the newest one is `last`. */
class Recogniser {
  static last: Recogniser;
  lang = "";
  interimResults = true;
  continuous = false;
  onresult: ((event: { readonly results: ArrayLike<ArrayLike<{ readonly transcript: string }>> }) => void) | null = null;
  onerror: ((event: { error: string }) => void) | null = null;
  onend: (() => void) | null = null;
  started = false;
  constructor() {
    Recogniser.last = this;
  }
  start(): void {
    this.started = true;
  }
  stop(): void {
    this.onend?.();
  }
}

let wire: FakeWire;
let store: FakeStore;

beforeEach(() => {
  wire = new FakeWire();
  store = new FakeStore();
  Element.prototype.scrollIntoView = () => undefined; // nothing is laid out here
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const settle = () => act(quiet);

async function open(query = ""): Promise<Conversation> {
  const conversation = pageOver(wire, store);
  const parts = { conversation, options: readOptions(query), store, speaker: new Speaker(undefined), dictation: new Dictation(Recogniser) };
  render(<Chat {...parts} host={new Host(window, null)} />);
  await act(() => conversation.open());
  return conversation;
}

const input = () => screen.getByLabelText<HTMLTextAreaElement>("您想问什么");
const announced = (how: string) => document.querySelector(`[data-announcer=${how}]`)?.textContent;

async function ask(text: string): Promise<void> {
  fireEvent.change(input(), { target: { value: text } });
  fireEvent.keyDown(input(), { key: "Enter" });
  await settle();
}

describe("what is always in sight", () => {
  test("both hotlines, also before anything has loaded and without a line", async () => {
    wire.trouble = Array(9).fill("unreachable");
    await open();
    const help = within(screen.getByRole("region", { name: "求助电话" })).getAllByRole("link");
    expect(help.map((link) => link.getAttribute("href"))).toEqual(["tel:110", "tel:96110"]);
  });

  test("that it is automatic, quotes bulletins, and never asks for codes, card numbers or transfers", async () => {
    await open();
    const said = screen.getByRole("main").textContent ?? "";
    for (const words of ["自动回答的程序", "已公布的通报", "验证码", "卡号", "转账"]) expect(said).toContain(words);
  });
});

describe("quick replies", () => {
  test("the topics of the greeting are asked by a tap", async () => {
    wire.catalogue = { topics: [{ name: "举报", ask: "去哪里举报？" }], places: [] };
    await open();
    fireEvent.click(screen.getByRole("button", { name: "去哪里举报？" }));
    await settle();
    expect(wire.asked.map(({ text }) => text)).toEqual(["去哪里举报？"]);
  });

  test.each([["南宁", 1], ["北京", 0], ["", 0]])("a page of %s offers its place %i times: only where a centre published", async (place, times) => {
    wire.catalogue = { topics: [{ name: "举报", ask: "去哪里举报？" }], places: ["南宁"] };
    await open(`?place=${place}`);
    const offered = within(screen.getByRole("navigation", { name: "常问的问题" })).getAllByRole("button");
    expect(offered.filter((button) => button.textContent === `我在${place}`)).toHaveLength(times);
    expect(wire.asked).toEqual([]);
  });

  test("the newest answer's suggestions are offered, older ones are not", async () => {
    wire.turns.set("t", [turnOf("aaaaaaaa", "一", { suggestions: ["旧"] }), turnOf("bbbbbbbb", "二", { suggestions: ["新"] })]);
    store.set("duanka:session", "t");
    await open();
    expect(screen.getByRole("button", { name: "新" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "旧" })).toBeNull();
  });
});

describe("an answer that arrives", () => {
  test("is announced and takes the focus", async () => {
    await open();
    input().focus();
    await ask("什么是断卡？");
    expect(announced("polite")).toBe("答：什么是断卡？");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("回答");
  });

  test("leaves the focus to someone who types the next question", async () => {
    let answer = () => {};
    wire.gate = new Promise((resolve) => (answer = resolve));
    await open();
    input().focus();
    await ask("一");
    expect(announced("polite")).toBe("正在查找通报");
    fireEvent.change(input(), { target: { value: "二" } });
    answer();
    await settle();
    expect(announced("polite")).toBe("答：一");
    expect(document.activeElement).toBe(input());
  });

  test("is announced at once when it is an emergency", async () => {
    wire.message = async (_session, id, text) => turnOf(id, text, { kind: "emergency" }, "请立即拨打110");
    await open();
    await ask("我被骗了");
    expect([announced("urgent"), announced("polite")]).toEqual(["请立即拨打110", ""]);
  });

  test("is announced once: then its words stand only where one reads them", () => {
    vi.useFakeTimers();
    const said = (reply: Reply, searching = false) => <Announcer reply={reply} searching={searching} />;
    const { reply: first } = turnOf("aaaaaaaa", "一");
    const { reply: second } = turnOf("bbbbbbbb", "二");
    const { rerender } = render(said(first));
    expect(announced("polite")).toBe("答：一");
    act(() => void vi.advanceTimersByTime(5000));
    expect(announced("polite")).toBe("");
    rerender(said(first, true));
    expect(announced("polite")).toBe("正在查找通报");
    rerender(said(second));
    expect(announced("polite")).toBe("答：二");
    vi.useRealTimers();
  });

  test("offers no questions in an emergency, and its choices when it asks back", async () => {
    const says = (kind: string) => async (_session: string, id: string, text: string) => turnOf(id, text, { kind, suggestions: ["银行卡"] });
    await open();
    wire.message = says("emergency");
    await ask("我被骗了");
    expect(screen.queryByRole("button", { name: "银行卡" })).toBeNull();
    wire.message = says("ask");
    await ask("会被罚吗");
    expect(within(screen.getByRole("navigation", { name: "请选一个，也可以直接打字" })).getByRole("button", { name: "银行卡" })).toBeTruthy();
  });

  test("is not announced when it is only the history of a reload", async () => {
    wire.turns.set("t", [turnOf("aaaaaaaa", "一")]);
    store.set("duanka:session", "t");
    await open();
    expect(screen.getByRole("article", { name: "回答" })).toBeTruthy();
    expect([announced("polite"), announced("urgent")]).toEqual(["", ""]);
  });
});

describe("typing", () => {
  test("Enter within an input method's composition does not send", async () => {
    await open();
    fireEvent.change(input(), { target: { value: "yin'hang" } });
    fireEvent.keyDown(input(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(input(), { key: "Enter", shiftKey: true });
    await settle();
    expect([wire.asked, input().value]).toEqual([[], "yin'hang"]);
  });

  test("characters are counted as a person counts them, and too many can still be sent: a victim's story is long", async () => {
    await open();
    fireEvent.change(input(), { target: { value: "𠮷".repeat(301) } });
    expect(document.getElementById("counter")?.textContent).toBe("超出 1 字，请缩短");
    fireEvent.keyDown(input(), { key: "Enter" });
    await settle();
    expect(wire.asked).toHaveLength(1);
  });

  test("what was sent is gone from the field, unless it was too long: that is there to be shortened", async () => {
    await open();
    await ask("长".repeat(300));
    expect(input().value).toBe("");
    await ask("长".repeat(301));
    expect(input().value).toBe("长".repeat(301));
  });
});

describe("trouble", () => {
  test("is said where the answer would be, and 重试 asks again under the same id", async () => {
    await open();
    await ask("先");
    wire.trouble = ["unreachable"];
    await ask("问");
    expect(screen.getByText(/暂时连不上/).textContent).toContain("110");
    fireEvent.click(screen.getByRole("button", { name: "重试" }));
    await settle();
    expect(screen.queryByText(/暂时连不上/)).toBeNull();
    expect(new Set(wire.asked.filter(({ text }) => text === "问").map(({ id }) => id)).size).toBe(1);
  });

  test("who asks too fast does not read that the line is down", async () => {
    await open();
    await ask("先");
    wire.trouble = ["busy"];
    await ask("问");
    expect(screen.getByText(/问得太多、太快了/).textContent).toContain("110");
    expect(screen.queryByText(/连不上/)).toBeNull();
  });

  test("a forgotten session keeps the talk on the screen, with a note", async () => {
    await open();
    await ask("从前");
    wire.turns.clear();
    await ask("现在");
    expect(screen.getByText("从前")).toBeTruthy();
    expect(screen.getByText(/连接重新建立了/)).toBeTruthy();
    expect(screen.getAllByRole("article", { name: "回答" })).toHaveLength(2);
  });
});

describe("saying whether it helped", () => {
  beforeEach(() => {
    wire.turns.set("t", [turnOf("aaaaaaaa", "一", { kind: "answer" })]);
    store.set("duanka:session", "t");
  });

  test("没帮助 is delivered at once, and a few words with it if one likes", async () => {
    await open();
    fireEvent.click(screen.getByRole("button", { name: "没帮助" }));
    await settle();
    fireEvent.change(screen.getByLabelText(/哪里没帮到您/), { target: { value: " 太短 " } });
    fireEvent.click(screen.getByRole("button", { name: "提交" }));
    await settle();
    expect(wire.judged).toEqual([
      { message: "aaaaaaaa", helpful: false, comment: "" },
      { message: "aaaaaaaa", helpful: false, comment: "太短" },
    ]);
    expect(screen.getByRole("button", { name: "没帮助" }).getAttribute("aria-pressed")).toBe("true");
  });

  test("what could not be delivered is not shown as if it were", async () => {
    await open();
    wire.trouble = ["unreachable"];
    fireEvent.click(screen.getByRole("button", { name: "有帮助" }));
    await settle();
    expect(screen.getByText("没有送出去，请稍后再点一次。")).toBeTruthy();
    expect(screen.getByRole("button", { name: "有帮助" }).getAttribute("aria-pressed")).toBe("false");
  });
});

test("a window that is closed falls silent", async () => {
  wire.turns.set("t", [turnOf("aaaaaaaa", "一")]);
  store.set("duanka:session", "t");
  vi.stubGlobal("SpeechSynthesisUtterance", class {});
  const around = { postMessage: () => undefined };
  const within = Object.assign(new EventTarget(), { parent: around }) as unknown as Window;
  const speaker = new Speaker({ speak: () => undefined, cancel: () => undefined } as unknown as SpeechSynthesis);
  const conversation = pageOver(wire, store);
  const parts = { conversation, options: readOptions(""), store, speaker, dictation: new Dictation(undefined) };
  render(<Chat {...parts} host={new Host(within, "https://centre.example")} />);
  await act(() => conversation.open());
  fireEvent.click(screen.getByRole("button", { name: "朗读" }));
  expect(screen.getByRole("button", { name: "停止朗读" })).toBeTruthy();
  const closed = { data: { duanka: "closed" }, origin: "https://centre.example", source: around };
  act(() => void within.dispatchEvent(Object.assign(new Event("message"), closed)));
  expect(screen.getByRole("button", { name: "朗读" })).toBeTruthy();
});

test("大字版 is remembered on this device", async () => {
  await open();
  fireEvent.click(screen.getByRole("button", { name: "大字版" }));
  cleanup();
  await open();
  expect(document.querySelector(".ChatApp")?.getAttribute("data-elder-mode")).toBe("true");
});

test("what was chosen on this device goes before what the page asks for", async () => {
  store.set("duanka:elder", "0");
  await open("?elder=1");
  expect(document.querySelector(".ChatApp")?.getAttribute("data-elder-mode")).toBe("false");
});

test.each(HOSTILE)("%s as a question, a suggestion, a topic, a title stays text", async (text) => {
  wire.catalogue = { topics: [{ name: text, ask: text }], places: [text] };
  wire.turns.set("t", [turnOf("aaaaaaaa", text, { suggestions: [text] }, text)]);
  store.set("duanka:session", "t");
  await open(`?title=${encodeURIComponent(text)}&place=${encodeURIComponent(text)}&color=${encodeURIComponent(text)}`);
  const app = document.querySelector(".ChatApp");
  expect(app?.querySelectorAll("script, img, iframe, style, link, meta, object, embed, base, details, video")).toHaveLength(0);
  expect(document.querySelector(".Message.right .Bubble")?.textContent).toBe(text);
  expect((window as { hit?: number }).hit).toBeUndefined();
});

describe("删除本次对话", () => {
  const tap = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

  test("asks back, then deletes, says so, leaves the greeting alone and the pen in one's hand", async () => {
    await open();
    expect(screen.queryByText("删除本次对话")).toBeNull();
    await ask("问");
    tap("删除本次对话");
    expect(document.activeElement).toBe(screen.getByRole("group", { name: "删除本次对话" }));
    expect(screen.getAllByRole("article")).toHaveLength(1);
    tap("确定删除");
    await settle();
    expect(wire.turns.size).toBe(0);
    expect(screen.queryAllByRole("article")).toEqual([]);
    expect(screen.getByText("刚才的对话已经全部删除。").getAttribute("role")).toBe("status");
    expect(document.activeElement).toBe(input());
    await ask("再问");
    expect(screen.queryByText("刚才的对话已经全部删除。")).toBeNull();
    expect(screen.getAllByRole("article")).toHaveLength(1);
  });

  test("whoever does not want to goes on where they were", async () => {
    await open();
    await ask("问");
    tap("删除本次对话");
    tap("不删除");
    expect(wire.turns.size).toBe(1);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "删除本次对话" }));
  });

  test("a deletion that failed is said, and can be tried again", async () => {
    await open();
    await ask("问");
    wire.trouble = ["broken"];
    tap("删除本次对话");
    tap("确定删除");
    await settle();
    expect(screen.getByRole("group", { name: "删除本次对话" }).textContent).toContain("暂时没能删除，对话还在");
    expect(screen.getAllByRole("article")).toHaveLength(1);
    tap("再试一次");
    await settle();
    expect(screen.queryAllByRole("article")).toEqual([]);
  });
});

describe("speaking instead of typing", () => {
  const hold = () => screen.getByRole("button", { name: "按住说话" });

  test("what is heard while the button is held stands in the box, and is sent by nobody but the resident", async () => {
    await open();
    fireEvent.change(input(), { target: { value: "请问" } });
    fireEvent.pointerDown(hold());
    expect([Recogniser.last.lang, hold().getAttribute("aria-pressed")]).toEqual(["zh-CN", "true"]);
    expect(screen.getByText(/声音由浏览器（可能是它的厂商）转成文字，我们收不到/)).toBeTruthy();
    Recogniser.last.onresult?.({ results: [[{ transcript: "卖卡" }], [{ transcript: "会怎样" }]] });
    act(() => void fireEvent.pointerUp(hold()));
    expect([input().value, hold().getAttribute("aria-pressed")]).toEqual(["请问卖卡会怎样", "false"]);
    expect(document.querySelectorAll(".Answer")).toHaveLength(0);
  });

  test("with the keyboard one press begins and the next ends it", async () => {
    await open();
    fireEvent.keyDown(hold(), { key: "Enter" });
    expect(hold().getAttribute("aria-pressed")).toBe("true");
    act(() => void fireEvent.keyDown(hold(), { key: " " }));
    expect(hold().getAttribute("aria-pressed")).toBe("false");
  });

  test.each([["not-allowed", "没有使用麦克风的许可"], ["no-speech", "没有听清"], ["network", "没有听清"]])("after %s it says what to do", async (error, says) => {
    await open();
    fireEvent.pointerDown(hold());
    act(() => {
      Recogniser.last.onerror?.({ error });
      Recogniser.last.onend?.();
    });
    expect(screen.getByText(new RegExp(says))).toBeTruthy();
  });
});

describe("where the browser keeps nothing for a page of another site", () => {
  test("it says so, with the way to a window of its own; elsewhere it does not", async () => {
    await open();
    expect(screen.queryByText(/刷新以后就没有了/)).toBeNull();
    cleanup();
    store.lasts = false;
    const conversation = pageOver(wire, store);
    const parent = Object.assign(new EventTarget(), { postMessage: () => undefined });
    const inside = Object.assign(new EventTarget(), { parent }) as unknown as Window;
    const parts = { conversation, options: readOptions(""), store, speaker: new Speaker(undefined), dictation: new Dictation(undefined) };
    render(<Chat {...parts} host={new Host(inside, "https://centre.example")} />);
    expect(screen.getByText(/刷新以后就没有了/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "在单独的窗口里提问" }).getAttribute("target")).toBe("_blank");
    expect(screen.queryByRole("button", { name: "按住说话" })).toBeNull();
  });
});

test("a question says when it was asked, a point can be sent on with its source where the device can", async () => {
  const shared: { text: string }[] = [];
  Object.defineProperty(navigator, "share", { configurable: true, value: async (what: { text: string }) => void shared.push(what) });
  const custom = {
    kind: "answer", quotes: [{ text: "出租银行卡违法。", citation: 1 }],
    citations: [{ number: 1, title: "通报", publisher: "平安南宁", place: "南宁", published: null, url: null, reader: "bulletins/x#p01" }],
  };
  wire.turns.set("t", [turnOf("aaaaaaaa", "租卡", custom, "「出租银行卡违法。」【来源】《通报》"), turnOf("bbbbbbbb", "你好")]);
  store.set("duanka:session", "t");
  await open();
  expect(document.querySelector("time")?.textContent).toMatch(/\d\d:\d\d$/);
  expect(screen.getAllByRole("button", { name: "转发" })).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "转发" }));
  await settle();
  expect(shared[0]?.text).toContain("出租银行卡违法。");
  expect(shared[0]?.text).toContain("bulletins/x#p01");
  Reflect.deleteProperty(navigator, "share");
});

test.each([
  ["2026-11-24T09:30:00", "09:30"], ["2026-11-23T23:05:00", "11月23日 23:05"], ["", ""], ["gestern", ""],
])("the time %s is shown as %s", (at, shown) => expect(clock(at, new Date("2026-11-24T12:00:00"))).toBe(shown));
