/** The page around the chat, if there is one: told when to close, heard when it opens us. */
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

  close(): void {
    this.say("close");
  }

  /** Call `opened` each time the resident opens us; returns how to stop that. */
  onOpened(opened: () => void): () => void {
    const listen = (event: MessageEvent) => {
      if (this.origin && heard(event, "opened", this.window.parent, this.origin)) opened();
    };
    this.window.addEventListener("message", listen);
    return () => this.window.removeEventListener("message", listen);
  }

  private say(word: "ready" | "close"): void {
    if (this.present && this.origin) this.window.parent.postMessage(saying(word), this.origin);
  }
}
