import assert from "node:assert/strict";
import { test } from "node:test";

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { AudioThread } from "../../src/audio/audio_thread.js";
import { Engine } from "../../src/audio/engine.js";
import { REPORT, type FromEngine } from "../../src/audio/messages.js";
import { scoreImage } from "../../src/core/image.js";
import { CHORD } from "../../src/gen/image.js";
import type { Loop, Step, Value } from "../../src/gen/models.js";

const BLOCK = 128;

function loop(settings: Readonly<Record<string, Value>> = {}): Loop {
  const step: Step = { velocity: 100, pitch: null, duration: null, probability: 1, offset: 0 };
  return {
    id: "one", name: "One", bars: 1, steps_per_bar: 16, key: "C major", tempo: 120, meter: null,
    color: "#000000", source: null, chords: new Map(), settings: new Map(Object.entries(settings)),
    steps: new Map([["lead/0", step], ["kick/0", step], ["kick/8", step]]),
  };
}

function imageOf(made: Loop): Uint8Array {
  return scoreImage({ loop: made, context: { tempo: 120, meter: "4/4" } }).image;
}

/** An audio thread whose blocks are asked for one by one. */
class Bench {
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

function loudest(samples: readonly number[]): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

function biggestJump(samples: readonly number[]): number {
  return loudest(samples.map((sample, at) => (at > 0 ? sample - (samples[at - 1] ?? 0) : 0)));
}

test("the thread hands on exactly what the engine makes", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  const engine = new Engine(wasm);
  assert.equal(0, engine.load(imageOf(loop()), false));
  engine.play(true);
  const expected: number[] = [];
  for (let at = 0; at < 40; at += 1) {
    engine.render(1024);
    expected.push(...engine.left.subarray(0, 1024));
  }
  assert.ok(loudest(expected) > 0.05);
  assert.deepEqual(expected, bench.run(320));
});

test("about thirty times a second it reports the position and how loud each strip is", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 7, image: imageOf(loop()), looping: true });
  bench.run(375);
  const reports = bench.reports();
  assert.ok(reports.length >= 28 && reports.length <= 31, `${reports.length} reports a second`);
  const last = reports.at(-1);
  assert.ok(last);
  assert.equal(7, last[REPORT.run]);
  const ticks = ((last[REPORT.frame] ?? 0) * 1920) / 48_000;
  assert.ok(Math.abs((last[REPORT.tick] ?? 0) - ticks) < 10, `${last[REPORT.tick]} of ${ticks}`);
  const peaks = reports.map((report) => report[REPORT.peaks] ?? 0);
  assert.ok(Math.max(...peaks) > 0.05);
});

test("another start lets what sounds fade first, and begins from silence", () => {
  const fresh = new Bench();
  fresh.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  const expected = fresh.run(40);
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  const before = bench.run(30);
  bench.thread.receive({ kind: "start", run: 2, image: imageOf(loop()), looping: true });
  const after = bench.run(44);
  const fading = after.slice(0, 4 * BLOCK);
  assert.ok(biggestJump([...before.slice(-BLOCK), ...fading]) < 2 * biggestJump(before.slice(-BLOCK)));
  assert.ok(Math.abs(fading.at(-1) ?? 1) < 1e-3);
  assert.deepEqual(expected, after.slice(4 * BLOCK));
});

test("after a stop the tails ring out, and then no more blocks are made or told of", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  bench.run(20);
  bench.thread.receive({ kind: "stop" });
  assert.ok(loudest(bench.run(4)) > 0);
  bench.run(4000);
  const reports = bench.reports().length;
  assert.equal(0, loudest(bench.run(400)));
  assert.equal(reports, bench.reports().length);
});

test("a malformed image is refused by number, and the old one plays on", () => {
  const bench = new Bench();
  const good = imageOf(loop());
  bench.thread.receive({ kind: "start", run: 1, image: good, looping: true });
  bench.run(10);
  const bad = good.slice(0, -4 * CHORD.length);
  bench.thread.receive({ kind: "change", image: bad });
  bench.thread.receive({ kind: "change", image: new Uint8Array(1 << 24) });
  const refusals = bench.told("refused");
  assert.equal(2, refusals.length);
  assert.ok(loudest(bench.run(10)) > 0.01);
});

test("what is no engine is told, and gives silence", () => {
  const bench = new Bench(new Uint8Array([1, 2, 3, 4]));
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  assert.equal(0, loudest(bench.run(10)));
  const [fault] = bench.told("fault");
  assert.ok(fault && !(fault instanceof Float64Array) && fault.kind === "fault");
  assert.match(fault.message, /CompileError/);
});

test("the tap gives the same samples as the blocks, counted from the start", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "tap", on: true });
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  const heard = bench.run(96);
  bench.thread.receive({ kind: "change", image: imageOf(loop({ "lead.amp.level": 0.1 })) });
  bench.run(96);
  const taps = bench.told("tap").flatMap((m) => ("left" in m ? [m] : []));
  assert.deepEqual([0, 4096, 8192], taps.slice(0, 3).map((block) => block.frame));
  const tapped = taps.flatMap((block) => Array.from(block.left)).slice(0, heard.length);
  assert.deepEqual(heard, tapped);
  assert.deepEqual([{ kind: "changed", frame: 96 * BLOCK }], bench.told("changed"));
});
