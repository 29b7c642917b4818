/** The page around the chat: what a chat that is open changes of it, and how it is put back. */
import { set } from "./styles";

const OPEN = "duanka:open";

/** Whether the chat is open, as the browser remembers it of this tab, and as its Back knows it. */
export class Openness {
  /** The page as it was when it got its entry with the chat open: that is where Back leads. */
  private below: string | null = null;

  constructor(private readonly window: Window) {
    if (this.ours) this.below = window.location.href;
  }

  /** Whether it was open when this page was left, by a reload or by a link. */
  get wasOpen(): boolean {
    return this.ours || this.stored(() => this.window.sessionStorage.getItem(OPEN) === "1") === true;
  }

  /** Note it; while it is open, Back leads to the page without it. */
  note(open: boolean): void {
    this.remember(open);
    const { history, location } = this.window;
    if (open && !this.ours) {
      this.below = location.href;
      history.pushState({ ...(history.state as object | null), duanka: "open" }, "");
    } else if (!open && this.ours) history.back();
  }

  /** Call `then` when Back, or Forward, has led to the page with or without the chat; not for a place in the page. */
  onStep(then: (open: boolean) => void): void {
    this.window.addEventListener("popstate", () => {
      if (!this.ours && this.window.location.href !== this.below) return;
      this.remember(this.ours);
      then(this.ours);
    });
  }

  private get ours(): boolean {
    return (this.window.history.state as { duanka?: unknown } | null)?.duanka === "open";
  }

  private remember(open: boolean): void {
    this.stored(() => (open ? this.window.sessionStorage.setItem(OPEN, "1") : this.window.sessionStorage.removeItem(OPEN)));
  }

  private stored<T>(use: () => T): T | undefined {
    try {
      return use();
    } catch {
      return undefined; // blocked: then the history alone remembers
    }
  }
}

/** Keeps the page behind a chat that takes the whole window out of reach: of fingers, of Tab, of a screen reader. */
export class Curtain {
  private hidden: Array<() => void> = [];

  constructor(
    private readonly document: Document,
    private readonly host: Element,
  ) {}

  draw(closed: boolean): void {
    if (closed === this.hidden.length > 0) return;
    if (!closed) return this.hidden.splice(0).forEach((restore) => restore());
    for (const element of [...this.document.documentElement.children]) {
      if (element === this.host || !(element instanceof HTMLElement) || element.localName === "head") continue;
      this.hidden.push(without(element, "inert", ""), without(element, "aria-hidden", "true"));
    }
    const { style } = this.document.documentElement;
    const before = style.getPropertyValue("overflow");
    style.setProperty("overflow", "hidden");
    this.hidden.push(() => style.setProperty("overflow", before));
  }
}

function without(element: Element, name: string, value: string): () => void {
  const before = element.getAttribute(name);
  element.setAttribute(name, value);
  return () => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before));
}

/**
 * Keep a panel that takes the whole window in what the telephone's keyboard leaves of it: the window itself does not
 * become smaller on every phone, what is seen of it does.
 */
export function fit(panel: HTMLElement, view: VisualViewport | null, whole: boolean): void {
  if (!view) return;
  set(panel, whole
    ? { height: `${view.height}px`, top: `${view.offsetTop}px`, bottom: "auto" }
    : { height: "", top: "", bottom: "" });
}
