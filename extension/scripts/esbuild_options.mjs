/** How every bundle is made: the options, and what `?text` and `?packed` imports stand for. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build, transform } from "esbuild";

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

/** The views' styles travel as a style file would: without spaces and line breaks. */
const stylesPacked = {
  name: "styles-packed",
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]src[\\/]ui[\\/](?:styles[\\/]\w+|player[\\/]style)\.ts$/ }, async ({ path }) => {
      const [before, ...sheets] = (await readFile(path, "utf8")).split(/= `\n([^`]+)`;/);
      const packed = await Promise.all(sheets.map((text, n) => (n % 2 === 0 ? packStyle(text) : text)));
      return { contents: [before, ...packed].join(""), loader: "ts" };
    });
  },
};

async function packStyle(text) {
  const { code } = await transform(text, { charset: "utf8", loader: "css", logLevel: "error", minify: true });
  return `= ${JSON.stringify(code.trim())};`;
}

/**
 * Yjs as our pages need it. It marks the page, to warn of two copies whose documents meet:
 * JupyterLab has its own copy and no document goes from one to the other, so ours marks its own
 * place, and a second copy of ours, which would be a fault, is still told of. And a song's document
 * holds maps alone: lists, texts and XML are left out, and an update that has them is refused.
 */
const yjsOfOurs = {
  name: "yjs-of-ours",
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]yjs[\\/]dist[\\/]yjs\.mjs$/ }, async ({ path }) => {
      let source = await readFile(path, "utf8");
      for (const [theirs, ours] of YJS_CHANGES) {
        const changed = source.replace(theirs, ours);
        if (changed === source) throw new Error(`${path} is another than expected: it has no ${theirs}`);
        source = changed;
      }
      return { contents: source, loader: "js" };
    });
  },
};

const REFUSED_TYPE = "() => { throw new Error('A song\u2019s document has maps only.') }";
const YJS_CHANGES = [
  ["'__ $YJS$ __'", "'__ $YJS$ cellissimo __'"],
  ...["YArray", "YText", "YXmlElement", "YXmlFragment", "YXmlHook", "YXmlText"].map((type) => [
    new RegExp(`^  read${type}(,?)$`, "m"), `  ${REFUSED_TYPE}$1`,
  ]),
  ...["YText", "YXmlFragment"].map((type) => [`this.get(name, ${type})`, "this.get(name)"]),
  ...["YArray", "YXmlElement"].map((type) => [`(this.get(name, ${type}))`, "(this.get(name))"]),
  ["cleanupYTextAfterTransaction(transaction);", ""],
];

/** Options shared by all bundles. */
export const COMMON = { ...BASE, plugins: [scriptAsText, bytesPacked, stylesPacked, yjsOfOurs] };
