import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_STRIPS, REPORT } from "../../src/audio/messages.js";
import { courseOf, Playhead } from "../../src/audio/playhead.js";
import { TempoMap } from "../../src/core/tempo_map.js";

function report(frame: number, tick: number, pass: number, peak = 0): Float64Array {
  const made = new Float64Array(REPORT.peaks + MOST_STRIPS);
  made.set([frame, tick, pass, 1]);
  made[REPORT.peaks] = peak;
  return made;
}

/** At 300 quarter notes a minute a tick is ten frames. */
const STEADY = new TempoMap(new Map([[0, { bpm: 300, ramp: false }]]));

/** The playhead of a loop of 1000 ticks. */
function makePlayhead(): Playhead {
  const made = new Playhead();
  made.follow(courseOf(STEADY, 1000, null, true));
  return made;
}

function positionAt(playhead: Playhead, frame: number): readonly [number, number] | null {
  const heard = playhead.at(frame);
  return heard && [Math.round(heard.tick), heard.pass];
}

test("before anything is reported nothing is heard", () => {
  assert.equal(null, makePlayhead().at(48_000));
});

test("between two reports the position moves with the tempo", () => {
  const playhead = makePlayhead();
  playhead.add(report(1000, 100, 0));
  playhead.add(report(2600, 260, 0));
  assert.deepEqual([150, 0], positionAt(playhead, 1500));
  assert.deepEqual([300, 0], positionAt(playhead, 3000));
});

test("what is heard now may have been made in the pass before", () => {
  const playhead = makePlayhead();
  playhead.add(report(20_000, 5, 3));
  assert.deepEqual([955, 2], positionAt(playhead, 19_500));
});

test("the position wraps into the next pass without waiting for a report of it", () => {
  const playhead = makePlayhead();
  playhead.add(report(9000, 900, 0));
  assert.deepEqual([50, 1], positionAt(playhead, 10_500));
});

test("until the first sound has reached the ear the playhead stands at the start", () => {
  const playhead = makePlayhead();
  playhead.add(report(1600, 20, 0));
  assert.deepEqual([0, 0], positionAt(playhead, 0));
});

test("levels are those of the stretch that is heard, not of the one just made", () => {
  const playhead = makePlayhead();
  playhead.add(report(1600, 100, 0, 0.25));
  playhead.add(report(3200, 200, 0, 0.75));
  assert.equal(0.25, playhead.at(1000)?.peaks[0]);
  assert.equal(0.75, playhead.at(2000)?.peaks[0]);
});

test("reports of a stopped engine move nothing", () => {
  const playhead = makePlayhead();
  playhead.add(report(1600, -1, 0));
  assert.equal(null, playhead.at(1700));
});

test("in a ramp of tempo the position moves with it", () => {
  const tempo = new TempoMap(
    new Map([[0, { bpm: 60, ramp: true }], [3840, { bpm: 120, ramp: false }]]),
  );
  const playhead = new Playhead();
  playhead.follow(courseOf(tempo, 7680, null, false));
  const frames = 48_000 * tempo.secondsAt(1920);
  playhead.add(report(frames, 1920, 0));
  assert.deepEqual([2880, 0], positionAt(playhead, 48_000 * tempo.secondsAt(2880)));
  assert.deepEqual([960, 0], positionAt(playhead, 48_000 * tempo.secondsAt(960)));
});

test("in a region the position turns from its end to its start", () => {
  const playhead = new Playhead();
  playhead.follow(courseOf(STEADY, 1000, [200, 600], true));
  playhead.add(report(4000, 590, 2));
  assert.deepEqual([240, 3], positionAt(playhead, 4500));
  assert.deepEqual([560, 1], positionAt(playhead, -300));
});

test("what plays once stands still at its end", () => {
  const playhead = new Playhead();
  playhead.follow(courseOf(STEADY, 1000, null, false));
  playhead.add(report(4000, 990, 0));
  assert.deepEqual([1000, 0], positionAt(playhead, 4500));
});
