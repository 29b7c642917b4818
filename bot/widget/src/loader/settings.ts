/** What a centre's page says about the widget: the attributes of its script element, checked. */
import { inkOn, parseColour } from "../look/colour";
import { shortText } from "../look/words";

const POLICE_BLUE = "#1f4e9e";

export interface Settings {
  readonly title: string;
  readonly place: string | null;
  readonly colour: string;
  readonly ink: string;
  readonly side: "right" | "left";
  /** Where the chat lies: the script's own folder. Ends in a slash. */
  readonly base: string;
}

/** `data` are the script element's data attributes, `source` the absolute address it came from. */
export function readSettings(data: DOMStringMap, source: string): Settings {
  const colour = parseColour(data.color) ?? POLICE_BLUE;
  return {
    title: shortText(data.title, 20) ?? "断卡问答",
    place: shortText(data.place, 20),
    colour,
    ink: inkOn(colour),
    side: data.position?.trim() === "left" ? "left" : "right",
    base: new URL(".", source).href,
  };
}

/** The chat's address for these settings, on a page of the origin `host`. */
export function chatAddress({ title, place, colour, base }: Settings, host: string): string {
  const query = new URLSearchParams({ title, color: colour, host, ...(place && { place }) });
  return new URL(`chat?${query}`, base).href;
}
