/** How a reply looks, and that its words are nothing but words: src/chat/parts/Answer.tsx. */
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
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

/** What one reads and may press, in order. */
const shown = (article: HTMLElement) =>
  [...article.querySelectorAll("p, blockquote, button, .Source-card")].map((part) => part.textContent);

describe("an answer", () => {
  test("asks first to send nothing personal, in an emergency last", () => {
    const custom = { notice: "请不要在这里发送证件号。", lead: "通报是这样说的：", close: "请拨打96110。" };
    const words = (kind: string) => [...show({ ...custom, kind }).querySelectorAll("p")].map((part) => part.textContent);
    expect(words("answer")).toEqual([custom.notice, custom.lead, custom.close]);
    cleanup();
    expect(words("emergency").slice(-3)).toEqual([custom.lead, custom.close, custom.notice]);
  });

  test("gives the point of its first quote, where it stands, and one caution", () => {
    const article = show({
      kind: "answer",
      quotes: [{ ...QUOTE, point: "…是违法行为。", gloss: "通报写于2020年" }],
      citations: [{ ...CITATION, article: "第三十一条" }],
      caution: "规定可能已有变，可问96110。",
    });
    expect(shown(article)).toEqual([
      "…是违法行为。",
      "（通报写于2020年）",
      "来源：《临沂公安重拳断卡》第三十一条平安临沂 · 未注明日期看通报里的这段话（在新窗口打开）",
      "看整段",
      "规定可能已有变，可问96110。",
    ]);
  });

  test("gives all of a quote in the place of its point, so that nothing is read twice", () => {
    const article = show({ kind: "answer", quotes: [{ ...QUOTE, point: "…是违法行为。" }], citations: [CITATION] });
    const button = within(article).getByRole("button", { name: "看整段", expanded: false });
    fireEvent.click(button);
    expect(article.querySelector("blockquote")?.textContent).toBe(QUOTE.text);
    expect(button.getAttribute("aria-controls")).toBe(article.querySelector("blockquote")?.id);
    fireEvent.click(within(article).getByRole("button", { name: "只看要点", expanded: true }));
    expect(article.querySelector("blockquote")?.textContent).toBe("…是违法行为。");
  });

  test("has nothing to open when the point is all there is", () => {
    expect(within(show({ kind: "answer", quotes: [{ ...QUOTE, point: QUOTE.text }], citations: [CITATION] })).queryByRole("button")).toBeNull();
  });

  test("keeps other quotes behind a tap, each with its own source", () => {
    const second = { ...CITATION, number: 2, title: "南宁的通报", place: "南宁", reader: "bulletins/nanning#p3", published: "2021-06-20", publisher: "南宁反诈" };
    const article = show({
      kind: "answer",
      quotes: [QUOTE, { text: "请向公安机关举报。", citation: 2 }],
      citations: [CITATION, second],
    });
    const behind = within(article).getByText("请向公安机关举报。").closest("[hidden]");
    expect(behind).toBeTruthy();
    const button = within(article).getByRole("button", { name: "另有南宁的通报", expanded: false });
    expect(button.getAttribute("aria-controls")).toBe(behind?.id);
    fireEvent.click(button);
    expect(behind?.hasAttribute("hidden")).toBe(false);
    expect(behind?.textContent).toContain("来源：《南宁的通报》南宁反诈 · 2021年6月20日发布");
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

test("the nearest passage looks and sounds unlike an answer", () => {
  const lead = "通报里没有直接回答这个问题的话。最接近的是这一段，不一定说的是您的情况：";
  const custom = { lead, quotes: [QUOTE], citations: [CITATION], hotlines: ["96110", "110"] };
  render(<Answer reply={turnOf("abcdefgh", "问", { ...custom, kind: "near" }).reply} />);
  const near = screen.getByRole("article", { name: "不是直接的回答" });
  expect(screen.queryByRole("article", { name: "回答" })).toBeNull();
  expect(near.classList).toContain("Answer--near");
  expect(near.firstElementChild?.textContent).toBe(lead);
  expect(within(near).getByText("反诈专线").closest("a")?.getAttribute("href")).toBe("tel:96110");
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
