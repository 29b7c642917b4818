/** What the channel sends (docs/web-channel.md), parsed once here. What is missing or of the wrong type is left out. */
import { originalLink, readerLink, telephoneLink } from "./links";

const KINDS = ["answer", "near", "abstain", "ask", "emergency", "refuse", "chat"] as const;
export type Kind = (typeof KINDS)[number];

export interface Quote {
  readonly text: string;
  /** The part of `text` that is shown at once, a cut end marked 「…」; `text` itself when the reply has none. */
  readonly point: string;
  /** What a time in it is counted from: 通报写于2020年. */
  readonly gloss: string | null;
  /** The number of its Citation. */
  readonly citation: number;
}

/** `reader` and `url` are addresses safe to link to; no `published` is shown as 未注明日期. */
export interface Citation {
  readonly number: number;
  readonly title: string;
  /** Of a law: 第三十一条. */
  readonly article: string | null;
  readonly publisher: string | null;
  readonly place: string | null;
  readonly published: string | null;
  readonly url: string | null;
  readonly reader: string | null;
}

/** `text` is the whole reply in one; the other fields are its parts. */
export interface Reply {
  readonly text: string;
  readonly kind: Kind;
  /** The request to send nothing personal, when something was sent. */
  readonly notice: string | null;
  readonly lead: string;
  readonly quotes: readonly Quote[];
  readonly citations: readonly Citation[];
  readonly caution: string | null;
  readonly close: string | null;
  readonly suggestions: readonly string[];
  readonly hotlines: readonly string[];
}

export interface Turn {
  readonly id: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reply: Reply;
  readonly helpful: boolean | null;
}

/** What was asked and is still being answered: asked again under its id, it waits for the reply. */
export type Asked = Pick<Turn, "id" | "text" | "at">;

export interface History {
  readonly turns: readonly Turn[];
  readonly asked: readonly Asked[];
}

export interface Topic {
  readonly name: string;
  readonly ask: string;
}

/** What the greeting offers: topics to ask about, and the places whose centres published. */
export interface Topics {
  readonly topics: readonly Topic[];
  readonly places: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** A turn, or null for what is none (also one that is still without its reply). */
export function parseTurn(data: unknown): Turn | null {
  const { id, text, at, reply, helpful } = fields(data);
  const parsed = parseReply(reply);
  if (typeof id !== "string" || !parsed) return null;
  return { id, text: string(text) ?? "", at: string(at) ?? "", reply: parsed, helpful: boolean(helpful) };
}

/** A history, oldest first; null for what is none. */
export function parseHistory(data: unknown): History | null {
  const { turns } = fields(data);
  return Array.isArray(turns) ? { turns: present(turns.map(parseTurn)), asked: present(turns.map(parseAsked)) } : null;
}

function parseAsked(data: unknown): Asked | null {
  const { id, text, at, reply } = fields(data);
  return reply === null && typeof id === "string" && string(text) ? { id, text: String(text), at: string(at) ?? "" } : null;
}

export function parseTopics(data: unknown): Topics {
  const { topics, places } = fields(data);
  return { topics: present(list(topics).map(parseTopic)), places: present(list(places).map(string)) };
}

function parseReply(data: unknown): Reply | null {
  const { text, custom } = fields(data);
  if (typeof text !== "string" || !text.trim()) return null;
  const parts = fields(custom);
  const quotes = present(list(parts.quotes).map(parseQuote));
  return {
    text,
    kind: kind(parts.kind),
    notice: string(parts.notice),
    lead: string(parts.lead) ?? (quotes.length ? "" : text),
    quotes,
    citations: present(list(parts.citations).map(parseCitation)),
    caution: string(parts.caution),
    close: string(parts.close),
    suggestions: present(list(parts.suggestions).map(string)),
    hotlines: present(list(parts.hotlines).map(string)).filter((hotline) => telephoneLink(hotline)),
  };
}

function parseQuote(data: unknown): Quote | null {
  const { text, point, gloss, citation } = fields(data);
  if (typeof text !== "string") return null;
  const number = typeof citation === "number" ? citation : 1;
  return { text, point: string(point) ?? text, gloss: string(gloss), citation: number };
}

function parseCitation(data: unknown): Citation | null {
  const { number, title, article, publisher, place, published, url, reader } = fields(data);
  if (typeof title !== "string" || typeof number !== "number") return null;
  return {
    number,
    title,
    article: string(article),
    publisher: string(publisher),
    place: string(place),
    published: string(published),
    url: originalLink(url),
    reader: readerLink(reader),
  };
}

function parseTopic(data: unknown): Topic | null {
  const { name, ask } = fields(data);
  const question = string(ask);
  return question ? { name: string(name) ?? question, ask: question } : null;
}

function kind(value: unknown): Kind {
  return KINDS.find((each) => each === value) ?? "chat";
}

function fields(data: unknown): Fields {
  return typeof data === "object" && data !== null ? (data as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string | null {
  return typeof value === "string" && value.trim() ? value : null;
}

function boolean(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value): value is T => value !== null);
}
