import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_STRIPS, REPORT } from "../../src/audio/messages.js";
import { Playhead } from "../../src/audio/playhead.js";

/** A report of a loop of 1000 ticks that moves one tick in ten frames. */
function report(frame: number, tick: number, pass: number, peak = 0): Float64Array {
  const made = new Float64Array(REPORT.peaks + MOST_STRIPS);
  made.set([frame, tick, pass, 0.1, 1000, 1]);
  made[REPORT.peaks] = peak;
  return made;
}

function positionAt(playhead: Playhead, frame: number): readonly [number, number] | null {
  const heard = playhead.at(frame);
  return heard && [Math.round(heard.tick), heard.pass];
}

test("before anything is reported nothing is heard", () => {
  assert.equal(null, new Playhead().at(48_000));
});

test("between two reports the position moves with the tempo", () => {
  const playhead = new Playhead();
  playhead.add(report(1000, 100, 0));
  playhead.add(report(2600, 260, 0));
  assert.deepEqual([150, 0], positionAt(playhead, 1500));
  assert.deepEqual([300, 0], positionAt(playhead, 3000));
});

test("what is heard now may have been made in the pass before", () => {
  const playhead = new Playhead();
  playhead.add(report(20_000, 5, 3));
  assert.deepEqual([955, 2], positionAt(playhead, 19_500));
});

test("the position wraps into the next pass without waiting for a report of it", () => {
  const playhead = new Playhead();
  playhead.add(report(9000, 900, 0));
  assert.deepEqual([50, 1], positionAt(playhead, 10_500));
});

test("until the first sound has reached the ear the playhead stands at the start", () => {
  const playhead = new Playhead();
  playhead.add(report(1600, 20, 0));
  assert.deepEqual([0, 0], positionAt(playhead, 0));
});

test("levels are those of the stretch that is heard, not of the one just made", () => {
  const playhead = new Playhead();
  playhead.add(report(1600, 100, 0, 0.25));
  playhead.add(report(3200, 200, 0, 0.75));
  assert.equal(0.25, playhead.at(1000)?.peaks[0]);
  assert.equal(0.75, playhead.at(2000)?.peaks[0]);
});

test("reports of a stopped engine move nothing", () => {
  const playhead = new Playhead();
  playhead.add(report(1600, -1, 0));
  assert.equal(null, playhead.at(1700));
});
