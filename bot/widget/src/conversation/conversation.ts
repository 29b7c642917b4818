/**
 * One resident's conversation as this page sees it: what was answered, what still waits, and what to do about it.
 *
 * Knows neither React nor HTTP. A question goes into the outbox first and leaves it only with its reply, so that a
 * reload, a lost line or a server that restarts costs nothing; it keeps its id, so that nothing is asked twice.
 */
import { WireError, type Wire } from "../wire/client";
import type { Asked, History, Topics, Turn } from "../wire/contract";
import { newId } from "./identity";
import type { Outbox, Question } from "./outbox";
import type { Sessions } from "./sessions";

/**
 * `asking`: on its way; `stuck`: will be tried again by itself; `busy`: the same, too much is asked just now; `refused`:
 * will not, `sentence` says why.
 */
export interface Waiting extends Question {
  readonly state: "asking" | "stuck" | "busy" | "refused";
  readonly sentence: string | null;
}

export interface Snapshot {
  /** Of sessions the channel no longer knows: to read, nothing more. */
  readonly earlier: readonly Turn[];
  readonly turns: readonly Turn[];
  readonly waiting: readonly Waiting[];
  readonly topics: Topics;
  /** `failed`: there is a conversation, but it could not be fetched. */
  readonly history: "loading" | "failed" | "here";
  /** The id of the newest reply that this page waited for; null before the first. */
  readonly answered: string | null;
}

const AGAIN_MS = [2_000, 4_000, 8_000, 15_000, 30_000];

type Later = (task: () => void, milliseconds: number) => () => void;

export interface Parts {
  readonly wire: Wire;
  readonly sessions: Sessions;
  readonly outbox: Outbox;
  readonly now: () => number;
  /** Run a task later; returns how to call it off. */
  readonly later: Later;
}

export class Conversation {
  private snapshot: Snapshot = {
    earlier: [],
    turns: [],
    waiting: [],
    topics: { topics: [], places: [] },
    history: "loading",
    answered: null,
  };
  private readonly listeners = new Set<() => void>();
  private refused: readonly Waiting[] = [];
  private session: string | null = null;
  private asking = false;
  private resuming: Promise<void> | null = null;
  private failures = 0;
  private busy = false;
  private callOff: () => void = () => undefined;

