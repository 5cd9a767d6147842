import assert from "node:assert/strict";
import { test } from "node:test";

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { Engine } from "../../src/audio/engine.js";
import { Course, timeOf } from "../../src/audio/together/course.js";
import { performanceOf } from "../../src/core/performance.js";
import type { Playable } from "../../src/core/player.js";
import type { Song, Tempo } from "../../src/gen/models.js";
import { emptySong } from "../song_json.js";

const BAR = 3840;

function song(tempos: readonly (readonly [number, Tempo])[], bars = 4): Playable {
  const marker: Song = { ...emptySong(), tempos: new Map(tempos) };
  const loop = {
    id: "l", name: "L", bars: 1, steps_per_bar: 16, key: "C major", tempo: null, meter: null,
    color: "#000000", source: null, chords: new Map(), steps: new Map(), settings: new Map(),
  };
  const block = { id: "b", loop: "l", start: 0, length: bars * BAR, lane: 0 };
  return {
    id: "doc",
    revision: { song: { ...marker, loops: new Map([["l", loop]]), blocks: new Map([["b", block]]) } },
  };
}

const STEADY = song([[0, { bpm: 121.7, ramp: false }]]);
const RAMPS = song([
  [0, { bpm: 90, ramp: true }], [2 * BAR, { bpm: 163.3, ramp: false }],
  [3 * BAR, { bpm: 111, ramp: false }],
]);

/** Where the engine is after each second, through changes at frames. */
function places(
  first: Playable, from: number, region: readonly [number, number] | null,
  changes: readonly (readonly [number, Playable])[] = [],
): readonly (readonly [frame: number, tick: number, rounds: number])[] {
  const engine = new Engine(wasm);
  engine.load(performanceOf(first.revision, false, []).score.image, false);
  engine.region(...(region ?? ([0, 0] as const)));
  engine.seek(from);
  engine.play(region !== null);
  const found: (readonly [number, number, number])[] = [];
  for (let frame = 0; frame < 8 * 48_000; frame += 128) {
    const change = changes.find(([at]) => at - engine.latency === frame);
    if (change) engine.load(performanceOf(change[1].revision, false, []).score.image, true);
    if (frame % 12_800 === 0) found.push([frame, engine.position, engine.passes]);
    engine.render(128);
  }
  return found;
}

for (const [name, first, region] of [
  ["a steady tempo", STEADY, null], ["a ramp", RAMPS, null], ["a region in a ramp", RAMPS, [1000, 6000]],
] as const) {
  test(`the course is where the engine is, in ${name}`, () => {
    const course = new Course(timeOf(first, region), { tick: 1234, rounds: 0 });
    for (const [frame, tick] of places(first, 1234, region)) {
      const place = course.placeAt(frame);
      if (tick < 0) assert.equal(null, place);
      else assert.ok(Math.abs(course.ahead(tick, frame) ?? 99) < 1.1, `${frame}: ${tick} ${place?.tick}`);
    }
  });
}

test("it stays where the engine is when the tempo changes, and goes round there", () => {
  const region: [number, number] = [0, 2 * BAR];
  const changes = [[60_032, RAMPS], [120_064, STEADY], [180_096, RAMPS]] as const;
  const course = new Course(timeOf(STEADY, region), { tick: 0, rounds: 0 });
  for (const [frame, playable] of changes) course.change(frame, timeOf(playable, region));
  for (const [frame, tick, rounds] of places(STEADY, 0, region, changes)) {
    if (course.toNearestTurn(frame) < 300) continue;
    assert.equal(rounds, course.placeAt(frame)?.rounds);
    assert.ok(Math.abs(course.ahead(tick, frame) ?? 99) < 2, `${frame}: ${course.ahead(tick, frame)}`);
  }
});

test("changes are taken between the engine's blocks, just before the next sixteenth", () => {
  const course = new Course(timeOf(RAMPS, null), { tick: 100, rounds: 0 });
  for (let frame = 1; frame < 200_000; frame += 997) {
    const edge = course.edgeAfter(frame);
    assert.equal(0, edge % 128);
    const place = course.placeAt(edge);
    assert.ok(place);
    const next = Math.ceil((place.tick - 0.02) / 240) * 240;
    const late = course.ahead(next, edge) ?? 999;
    assert.ok(late >= -1 && late <= 129, `${late} frames before a sixteenth`);
    assert.ok(edge > frame - 128);
  }
  assert.equal(0, course.edgeAfter(-500));
});

test("who comes late falls in on a whole tick, between the engine's blocks, also in the next round", () => {
  const course = new Course(timeOf(RAMPS, [960, 4800]), { tick: 960, rounds: 2 });
  for (const frame of [5, 40_000, 97_531, 300_000]) {
    const entry = course.entryAfter(frame);
    assert.ok(entry && entry.frame >= frame && entry.frame < frame + 48_000);
    assert.equal(0, entry.frame % 128);
    assert.equal(entry.tick, Math.round(entry.tick));
    assert.ok(Math.abs(course.ahead(entry.tick, entry.frame) ?? 9) <= 0.5);
    assert.equal(course.placeAt(entry.frame + 1)?.rounds, entry.rounds);
  }
  const once = new Course(timeOf(RAMPS, null), { tick: 0, rounds: 0 });
  assert.equal(null, once.entryAfter(900_000));
});
