/** The session's token: made at the first question, shared by all tabs. */
import type { Wire } from "../wire/client";
import type { Store } from "./store";

export const SESSION_KEY = "duanka:session";

/** Runs one task at a time under a name, across tabs where the browser can. */
export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>;

export class Sessions {
  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
    private readonly exclusive: Exclusive,
  ) {}

  get current(): string | null {
    return this.store.get(SESSION_KEY);
  }

  /** The token there is, or a new one. Two tabs that ask at once get the same. */
  async ensure(): Promise<string> {
    return this.current ?? this.exclusive(async () => this.current ?? this.begin());
  }

  /** Drop a token the channel does not know; not one that another tab has put in its place. */
  forget(token: string): void {
    if (this.current === token) this.store.remove(SESSION_KEY);
  }

  private async begin(): Promise<string> {
    const token = await this.wire.session();
    this.store.set(SESSION_KEY, token);
    return token;
  }
}

/**
 * Web Locks where they are to be had, else tasks of this tab only wait for each other: old browsers have no locks, and
 * those that keep our storage from us, within a page of another site, deny them when one asks.
 */
export function exclusively(locks: Pick<LockManager, "request"> | undefined): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  const here: Exclusive = (task) => {
    const mine = last.then(task, task);
    last = mine.catch(() => undefined);
    return mine;
  };
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (!locks) return here(task);
    let granted = false;
    const locked = () => ((granted = true), task());
    try {
      return (await locks.request("duanka:session", locked)) as T;
    } catch (error) {
      if (granted) throw error;
      return here(task);
    }
  };
}
