/** How every bundle is made: the options, and what a `?text` import stands for. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const EXTENSION = fileURLToPath(new URL("..", import.meta.url));
export const PACKAGE = join(EXTENSION, "..", "kernel_lib", "cellissimo");

const BASE = {
  absWorkingDir: EXTENSION,
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  loader: { ".css": "text", ".svg": "text", ".wasm": "binary" },
  logLevel: "warning",
  minify: true,
  target: "es2022",
};

/** `import script from "./worklet.ts?text"`: a script of its own, bundled, as text. */
const scriptAsText = {
  name: "script-as-text",
  setup(plugin) {
    plugin.onResolve({ filter: /\?text$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?text$/, "")),
      namespace: "text",
    }));
    plugin.onLoad({ filter: /.*/, namespace: "text" }, async ({ path }) => {
      const built = await build({ ...BASE, entryPoints: [path], format: "iife", write: false });
      return { contents: built.outputFiles[0].text, loader: "text" };
    });
  },
};

/** Options shared by all bundles. */
export const COMMON = { ...BASE, plugins: [scriptAsText] };
