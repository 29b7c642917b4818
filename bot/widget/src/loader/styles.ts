/** The launcher's looks. They live in its shadow root, so that they and the page's never meet. */
import written from "./launcher.css?raw";

const CSS = written.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ");

/** What the window must be for the chat to take all of it. */
export const SMALL = "(max-width: 640px), (max-height: 480px)";

/**
 * Give a shadow root its styles: as a constructed sheet, which no page's policy forbids. Browsers before Chrome 73 and
 * Safari 16.4 have none: they load the sheet of the service at `address`. Where the page's policy forbids that too,
 * `refused` is called; `pending` until it is known.
 */
export function dress(root: ShadowRoot, address: string, { pending, dressed, refused }: Dressing): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.addEventListener("load", dressed);
    link.addEventListener("error", refused);
    pending();
    root.append(link);
  }
}

interface Dressing {
  readonly pending: () => void;
  readonly dressed: () => void;
  readonly refused: () => void;
}

interface Parts {
  readonly button: HTMLElement;
  readonly panel: HTMLElement;
  readonly frame: HTMLElement | null;
  readonly instead: HTMLElement | null;
}

interface Look {
  readonly open: boolean;
  readonly ready: boolean;
  readonly small: boolean;
  readonly side: "right" | "left";
  readonly colour: string;
  readonly ink: string;
}

/** The looks that matter, property by property: a script may set them whatever the page's policy says of styles. */
export function layOut({ button, panel, frame, instead }: Parts, { open, ready, small, side, colour, ink }: Look): void {
  const font = '600 17px/1.2 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif';
  const fixed = { position: "fixed", "z-index": "2147483000", "box-sizing": "border-box", font };
  set(button, {
    ...fixed, [side]: "20px", bottom: "20px", display: open && small ? "none" : "block", "min-height": "56px", padding: "0 20px",
    border: "2px solid #fff", "border-radius": "30px", background: colour, color: ink, cursor: "pointer",
  });
  for (const svg of button.querySelectorAll("svg")) set(svg, { display: "none" });
  set(panel, {
    ...fixed, display: open ? "block" : "none", background: "#fff", color: "#11192d", overflow: "hidden",
    left: small ? "0" : side === "left" ? "20px" : "auto", right: small ? "0" : side === "left" ? "auto" : "20px",
    top: small ? "0" : "auto", bottom: small ? "0" : "92px", width: small ? "100%" : "420px",
    height: small ? "100%" : "calc(100% - 112px)", "max-height": small ? "none" : "700px",
    "box-shadow": small ? "none" : "0 0 0 1px #7c889c",
  });
  if (frame) set(frame, { position: "absolute", top: "0", left: "0", width: "100%", height: "100%", border: "0", opacity: ready ? "1" : "0" });
  if (instead) set(instead, { display: ready ? "none" : "block", padding: "28px 24px", "font-weight": "400", "line-height": "1.7" });
}

export function set(element: HTMLElement | SVGElement, properties: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
}
