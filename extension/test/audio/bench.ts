/** An audio thread on a bench, and what it should sound like. */

import assert from "node:assert/strict";

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { AudioThread } from "../../src/audio/audio_thread.js";
import { Engine } from "../../src/audio/engine.js";
import type { FromEngine } from "../../src/audio/messages.js";
import { scoreImage } from "../../src/core/image.js";
import type { Loop, Step, Value } from "../../src/gen/models.js";

export const BLOCK = 128;

export function loop(settings: Readonly<Record<string, Value>> = {}): Loop {
  const step: Step = { velocity: 100, pitch: null, duration: null, probability: 1, offset: 0 };
  return {
    id: "one", name: "One", bars: 1, steps_per_bar: 16, key: "C major", tempo: 120, meter: null,
    color: "#000000", source: null, chords: new Map(), settings: new Map(Object.entries(settings)),
    steps: new Map([["lead/0", step], ["kick/0", step], ["kick/8", step]]),
  };
}

export function imageOf(made: Loop): Uint8Array {
  return scoreImage({ loop: made, context: { tempo: 120, meter: "4/4" } }).image;
}

/** What a new engine plays of an image, from a tick and in a region. */
export function played(
  image: Uint8Array, frames: number, looping = true, from = 0, region: [number, number] = [0, 0],
): number[] {
  const engine = new Engine(wasm);
  assert.equal(0, engine.load(image, false));
  engine.region(...region);
  engine.seek(from);
  engine.play(looping);
  const samples: number[] = [];
  while (samples.length < frames) {
    engine.render(Math.min(1024, frames - samples.length));
    samples.push(...engine.left.subarray(0, Math.min(1024, frames - samples.length)));
  }
  return samples;
}

/** An audio thread whose blocks are asked for one by one. */
export class Bench {
  readonly posted: FromEngine[] = [];
  readonly thread: AudioThread;
  readonly left: number[] = [];
  frame = 0;

  constructor(bytes: Uint8Array<ArrayBuffer> = wasm) {
    this.thread = new AudioThread({ wasm: bytes }, (message) => {
      this.posted.push(message instanceof Float64Array ? message.slice() : message);
    });
  }

  run(blocks: number): number[] {
    const from = this.left.length;
    for (let block = 0; block < blocks; block += 1) {
      const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
      this.thread.process(left, right, this.frame);
      this.frame += BLOCK;
      this.left.push(...left);
    }
    return this.left.slice(from);
  }

  reports(): Float64Array[] {
    return this.posted.filter((message) => message instanceof Float64Array);
  }

  told(kind: string): FromEngine[] {
    return this.posted.filter((m) => !(m instanceof Float64Array) && m.kind === kind);
  }
}

export function loudest(samples: readonly number[]): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

export function biggestJump(samples: readonly number[]): number {
  return loudest(samples.map((sample, at) => (at > 0 ? sample - (samples[at - 1] ?? 0) : 0)));
}

/** Frames by which `other` lies behind `one`, where they are alike within `most` frames. */
export function lag(one: readonly number[], other: readonly number[], most: number): number {
  let [best, found] = [-Infinity, 0];
  for (let by = -most; by <= most; by += 1) {
    let sum = 0;
    for (let at = most; at < one.length - most; at += 1) sum += (one[at] ?? 0) * (other[at + by] ?? 0);
    if (sum > best) [best, found] = [sum, by];
  }
  return found;
}
