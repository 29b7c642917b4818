/** The calls as they leave, and what becomes of every way to fail: src/wire/client.ts. */
import { expect, test } from "vitest";
import { WireError, wireTo } from "../../src/wire/client";

const BASE = "https://centre.example/webhooks/web/chat?title=x";
const TURN = { id: "abcdefgh", text: "问", at: "", reply: { text: "答", custom: null }, helpful: null };

/** A channel that answers everything with this, and keeps what it was asked. */
function answering(status: number, body: string) {
  const calls: { url: string; init: RequestInit }[] = [];
  const wire = wireTo(BASE, async (url, init) => {
    calls.push({ url, init });
    return new Response(body, { status });
  });
  return { wire, calls };
}

const failure = (call: Promise<unknown>) => call.then(() => null, (error: WireError) => [error.failure, error.sentence]);

test("calls are relative to the page, in JSON, and carry no cookie", async () => {
  const { wire, calls } = answering(200, JSON.stringify(TURN));
  expect((await wire.message("token", "abcdefgh", "问")).reply.text).toBe("答");
  expect(calls[0]?.url).toBe("https://centre.example/webhooks/web/message");
  expect(calls[0]?.init).toMatchObject({ method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" } });
  expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ session: "token", id: "abcdefgh", text: "问" });
});

test("the token of a history goes in its header, never in the address", async () => {
  const { wire, calls } = answering(200, JSON.stringify({ turns: [TURN] }));
  expect((await wire.history("token")).turns).toHaveLength(1);
  expect(calls[0]?.url).toBe("https://centre.example/webhooks/web/history");
  expect(calls[0]?.init.headers).toEqual({ Authorization: "Bearer token" });
});

test.each([
  [401, '{"error": "会话不存在"}', ["stranger", null]],
  [413, '{"error": "内容太大"}', ["refused", "内容太大"]],
  [400, "<html>", ["refused", null]],
  [429, '{"error": "太快了"}', ["busy", null]],
  [503, "<html>", ["broken", null]],
  [200, "<html>", ["broken", null]],
  [200, '{"reply": null}', ["broken", null]],
])("%i %s is %j", async (status, body, expected) => {
  expect(await failure(answering(status, body).wire.message("token", "abcdefgh", "问"))).toEqual(expected);
});

test("erasing names the session and has no reply to read", async () => {
  const calls: RequestInit[] = [];
  const wire = wireTo(BASE, async (url, init) => {
    expect(url).toBe("https://centre.example/webhooks/web/erase");
    calls.push(init);
    return new Response(null, { status: 204 });
  });
  expect(await wire.erase("token")).toBeUndefined();
  expect(calls.map(({ method, body }) => [method, JSON.parse(String(body))])).toEqual([["POST", { session: "token" }]]);
});

test("no line is unreachable", async () => {
  const wire = wireTo(BASE, async () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await failure(wire.session())).toEqual(["unreachable", null]);
});

test("a judgement has no reply to read", async () => {
  const wire = wireTo(BASE, async () => new Response(null, { status: 204 }));
  expect(await wire.feedback("token", { message: "abcdefgh", helpful: true, comment: "" })).toBeUndefined();
});
