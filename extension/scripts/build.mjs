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

/** The scripts and the styles of public pages, each under a name with its hash. */
async function buildPages() {
  const style = async (name) => {
    const text = await readFile(join(EXTENSION, "src", "pages", name), "utf8");
    return Buffer.from((await transform(text, { loader: "css", minify: true, charset: "utf8" })).code);
  };
  const files = {
    script: ["pages", await bundle("src/pages/main.ts"), "js"],
    style: ["pages", await style("page.css"), "css"],
    jam_script: ["jam", await bundle("src/pages/jam/main.ts"), "js"],
    jam_style: ["jam", await style(join("jam", "jam.css")), "css"],
    worker: ["worker", await bundle("src/pages/jam/worker.ts"), "js"],
  };
  const names = Object.fromEntries(Object.entries(files).map(([kind, file]) => [kind, hashed(...file)]));
  await mkdir(PAGES, { recursive: true });
  for (const old of await readdir(PAGES)) {
    if (/^(?:pages|jam|worker)\./.test(old) && !Object.values(names).includes(old)) await rm(join(PAGES, old));
  }
  for (const [kind, name] of Object.entries(names)) await writeFile(join(PAGES, name), files[kind][1]);
  await writeFile(join(PAGES, "manifest.json"), `${JSON.stringify(names)}\n`);
}

const steps = { widgets: buildWidgets, lab: buildLab, pages: buildPages };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);
for (const step of wanted) await steps[step]();
