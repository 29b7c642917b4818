/** The button on a centre's page, and the frame it opens. */
import { heard, saying } from "../look/frame";
import { chatAddress, type Settings } from "./settings";
import { Curtain, fit, Openness } from "./page";
import { dress, layOut, set, SMALL } from "./styles";

// A frame that has not said a word by then will not show a chat: blocked script, no service. Once it has loaded, its
// script has run, or the browser refused the frame: then it is soon known.
const PATIENCE_MS = 12_000;
const LOADED_PATIENCE_MS = 4_000;
const ICON = ["M4 5h16v11H11l-4.5 4v-4H4z", "M8.5 9h7M8.5 12.5h4"];

export class Launcher {
  private readonly home = element("div");
  private readonly button = element("button", { type: "button", class: "launcher", "aria-haspopup": "dialog" });
  private readonly panel = element("div", { class: "panel", role: "dialog", id: "panel" });
  private readonly words = element("span");
  private readonly mark = element("span", { class: "mark" });
  private readonly state = element("strong", { role: "status" });
  private readonly outer = element("duanka-widget");
  private readonly curtain: Curtain;
  private readonly openness: Openness;
  private readonly small: MediaQueryList;
  private frame: HTMLIFrameElement | null = null;
  /** Whether the page lets us have no style sheet. */
  private bare = false;
  private entering = true;

  constructor(
    private readonly settings: Settings,
    private readonly window: Window,
  ) {
    this.curtain = new Curtain(window.document, this.outer);
    this.openness = new Openness(window);
    this.small = window.matchMedia(SMALL);
  }

  /** Put the button on the page. */
  mount(): void {
    const root = this.outer.attachShadow({ mode: "open" });
    this.home.className = this.settings.side;
    set(this.home, { "--own": this.settings.colour, "--ink": this.settings.ink });
    this.panel.setAttribute("aria-label", this.settings.title);
    this.button.setAttribute("aria-controls", "panel");
    this.mark.textContent = "有新答复";
    this.button.append(icon(), this.words, this.mark);
    this.home.append(this.panel, this.button);
    root.append(this.home);
    dress(root, new URL("widget.css", this.settings.base).href, {
      pending: () => set(this.home, { display: "none" }),
      dressed: () => set(this.home, { display: "" }),
      refused: () => {
        this.bare = true;
        set(this.home, { display: "" });
        this.arrange();
      },
    });
    this.listen();
    this.show(false);
    // Beside the body, not in it: a filter or transform on that (a page turned grey for mourning) would hold what is fixed.
    this.window.document.documentElement.append(this.outer);
    if (this.openness.wasOpen) this.open(false);
  }

  private listen(): void {
    this.button.addEventListener("click", () => this.toggle(!this.isOpen));
    this.home.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.isOpen) this.toggle(false);
    });
    this.window.addEventListener("message", (event) => {
      if (this.says(event, "close") && this.isOpen) this.toggle(false);
      if (this.says(event, "ready")) this.ready();
      if (this.says(event, "answered") && !this.isOpen) this.tellUnread(true);
    });
    this.openness.onStep((open) => {
      if (open !== this.isOpen) this.step(open);
    });
    const arrange = () => this.arrange();
    this.window.addEventListener("resize", arrange);
    this.window.visualViewport?.addEventListener("resize", arrange);
    this.window.visualViewport?.addEventListener("scroll", arrange);
  }

  private get isOpen(): boolean {
    return this.home.classList.contains("open");
  }

  private says(event: MessageEvent, word: "close" | "ready" | "answered"): boolean {
    return heard(event, word, this.frame?.contentWindow ?? null, new URL(this.settings.base).origin);
  }

  /** Open or close, as the resident wants it. */
  private toggle(open: boolean): void {
    this.step(open);
    this.openness.note(open);
  }

  /** Open or close; the focus goes in, and back to the button. */
  private step(open: boolean): void {
    if (open) return this.open(true);
    this.show(false);
    this.tell("closed");
    this.button.focus();
  }

  /** `enter`: the resident opened it just now, so the focus goes in; else it was open before this page was loaded. */
  private open(enter: boolean): void {
    this.show(true);
    this.tellUnread(false);
    this.entering = enter;
    if (this.frame) this.enter();
    else this.begin();
    if (!enter) this.openness.note(true);
  }

  private show(open: boolean): void {
    this.home.classList.toggle("open", open);
    this.button.setAttribute("aria-expanded", String(open));
    this.words.textContent = open ? "收起" : this.settings.title;
    this.arrange();
  }

  /** What changes with the size of the window, too. */
  private arrange(): void {
    const whole = this.isOpen && this.small.matches;
    if (whole) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    this.curtain.draw(whole);
    if (this.bare && this.outer.shadowRoot) layOut(this.outer.shadowRoot, this.home, this.small.matches);
    fit(this.panel, this.window.visualViewport, whole);
  }

  private tellUnread(unread: boolean): void {
    this.home.classList.toggle("unread", unread);
    if (this.bare) this.arrange();
  }

  /** Make the frame: at the first opening, so that whoever never asks loads nothing. */
  private begin(): void {
    const src = chatAddress(this.settings, this.window.location.origin);
    this.frame = element("iframe", { src, title: this.settings.title, allow: "clipboard-write; microphone; web-share" });
    this.frame.addEventListener("load", () => this.giveUpAfter(LOADED_PATIENCE_MS));
    this.giveUpAfter(PATIENCE_MS);
    this.state.textContent = "对话窗口正在打开……";
    this.panel.append(this.frame, this.instead());
    this.arrange();
  }

  private giveUpAfter(milliseconds: number): void {
    this.window.setTimeout(() => {
      if (!this.home.classList.contains("ready") && !this.home.classList.contains("failed")) this.fail();
    }, milliseconds);
  }

  private fail(): void {
    this.home.classList.add("failed");
    this.arrange();
    this.state.textContent = "对话窗口暂时打不开。";
    const { origin } = this.window.location;
    const remedy = /^http/.test(origin) ? `在服务器上设 DUANKA_WEB_ORIGINS=${origin}，再重启服务` : "这个网页要用 http(s) 打开";
    if (origin !== new URL(this.settings.base).origin) console.error(`断卡问答：对话窗口打不开。服务在运行的话，${remedy}。`);
  }

  private ready(): void {
    this.home.classList.add("ready");
    this.home.classList.remove("failed");
    this.arrange();
    if (this.isOpen) this.enter();
  }

  private enter(): void {
    if (!this.entering) return;
    this.frame?.focus();
    this.tell("opened");
  }

  private tell(word: "opened" | "closed"): void {
    this.frame?.contentWindow?.postMessage(saying(word), new URL(this.settings.base).origin);
  }

  /** What one reads until the chat is up, and when it does not come up. */
  private instead(): HTMLElement {
    const box = element("div", { class: "instead" });
    const plain = element("a", { href: new URL("plain", this.settings.base).href, target: "_blank", rel: "noopener" });
    plain.textContent = "文字版";
    const close = element("button", { type: "button" });
    close.textContent = "关闭";
    close.addEventListener("click", () => this.toggle(false));
    box.append(this.state, element("br"), "正在被骗请立即拨打 ", dial("110"), "，咨询请拨打 ", dial("96110"), "。也可以用", plain, "提问。", close);
    return box;
  }
}

function dial(number: string): HTMLElement {
  const link = element("a", { href: `tel:${number}` });
  link.textContent = number;
  return link;
}

function icon(): SVGElement {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const line of ICON) {
    const path = document.createElementNS(name, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[Name];
function element(name: string, attributes?: Readonly<Record<string, string>>): HTMLElement;
function element(name: string, attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
