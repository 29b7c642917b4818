/** The launcher's looks. They live in its shadow root, so that they and the page's never meet. */

// A frame that is refused shows the browser's own grey face: until the chat speaks, the frame is not seen. Transparent, not
// hidden: browsers slow down what is in a hidden frame. Old browsers know no max(): each declaration with it has one before it that they keep.
const CSS = `
:host { all: initial !important; }
* { box-sizing: border-box; }
.launcher, .panel {
  position: fixed; z-index: 2147483000; right: 20px; right: max(20px, env(safe-area-inset-right));
  font: 600 17px/1.2 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
.left .launcher, .left .panel { right: auto; left: 20px; left: max(20px, env(safe-area-inset-left)); }
.launcher {
  bottom: 20px; bottom: max(20px, env(safe-area-inset-bottom)); display: flex; align-items: center;
  min-width: 56px; min-height: 56px; padding: 0 22px 0 18px; border: 2px solid rgba(255,255,255,.85); border-radius: 30px;
  background: var(--own); color: var(--ink); box-shadow: 0 4px 16px rgba(0,0,0,.28); cursor: pointer;
}
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline: 3px solid #ffb300; outline-offset: 3px; }
.launcher svg { width: 26px; margin-right: 10px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.panel {
  bottom: 92px; bottom: calc(max(20px, env(safe-area-inset-bottom)) + 72px); width: 420px; height: calc(100% - 112px); max-height: 700px;
  display: none; overflow: hidden; border-radius: 14px; background: #fff; color: #11192d;
  box-shadow: 0 8px 40px rgba(0,0,0,.3), 0 0 0 1px rgba(0,0,0,.08);
}
.open .panel { display: block; }
iframe { position: absolute; top: 0; left: 0; width: 100%; height: 100%; border: 0; color-scheme: normal; opacity: 0; pointer-events: none; }
.ready iframe { opacity: 1; pointer-events: auto; }
.failed iframe, .ready .instead { display: none; }
.instead { padding: 28px 24px; font-weight: 400; line-height: 1.7; }
.instead a { color: #1f4e9e; font-weight: 600; }
.instead button { display: block; min-height: 48px; margin-top: 20px; padding: 0 24px; border: 1px solid #7c889c; border-radius: 8px; background: #fff; color: inherit; font: inherit; cursor: pointer; }
@media (max-width: 640px), (max-height: 480px) {
  .panel { left: 0 !important; right: 0 !important; top: 0; bottom: 0; width: 100%; height: 100%; max-height: none; border-radius: 0; }
  .open .launcher { display: none; }
}
@media print { .launcher, .panel { display: none !important; } }
`.replace(/\s+/g, " ");

/** Give a shadow root its styles: as a constructed sheet, which no page's policy forbids; in old browsers as an element. */
export function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = CSS;
    root.append(style);
  }
}
