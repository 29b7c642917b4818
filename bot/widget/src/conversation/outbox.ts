/** Questions without an answer yet. They outlive the page, so that each is asked again under the same id. */
import type { Store } from "./store";

export const OUTBOX_KEY = "duanka:outbox";
// They lie here as typed: somebody else may sit there soon, and nobody waits for an answer longer than that.
const FORGET_MS = 60 * 60 * 1000;

export interface Question {
  readonly id: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Reads the store anew at every call: another tab may have got the answer. */
export class Outbox {
  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  list(): readonly Question[] {
    const oldest = this.now() - FORGET_MS;
    const kept = parse(this.store.get(OUTBOX_KEY));
    const left = kept.filter((question) => question.at > oldest);
    if (left.length < kept.length) this.write(left);
    return left;
  }

  add(question: Question): void {
    this.write([...this.list(), question]);
  }

  remove(ids: ReadonlySet<string>): void {
    const before = this.list();
    const after = before.filter((question) => !ids.has(question.id));
    if (after.length < before.length) this.write(after);
  }

  private write(questions: readonly Question[]): void {
    if (questions.length) this.store.set(OUTBOX_KEY, JSON.stringify(questions));
    else this.store.remove(OUTBOX_KEY);
  }
}

function parse(kept: string | null): Question[] {
  try {
    const data: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(data) ? data.filter(isQuestion) : [];
  } catch {
    return [];
  }
}

function isQuestion(data: unknown): data is Question {
  const { id, text, at } = (data ?? {}) as Partial<Question>;
  return typeof id === "string" && typeof text === "string" && typeof at === "number";
}
