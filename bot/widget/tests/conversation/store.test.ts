/** What is kept, where keeping is forbidden, and ids: src/conversation/store.ts, outbox.ts, identity.ts. */
import { expect, test } from "vitest";
import { newId } from "../../src/conversation/identity";
import { Outbox, OUTBOX_KEY } from "../../src/conversation/outbox";
import { BrowserStore, CookieJar, type Place } from "../../src/conversation/store";
import { FakeStore } from "../fakes";

test("what is kept is there for the next page", () => {
  new BrowserStore(() => localStorage).set("a", "1");
  expect(new BrowserStore(() => localStorage).get("a")).toBe("1");
});

test("where the browser forbids storage, the page remembers for itself", () => {
  const store = new BrowserStore(() => {
    throw new DOMException("denied", "SecurityError");
  });
  store.set("a", "1");
  expect(store.get("a")).toBe("1");
  store.remove("a");
  expect(store.get("a")).toBeNull();
});

const denied = (): Place => {
  throw new DOMException("denied", "SecurityError");
};

/** A page's cookies as a browser keeps them; `takes` are those it does not refuse. */
function cookies(takes = /./) {
  const kept = new Map<string, string>();
  const written: string[] = [];
  return {
    written,
    get cookie() {
      return [...kept].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(line: string) {
      written.push(line);
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) kept.delete(name);
      else if (takes.test(line)) kept.set(name, value);
    },
  };
}

const jar = (page: ReturnType<typeof cookies>) => () => new CookieJar(page, "/webhooks/web/chat");

test("where storage is denied, a token is kept in a cookie of this page alone, and forgotten with it", () => {
  const page = cookies();
  const store = new BrowserStore(denied, jar(page));
  expect(store.lasts).toBe(true);
  store.set("duanka:session", "aB3_-");
  expect(page.written.slice(-1)).toEqual(["duanka_session=aB3_-; Path=/webhooks/web/chat; Secure; SameSite=None; Partitioned"]);
  expect(new BrowserStore(denied, jar(page)).get("duanka:session")).toBe("aB3_-");
  expect(new BrowserStore(denied, jar(page)).get("session")).toBeNull();
  store.remove("duanka:session");
  expect([store.get("duanka:session"), page.cookie]).toEqual([null, ""]);
});

test.each(['[{"id": "a", "text": "我的卡号"}]', "x; Domain=example.cn", "", "a".repeat(101)])("what is no word (%s) goes into no cookie", (value) => {
  const page = cookies();
  const store = new BrowserStore(denied, jar(page));
  store.set("duanka:outbox", value);
  expect(page.cookie).toBe("");
  expect(page.written.join()).not.toContain("卡号");
  expect(store.get("duanka:outbox")).toBe(value);
});

test("where storage and cookies are denied, it says that nothing lasts", () => {
  const store = new BrowserStore(denied, jar(cookies(/never/)));
  store.set("duanka:session", "abc");
  expect([store.lasts, store.get("duanka:session")]).toEqual([false, "abc"]);
});

test("where there is storage, no cookie is written but to take one out", () => {
  const page = cookies();
  const store = new BrowserStore(() => localStorage, jar(page));
  store.set("duanka:session", "abc");
  expect([store.lasts, store.get("duanka:session"), page.cookie]).toEqual([true, "abc", ""]);
  expect(page.written.filter((line) => !/Max-Age=0/.test(line))).toEqual([]);
  store.remove("duanka:session");
});

test("a place that is full tells nothing old", () => {
  const kept = new Map([["duanka:session", "old"]]);
  const full: Place = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    removeItem: (key) => void kept.delete(key),
  };
  const store = new BrowserStore(() => full, jar(cookies()));
  store.set("duanka:session", "new");
  expect(store.get("duanka:session")).toBe("new");
});

test.each(["", "{", "[1, null, {}]", '{"id": "a"}', '[{"id": 1, "text": "a", "at": 2}]'])(
  "what somebody else left in the outbox (%s) is no question",
  (kept) => {
    const store = new FakeStore();
    store.set(OUTBOX_KEY, kept);
    expect(new Outbox(store, () => 0).list()).toEqual([]);
  },
);

test("ids are what the channel takes, and no two are alike", () => {
  const made = new Set(Array.from({ length: 1000 }, newId));
  expect(made.size).toBe(1000);
  expect([...made].every((id) => /^[A-Za-z0-9_-]{8,64}$/.test(id))).toBe(true);
});
