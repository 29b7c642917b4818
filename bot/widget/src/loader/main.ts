/** widget.js: runs on a centre's page, puts the button there once, however often the page includes it. */
import { Launcher } from "./launcher";
import { readSettings } from "./settings";

const HERE = "duanka-widget";

/** Our script element: the one that runs; for a module, which has none, the one whose address ends in our name. */
function ownScript(): HTMLScriptElement | null {
  const running = document.currentScript;
  return running instanceof HTMLScriptElement
    ? running
    : document.querySelector<HTMLScriptElement>('script[src$="/widget.js"], script[src="widget.js"]');
}

function start(script: HTMLScriptElement): void {
  if (document.querySelector(HERE)) return;
  new Launcher(readSettings(script.dataset, script.src), window).mount();
}

const script = ownScript();
if (script) {
  if (document.body) start(script);
  else document.addEventListener("DOMContentLoaded", () => start(script));
}
