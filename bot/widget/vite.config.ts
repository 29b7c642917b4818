/** Builds the chat: dist/chat.html and dist/assets/. Also how its tests run. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { OLDEST } from "./browsers.ts";
import { nothingOutside } from "./outside.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "./",
  plugins: [nothingOutside()],
  resolve: {
    // Its modules, not its bundle: of 80 components we use a handful.
    alias: [{ find: /^@chatui\/core$/, replacement: here("node_modules/@chatui/core/es/index.js") }],
  },
  build: {
    target: OLDEST,
    outDir: process.env.DUANKA_WIDGET_OUT ?? "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: here("chat.html"),
      // ChatUI does not say so, but importing a component of it does nothing else.
      treeshake: { moduleSideEffects: [{ test: /@chatui\/core\/es/, sideEffects: false }] },
    },
  },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { settings: { navigation: { disableChildFrameNavigation: true } } } },
    css: { include: /launcher\.css/ }, // its tests look at what is seen
    include: ["tests/**/*.test.{ts,tsx}"],
    server: { deps: { inline: ["@chatui/core"] } },
  },
});
