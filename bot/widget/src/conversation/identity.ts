/** Ids nobody can guess: 32 hexadecimal digits. */
export function newId(): string {
  // Not randomUUID: browsers offer it on https only, and a centre's intranet may not have that.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
