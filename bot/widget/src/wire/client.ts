/** The calls of the web channel, as functions that return parsed data or throw a WireError. */
import { parseHistory, parseTopics, parseTurn, type History, type Topics, type Turn } from "./contract";

// The channel answers within 10 s; a phone on a bad line needs some more.
const PATIENCE_MS = 20_000;

/**
 * Why a call failed:
 * - `unreachable`: nothing came back;
 * - `broken`: something came back, but no answer to the call; to be tried again;
 * - `busy`: too much is asked just now; to be tried again after a while;
 * - `stranger`: the channel does not know the session (any more);
 * - `refused`: the channel will not take this, however often; `sentence` says why.
 */
export type Failure = "unreachable" | "broken" | "busy" | "stranger" | "refused";

export class WireError extends Error {
  constructor(
    readonly failure: Failure,
    readonly sentence: string | null = null,
  ) {
    super(failure);
  }
}

export interface Feedback {
  readonly message: string;
  readonly helpful: boolean;
  readonly comment: string;
}

export interface Wire {
  /** Make a session; returns its token. */
  session(): Promise<string>;
  message(session: string, id: string, text: string): Promise<Turn>;
  /** What was said in the session, and what is still being answered, oldest first. */
  history(session: string): Promise<History>;
  feedback(session: string, feedback: Feedback): Promise<void>;
  /** Have the channel delete the session and all that was said in it. */
  erase(session: string): Promise<void>;
  topics(): Promise<Topics>;
}

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** The channel whose calls are relative to `base` (an absolute address that ends in a slash). */
export function wireTo(base: string, fetch: Fetch): Wire {
  const call = (path: string, init: RequestInit) => settled(patiently(fetch, new URL(path, base).href, init));
  const post = (path: string, body: object) =>
    call(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

  return {
    session: async () => expected(tokenOf(await json(await post("session", {})))),
    message: async (session, id, text) => expected(parseTurn(await json(await post("message", { session, id, text })))),
    history: async (session) => {
      const headers = { Authorization: `Bearer ${session}` };
      return expected(parseHistory(await json(await call("history", { headers }))));
    },
    feedback: async (session, feedback) => {
      await post("feedback", { session, ...feedback });
    },
    erase: async (session) => {
      await post("erase", { session });
    },
    topics: async () => parseTopics(await json(await call("topics", {}))),
  };
}

async function patiently(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    // No cookie: the session is a token of the page's own.
    return await fetch(url, { ...init, credentials: "omit", cache: "no-store", signal: patience.signal });
  } catch {
    throw new WireError("unreachable");
  } finally {
    clearTimeout(timer);
  }
}

async function settled(call: Promise<Response>): Promise<Response> {
  const response = await call;
  if (response.ok) return response;
  if (response.status === 401) throw new WireError("stranger");
  if (response.status === 429) throw new WireError("busy");
  const again = response.status >= 500 || response.status === 408;
  throw new WireError(again ? "broken" : "refused", await sentenceOf(response));
}

async function sentenceOf(response: Response): Promise<string | null> {
  const data = await response.json().catch(() => null);
  return typeof data?.error === "string" ? data.error : null;
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new WireError("broken");
  }
}

function tokenOf(data: unknown): string | null {
  const token = (data as { session?: unknown } | null)?.session;
  return typeof token === "string" && token ? token : null;
}

function expected<T>(value: T | null): T {
  if (value === null) throw new WireError("broken");
  return value;
}
