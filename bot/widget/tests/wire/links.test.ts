/** Which links there are, and that there are no others: src/wire/links.ts. */
import { describe, expect, test } from "vitest";
import { inLargeLetters, originalLink, readerLink, telephoneLink } from "../../src/wire/links";

describe("the reader", () => {
  test.each([
    ["bulletins/linyi-duanka#p12", "bulletins/linyi-duanka#p12"],
    ["bulletins/断卡#p1", "bulletins/%E6%96%AD%E5%8D%A1#p1"],
    ["bulletins/a b\"><x#p1", "bulletins/a%20b%22%3E%3Cx#p1"],
    ["bulletins/..%2f..#p1", "bulletins/..%252f..#p1"],
  ])("%s is %s", (path, link) => expect(readerLink(path)).toBe(link));

  test.each([
    "javascript:alert(1)", "bulletins/../session#p1", "bulletins/..#p1", "bulletins/.#p1", "/bulletins/a#p1",
    "//evil.example/bulletins/a#p1", "https://evil.example/bulletins/a#p1", "bulletins/a?x#p1", "bulletins/a",
    "bulletins/a#p1\" onclick=\"x", "bulletins/a#q1", "bulletins/\ud800#p1", "", null, 7, { toString: () => "bulletins/a#p1" },
  ])("%s is none", (path) => expect(readerLink(path)).toBeNull());
});

test("the reader in large letters", () => {
  expect(inLargeLetters("bulletins/linyi-duanka#p12")).toBe("bulletins/linyi-duanka?elder=1#p12");
});

describe("the original", () => {
  test.each(["http://mp.weixin.qq.com/s/x", "https://gat.gxzf.gov.cn/a?b=c#d"])("%s may be opened", (url) =>
    expect(originalLink(url)).toBe(url),
  );

  test.each([
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd",
    "ftp://a.example/", "//a.example/", "/a", "https://user:pass@a.example/", "http://", "", null, 3,
  ])("%s may not", (url) => expect(originalLink(url)).toBeNull());
});

test.each([["110", "tel:110"], ["96110", "tel:96110"], ["110;ext=1", null], ["+8690000", null], ["javascript:1", null], [110, null]])(
  "dialling %s is %s",
  (hotline, link) => expect(telephoneLink(hotline)).toBe(link),
);
