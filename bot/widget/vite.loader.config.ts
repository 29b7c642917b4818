/** Builds the loader, dist/widget.js: one classic script that a centre's page includes. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { OLDEST } from "./browsers.ts";
import { nothingOutside } from "./outside.ts";

export default defineConfig({
  plugins: [nothingOutside()],
  build: {
    target: OLDEST,
    outDir: process.env.DUANKA_WIDGET_OUT ?? "dist",
    emptyOutDir: false, // the chat is in it already
    lib: {
      entry: fileURLToPath(new URL("src/loader/main.ts", import.meta.url)),
      formats: ["iife"],
      name: "duanka",
      fileName: () => "widget.js",
    },
  },
});
