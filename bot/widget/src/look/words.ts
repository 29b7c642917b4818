/** Short texts a page may choose, such as the title. */

/** The text on one line and at most `most` characters long; null when nothing is left of it. */
export function shortText(value: string | null | undefined, most: number): string | null {
  const line = (value ?? "").replace(/\s+/g, " ").trim();
  return line ? Array.from(line).slice(0, most).join("") : null;
}
