/** What the loader and the chat in its frame say to each other: one word at a time, each side checking who speaks. */

export type Word = "ready" | "close" | "opened" | "closed" | "answered";

/** The message that carries a word. */
export function saying(word: Word): { duanka: Word } {
  return { duanka: word };
}

/** Whether a message is this word, from that window, with that origin. */
export function heard(event: MessageEvent, word: Word, from: MessageEventSource | null, origin: string): boolean {
  const said = (event.data as { duanka?: unknown } | null)?.duanka;
  return from !== null && event.source === from && event.origin === origin && said === word;
}

/** An http(s) origin as the browser writes it; null for anything else. */
export function parseOrigin(value: string | null): string | null {
  return value !== null && /^https?:\/\/[a-z0-9.[\]:-]+$/.test(value) ? value : null;
}
