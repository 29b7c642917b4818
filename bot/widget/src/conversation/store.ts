/** What the browser keeps between two visits: a few strings by name. */

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Whether what is set is there after a reload. */
  readonly lasts: boolean;
}

/** The browser's storage; where it is blocked or full, the page's memory: then a reload starts anew. */
export class BrowserStore implements Store {
  private readonly memory = new Map<string, string>();

  constructor(private readonly open: () => Storage) {}

  get lasts(): boolean {
    const probe = "duanka:lasts";
    const kept = this.attempt((storage) => (storage.setItem(probe, "1"), storage.getItem(probe) === "1"));
    this.attempt((storage) => storage.removeItem(probe));
    return kept === true;
  }

  get(key: string): string | null {
    return this.memory.get(key) ?? this.attempt((storage) => storage.getItem(key)) ?? null;
  }

  set(key: string, value: string): void {
    const kept = this.attempt((storage) => (storage.setItem(key, value), true));
    if (kept) this.memory.delete(key);
    else this.memory.set(key, value);
  }

  remove(key: string): void {
    this.memory.delete(key);
    this.attempt((storage) => storage.removeItem(key));
  }

  private attempt<T>(use: (storage: Storage) => T): T | undefined {
    try {
      return use(this.open());
    } catch {
      return undefined; // private windows and embedded pages may forbid it, and say so only when one tries
    }
  }
}
