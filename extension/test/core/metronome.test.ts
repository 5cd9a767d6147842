import assert from "node:assert/strict";
import { test } from "node:test";

import { countInImage } from "../../src/core/metronome.js";
import { performanceOf } from "../../src/core/performance.js";
import type { ScoreImage } from "../../src/core/score.js";
import { MeterMap, TempoMap } from "../../src/core/tempo_map.js";
import { HEADER, NOTE, POINT, RECORDS, STRIP } from "../../src/gen/image.js";
import { ENGINE_PARAMETERS } from "../../src/gen/parameters.js";
import type { Song, Stem } from "../../src/gen/models.js";
import { emptySong } from "../song_json.js";

const TEMPO = new TempoMap(new Map([[0, { bpm: 60, ramp: true }], [7680, { bpm: 120, ramp: false }]]));

function wordsOf({ image }: ScoreImage): Int32Array {
  return new Int32Array(image.slice().buffer);
}

function header(words: Int32Array, name: string): number {
  return words[HEADER.findIndex((field) => field.name === name)] ?? 0;
}

/** Tick and velocity of all notes of an image that ends with them. */
function clicks(made: ScoreImage): readonly (readonly [number, number])[] {
  const words = wordsOf(made);
  const count = header(words, "notes");
  const behind = header(words, "points") * POINT.length;
  assert.ok(RECORDS.indexOf("notes") === RECORDS.length - 3 && header(words, "clips") === 0);
  const notes = words.slice(words.length - behind - count * NOTE.length);
  const place = (name: string): number => NOTE.findIndex((field) => field.name === name);
  return Array.from({ length: count }, (_, at) => {
    const word = (name: string): number => notes[at * NOTE.length + place(name)] ?? -1;
    return [word("tick"), word("velocity")] as const;
  });
}

function song(meters: readonly [number, string][], soloed = false): Song {
  const stem: Stem = {
    id: "s", name: "S", color: "#000000", order: "V", channel: null, frozen: null,
    settings: new Map([["amp.solo", soloed]]), sends: new Map(), lanes: new Map(),
  };
  const block = { id: "b", loop: "l", start: 0, length: 7000, lane: 0 };
  return {
    ...emptySong(), meters: new Map(meters), stems: new Map([["s", stem]]),
    blocks: new Map([["b", block]]),
  };
}

test("a metronome clicks on each beat of the song, louder where a bar begins", () => {
  const meters: [number, string][] = [[0, "4/4"], [2000, "3/8"]];
  const loud = 110;
  const soft = 75;
  assert.deepEqual(
    [[0, loud], [960, soft], [1920, soft], [2000, loud], [2480, soft], [2960, soft], [3440, loud],
      [3920, soft], [4400, soft], [4880, loud], [5360, soft], [5840, soft], [6320, loud],
      [6800, soft]],
    clicks(performanceOf({ song: song(meters) }, true, []).score),
  );
});

test("bars are counted in with the tempo and meter of where they lead, accents on its bars", () => {
  const meters = new MeterMap(new Map([[0, "3/4"]]));
  const made = countInImage(TEMPO, meters, 3840, 2);
  assert.deepEqual(
    [[0, 75], [960, 75], [1920, 110], [2880, 75], [3840, 75], [4800, 110]],
    clicks(made),
  );
  const words = wordsOf(made);
  assert.equal(5760, header(words, "length"));
  const size = STRIP.length + ENGINE_PARAMETERS.length;
  const tempo = HEADER.length + header(words, "strips") * size;
  assert.equal(90, new Float32Array(words.buffer)[tempo + 1]);
});

test("a song that is silent but for one stem still has its clicks, and only then are they soloed", () => {
  const solo = STRIP.length + ENGINE_PARAMETERS.indexOf("amp.solo");
  const size = STRIP.length + ENGINE_PARAMETERS.length;
  for (const soloed of [true, false]) {
    const { score } = performanceOf({ song: song([[0, "4/4"]], soloed) }, true, []);
    const floats = new Float32Array(score.image.slice().buffer);
    const last = HEADER.length + score.strips.length * size;
    assert.deepEqual(["metronome", soloed ? 1 : 0], [score.strips.at(-1), floats[last + solo]]);
  }
});
