/** Reading aloud, copying, and putting into words: src/chat/speaker.ts, clipboard.ts, wording.ts. */
import { afterEach, expect, test, vi } from "vitest";
import { copy } from "../../src/chat/clipboard";
import { Speaker } from "../../src/chat/speaker";
import { copied, publishedOn, spoken } from "../../src/chat/wording";
import { turnOf } from "../fakes";

/** A voice that keeps what it is told; `end` finishes the newest utterance. */
class FakeVoice {
  said: { text: string; lang: string; onend?: () => void; onerror?: () => void }[] = [];
  cancelled = 0;
  speak(utterance: (typeof this.said)[number]): void {
    this.said.push(utterance);
  }
  cancel(): void {
    this.cancelled += 1;
  }
}

afterEach(() => vi.unstubAllGlobals());

function speaking() {
  vi.stubGlobal("SpeechSynthesisUtterance", class {
    lang = "";
    constructor(readonly text: string) {}
  });
  const voice = new FakeVoice();
  return { voice, speaker: new Speaker(voice as unknown as SpeechSynthesis) };
}

test("a text is read sentence by sentence, in Chinese, until its end", () => {
  const { voice, speaker } = speaking();
  speaker.toggle("a", "第一句。第二句！\n第三句");
  expect(voice.said.map(({ text, lang }) => [text.trim(), lang])).toEqual([["第一句。", "zh-CN"], ["第二句！", "zh-CN"], ["第三句", "zh-CN"]]);
  expect(speaker.current()).toBe("a");
  voice.said[2]?.onend?.();
  expect(speaker.current()).toBeNull();
});

test("a device without a Chinese voice says so, and so does one whose voice never begins", () => {
  vi.useFakeTimers();
  const { voice, speaker } = speaking();
  Object.assign(voice, { getVoices: () => [{ lang: "en-US" }] });
  speaker.toggle("a", "一句。");
  expect([voice.said.length, speaker.current(), speaker.silent()]).toEqual([0, null, "a"]);
  Object.assign(voice, { getVoices: () => [] });
  speaker.toggle("b", "一句。");
  expect([speaker.current(), speaker.silent()]).toEqual(["b", null]);
  vi.advanceTimersByTime(4_000);
  expect([speaker.current(), speaker.silent()]).toEqual([null, "b"]);
  speaker.toggle("c", "一句。");
  (voice.said[1] as unknown as { onstart: () => void }).onstart();
  vi.advanceTimersByTime(60_000);
  expect([speaker.current(), speaker.silent()]).toEqual(["c", null]);
  vi.useRealTimers();
});

test("a second tap stops; a tap elsewhere goes over, whatever the first still reports", () => {
  const { voice, speaker } = speaking();
  speaker.toggle("a", "一。");
  speaker.toggle("a", "一。");
  expect([speaker.current(), voice.said.length]).toEqual([null, 1]);
  speaker.toggle("b", "二。");
  voice.said[0]?.onerror?.();
  expect(speaker.current()).toBe("b");
});

test("a browser without a voice offers none", () => expect(new Speaker(undefined).able).toBe(false));

test("what is copied carries its source and where to read it", () => {
  const citation = { number: 1, title: "题", reader: "bulletins/断卡#p2", published: null };
  const { reply } = turnOf("abcdefgh", "问", { kind: "answer", citations: [citation] }, "「话」\n【来源】《题》");
  expect(copied(reply, "https://a.example/webhooks/web/chat?x")).toBe(
    "「话」\n【来源】《题》\n通报全文：https://a.example/webhooks/web/bulletins/%E6%96%AD%E5%8D%A1#p2",
  );
});

test("without a clipboard the text is copied by selecting it, and a failure is told", async () => {
  vi.stubGlobal("navigator", {});
  let selected = "";
  document.execCommand = () => ((selected = document.querySelector("textarea")?.value ?? ""), true);
  expect([await copy("话"), selected]).toEqual([true, "话"]);
  document.execCommand = () => false;
  expect(await copy("话")).toBe(false);
  expect(document.querySelector("textarea")).toBeNull();
});

test("marks for the eye are not read aloud", () =>
  expect(spoken(turnOf("abcdefgh", "问", {}, "「…话…」\n【来源】《题》").reply)).toBe("，话，\n，来源，《题》"));

test.each([["2020-10-02", "2020年10月2日发布"], [null, "未注明日期"], ["最近", "未注明日期"]])("%s is %s", (date, words) =>
  expect(publishedOn(date)).toBe(words),
);
