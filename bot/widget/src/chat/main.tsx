/** Puts the chat together from the browser's parts and starts it. */
import { createRoot } from "react-dom/client";
import { Conversation } from "../conversation/conversation";
import { Outbox, OUTBOX_KEY } from "../conversation/outbox";
import { exclusively, SESSION_KEY, Sessions } from "../conversation/sessions";
import { BrowserStore, CookieJar } from "../conversation/store";
import { inkOn } from "../look/colour";
import { wireTo } from "../wire/client";
import { Chat } from "./Chat";
import { Dictation } from "./dictation";
import { Host } from "./host";
import { readOptions, type Options } from "./options";
import { Speaker } from "./speaker";
import { followViewport, holdWheel } from "./viewport";

const options = readOptions(location.search);
const store = new BrowserStore(
  () => window.localStorage,
  () => new CookieJar(document, location.pathname),
);
const wire = wireTo(location.href, (input, init) => window.fetch(input, init));
const conversation = new Conversation({
  wire,
  sessions: new Sessions(store, wire, exclusively(navigator.locks)),
  outbox: new Outbox(store, Date.now),
  now: Date.now,
  later: (task, milliseconds) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
});
const speaker = new Speaker(window.speechSynthesis);
const dictation = Dictation.of(window);

/** Properties set by script, not a style attribute in the page: the policy forbids the latter. */
function paint({ colour, title }: Options): void {
  document.title = title;
  if (!colour) return;
  const { style } = document.documentElement;
  style.setProperty("--own", colour);
  style.setProperty("--on-own", inkOn(colour));
}

/** Other tabs write to the same store; a page that was away may have missed something. */
function keepUp(): void {
  window.addEventListener("storage", ({ key }) => {
    if (key === null || key === SESSION_KEY || key === OUTBOX_KEY) void conversation.refresh();
  });
  window.addEventListener("online", () => void conversation.resume());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void conversation.resume();
  });
  window.addEventListener("focus", () => void conversation.resume());
  window.addEventListener("pagehide", () => speaker.stop());
}

paint(options);
keepUp();
followViewport(window);
holdWheel(document);
void conversation.open();
const root = document.getElementById("root");
if (root) createRoot(root).render(<Chat {...{ conversation, options, store, speaker, dictation }} host={new Host(window, options.host)} />);
