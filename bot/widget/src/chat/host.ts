/** The page around the chat, if there is one: told when to close, heard when it opens or closes us. */
import { heard, saying } from "../look/frame";

export class Host {
  /** `origin` is the one the loader named; null when the chat stands alone. */
  constructor(
    private readonly window: Window,
    private readonly origin: string | null,
  ) {}

  get present(): boolean {
    return this.origin !== null && this.window.parent !== this.window;
  }

  ready(): void {
    this.say("ready");
  }

  /** A reply came: a page that has us closed shows a mark. */
  answered(): void {
    this.say("answered");
  }

  close(): void {
    this.say("close");
  }

  /** Call `then` each time the resident opened or closed us; returns how to stop that. */
  on(word: "opened" | "closed", then: () => void): () => void {
    const listen = (event: MessageEvent) => {
      if (this.origin && heard(event, word, this.window.parent, this.origin)) then();
    };
    this.window.addEventListener("message", listen);
    return () => this.window.removeEventListener("message", listen);
  }

  private say(word: "ready" | "close" | "answered"): void {
    if (this.present && this.origin) this.window.parent.postMessage(saying(word), this.origin);
  }
}
