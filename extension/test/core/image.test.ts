import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { auditionImage, scoreImage } from "../../src/core/image.js";
import { fingerprint, songImage, songScore } from "../../src/core/song_image.js";
import { CHORD, CLIP, HEADER, STEP } from "../../src/gen/image.js";
import { readRevision, type RevisionJson } from "../loop_json.js";
import { readSong, type SongJson } from "../song_json.js";

interface Fixtures {
  readonly loops: readonly (RevisionJson & { readonly sha256: string })[];
  readonly songs: readonly {
    readonly sha256: string;
    readonly strips: readonly string[];
    readonly audio: readonly string[];
    readonly fingerprints: Readonly<Record<string, string>>;
    readonly song: SongJson;
  }[];
}

const { loops, songs } = JSON.parse(
  readFileSync("../tests/parity/images.json", "utf8"),
) as Fixtures;

function wordsOf(image: Uint8Array): Int32Array {
  return new Int32Array(image.slice().buffer);
}

function sha256(image: Uint8Array): string {
  return createHash("sha256").update(image).digest("hex");
}

function header(words: Int32Array, name: string): number {
  return words[HEADER.findIndex((field) => field.name === name)] ?? -1;
}

for (const fixture of loops) {
  test(`the image of the loop "${fixture.loop.name}" is the one that Python makes`, () => {
    assert.equal(fixture.sha256, sha256(scoreImage(readRevision(fixture)).image));
  });
}

for (const fixture of songs) {
  test(`the image of the song "${fixture.song.name}" is the one that Python makes`, () => {
    const made = songImage(readSong(fixture.song));
    assert.deepEqual([fixture.strips, fixture.audio], [made.strips, made.audio]);
    assert.equal(fixture.sha256, sha256(made.image));
  });

  test(`the stems of the song "${fixture.song.name}" have Python's fingerprints`, () => {
    const song = readSong(fixture.song);
    const found = [...song.stems.keys()].map((stem) => [stem, fingerprint(song, stem)]);
    assert.deepEqual(fixture.fingerprints, Object.fromEntries(found));
  });
}

test("a fingerprint follows whatever the stem's sound is made of, and nothing else", () => {
  const fixture = songs.find(({ song }) => song.name === "full");
  assert.ok(fixture);
  const song = readSong(fixture.song);
  const before = fingerprint(song, "s1");
  const [loop, segment, stem] = [
    song.loops.get("chords"), song.segments.get("m1"), song.stems.get("s1"),
  ];
  assert.ok(loop && segment && stem);
  const softer = { ...stem, settings: new Map([...stem.settings, ["amp.level", 0.1] as const]) };
  const darker = { ...stem, settings: new Map([...stem.settings, ["filter.freq", 99] as const]) };
  const including = <V extends { id: string }>(map: ReadonlyMap<string, V>, one: V): Map<string, V> =>
    new Map([...map, [one.id, one]]);
  const same = { ...song, name: "Other", blocks: new Map(), stems: including(song.stems, softer) };
  assert.equal(before, fingerprint(same, "s1"));
  const others = [
    { ...song, seed: 8 },
    { ...song, tempos: new Map([[0, { bpm: 50, ramp: false }]]) },
    { ...song, loops: including(song.loops, { ...loop, key: "D minor" }) },
    { ...song, segments: including(song.segments, { ...segment, gain: 1 }) },
    { ...song, stems: including(song.stems, darker) },
  ];
  for (const other of others) assert.notEqual(before, fingerprint(other, "s1"));
  assert.equal(before, fingerprint(song, "s1"));
});

test("audio keeps the number it had while it plays, whatever comes before it now", () => {
  const fixture = songs.find(({ song }) => song.name === "full");
  assert.ok(fixture);
  const [first = "", second = ""] = fixture.audio;
  const score = songScore(readSong(fixture.song), ["other", second, first]);
  const made = score.image();
  assert.deepEqual(["other", second, first], made.audio);
  const words = wordsOf(made.image);
  const points = header(words, "points") * 5;
  const clips = words.slice(words.length - points - header(words, "clips") * CLIP.length);
  const place = CLIP.findIndex((field) => field.name === "audio");
  const numbers = [0, 1, 2].map((clip) => clips[clip * CLIP.length + place]);
  assert.deepEqual([2, 1, 2], numbers);
});

test("a step that is tried out sounds at once, for certain, over the chord of its cell", () => {
  const synths = loops.find(({ loop }) => loop.name === "synths");
  assert.ok(synths);
  const words = wordsOf(auditionImage(readRevision(synths), "synth-pluck", 4).image);
  const chord = words.slice(-CHORD.length);
  const step = words.slice(-CHORD.length - STEP.length, -CHORD.length);
  assert.deepEqual([1, 1], [header(words, "steps"), header(words, "chords")]);
  assert.equal(0, step[STEP.findIndex((field) => field.name === "cell")]);
  assert.equal(0, chord[CHORD.findIndex((field) => field.name === "cell")]);
});

test("a step that is not there makes no sound", () => {
  const synths = loops.find(({ loop }) => loop.name === "synths");
  assert.ok(synths);
  const words = wordsOf(auditionImage(readRevision(synths), "synth-lead", 15).image);
  assert.equal(0, header(words, "steps"));
});
