/** What the build looks for in its own files: outside.ts. */
import { expect, test } from "vitest";
import { outsideAddresses } from "../outside";

test.each([
  ["src:url(https://gw.alipayobjects.com/as/g/x.woff)", ["https://gw.alipayobjects.com/as/g/x.woff"]],
  ['img.src="//gw.alicdn.com/x.svg"', ["//gw.alicdn.com/x.svg"]],
  ['xmlns="http://www.w3.org/2000/svg"', []],
  ['"./assets/chat.js" // a comment', []],
])("%s names %j", (text, addresses) => expect(outsideAddresses(text)).toEqual(addresses));
