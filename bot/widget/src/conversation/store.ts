/** What the browser keeps between two visits: a few strings by name. */

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Whether what is set is there after a reload. */
  readonly lasts: boolean;
}

/** One of the places where a browser keeps things; each of its calls may throw. */
export type Place = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * The first of the browser's places that takes it; where all are blocked or full, the page's memory: then a reload
 * starts anew.
 */
export class BrowserStore implements Store {
  private readonly memory = new Map<string, string>();
  private readonly places: readonly (() => Place)[];

  constructor(...places: readonly (() => Place)[]) {
    this.places = places;
  }

  get lasts(): boolean {
    const probe = "duanka:lasts";
    const kept = this.keep(probe, "1") && this.find(probe) === "1";
    this.drop(probe);
    return kept;
  }

  get(key: string): string | null {
    return this.memory.get(key) ?? this.find(key);
  }

  set(key: string, value: string): void {
    if (this.keep(key, value)) this.memory.delete(key);
    else this.memory.set(key, value);
  }

  remove(key: string): void {
    this.memory.delete(key);
    this.drop(key);
  }

  /** A place that does not take the new value keeps no old one. */
  private keep(key: string, value: string): boolean {
    return this.places.some((open) => {
      const kept = attempt(open, (place) => (place.setItem(key, value), true)) === true;
      if (!kept) attempt(open, (place) => place.removeItem(key));
      return kept;
    });
  }

  private find(key: string): string | null {
    for (const open of this.places) {
      const found = attempt(open, (place) => place.getItem(key));
      if (typeof found === "string") return found;
    }
    return null;
  }

  private drop(key: string): void {
    for (const open of this.places) attempt(open, (place) => place.removeItem(key));
  }
}

function attempt<T>(open: () => Place, use: (place: Place) => T): T | undefined {
  try {
    return use(open());
  } catch {
    return undefined; // private windows and embedded pages may forbid it, and say so only when one tries
  }
}

const WORD = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * For a frame in another site's page whose storage the browser denies: cookies of its visits there alone (Partitioned),
 * which go with the browser's session and are sent with the page at `path` only. Takes single words, as a session's
 * token is; never what somebody typed.
 */
export class CookieJar implements Place {
  constructor(
    private readonly document: Pick<Document, "cookie">,
    private readonly path: string,
  ) {}

  getItem(key: string): string | null {
    const name = `${nameOf(key)}=`;
    const found = this.document.cookie.split("; ").find((cookie) => cookie.startsWith(name));
    return found?.slice(name.length) || null;
  }

  setItem(key: string, value: string): void {
    if (!WORD.test(value)) throw new Error("no word");
    this.write(key, value);
    if (this.getItem(key) !== value) throw new Error("no cookie");
  }

  removeItem(key: string): void {
    this.write(key, "", "; Max-Age=0");
  }

  private write(key: string, value: string, more = ""): void {
    this.document.cookie = `${nameOf(key)}=${value}; Path=${this.path}; Secure; SameSite=None; Partitioned${more}`;
  }
}

function nameOf(key: string): string {
  return key.replace(/:/g, "_");
}
