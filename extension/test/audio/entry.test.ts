import assert from "node:assert/strict";
import { test } from "node:test";

import { REPORT } from "../../src/audio/messages.js";
import { SLIDE_FRAMES } from "../../src/audio/slide.js";
import { Bench, biggestJump, BLOCK, imageOf, loop, loudest, played } from "./bench.js";

const IMAGE = imageOf(loop());
const entry = (context: number, frame = 0) => ({ context, frame, rounds: 0, keeps: false });

test("an entry falls on its frame, in the middle of a block too, and all before is silent", () => {
  const bench = new Bench();
  bench.thread.receive({
    kind: "start", run: 1, image: IMAGE, looping: true, from: 240, entry: entry(1000),
  });
  const heard = bench.run(100);
  assert.equal(0, loudest(heard.slice(0, 1000)));
  assert.deepEqual(played(IMAGE, 11_800, true, 240), heard.slice(1000));
});

test("an entry that has gone by begins at once", () => {
  const bench = new Bench();
  bench.run(10);
  bench.thread.receive({ kind: "start", run: 1, image: IMAGE, looping: true, entry: entry(7) });
  assert.deepEqual(played(IMAGE, 1280), bench.run(10));
});

test("what sounds fades out towards an entry, and what begins there is as from silence", () => {
  for (const keeps of [false, true]) {
    const bench = new Bench();
    bench.thread.receive({ kind: "start", run: 1, image: IMAGE, looping: true });
    const before = bench.run(40);
    const at = 50 * BLOCK + 77;
    bench.thread.receive({
      kind: "start", run: 2, image: IMAGE, looping: true, from: 960,
      entry: { context: at, frame: 0, rounds: 0, keeps },
    });
    const after = bench.run(160);
    const whole = [...before, ...after];
    assert.deepEqual(played(IMAGE, at - 512), whole.slice(0, at - 512));
    const bound = 2 * biggestJump(played(IMAGE, at));
    assert.ok(biggestJump(whole.slice(at - 600, at)) < bound);
    assert.ok(Math.abs(whole[at - 1] ?? 1) < 1e-3);
    assert.deepEqual(played(IMAGE, 8192, true, 960), whole.slice(at, at + 8192), `keeps ${keeps}`);
  }
});

test("two that fall in at different frames of their contexts make the same samples, edits too", () => {
  const louder = imageOf(loop({ "lead.amp.level": 0.2 }));
  const faster = imageOf({ ...loop({ "lead.amp.level": 0.2 }), tempo: 150 });
  const heard = [1000, 5005].map((context) => {
    const bench = new Bench();
    bench.run(3);
    bench.thread.receive({ kind: "start", run: 1, image: IMAGE, looping: true, entry: entry(context) });
    bench.run(context > 2000 ? 30 : 2);
    bench.thread.receive({ kind: "change", image: louder, at: 24_064 });
    bench.thread.receive({ kind: "change", image: faster, at: 48_000 - (48_000 % BLOCK) });
    bench.run(600);
    bench.thread.receive({ kind: "stop", at: 90_112 });
    bench.run(300);
    return bench.left.slice(context, context + 100_000);
  });
  assert.ok(loudest(heard[0] ?? []) > 0.05);
  assert.deepEqual(heard[0], heard[1]);
  const plain = played(IMAGE, 60_000);
  assert.deepEqual(plain.slice(0, 24_000), heard[0]?.slice(0, 24_000));
  assert.notDeepEqual(plain.slice(24_000, 60_000), heard[0]?.slice(24_000, 60_000));
});

test("who comes late in the fourth round has its chances, and not those of the first", () => {
  const made = loop();
  const halves = [...made.steps].map(([key, step]) => [key, { ...step, probability: 0.5 }] as const);
  const all = Array.from({ length: 16 }, (_, cell) => [`drum-clap/${cell}`, halves[0]?.[1]] as const);
  const steps = new Map([...halves, ...all].flatMap(([key, step]) => (step ? [[key, step] as const] : [])));
  const image = imageOf({ ...made, steps });
  const [early, late] = [new Bench(), new Bench()];
  const at = 3 * 96_000;
  early.thread.receive({ kind: "start", run: 1, image, looping: true, entry: entry(0) });
  early.run((at + 96_000) / BLOCK);
  late.thread.receive({
    kind: "start", run: 1, image, looping: true, entry: { ...entry(0, at), rounds: 3 },
  });
  late.run(96_000 / BLOCK);
  const expected = early.left.slice(at + 30_000, at + 90_000);
  assert.ok(loudest(expected.map((sample, i) => sample - (late.left[i + 30_000] ?? 0))) < 1e-4);
  const first = early.left.slice(30_000, 90_000);
  assert.ok(loudest(expected.map((sample, i) => sample - (first[i] ?? 0))) > 1e-3);
});

test("who comes late on an edge of the engine's blocks goes on as the others do", () => {
  const edge = 25 * 128 * 16;
  const [early, late] = [new Bench(), new Bench()];
  early.thread.receive({ kind: "start", run: 1, image: IMAGE, looping: true, entry: entry(0) });
  early.run(1200);
  late.thread.receive({
    kind: "start", run: 1, image: IMAGE, looping: true, from: 2048, entry: entry(300, edge),
  });
  late.run(800);
  const faster = imageOf({ ...loop(), tempo: 150 });
  for (const bench of [early, late]) {
    bench.thread.receive({ kind: "change", image: faster, at: edge + 120_064 });
    bench.run(1500);
  }
  const from = 2 * 96_000;
  const some = 96_000;
  const expected = early.left.slice(from, from + some);
  const other = late.left.slice(from - edge + 300, from - edge + 300 + some);
  assert.ok(loudest(expected) > 0.05);
  // But for what is left of the tails that rang when the other came in.
  assert.ok(loudest(expected.map((sample, at) => sample - (other[at] ?? 0))) < 1e-6);
});

test("a slide gains or loses whole frames, and passes all through bit by bit before and after", () => {
  for (const frames of [3, -3]) {
    const bench = new Bench();
    bench.thread.receive({ kind: "start", run: 1, image: IMAGE, looping: true });
    bench.run(200);
    bench.thread.receive({ kind: "slide", frames });
    const turning = Math.ceil((3 * SLIDE_FRAMES) / BLOCK) + 1;
    bench.run(turning);
    bench.run(500);
    const [until, from] = [200 * BLOCK, (200 + turning) * BLOCK];
    const expected = played(IMAGE, 200_000);
    assert.deepEqual(expected.slice(0, until), bench.left.slice(0, until));
    assert.deepEqual(expected.slice(from + frames, from + frames + 40_000), bench.left.slice(from, from + 40_000));
    const slid = bench.left.slice(until, from);
    assert.ok(biggestJump(slid) < 1.5 * biggestJump(expected.slice(until, from + 3)));
    const off = slid.map((sample, at) => {
      const near = [0, 1, 2, 3].map((by) => expected[until + at + Math.sign(frames) * by] ?? 0);
      return Math.max(0, sample - Math.max(...near) - 0.05, Math.min(...near) - sample - 0.05);
    });
    assert.equal(0, loudest(off));
  }
});

test("a report says at which frame its tick is heard, while it slides too", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 1, image: IMAGE, looping: true, entry: entry(100) });
  bench.run(100);
  bench.thread.receive({ kind: "slide", frames: 20 });
  bench.run(600);
  const last = bench.reports().at(-1);
  const expected = (((last?.[REPORT.frame] ?? 0) - 100 + 20) * 1920) / 48_000;
  assert.ok(Math.abs((last?.[REPORT.tick] ?? 0) - (expected % 3840)) < 0.05);
});