  constructor(private readonly parts: Parts) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): Snapshot => this.snapshot;

  /** Fetch what there is, and ask what is still unanswered. */
  async open(): Promise<void> {
    this.show({});
    await Promise.all([this.refresh(), this.loadTopics()]);
    await this.flush();
  }

  /** Put a question; its bubble is there at once, its reply when it comes. */
  async ask(text: string): Promise<void> {
    const question = text.trim();
    if (!question) return;
    this.refused = [];
    this.parts.outbox.add({ id: newId(), text: question, at: this.parts.now() });
    this.show({});
    await this.flush();
  }

  /** Try again now what could not be sent or fetched. */
  async retry(): Promise<void> {
    this.failures = 0;
    this.show({});
    if (this.snapshot.history === "failed") await this.refresh();
    if (!this.snapshot.topics.topics.length) await this.loadTopics();
    await this.flush();
  }

  /** Catch up after a pause: the page was hidden, the line was down, the lid was closed. */
  resume(): Promise<void> {
    this.resuming ??= this.catchUp().finally(() => (this.resuming = null));
    return this.resuming;
  }

  /** Give up a question that has no answer. */
  discard(id: string): void {
    this.refused = this.refused.filter((question) => question.id !== id);
    this.parts.outbox.remove(new Set([id]));
    this.show({});
  }

  /**
   * Have the channel delete what was said, and forget it on this device; the next question begins a new session.
   * Returns false when the channel did not do it: then everything stays, here too, and can be deleted later.
   */
  async erase(): Promise<boolean> {
    const token = this.session;
    try {
      if (token) await this.parts.wire.erase(token);
    } catch (error) {
      if (!(error instanceof WireError && error.failure === "stranger")) return false; // a stranger has nothing there
    }
    this.refused = [];
    if (token) this.parts.sessions.forget(token);
    // What was asked meanwhile is in a session of its own, and stays.
    if (this.session !== token) this.show({ earlier: [] });
    else this.forgetTurns();
    return true;
  }

  /** Fetch the history: another tab may have gone on, the server may have forgotten. */
  async refresh(): Promise<void> {
    const token = this.parts.sessions.current;
    if (!token && this.session) return this.forgetTurns(); // another tab had it deleted
    if (!token) return this.show({ history: "here" });
    this.follow(token);
    try {
      this.take(token, await this.parts.wire.history(token));
    } catch (error) {
      this.lament(error, token);
    }
  }

  /** Say whether an answer helped. Returns false when that could not be delivered. */
  async judge(message: string, helpful: boolean, comment = ""): Promise<boolean> {
    const token = this.session;
    if (!token) return false;
    try {
      await this.parts.wire.feedback(token, { message, helpful, comment });
    } catch {
      return false;
    }
    this.show({ turns: this.snapshot.turns.map((turn) => (turn.id === message ? { ...turn, helpful } : turn)) });
    return true;
  }

  private async catchUp(): Promise<void> {
    if (this.snapshot.history !== "failed") await this.refresh();
    await this.retry();
  }

  private async loadTopics(): Promise<void> {
    const topics = await this.parts.wire.topics().catch(() => null);
    if (topics) this.show({ topics });
  }

  /** Ask what waits, one after the other; whatever stays is tried again later. */
  private async flush(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.callOff();
    const tried = new Set<string>();
    let reached = true;
    for (let next = this.next(tried); next && reached; next = this.next(tried)) {
      tried.add(next.id);
      reached = await this.put(next);
    }
    this.asking = false;
    this.settle();
  }

  private next(tried: ReadonlySet<string>): Question | undefined {
    return this.parts.outbox.list().find((question) => !tried.has(question.id));
  }

  /** Ask one question. Returns false when nobody can be reached, so that there is no use in asking the next. */
  private async put(question: Question, strangers = 0): Promise<boolean> {
    try {
      const token = await this.parts.sessions.ensure();
      this.follow(token);
      return await this.deliver(token, question);
    } catch (error) {
      const failure = error instanceof WireError ? error : new WireError("broken");
      if (failure.failure === "stranger" && !strangers) {
        this.leave();
        return this.put(question, strangers + 1);
      }
      if (failure.failure === "refused") this.refuse(question, failure.sentence);
      this.busy = failure.failure === "busy";
      return failure.failure !== "unreachable"; // too busy for this one, the channel still answers a victim
    }
  }

  private async deliver(token: string, question: Question): Promise<true> {
    const turn = await this.parts.wire.message(token, question.id, question.text);
    this.failures = 0;
    this.parts.outbox.remove(new Set([question.id]));
    const others = this.snapshot.turns.filter((other) => other.id !== turn.id);
    // Whoever switched to another session in the meantime finds the reply there.
    if (this.session === token) this.show({ turns: [...others, turn], answered: turn.id });
    return true;
  }

  private refuse(question: Question, sentence: string | null): void {
    this.parts.outbox.remove(new Set([question.id]));
    this.refused = [...this.refused, { ...question, state: "refused", sentence }];
  }

  private settle(): void {
    const left = this.parts.outbox.list().length > 0;
    if (left) {
      const pause = AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)] ?? 0;
      this.failures += 1;
      this.callOff = this.parts.later(() => void this.flush(), pause);
    }
    this.show({});
  }

  private take(token: string, { turns: fetched, asked }: History): void {
    if (this.session !== token) return;
    const known = new Set(fetched.map((turn) => turn.id));
    const newest = Date.parse(fetched[fetched.length - 1]?.at ?? "") || 0;
    // A reply may have come while the history was on its way.
    const since = this.snapshot.turns.filter((turn) => !known.has(turn.id) && !(Date.parse(turn.at) < newest));
    // The reply itself may have got lost, on a phone that was put away: here it is.
    const [arrived] = this.snapshot.waiting.filter(({ id }) => known.has(id)).slice(-1);
    this.parts.outbox.remove(known);
    asked.forEach((question) => this.wait(question));
    this.show({ turns: [...fetched, ...since], history: "here", ...(arrived && { answered: arrived.id }) });
  }

  /** Wait again for what a page of this session asked that could keep no outbox, and was left. */
  private wait({ id, text, at }: Asked): void {
    const here = [...this.parts.outbox.list(), ...this.refused, ...this.snapshot.turns];
    if (here.some((known) => known.id === id)) return;
    this.parts.outbox.add({ id, text, at: Date.parse(at) || this.parts.now() });
  }

  private lament(error: unknown, token: string): void {
    if (error instanceof WireError && error.failure === "stranger") {
      this.parts.sessions.forget(token);
      this.leave();
      return this.show({ history: "here" });
    }
    this.show({ history: this.snapshot.turns.length ? "here" : "failed" });
  }

  /** Go over to another session, if it is another one: what was said before stays on the screen. */
  private follow(token: string): void {
    if (this.session && this.session !== token) this.leave();
    this.session = token;
  }

  private forgetTurns(): void {
    this.session = null;
    this.show({ earlier: [], turns: [], answered: null, history: "here" });
  }

  private leave(): void {
    if (this.session) this.parts.sessions.forget(this.session);
    this.session = null;
    this.show({ earlier: [...this.snapshot.earlier, ...this.snapshot.turns], turns: [] });
  }

  private show(change: Partial<Snapshot>): void {
    const state = !this.failures ? "asking" : this.busy ? "busy" : "stuck";
    const unanswered = this.parts.outbox.list().map((question) => ({ ...question, state, sentence: null }) as const);
    this.snapshot = { ...this.snapshot, ...change, waiting: [...this.refused, ...unanswered] };
    for (const listener of this.listeners) listener();
  }
}
