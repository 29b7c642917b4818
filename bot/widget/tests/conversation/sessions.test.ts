/** One session for all tabs, whatever the browser allows: src/conversation/sessions.ts. */
import { describe, expect, test } from "vitest";
import { exclusively, Sessions } from "../../src/conversation/sessions";
import { FakeStore, FakeWire } from "../fakes";

/** What a browser says that keeps our storage from us. */
const denied = () => Promise.reject(new DOMException("The request was denied.", "SecurityError"));
let last: Promise<unknown> = Promise.resolve();
const granted = (_name: string, task: () => unknown) => (last = last.then(task, task));
const locks = (request: unknown) => ({ request }) as Pick<LockManager, "request">;

describe.each([
  ["without locks", undefined],
  ["with locks", locks(granted)],
  ["where locks are denied", locks(denied)],
])("%s", (_name, given) => {
  test("two questions at once get one session", async () => {
    const wire = new FakeWire();
    const sessions = new Sessions(new FakeStore(), wire, exclusively(given));
    expect(await Promise.all([sessions.ensure(), sessions.ensure()])).toEqual(["token-1", "token-1"]);
  });

  test("a session that could not be made is asked for once, and again next time", async () => {
    const wire = new FakeWire();
    const sessions = new Sessions(new FakeStore(), wire, exclusively(given));
    wire.trouble = ["unreachable"];
    await expect(sessions.ensure()).rejects.toThrow("unreachable");
    expect(await sessions.ensure()).toBe("token-1");
  });
});
