import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { auditionImage, scoreImage } from "../../src/core/image.js";
import { CHORD, HEADER, STEP } from "../../src/gen/image.js";
import { readRevision, type RevisionJson } from "../loop_json.js";

type Fixture = RevisionJson & { readonly sha256: string };

const fixtures = JSON.parse(
  readFileSync("../tests/parity/images.json", "utf8"),
) as readonly Fixture[];

function wordsOf(image: Uint8Array): Int32Array {
  return new Int32Array(image.slice().buffer);
}

function header(words: Int32Array, name: string): number | undefined {
  return words[HEADER.findIndex((field) => field.name === name)];
}

for (const fixture of fixtures) {
  test(`the image of "${fixture.loop.name}" is the one that Python makes`, () => {
    const { image } = scoreImage(readRevision(fixture));
    assert.equal(fixture.sha256, createHash("sha256").update(image).digest("hex"));
  });
}

test("a step that is tried out sounds at once, for certain, over the chord of its cell", () => {
  const synths = fixtures.find(({ loop }) => loop.name === "synths");
  assert.ok(synths);
  const words = wordsOf(auditionImage(readRevision(synths), "synth-pluck", 4).image);
  const chord = words.slice(-CHORD.length);
  const step = words.slice(-CHORD.length - STEP.length, -CHORD.length);
  assert.deepEqual([1, 1], [header(words, "steps"), header(words, "chords")]);
  assert.equal(0, step[STEP.findIndex((field) => field.name === "cell")]);
  assert.deepEqual([0, 0], [chord[0], chord[1]]);
});

test("a step that is not there makes no sound", () => {
  const synths = fixtures.find(({ loop }) => loop.name === "synths");
  assert.ok(synths);
  const words = wordsOf(auditionImage(readRevision(synths), "synth-lead", 15).image);
  assert.equal(0, header(words, "steps"));
});
