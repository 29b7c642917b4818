/** What is kept, where keeping is forbidden, and ids: src/conversation/store.ts, outbox.ts, identity.ts. */
import { expect, test } from "vitest";
import { newId } from "../../src/conversation/identity";
import { Outbox, OUTBOX_KEY } from "../../src/conversation/outbox";
import { BrowserStore } from "../../src/conversation/store";
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
