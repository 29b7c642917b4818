/** What comes from the channel is parsed, and what does not fit is left out: src/wire/contract.ts. */
import { expect, test } from "vitest";
import { parseHistory, parseTopics, parseTurn } from "../../src/wire/contract";

const TURN = {
  id: "abcdefgh",
  text: "银行卡借给别人违法吗？",
  at: "2026-11-24T09:30:00+08:00",
  reply: {
    text: "通报里是这样说的：……",
    custom: {
      kind: "answer",
      notice: "请不要在这里发送证件号。",
      lead: "通报里是这样说的：",
      quotes: [{ text: "出租、出借是违法行为。", point: "…是违法行为。", gloss: "通报写于2020年", bulletin: "a", passage: "a#p1", lines: [1, 1], citation: 1, probability: 0.9 }],
      citations: [
        { number: 1, bulletin: "a", title: "题", article: "第三十一条", publisher: "平安临沂", place: "临沂", published: null, url: "http://a.example/", reader: "bulletins/a#p1" },
      ],
      caution: "该通报未注明日期",
      close: null,
      suggestions: ["去哪里举报？"],
      hotlines: ["96110", "110"],
    },
  },
  helpful: true,
};

test("a turn of the contract comes through whole", () => {
  expect(parseTurn(TURN)).toEqual({
    ...TURN,
    reply: {
      text: TURN.reply.text,
      kind: "answer",
      notice: "请不要在这里发送证件号。",
      lead: "通报里是这样说的：",
      quotes: [{ text: "出租、出借是违法行为。", point: "…是违法行为。", gloss: "通报写于2020年", citation: 1 }],
      citations: [
        { number: 1, title: "题", article: "第三十一条", publisher: "平安临沂", place: "临沂", published: null, url: "http://a.example/", reader: "bulletins/a#p1" },
      ],
      caution: "该通报未注明日期",
      close: null,
      suggestions: ["去哪里举报？"],
      hotlines: ["96110", "110"],
    },
  });
});

test.each(["answer", "near", "abstain", "ask", "emergency", "refuse", "chat"])("%s is a kind of its own", (kind) => {
  expect(parseTurn({ ...TURN, reply: { text: "话", custom: { kind } } })?.reply.kind).toBe(kind);
});

test("a reply without its parts is still read: its text is the lead", () => {
  expect(parseTurn({ ...TURN, reply: { text: "您好", custom: null } })?.reply).toMatchObject({ lead: "您好", kind: "chat", quotes: [] });
});

test.each([null, 1, "x", [], {}, { ...TURN, reply: null }, { ...TURN, id: 3 }, { ...TURN, reply: { text: "  " } }])(
  "%j is no turn",
  (data) => expect(parseTurn(data)).toBeNull(),
);

test("parts of the wrong type are left out, the others stay", () => {
  const custom = { kind: "boss", quotes: [3, { text: 1 }, { text: "话" }], citations: [{ title: "无号" }, 4], suggestions: [null, "问", ""], hotlines: ["110", "110\nx", {}] };
  const reply = parseTurn({ ...TURN, reply: { text: "文", custom } })?.reply;
  expect(reply).toMatchObject({ kind: "chat", quotes: [{ text: "话", point: "话", gloss: null, citation: 1 }], citations: [], suggestions: ["问"], hotlines: ["110"] });
});

test("a history keeps its order and tells turns with a reply from what is still being answered", () => {
  const data = { turns: [TURN, { ...TURN, id: "b", reply: null }, { ...TURN, id: "c" }, { ...TURN, id: "d", text: "", reply: null }, null] };
  expect(parseHistory(data)?.turns.map(({ id }) => id)).toEqual(["abcdefgh", "c"]);
  expect(parseHistory(data)?.asked).toEqual([{ id: "b", text: TURN.text, at: TURN.at }]);
  expect(parseHistory({ turns: "x" })).toBeNull();
});

test("topics that ask nothing are no quick replies", () => {
  const data = { topics: [{ slug: "a", name: "举报", ask: "去哪里举报？" }, { slug: "b", name: "空", ask: "" }], places: ["南宁", 1] };
  expect(parseTopics(data)).toEqual({ topics: [{ name: "举报", ask: "去哪里举报？" }], places: ["南宁"] });
  expect(parseTopics("x")).toEqual({ topics: [], places: [] });
});
