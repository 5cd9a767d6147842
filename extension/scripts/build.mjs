/** Builds what runs in browsers: `node scripts/build.mjs [widgets] [lab] [pages]`. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { COMMON, EXTENSION, PACKAGE } from "./esbuild_options.mjs";

const STATIC = join(PACKAGE, "widgets", "static");
const MANIFEST = join(STATIC, "manifest.json");
const LAB = join(EXTENSION, "labextension");
const PAGES = join(EXTENSION, "..", "server_ext", "cellissimo_server", "publish", "static");

async function bundle(entry) {
  const built = await build({ ...COMMON, entryPoints: [entry], write: false });
  return built.outputFiles[0].contents;
}

function hashed(name, bytes, ending) {
  return `${name}.${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.${ending}`;
}

async function buildWidgets() {
  const [loader, code] = await Promise.all([
    bundle("src/widgets/loader.ts"),
    bundle("src/widgets/bundle.ts"),
  ]);
  const name = hashed("bundle", code, "js");
  await mkdir(STATIC, { recursive: true });
  for (const old of await readdir(STATIC)) {
    if (/^bundle\..*\.js$/.test(old) && old !== name) await rm(join(STATIC, old));
  }
  await writeFile(join(STATIC, "loader.js"), loader);
  await writeFile(join(STATIC, name), code);
  await writeFile(MANIFEST, `${JSON.stringify({ bundle: name })}\n`);
}

async function buildLab() {
  await build({
    ...COMMON,
    entryPoints: ["src/lab/index.ts"],
    external: ["@jupyterlab/*", "@lumino/*"],
    minify: false,
    outfile: "lib/lab/index.js",
  });
  const require = createRequire(import.meta.url);
  const builder = require.resolve("@jupyter/builder/lib/build-labextension.js");
  const core = require.resolve("@jupyterlab/core-meta/core.package.json");
  execFileSync(process.execPath, [builder, "--core-package-file", core, EXTENSION], {
    cwd: EXTENSION,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { bundle: name } = JSON.parse(await readFile(MANIFEST, "utf8"));
  await copyFile(join(STATIC, name), join(LAB, "static", name));
  // Rooms are shown by the bundle, whose name has its hash.
  await copyFile(MANIFEST, join(LAB, "static", "bundle.json"));
}

/** The script and the style of public pages, each under a name with its hash. */
async function buildPages() {
  const style = await readFile(join(EXTENSION, "src", "pages", "page.css"), "utf8");
  const { code } = await transform(style, { loader: "css", minify: true, charset: "utf8" });
  const files = { script: await bundle("src/pages/main.ts"), style: Buffer.from(code) };
  const names = { script: hashed("pages", files.script, "js"), style: hashed("pages", files.style, "css") };
  await mkdir(PAGES, { recursive: true });
  for (const old of await readdir(PAGES)) {
    if (old.startsWith("pages.") && !Object.values(names).includes(old)) await rm(join(PAGES, old));
  }
  for (const [kind, name] of Object.entries(names)) await writeFile(join(PAGES, name), files[kind]);
  await writeFile(join(PAGES, "manifest.json"), `${JSON.stringify(names)}\n`);
}

const steps = { widgets: buildWidgets, lab: buildLab, pages: buildPages };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);
for (const step of wanted) await steps[step]();
