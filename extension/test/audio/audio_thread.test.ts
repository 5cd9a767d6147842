import assert from "node:assert/strict";
import { test } from "node:test";

import { REPORT } from "../../src/audio/messages.js";
import { scoreImage } from "../../src/core/image.js";
import { countInImage } from "../../src/core/metronome.js";
import { performanceOf } from "../../src/core/performance.js";
import { CHORD } from "../../src/gen/image.js";
import { Bench, biggestJump, BLOCK, imageOf, loop, loudest, played } from "./bench.js";

test("the thread hands on exactly what the engine makes", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: true });
  const expected = played(imageOf(loop()), 40_960);
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

const STEADY = { loop: loop({ "lead.amp.level": 0.3 }), context: { tempo: 120, meter: "4/4" } };

test("it begins at the tick it is told, and turns within its region", () => {
  const bench = new Bench();
  const region: [number, number] = [960, 1920];
  bench.thread.receive({
    kind: "start", run: 1, image: imageOf(loop()), looping: true, from: 1440, region,
  });
  const heard = bench.run(512);
  assert.deepEqual(played(imageOf(loop()), 512 * BLOCK, true, 1440, region), heard);
  const ticks = bench.reports().map((report) => report[REPORT.tick] ?? 0);
  assert.ok(ticks.every((tick) => tick >= 960 && tick < 1920));
  assert.ok(ticks.some((tick, at) => tick < (ticks[at - 1] ?? 0)));
});

test("bars that are counted in come first, and then all from its first frame", () => {
  const bench = new Bench();
  const image = imageOf(loop());
  const { tempo, meters } = performanceOf(STEADY, false, []);
  const countIn = countInImage(tempo, meters, 0, 1).image;
  bench.thread.receive({ kind: "tap", on: true });
  bench.thread.receive({ kind: "start", run: 1, image, looping: true, countIn });
  const bar = 96_000;
  const heard = bench.run((bar + 40_960) / BLOCK);
  assert.deepEqual(played(countIn, bar), heard.slice(0, bar));
  assert.deepEqual(played(image, 40_960), heard.slice(bar));
  assert.deepEqual([{ kind: "began", frame: bar }], bench.told("began"));
  for (const beat of [0, 1, 2, 3]) {
    assert.ok(loudest(heard.slice(beat * 24_000, beat * 24_000 + 2000)) > 0.01, `beat ${beat}`);
  }
  assert.ok(bench.reports().slice(0, 50).every((report) => report[REPORT.tick] === -1));
});

test("a count-in of a length that is no whole block ends on its own frame", () => {
  const bench = new Bench();
  const odd = { ...STEADY, loop: { ...STEADY.loop, tempo: 133 } };
  const { tempo, meters } = performanceOf(odd, false, []);
  const countIn = countInImage(tempo, meters, 0, 1).image;
  const image = scoreImage(odd).image;
  bench.thread.receive({ kind: "start", run: 1, image, looping: true, countIn });
  const bar = Math.round((4 * 60 * 48_000) / 133);
  assert.ok(bar % BLOCK !== 0);
  assert.deepEqual(played(image, 20_000), bench.run(840).slice(bar, bar + 20_000));
});

test("a metronome that was on leaves no trace once it is off", () => {
  const bench = new Bench();
  const image = imageOf(STEADY.loop);
  const clicking = performanceOf(STEADY, true, []).score;
  assert.deepEqual("metronome", clicking.strips.at(-1));
  bench.thread.receive({ kind: "start", run: 1, image, looping: true });
  bench.run(10);
  bench.thread.receive({ kind: "change", image: clicking.image });
  const before = bench.run(365);
  bench.thread.receive({ kind: "change", image });
  const after = bench.run(1500);
  const expected = played(image, (10 + 365 + 1500) * BLOCK);
  assert.notDeepEqual(expected.slice(10 * BLOCK, 375 * BLOCK), before);
  assert.deepEqual(expected.slice(375 * BLOCK + 48_000), after.slice(48_000));
});

test("what plays once ends by itself, says so, and rests when its tails have rung", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 3, image: imageOf(loop()), looping: false });
  bench.run(96_000 / BLOCK - 10);
  assert.deepEqual([], bench.told("ended"));
  bench.run(20);
  assert.deepEqual([{ kind: "ended", run: 3 }], bench.told("ended"));
  bench.run(3000);
  assert.deepEqual([{ kind: "resting" }], bench.told("resting"));
});

test("a stop by hand is no end", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 3, image: imageOf(loop()), looping: false });
  bench.run(100);
  bench.thread.receive({ kind: "stop" });
  bench.run(3000);
  assert.deepEqual([[], 1], [bench.told("ended"), bench.told("resting").length]);
});

test("while it plays it can be moved, and be kept in a region or let out of it", () => {
  const bench = new Bench();
  bench.thread.receive({ kind: "start", run: 1, image: imageOf(loop()), looping: false });
  bench.run(100);
  bench.thread.receive({ kind: "seek", tick: 2880 });
  bench.run(50);
  const moved = bench.reports().at(-1)?.[REPORT.tick] ?? 0;
  assert.ok(moved > 2880 && moved < 3200, `${moved}`);
  bench.thread.receive({ kind: "region", region: [960, 1920], looping: true });
  bench.run(1000);
  const kept = bench.reports().slice(-70).map((report) => report[REPORT.tick] ?? -1);
  assert.ok(kept.every((tick) => tick >= 960 && tick < 1920));
  bench.thread.receive({ kind: "region", region: null, looping: false });
  bench.run(1200);
  assert.equal(1, bench.told("ended").length);
});
