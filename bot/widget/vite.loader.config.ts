/** Builds the loader, dist/widget.js: one classic script that a centre's page includes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { OLDEST } from "./browsers.ts";
import { nothingOutside } from "./outside.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const minified = () => readFileSync(here("src/loader/launcher.css"), "utf-8")
  .replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1").replace(/: /g, ":").replace(/;}/g, "}");

/** The launcher's style sheet: small in the loader, and as a file of its own for browsers that cannot construct one. */
const sheet: Plugin = {
  name: "duanka-sheet",
  enforce: "pre",
  load: (id) => (id.endsWith("launcher.css?raw") ? `export default ${JSON.stringify(minified())}` : null),
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "widget.css", source: minified() });
  },
};

export default defineConfig({
  plugins: [nothingOutside(), sheet],
  build: {
    target: OLDEST,
    outDir: process.env.DUANKA_WIDGET_OUT ?? "dist",
    emptyOutDir: false, // the chat is in it already
    lib: {
      entry: here("src/loader/main.ts"),
      formats: ["iife"],
      name: "duanka",
      fileName: () => "widget.js",
    },
  },
});
