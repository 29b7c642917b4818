/** The launcher's looks. They live in its shadow root, so that they and the page's never meet. */
import CSS from "./launcher.css?raw";

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

/**
 * The same looks, put on each element by hand: a script may do that whatever the page's policy says of styles. To be done
 * anew when a class or the window's size has changed. Not for `kept`, which has properties of its own.
 */
export function layOut(root: ShadowRoot, kept: HTMLElement, small: boolean): void {
  const [usual = "", inSmall = ""] = CSS.split("@media");
  const rules = usual + (small ? inSmall.slice(inSmall.indexOf("{") + 1) : "");
  for (const element of root.querySelectorAll<HTMLElement>("*")) if (element !== kept) element.style.cssText = "";
  for (const rule of rules.split("}")) {
    const [selector = "", style] = rule.split("{");
    try {
      for (const element of root.querySelectorAll<HTMLElement>(selector)) element.style.cssText += `;${style}`;
    } catch {
      // a selector that this browser does not know: it would skip the rule in a sheet, too
    }
  }
}

export function set(element: HTMLElement | SVGElement, properties: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
}
