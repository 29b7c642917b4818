/** Reads answers aloud with the browser's own voice, one at a time. */

// A voice that has not begun by then is none: some browsers take every text and stay silent.
const BEGINS_MS = 4_000;
const SENTENCES = /[^。！？；\n]+[。！？；\n]*/g;

export class Speaker {
  private speaking: string | null = null;
  private unheard: string | null = null;
  private readings = 0;
  private begun = false;
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

  /** The id of what could not be read, because this device has no voice for it; null otherwise. */
  readonly silent = (): string | null => this.unheard;

  /** Read `text`, known as `id`; stop if it is being read already. */
  toggle(id: string, text: string): void {
    const again = this.speaking === id;
    this.unheard = null;
    this.stop();
    if (again || !this.voice) return;
    if (this.foreignOnly(this.voice)) return this.fail(id);
    // Some browsers fall silent within a long text: one sentence at a time.
    const sentences = (text.match(SENTENCES) ?? []).filter((sentence) => sentence.trim());
    this.become(sentences.length ? id : null);
    sentences.forEach((sentence, index) => this.say(id, sentence, index === sentences.length - 1));
    const reading = this.readings;
    setTimeout(() => {
      if (this.readings === reading && !this.begun && this.speaking === id) this.fail(id);
    }, BEGINS_MS);
  }

  stop(): void {
    this.readings += 1;
    this.begun = false;
    this.voice?.cancel();
    this.become(null);
  }

  /** Whether there are voices, and none of them speaks Chinese; a list that is still empty says nothing. */
  private foreignOnly(voice: SpeechSynthesis): boolean {
    const voices = voice.getVoices?.() ?? [];
    return voices.length > 0 && !voices.some(({ lang }) => /^(zh|cmn|yue)/i.test(lang));
  }

  private fail(id: string): void {
    this.stop();
    this.unheard = id;
    this.become(null);
  }

  private say(id: string, sentence: string, last: boolean): void {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.lang = "zh-CN";
    const reading = this.readings;
    const over = () => {
      if (this.readings === reading) this.become(null); // what was cancelled reports its end late
    };
    utterance.onstart = () => {
      if (this.readings === reading) this.begun = true;
    };
    if (last) utterance.onend = over;
    utterance.onerror = () => {
      if (this.readings === reading && !this.begun) this.fail(id);
      else over();
    };
    this.voice?.speak(utterance);
  }

  private become(id: string | null): void {
    this.speaking = id;
    for (const listener of this.listeners) listener();
  }
}
