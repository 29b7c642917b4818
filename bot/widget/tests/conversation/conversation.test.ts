/** A conversation survives what phones and servers do: src/conversation/conversation.ts. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/conversation/conversation";
import { OUTBOX_KEY } from "../../src/conversation/outbox";
import { SESSION_KEY } from "../../src/conversation/sessions";
import { FakeClock, FakeStore, FakeWire, pageOver, quiet, turnOf } from "../fakes";

let wire: FakeWire;
let store: FakeStore;
let clock: FakeClock;
let page: Conversation;

beforeEach(() => {
  wire = new FakeWire();
  store = new FakeStore();
  clock = new FakeClock();
  page = pageOver(wire, store, clock);
});

const texts = (of: Conversation) => of.current().turns.map((turn) => turn.text);
const waiting = (of: Conversation) => of.current().waiting.map(({ text, state }) => `${text} ${state}`);
const ids = () => wire.asked.map(({ id }) => id);

describe("asking", () => {
  test("whoever only looks has no session", async () => {
    await page.open();
    expect(wire.turns.size).toBe(0);
    expect(page.current().history).toBe("here");
  });

  test("the question is there at once, its reply when it comes", async () => {
    let answer = () => {};
    wire.gate = new Promise((resolve) => (answer = resolve));
    const asking = page.ask("  什么是断卡？ ");
    expect(waiting(page)).toEqual(["什么是断卡？ asking"]);
    answer();
    await asking;
    expect(waiting(page)).toEqual([]);
    expect(page.current().turns[0]?.reply.text).toBe("答：什么是断卡？");
    expect(page.current().answered).toBe(page.current().turns[0]?.id);
  });

  test("nothing but white space is no question", async () => {
    await page.ask(" \n ");
    expect(wire.asked).toEqual([]);
  });

  test("questions are put one after the other, in the order they were typed", async () => {
    await Promise.all([page.ask("一"), page.ask("二"), page.ask("三")]);
    await quiet();
    expect(wire.asked.map(({ text }) => text)).toEqual(["一", "二", "三"]);
    expect(texts(page)).toEqual(["一", "二", "三"]);
    expect(wire.turns.size).toBe(1);
  });
});

describe("nothing is lost and nothing is asked twice", () => {
  test("a reply that got lost is fetched under the same id", async () => {
    wire.lost = 1;
    await page.ask("问");
    expect(waiting(page)).toEqual(["问 stuck"]);
    await clock.ring();
    expect(texts(page)).toEqual(["问"]);
    expect(new Set(ids()).size).toBe(1);
    expect([...wire.turns.values()].flat()).toHaveLength(1);
  });

  test("a reload asks what is unanswered again, under the same id", async () => {
    wire.trouble = ["unreachable"];
    await page.ask("问");
    const reloaded = pageOver(wire, store);
    await reloaded.open();
    expect(texts(reloaded)).toEqual(["问"]);
    expect(new Set(ids()).size).toBe(1);
    expect(store.get(OUTBOX_KEY)).toBeNull();
  });

  test("a reload finds a reply that came while nobody looked, and does not ask again", async () => {
    wire.lost = 1;
    await page.ask("问");
    const before = wire.asked.length;
    const reloaded = pageOver(wire, store);
    await reloaded.open();
    expect(texts(reloaded)).toEqual(["问"]);
    expect(wire.asked.length).toBe(before);
    expect(reloaded.current().answered).toBe(ids()[0]);
  });

  test("a reply that got lost counts as arrived when the history brings it, and others' do not", async () => {
    await page.ask("先");
    const first = page.current().answered;
    const second = pageOver(wire, store);
    await second.open();
    expect(second.current().answered).toBeNull();
    wire.lost = 1;
    await page.ask("后");
    expect(page.current().answered).toBe(first);
    await page.resume();
    expect(page.current().answered).toBe(ids()[1]);
    expect(ids()).toHaveLength(2);
  });

  test("it is tried again by itself, ever more patiently, and at once when one asks for it", async () => {
    wire.trouble = Array(6).fill("unreachable");
    await page.ask("问");
    const pauses = [clock.pause];
    for (let time = 0; time < 4; time += 1) {
      await clock.ring();
      pauses.push(clock.pause);
    }
    expect(pauses).toEqual([2_000, 4_000, 8_000, 15_000, 30_000]);
    await page.retry();
    expect(waiting(page)).toEqual(["问 stuck"]);
    await page.retry();
    expect(texts(page)).toEqual(["问"]);
  });

  test("a question the channel stumbles over does not hold up the next", async () => {
    await page.ask("先有会话");
    wire.trouble = ["broken"];
    await Promise.all([page.ask("坏的"), page.ask("我被骗了")]);
    await quiet();
    expect(texts(page)).toEqual(["先有会话", "我被骗了"]);
    expect(waiting(page)).toEqual(["坏的 stuck"]);
  });

  test("who asks too fast waits, and a victim's question behind it does not", async () => {
    await page.ask("先有会话");
    wire.trouble = ["busy"];
    await Promise.all([page.ask("一"), page.ask("我被骗了")]);
    await quiet();
    expect(texts(page)).toEqual(["先有会话", "我被骗了"]);
    expect(waiting(page)).toEqual(["一 busy"]);
    wire.trouble = ["unreachable"];
    await clock.ring();
    expect(waiting(page)).toEqual(["一 stuck"]);
    await clock.ring();
    expect(texts(page)).toEqual(["先有会话", "我被骗了", "一"]);
  });

  test("a question that is not taken says why, and is not asked again", async () => {
    await page.ask("先有会话");
    wire.trouble = ["refused"];
    wire.sentence = "内容太大，请拨打96110";
    await page.ask("问");
    expect(page.current().waiting).toMatchObject([{ text: "问", state: "refused", sentence: "内容太大，请拨打96110" }]);
    expect(store.get(OUTBOX_KEY)).toBeNull();
    page.discard(page.current().waiting[0]?.id ?? "");
    expect(waiting(page)).toEqual([]);
  });

  test("a question one gave up is not asked again", async () => {
    wire.trouble = ["unreachable"];
    await page.ask("问");
    page.discard(page.current().waiting[0]?.id ?? "");
    await clock.ring();
    await page.retry();
    expect([waiting(page), texts(page), store.get(OUTBOX_KEY)]).toEqual([[], [], null]);
  });

  test("after an hour nobody waits for an answer any more, and what was typed is gone from the browser", async () => {
    wire.trouble = ["unreachable"];
    await page.ask("问");
    clock.time += 61 * 60 * 1000;
    await page.retry();
    expect([waiting(page), texts(page), store.get(OUTBOX_KEY)]).toEqual([[], [], null]);
  });
});

describe("sessions", () => {
  test("one the server forgot is replaced: what was said stays, what waits is asked again", async () => {
    await page.ask("从前");
    wire.turns.clear();
    await page.ask("现在");
    expect(page.current().earlier.map(({ text }) => text)).toEqual(["从前"]);
    expect(texts(page)).toEqual(["现在"]);
    expect(new Set(wire.asked.filter(({ text }) => text === "现在").map(({ id }) => id)).size).toBe(1);
  });

  test("one forgotten while nothing waits leaves the screen as it is", async () => {
    await page.ask("从前");
    wire.turns.clear();
    await page.refresh();
    expect(page.current().earlier.map(({ text }) => text)).toEqual(["从前"]);
    expect(store.get(SESSION_KEY)).toBeNull();
  });

  test("two tabs that ask at once share one", async () => {
    const other = pageOver(wire, store);
    await page.ask("甲");
    await other.ask("乙");
    await page.refresh();
    expect(wire.turns.size).toBe(1);
    expect(texts(page)).toEqual(["甲", "乙"]);
  });
});

describe("history", () => {
  test("a second tab shows what the first said", async () => {
    await page.ask("甲");
    const other = pageOver(wire, store);
    await other.open();
    expect(texts(other)).toEqual(["甲"]);
    expect(other.current().answered).toBeNull();
  });

  test("what cannot be fetched is said, and fetched when one tries again", async () => {
    await page.ask("甲");
    const reloaded = pageOver(wire, store);
    wire.trouble = ["unreachable"];
    await reloaded.open();
    expect(reloaded.current().history).toBe("failed");
    await reloaded.retry();
    expect([reloaded.current().history, texts(reloaded)]).toEqual(["here", ["甲"]]);
  });

  test("a reply that comes while the history is under way is not lost", async () => {
    await page.ask("甲");
    const stale = [...(wire.turns.get("token-1") ?? [])];
    wire.history = async () => {
      await page.ask("乙");
      return { turns: stale, asked: [] };
    };
    await page.refresh();
    expect(texts(page)).toEqual(["甲", "乙"]);
  });

  test("what a page asked that could keep no outbox is waited for after a reload, and asked once", async () => {
    await page.ask("甲");
    const at = new Date(clock.time - 5_000).toISOString();
    wire.unanswered = [{ id: "left-1234", text: "乙", at }];
    const reloaded = pageOver(wire, store, clock);
    await Promise.all([reloaded.open(), reloaded.resume()]);
    expect(texts(reloaded)).toEqual(["甲", "乙"]);
    expect(ids().filter((id) => id === "left-1234")).toHaveLength(1);
    expect(waiting(reloaded)).toEqual([]);
    await reloaded.refresh();
    expect(waiting(reloaded)).toEqual([]);
  });

  test("what was left unanswered long ago is not asked again", async () => {
    await page.ask("甲");
    wire.unanswered = [{ id: "left-1234", text: "乙", at: new Date(clock.time - 2 * 3600_000).toISOString() }];
    const reloaded = pageOver(wire, store, clock);
    await reloaded.open();
    expect(ids()).not.toContain("left-1234");
  });

  test("what happened elsewhere in the meantime is caught up with", async () => {
    await page.ask("甲");
    wire.turns.get("token-1")?.push(turnOf("elsewhere-1", "乙"));
    await Promise.all([page.resume(), page.resume()]);
    expect(texts(page)).toEqual(["甲", "乙"]);
  });
});

describe("judging", () => {
  test("a judgement reaches the channel and shows", async () => {
    await page.ask("问");
    const id = page.current().turns[0]?.id ?? "";
    expect(await page.judge(id, false, "太短")).toBe(true);
    expect(wire.judged).toEqual([{ message: id, helpful: false, comment: "太短" }]);
    expect(page.current().turns[0]?.helpful).toBe(false);
  });

  test("one that did not arrive does not show", async () => {
    await page.ask("问");
    wire.trouble = ["broken"];
    expect(await page.judge(page.current().turns[0]?.id ?? "", true)).toBe(false);
    expect(page.current().turns[0]?.helpful).toBeNull();
  });
});

describe("erasing", () => {
  test("nothing that was said is left in the channel or the browser, and the next question begins a session", async () => {
    await page.ask("一");
    expect(await page.erase()).toBe(true);
    expect([texts(page), waiting(page), store.get(SESSION_KEY), store.get(OUTBOX_KEY)]).toEqual([[], [], null, null]);
    expect([...wire.turns.values()]).toEqual([]);
    await page.ask("二");
    expect(texts(page)).toEqual(["二"]);
    expect([...wire.turns.keys()]).toEqual(["token-2"]);
  });

  test.each(["unreachable", "broken", "refused"] as const)("%s: everything stays, and the next attempt does it", async (failure) => {
    await page.ask("一");
    wire.trouble = [failure];
    expect(await page.erase()).toBe(false);
    expect([texts(page), store.get(SESSION_KEY)]).toEqual([["一"], "token-1"]);
    expect(await page.erase()).toBe(true);
    expect(texts(page)).toEqual([]);
  });

  test("what the channel has forgotten already is only forgotten here", async () => {
    await page.ask("一");
    wire.turns.clear();
    expect(await page.erase()).toBe(true);
    expect([texts(page), page.current().earlier, store.get(SESSION_KEY)]).toEqual([[], [], null]);
  });

  test("what is asked meanwhile is in a session of its own, and stays", async () => {
    await page.ask("一");
    let erased = () => {};
    wire.gate = new Promise((resolve) => (erased = resolve));
    const erasing = page.erase();
    await quiet();
    wire.gate = Promise.resolve();
    wire.trouble = ["stranger"];
    await page.ask("二");
    erased();
    expect(await erasing).toBe(true);
    expect([texts(page), page.current().earlier]).toEqual([["二"], []]);
    expect([store.get(SESSION_KEY), [...wire.turns.keys()]]).toEqual(["token-2", ["token-2"]]);
  });

  test("another tab shows it no longer", async () => {
    await page.ask("一");
    const other = pageOver(wire, store);
    await other.open();
    await page.erase();
    await other.resume();
    expect([texts(other), other.current().earlier]).toEqual([[], []]);
  });
});
