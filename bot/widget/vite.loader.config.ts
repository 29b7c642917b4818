/** Builds the loader, dist/widget.js: one classic script that a centre's page includes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { OLDEST } from "./browsers.ts";
import { nothingOutside } from "./outside.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The launcher's style sheet as a file of its own, for browsers that cannot construct one. */
const linked: Plugin = {
  name: "duanka-linked-sheet",
  generateBundle() {
    const source = readFileSync(here("src/loader/launcher.css"), "utf-8");
    this.emitFile({ type: "asset", fileName: "widget.css", source });
  },
};

export default defineConfig({
  plugins: [nothingOutside(), linked],
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
