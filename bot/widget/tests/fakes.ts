/** Plain stand-ins for what the conversation talks to: a channel in memory, a store, a clock. */
import { Conversation } from "../src/conversation/conversation";
import { Outbox } from "../src/conversation/outbox";
import { exclusively, Sessions } from "../src/conversation/sessions";
import type { Store } from "../src/conversation/store";
import { WireError, type Failure, type Feedback, type Wire } from "../src/wire/client";
import { parseTurn, type Asked, type History, type Topics, type Turn } from "../src/wire/contract";

export function turnOf(id: string, text: string, custom: object = {}, reply = `答：${text}`): Turn {
  const at = "2026-11-24T09:30:00+08:00";
  const turn = parseTurn({ id, text, at, reply: { text: reply, custom }, helpful: null });
  if (!turn) throw new Error("no turn");
  return turn;
}

/** A channel in memory. It answers each id once and remembers every call; `trouble` fails the calls to come. */
export class FakeWire implements Wire {
  readonly asked: { session: string; id: string; text: string }[] = [];
  readonly judged: Feedback[] = [];
  private sessions = 0;
  readonly turns = new Map<string, Turn[]>();
  trouble: Failure[] = [];
  sentence: string | null = null;
  /** Replies that get lost on their way back: the turn is made, the caller hears nothing. */
  lost = 0;
  /** What a message waits for before it is answered. */
  gate: Promise<void> = Promise.resolve();
  catalogue: Topics = { topics: [], places: [] };

  async session(): Promise<string> {
    this.fail();
    const token = `token-${(this.sessions += 1)}`;
    this.turns.set(token, []);
    return token;
  }

  async message(session: string, id: string, text: string): Promise<Turn> {
    this.asked.push({ session, id, text });
    this.fail();
    await this.gate;
    const turns = this.of(session);
    const before = turns.find((turn) => turn.id === id);
    const turn = before ?? turnOf(id, text);
    if (!before) turns.push(turn);
    if (this.lost > 0) {
      this.lost -= 1;
      throw new WireError("unreachable");
    }
    return turn;
  }

  /** What is still being answered, by other pages. */
  unanswered: Asked[] = [];

  async history(session: string): Promise<History> {
    this.fail();
    return { turns: [...this.of(session)], asked: [...this.unanswered] };
  }

  async feedback(session: string, feedback: Feedback): Promise<void> {
    this.fail();
    this.of(session);
    this.judged.push(feedback);
  }

  async erase(session: string): Promise<void> {
    this.fail();
    this.of(session);
    await this.gate;
    this.turns.delete(session);
  }

  async topics(): Promise<Topics> {
    return this.catalogue;
  }

  private of(session: string): Turn[] {
    const turns = this.turns.get(session);
    if (!turns) throw new WireError("stranger");
    return turns;
  }

  private fail(): void {
    const failure = this.trouble.shift();
    if (failure) throw new WireError(failure, this.sentence);
  }
}

/** What two tabs of a browser share. */
export class FakeStore implements Store {
  lasts = true;
  private readonly kept = new Map<string, string>();
  get(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  set(key: string, value: string): void {
    this.kept.set(key, value);
  }
  remove(key: string): void {
    this.kept.delete(key);
  }
}

/** A clock that stands; tasks for later wait until they are called. */
export class FakeClock {
  time = 1_000_000_000_000;
  private task: (() => void) | null = null;
  pause: number | null = null;

  readonly now = () => this.time;
  readonly later = (task: () => void, milliseconds: number) => {
    this.task = task;
    this.pause = milliseconds;
    return () => (this.task = null);
  };

  async ring(): Promise<void> {
    const task = this.task;
    this.task = null;
    task?.();
    await quiet();
  }
}

/** A page: a conversation over this channel and this store. */
export function pageOver(wire: Wire, store: Store, clock = new FakeClock()): Conversation {
  const sessions = new Sessions(store, wire, exclusively(undefined));
  return new Conversation({ wire, sessions, outbox: new Outbox(store, clock.now), now: clock.now, later: clock.later });
}

/** Wait until whatever runs has run. */
export async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  await new Promise((resolve) => setTimeout(resolve, 0));
}
