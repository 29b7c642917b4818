/** Speech to text by the browser, where it has that; the sound goes to it, or to its maker, and never to us. */

/** What browsers call SpeechRecognition, as far as we need it. */
interface Recognition {
  lang: string;
  interimResults: boolean;
  continuous: boolean;
  onresult: ((event: { readonly results: ArrayLike<ArrayLike<{ readonly transcript: string }>> }) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
}

type Maker = new () => Recognition;
export type Listening = "idle" | "listening" | "refused" | "nothing";

export class Dictation {
  private state: Listening = "idle";
  private running: Recognition | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly make: Maker | undefined) {}

  /** The browser's own, under whichever of its names; nothing in browsers that have none. */
  static of(window: Window): Dictation {
    const names = window as unknown as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
    return new Dictation(names.SpeechRecognition ?? names.webkitSpeechRecognition);
  }

  get able(): boolean {
    return this.make !== undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): Listening => this.state;

  /** Listen until `stop`; what was understood is given to `then`, once. */
  start(then: (words: string) => void): void {
    if (!this.make || this.running) return;
    const heard: string[] = [];
    const recognition = (this.running = new this.make());
    recognition.lang = "zh-CN";
    recognition.interimResults = false;
    recognition.continuous = true;
    recognition.onresult = ({ results }) => {
      heard.splice(0, heard.length, ...Array.from(results, (each) => each[0]?.transcript ?? ""));
    };
    recognition.onerror = ({ error }) => {
      this.become(error === "not-allowed" || error === "service-not-allowed" ? "refused" : "nothing");
    };
    recognition.onend = () => {
      this.running = null;
      const words = heard.join("").trim();
      if (words) then(words);
      if (this.state === "listening") this.become(words ? "idle" : "nothing");
    };
    this.become("listening");
    try {
      recognition.start();
    } catch {
      this.running = null;
      this.become("refused");
    }
  }

  stop(): void {
    this.running?.stop();
  }

  private become(state: Listening): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
