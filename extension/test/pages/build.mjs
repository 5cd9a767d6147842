/** Bundles one page of the browser tests: `node test/pages/build.mjs <name> <folder>`. */

import { join } from "node:path";
import { build } from "esbuild";
import { COMMON } from "../../scripts/esbuild_options.mjs";

const [name, folder] = process.argv.slice(2);
await build({
  ...COMMON,
  entryPoints: [`test/pages/${name}.ts`],
  outfile: join(folder, `${name}.js`),
});
