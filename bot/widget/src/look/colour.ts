/** Colours a page may choose: `#rgb` or `#rrggbb`, nothing else. */

/** The colour as `#rrggbb`, lower case; null for anything that is not one. */
export function parseColour(value: unknown): string | null {
  const [, digits] = (typeof value === "string" && /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value.trim())) || [];
  if (!digits) return null;
  const full = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  return `#${full.toLowerCase()}`;
}

/** White or near black: whichever is read better on `colour`, by the contrast ratio of WCAG 2. */
export function inkOn(colour: string): "#ffffff" | "#11192d" {
  const light = luminance(colour);
  return 1.05 / (light + 0.05) >= (light + 0.05) / (luminance("#11192d") + 0.05) ? "#ffffff" : "#11192d";
}

/** Relative luminance of WCAG 2, 0 to 1. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => linear(parseInt(colour.slice(start, start + 2), 16) / 255));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
