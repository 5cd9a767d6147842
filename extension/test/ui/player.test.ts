import assert from "node:assert/strict";
import { test } from "node:test";
import { Outline } from "../../src/core/outline.js";
import { barAt, nextPlace, nextSpeed, snapped, withEnd } from "../../src/ui/player/places.js";
import { barStep, following, held, timeStep, whole, zoomed } from "../../src/ui/player/viewport.js";
import { clock, decibels, spoken, speedText } from "../../src/ui/player/words.js";

const song = { marks: [[8, "Verse"], [16, "Chorus"]] as const, bars: [0, 2, 4, 6, 8, 10], duration: 30 };

test("an outline answers the same at every resolution", () => {
  const pairs = new Int8Array(2 * 4096);
  for (let at = 0; at < 4096; at += 1) {
    pairs[2 * at] = -((at * 37) % 128);
    pairs[2 * at + 1] = (at * 53) % 128;
  }
  const outline = new Outline(pairs, 64);
  for (const [from, to] of [[0, 4096], [256, 1024], [64, 128], [1024, 4096]] as const) {
    const columns = Array.from({ length: to - from }, (_, at) => from + at);
    const low = Math.min(...columns.map((at) => pairs[2 * at] ?? 0)) / 127;
    const high = Math.max(...columns.map((at) => pairs[2 * at + 1] ?? 0)) / 127;
    assert.deepEqual(outline.between(from * 64, to * 64), { low, high });
  }
  assert.equal(outline.peak, 127 / 127);
});

test("an outline of nothing is silence", () => {
  assert.deepEqual(new Outline(new Int8Array(0), 64).between(0, 1000), { low: 0, high: 0 });
});

test("times are read and spoken", () => {
  assert.equal(clock(62.49), "1:02.4");
  assert.equal(clock(3605, 0), "1:00:05");
  assert.equal(clock(0.0599, 2), "0:00.05");
  assert.equal(spoken(62.4), "1 minute 2.4 seconds");
  assert.equal(spoken(1), "1 second");
  assert.equal(speedText(0.75), "0.75×");
  assert.equal(decibels(0.5), "\u22126.0 dB");
});

test("a zoom keeps the place under the hand and stays within the recording", () => {
  const view = zoomed(whole(30), 4, 20, 30);
  assert.equal(view.span, 7.5);
  assert.equal((20 - view.from) / view.span, 20 / 30);
  assert.deepEqual(zoomed(view, 0.01, 20, 30), whole(30));
  assert.equal(held({ from: 29, span: 4 }, 30).from, 26);
  assert.equal(zoomed(whole(30), 1e9, 3, 30).span, 0.05);
});

test("a view that is left by the playhead goes a page on", () => {
  const view = { from: 4, span: 4 };
  assert.equal(following(view, 6, 30), view);
  assert.ok(following(view, 8.1, 30).from > 7);
  assert.ok(following(view, 1, 30).from < 1);
});

test("labels of the ruler never stand on each other", () => {
  for (const span of [0.05, 1, 30, 600, 3600]) {
    const step = timeStep({ from: 0, span }, 900, 60);
    assert.ok((step / span) * 900 >= 60 || step === 3600);
  }
  assert.equal(barStep(song.bars, whole(12), 600, 40), 1);
  assert.equal(barStep(Array.from({ length: 64 }, (_, bar) => bar), whole(64), 600, 40), 8);
});

test("ends snap to bars and markers within reach, and nowhere else", () => {
  assert.equal(snapped(song, 3.9, 0.2), 4);
  assert.equal(snapped(song, 15.9, 0.2), 16);
  assert.equal(snapped(song, 13, 0.2), 13);
});

test("the ends of a region stay in order", () => {
  assert.deepEqual(withEnd(null, 0, 5, 30), [5, 30]);
  assert.deepEqual(withEnd(null, 1, 5, 30), [0, 5]);
  assert.deepEqual(withEnd([4, 8], 0, 9, 30), [9, 30]);
  assert.deepEqual(withEnd([4, 8], 1, 3, 30), [0, 3]);
});

test("places and speeds go one on, one back", () => {
  assert.equal(nextPlace(song, 8, 1), 16);
  assert.equal(nextPlace(song, 16.1, -1), 8);
  assert.equal(nextPlace({ ...song, marks: [] }, 2.2, 1), 4);
  assert.equal(nextSpeed(1, -1), 0.9);
  assert.equal(nextSpeed(2, 1), 2);
  assert.equal(barAt(song.bars, 4), 3);
  assert.equal(barAt([], 4), null);
});
