/** Bundles each test/*.test.ts and runs them all by `node --test`. */

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { COMMON, EXTENSION } from "./esbuild_options.mjs";

const sources = readdirSync(join(EXTENSION, "test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join("test", name));
const out = join(EXTENSION, "lib", "test");
rmSync(out, { recursive: true, force: true });
await build({
  ...COMMON,
  entryPoints: sources,
  external: ["node:*"],
  minify: false,
  outdir: out,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  sourcemap: "inline",
});
const built = readdirSync(out, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.mjs"))
  .map((name) => join(out, name));
const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", "--test-reporter=dot", ...built],
  { cwd: EXTENSION, stdio: "inherit" },
);
process.exit(status ?? 1);
