/** Reads answers aloud with the browser's own voice, one at a time. */

const SENTENCES = /[^。！？；\n]+[。！？；\n]*/g;

export class Speaker {
  private speaking: string | null = null;
  private readings = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly voice: SpeechSynthesis | undefined) {}

  get able(): boolean {
    return this.voice !== undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The id of what is being read; null in silence. */
  readonly current = (): string | null => this.speaking;

  /** Read `text`, known as `id`; stop if it is being read already. */
  toggle(id: string, text: string): void {
    const again = this.speaking === id;
    this.stop();
    if (again || !this.voice) return;
    // Some browsers fall silent within a long text: one sentence at a time.
    const sentences = (text.match(SENTENCES) ?? []).filter((sentence) => sentence.trim());
    sentences.forEach((sentence, index) => this.say(sentence, index === sentences.length - 1));
    this.become(sentences.length ? id : null);
  }

  stop(): void {
    this.readings += 1;
    this.voice?.cancel();
    this.become(null);
  }

  private say(sentence: string, last: boolean): void {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.lang = "zh-CN";
    const reading = this.readings;
    const over = () => {
      if (this.readings === reading) this.become(null); // what was cancelled reports its end late
    };
    if (last) utterance.onend = over;
    utterance.onerror = over;
    this.voice?.speak(utterance);
  }

  private become(id: string | null): void {
    this.speaking = id;
    for (const listener of this.listeners) listener();
  }
}
