/** Which addresses the chat may link to, and how they are written. Everything else becomes no link at all. */

const READER = /^bulletins\/([^/?#]+)#(p\d+)$/;

/** The reader's address for a citation's `reader`, relative to the page; null for anything that is not one. */
export function readerLink(path: unknown): string | null {
  const [, stem, passage] = (typeof path === "string" && READER.exec(path)) || [];
  if (!stem || !passage || stem === "." || stem === "..") return null;
  try {
    return `bulletins/${encodeURIComponent(stem)}#${passage}`;
  } catch {
    return null; // half a surrogate pair has no address
  }
}

/** The same in large letters: the reader takes the query, without a script and without a cookie. */
export function inLargeLetters(reader: string): string {
  return reader.replace("#", "?elder=1#");
}

/** The bulletin's own address, when it is http or https; null otherwise. */
export function originalLink(url: unknown): string | null {
  if (typeof url !== "string") return null;
  try {
    const parsed = new URL(url);
    const plain = !parsed.username && !parsed.password;
    return plain && ["http:", "https:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** The `tel:` address of a hotline; null for what is no short number. */
export function telephoneLink(hotline: unknown): string | null {
  return typeof hotline === "string" && /^\d{3,12}$/.test(hotline) ? `tel:${hotline}` : null;
}
