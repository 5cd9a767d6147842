/** How every bundle is made: the options, and what `?text` and `?packed` imports stand for. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";

export const EXTENSION = fileURLToPath(new URL("..", import.meta.url));
export const PACKAGE = join(EXTENSION, "..", "kernel_lib", "cellissimo");

const BASE = {
  absWorkingDir: EXTENSION,
  // Yjs writes to the console when something is at fault; to do so in colours takes a whole library.
  alias: { "lib0/logging": join(EXTENSION, "node_modules", "lib0", "logging.node.js") },
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

/** `import engine from "./engine.wasm?packed"`: its bytes deflated, as text is no packing for them. */
const bytesPacked = {
  name: "bytes-packed",
  setup(plugin) {
    plugin.onResolve({ filter: /\?packed$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?packed$/, "")),
      namespace: "packed",
    }));
    plugin.onLoad({ filter: /.*/, namespace: "packed" }, async ({ path }) => ({
      contents: deflateRawSync(await readFile(path), { level: 9 }),
      loader: "binary",
    }));
  },
};

/**
 * Yjs marks the page, to warn of two copies whose documents meet. JupyterLab has its own copy and
 * no document goes from one to the other: ours marks its own place, and a second copy of ours,
 * which would be a fault, is still told of.
 */
const markOfOurOwn = {
  name: "mark-of-our-own",
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]yjs[\\/]dist[\\/]yjs\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const mark = "'__ $YJS$ __'";
      if (!source.includes(mark)) throw new Error(`${path} does not mark the page as ${mark}`);
      return { contents: source.replace(mark, "'__ $YJS$ cellissimo __'"), loader: "js" };
    });
  },
};

/** Options shared by all bundles. */
export const COMMON = { ...BASE, plugins: [scriptAsText, bytesPacked, markOfOurOwn] };
