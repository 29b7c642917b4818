/** Keeps the build from naming a host outside: whoever opens the chat must not be made to call on anybody else. */
import type { Plugin } from "vite";

// Names, not requests: XML namespaces, and where React explains its errors (text inside an error message).
const NAMES = ["http://www.w3.org/", "https://react.dev/errors/"];
const ADDRESS = /(?:https?:)?\/\/(?:[a-z0-9-]+\.)+[a-z]{2,}[^\s"'`)]*/gi;

/** Every address outside that a text names. */
export function outsideAddresses(text: string): string[] {
  return (text.match(ADDRESS) ?? []).filter((address) => !NAMES.some((name) => address.startsWith(name)));
}

/** A Vite plugin: the build fails, naming file and address, when any of its files names an address outside. */
export function nothingOutside(): Plugin {
  return {
    name: "duanka-nothing-outside",
    generateBundle(_options, bundle) {
      for (const [file, output] of Object.entries(bundle)) {
        const text = output.type === "chunk" ? output.code : String(output.source);
        const [address] = outsideAddresses(text);
        if (address) this.error(`${file} names ${address}; no request may leave the origin`);
      }
    },
  };
}
