/** What the page that shows the chat chose: the query of its address, checked. */
import { parseColour } from "../look/colour";
import { parseOrigin } from "../look/frame";
import { shortText } from "../look/words";

export interface Options {
  readonly title: string;
  readonly place: string | null;
  readonly colour: string | null;
  readonly elder: boolean;
  /** The origin of the page around us, when the loader put us there. */
  readonly host: string | null;
}

export function readOptions(query: string): Options {
  const given = new URLSearchParams(query);
  return {
    title: shortText(given.get("title"), 20) ?? "断卡问答",
    place: shortText(given.get("place"), 20),
    colour: parseColour(given.get("color")),
    elder: given.get("elder") === "1",
    host: parseOrigin(given.get("host")),
  };
}
