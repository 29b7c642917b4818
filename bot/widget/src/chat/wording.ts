/** The chat's own sentences, and how dates and answers are put into words. They state no rule and no fact. */
import type { Citation, Quote, Reply } from "../wire/contract";

export const GREETING = "您好！我是自动回答的程序，不是民警。我只引用公安机关已公布的通报原文，并注明出处。";
export const NEVER_ASKS = "我不会向您要验证码、密码、卡号，也不会让您转账。凡是要这些的，都不是我。";
export const SEARCHING = "正在查找通报";
export const UNDATED = "未注明日期";
export const LONGEST_QUESTION = 300;

/** 2020年10月12日 for 2020-10-12; 未注明日期 for null. */
export function publishedOn(published: string | null): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(published ?? "") ?? [];
  return year ? `${year}年${Number(month)}月${Number(day)}日发布` : UNDATED;
}

/** Who published it, where and when, in one line. */
export function provenance(citation: Citation): string {
  const { publisher, place, published } = citation;
  const where = place && !publisher?.includes(place) ? place : null;
  return [publisher, where, publishedOn(published)].filter(Boolean).join(" · ");
}

/** What the quotes behind the first are: of other places, or more of the same. */
export function others({ quotes, citations }: Reply): string {
  const [first, ...rest] = quotes.map(({ citation }) => citations.find(({ number }) => number === citation)?.place ?? null);
  const places = [...new Set(rest)].filter((place) => place && place !== first);
  return places.length ? `另有${places.join("、")}的通报` : "通报里还有相关的话";
}

/** Whether the point is all of the quote, white space and marks of a cut aside. */
export function isWhole({ text, point }: Quote): boolean {
  const words = (said: string) => said.replace(/[\s…]/g, "");
  return words(text) === words(point);
}

/** The reply for the clipboard: its text, and where each source can be read. `page` is the chat's address. */
export function copied(reply: Reply, page: string): string {
  const readers = reply.citations.flatMap(({ reader }) => (reader ? [new URL(reader, page).href] : []));
  return [reply.text, ...readers.map((reader) => `通报全文：${reader}`)].join("\n");
}

/** The reply for the ear: marks that are only for the eye left out. */
export function spoken(reply: Reply): string {
  return reply.text.replace(/…/g, "").replace(/[【】「」]/g, "，");
}

/** Characters as a person counts them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** 09:05 for a time of today, 11月30日 09:05 for another day's, as this device counts; "" for what is no time. */
export function clock(at: string, now: Date): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "";
  const two = (number: number) => String(number).padStart(2, "0");
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}`;
  return time.toDateString() === now.toDateString() ? hours : `${time.getMonth() + 1}月${time.getDate()}日 ${hours}`;
}
