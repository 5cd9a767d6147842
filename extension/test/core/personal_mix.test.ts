import assert from "node:assert/strict";
import { test } from "node:test";

import { performanceOf } from "../../src/core/performance.js";
import {
  NO_MIX, withEffect, withMuted, withSoloed, withVolume,
} from "../../src/core/personal_mix.js";
import type { PersonalMix } from "../../src/core/shared_transport.js";
import { songScore } from "../../src/core/song_image.js";
import { POINT, STRIP } from "../../src/gen/image.js";
import type { Song, Value } from "../../src/gen/models.js";
import { ENGINE_PARAMETERS } from "../../src/gen/parameters.js";
import { RICH_SONG } from "../ui/rich_song.js";

const NONE = NO_MIX;

function imageOf(mix: PersonalMix, song: Song = RICH_SONG): Uint8Array {
  return performanceOf({ song }, false, [], mix).score.image;
}

/** The song with settings in the document, which is what a mix has to sound like. */
function edited(stem: string, settings: readonly (readonly [string, Value])[]): Song {
  const old = RICH_SONG.stems.get(stem);
  assert.ok(old);
  const made = { ...old, settings: new Map([...old.settings, ...settings]) };
  return { ...RICH_SONG, stems: new Map([...RICH_SONG.stems].map((e) => (e[0] === stem ? [stem, made] : e))) };
}

test("an empty mix leaves every word of the image as it is, also after a change that was taken back", () => {
  const plain = songScore(RICH_SONG).image().image;
  let mix = withVolume(withMuted(NONE, "stem:keys", true), "stem:bass", 0.5);
  mix = withEffect(withSoloed(mix, "stem:keys", true), "master", "filter.freq", 300);
  assert.notDeepEqual(plain, imageOf(mix));
  assert.equal(false, mix.isEmpty);
  mix = withVolume(withMuted(mix, "stem:keys", false), "stem:bass", null);
  mix = withEffect(withSoloed(mix, "stem:keys", false), "master", "filter.freq", null);
  assert.ok(mix.isEmpty);
  assert.deepEqual(plain, imageOf(mix));
});

test("what is mine is heard as if it stood in the document", () => {
  const cases: readonly (readonly [PersonalMix, readonly (readonly [string, Value])[]])[] = [
    [withMuted(NONE, "stem:keys", true), [["amp.mute", true]]],
    [withSoloed(NONE, "stem:keys", true), [["amp.solo", true]]],
    [withVolume(NONE, "stem:keys", 0.25), [["amp.level", 0.25]]],
    [withEffect(NONE, "stem:keys", "reverb.mix", 0.9), [["reverb.mix", 0.9]]],
    [withEffect(NONE, "stem:keys", "chorus.bypass", true), [["chorus.bypass", true]]],
  ];
  for (const [mix, settings] of cases) {
    assert.deepEqual(imageOf(NONE, edited("keys", settings)), imageOf(mix));
  }
  assert.deepEqual(1, withVolume(NONE, "stem:keys", 7).volumes.get("stem:keys"));
});

test("automation of the document does not move what is mine", () => {
  const point = { value: 0.5, curve: "linear" };
  const lane = new Map([[0, point], [960, point], [3840, point]]);
  const keys = RICH_SONG.stems.get("keys");
  assert.ok(keys);
  const moved = { ...keys, lanes: new Map([["amp.level", lane], ["pan.pan", lane]]) };
  const song = { ...RICH_SONG, stems: new Map([...RICH_SONG.stems, ["keys", moved]]) };
  const mix = withVolume(NONE, "stem:keys", 0.3);
  const fewer = (imageOf(NONE, song).length - imageOf(mix, song).length) / 4;
  assert.equal(3 * POINT.length, fewer);
});

test("a loop that plays alone has the names it has in the song", () => {
  const loop = RICH_SONG.loops.get("beat");
  assert.ok(loop);
  const revision = { loop, context: { tempo: 120, meter: "4/4" } };
  const plain = performanceOf(revision, false, []).score;
  const mix = withVolume(NONE, "loop:beat/drum-kick", 0.125);
  const words = new Float32Array(performanceOf(revision, false, [], mix).score.image.buffer);
  const before = new Float32Array(plain.image.buffer);
  const changed = [...words.keys()].filter((at) => !Object.is(words[at], before[at]));
  const level = STRIP.length + ENGINE_PARAMETERS.indexOf("amp.level");
  assert.deepEqual([0.125], changed.map((at) => words[at]));
  const size = STRIP.length + ENGINE_PARAMETERS.length;
  const at = (changed[0] ?? 0) - level - (plain.strips.indexOf("drum-kick") + 1) * size;
  assert.deepEqual(plain.image, performanceOf(revision, false, [], withVolume(NONE, "loop:other", 0)).score.image);
  assert.ok(at > 0 && at < 32, "the level of the kick");
});
