/** How a reply looks, and that its words are nothing but words: src/chat/parts/Answer.tsx. */
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { Answer } from "../../src/chat/parts/Answer";
import { turnOf } from "../fakes";
import { HOSTILE } from "./hostile";

afterEach(cleanup);

const CITATION = {
  number: 1,
  bulletin: "linyi",
  title: "临沂公安重拳断卡",
  publisher: "平安临沂",
  place: "临沂",
  published: null as string | null,
  url: "http://mp.weixin.qq.com/s/x" as string,
  reader: "bulletins/linyi#p12",
};

const QUOTE = { text: "出租、出借银行卡是违法行为。", citation: 1 };

function show(custom: object, text = "全文") {
  render(<Answer reply={turnOf("abcdefgh", "问", custom, text).reply} />);
  return screen.getByRole("article", { name: "回答" });
}

describe("an answer", () => {
  test("asks first to send nothing personal, in an emergency last", () => {
    const custom = { notice: "请不要在这里发送证件号。", lead: "通报是这样说的：", close: "请拨打96110。" };
    const words = (kind: string) => [...show({ ...custom, kind }).querySelectorAll("p")].map((part) => part.textContent);
    expect(words("answer")).toEqual([custom.notice, custom.lead, custom.close]);
    cleanup();
    expect(words("emergency").slice(-3)).toEqual([custom.lead, custom.close, custom.notice]);
  });

  test("sets its quotes off, and says under each where it stands", () => {
    const second = { ...CITATION, number: 2, title: "南宁的通报", reader: "bulletins/nanning#p3", published: "2021-06-20", publisher: "南宁反诈" };
    const article = show({
      kind: "answer",
      lead: "通报是这样说的：",
      quotes: [QUOTE, { text: "请向公安机关举报。", citation: 2 }],
      citations: [CITATION, second],
      caution: "规定可能已有调整",
    });
    const order = [...article.querySelectorAll("p, blockquote, .Source-card")].map((part) => part.textContent);
    expect(order).toEqual([
      "通报是这样说的：",
      "出租、出借银行卡是违法行为。",
      "来源 1：《临沂公安重拳断卡》平安临沂 · 未注明日期看通报里的这段话（在新窗口打开）",
      "请向公安机关举报。",
      "来源 2：《南宁的通报》南宁反诈 · 临沂 · 2021年6月20日发布看通报里的这段话（在新窗口打开）",
      "提醒：规定可能已有调整",
    ]);
  });

  test("opens the passage and the original in another window that knows nothing of this one", () => {
    const article = show({ kind: "answer", quotes: [QUOTE], citations: [CITATION] });
    const [reader, original] = within(article).getAllByRole("link");
    expect([reader?.getAttribute("href"), reader?.getAttribute("target"), reader?.getAttribute("rel")]).toEqual([
      "bulletins/linyi#p12", "_blank", "noopener",
    ]);
    expect([original?.getAttribute("href"), original?.getAttribute("rel")]).toEqual([CITATION.url, "noopener noreferrer nofollow"]);
  });

  test("shows a quote even when its citation is missing", () => {
    expect(show({ kind: "answer", quotes: [{ ...QUOTE, citation: 9 }], citations: [] }).textContent).toContain(QUOTE.text);
  });
});

test("an emergency has the hotlines on top, as telephone links", () => {
  const article = show({ kind: "emergency", lead: "请立即拨打110报警", hotlines: ["110", "96110"] });
  const dial = within(article).getAllByRole("link");
  expect(dial.map((link) => link.getAttribute("href"))).toEqual(["tel:110", "tel:96110"]);
  expect(article.firstElementChild?.contains(dial[0] ?? null)).toBe(true);
});

test.each(["abstain", "refuse"])("whoever gets no answer (%s) can call", (kind) => {
  const article = show({ kind, lead: "没有", hotlines: ["96110", "110"] });
  expect(within(article).getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual(["tel:96110", "tel:110"]);
});

test.each(HOSTILE)("%s stays text wherever it stands", (text) => {
  const article = show(
    {
      kind: "answer",
      lead: text,
      quotes: [{ text, citation: 1 }],
      citations: [{ ...CITATION, title: text, publisher: text, place: text, published: text, url: text, reader: text }],
      caution: text,
      close: text,
      hotlines: [text],
    },
    text,
  );
  expect(article.querySelectorAll("script, img, iframe, svg [onload], form, style, link, meta, a, object, embed, base")).toHaveLength(0);
  expect([...article.querySelectorAll("*")].flatMap((each) => each.getAttributeNames()).filter((name) => name.startsWith("on"))).toEqual([]);
  expect(article.querySelector("blockquote")?.textContent).toBe(text);
  expect((window as { hit?: number }).hit).toBeUndefined();
});
