/**
 * The engine under node, for tests: reads one JSON command a line, answers each by a line.
 * `{image, blocks}` with the image in base64 and a list of block lengths gives the sha256 of the
 * samples of one pass; the engine is new each time.
 */

import { createHash } from "node:crypto";
import * as readline from "node:readline";

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { Engine } from "../../src/audio/engine.js";

interface Command {
  readonly image: string;
  readonly blocks: readonly number[];
}

function render({ image, blocks }: Command): string {
  const engine = new Engine(wasm);
  const code = engine.load(Buffer.from(image, "base64"), false);
  if (code !== 0) return `refused with code ${code}`;
  engine.play(false);
  const sides: [Float32Array[], Float32Array[]] = [[], []];
  for (const frames of blocks) {
    engine.render(frames);
    sides[0].push(engine.left.slice(0, frames));
    sides[1].push(engine.right.slice(0, frames));
  }
  const hash = createHash("sha256");
  for (const block of sides.flat()) hash.update(block);
  return hash.digest("hex");
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${render(JSON.parse(line) as Command)}\n`);
});
