/** However often a page includes the loader, there is one button: src/loader/main.ts. */
import { expect, test, vi } from "vitest";

test("a page that includes it three times has one button", async () => {
  const script = document.createElement("script");
  script.type = "text/plain"; // named, not run: the module below stands for it
  script.setAttribute("src", `${location.origin}/webhooks/web/widget.js`);
  document.head.append(script);
  for (let time = 0; time < 3; time += 1) {
    vi.resetModules();
    await import("../../src/loader/main");
  }
  expect(document.querySelectorAll("duanka-widget")).toHaveLength(1);
});
