/**
 * The engine under node, for tests: reads one JSON command a line, answers each by a line.
 * `{image, blocks, audio}` with the image in base64, a list of block lengths, and pages of audio in
 * base64 by number, gives the sha256 of the samples of one pass; the engine is new each time.
 */

import { createHash } from "node:crypto";
import * as readline from "node:readline";

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { Engine } from "../../src/audio/engine.js";

interface Command {
  readonly image: string;
  readonly blocks: readonly number[];
  readonly audio: readonly (readonly string[])[];
}

function render({ image, blocks, audio }: Command): string {
  const engine = new Engine(wasm);
  const code = engine.load(Buffer.from(image, "base64"), false);
  if (code !== 0) return `refused with code ${code}`;
  const pages = audio.map((all) => all.map((page) => samplesOf(page)));
  engine.play(false);
  const sides: [Float32Array[], Float32Array[]] = [[], []];
  for (const frames of blocks) {
    for (const [number, page] of engine.wanted()) {
      engine.putPage(number, page, pages[number]?.[page] ?? new Float32Array(0));
    }
    engine.render(frames);
    sides[0].push(engine.left.slice(0, frames));
    sides[1].push(engine.right.slice(0, frames));
  }
  const hash = createHash("sha256");
  for (const block of sides.flat()) hash.update(block);
  return hash.digest("hex");
}

function samplesOf(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, "base64")).buffer);
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${render(JSON.parse(line) as Command)}\n`);
});
