import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  bassClass, intervalMask, parseChord, rootClass, symbolOf, transposeChord,
} from "../../src/core/chord.js";
import { functionOf, keyText, noteNames, parseKey } from "../../src/core/key.js";
import { NotationError } from "../../src/core/notation_error.js";
import { VARIATIONS, paletteFor, vary } from "../../src/core/palette.js";
import {
  parseChordOrRoman, parseRoman, readRoman, romanOf, romanText,
} from "../../src/core/roman.js";

interface Sound {
  readonly text: string;
  readonly symbol: string;
  readonly root: number | null;
  readonly bass: number | null;
  readonly intervals: readonly number[];
}
type Refusal = readonly [text: string, problem: string, column: number, cure: string];
interface Fixtures {
  readonly chords: readonly Sound[];
  readonly refused: readonly Refusal[];
  readonly numerals: readonly (Sound & { key: string; roman: string; back: string })[];
  readonly refusedNumerals: readonly Refusal[];
  readonly functions: readonly (readonly [string, string, string])[];
  readonly palettes: Readonly<Record<string, readonly (readonly [string, string, string])[]>>;
  readonly variations: readonly (readonly [string, string, string, string])[];
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

const file = process.env["CELLISSIMO_PARITY"] ?? "../tests/parity";
const fixtures = JSON.parse(readFileSync(`${file}/chords.json`, "utf-8")) as Fixtures;

test("chord symbols read as they read in Python", () => {
  assert.ok(fixtures.chords.length > 900);
  for (const row of fixtures.chords) {
    const chord = parseChord(row.text);
    const sound = [symbolOf(chord), rootClass(chord), bassClass(chord), chord.intervals];
    assert.deepEqual(sound, [row.symbol, row.root, row.bass, row.intervals], row.text);
    assert.deepEqual(parseChord(symbolOf(chord)), chord, row.text);
  }
});

function refusalOf(read: (text: string) => unknown, text: string): readonly unknown[] {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof NotationError);
    return [text, error.problem, error.column, error.cure];
  }
  return [text, "was read"];
}

test("what Python refuses is refused in the same words", () => {
  assert.ok(fixtures.refused.length > 30);
  for (const row of fixtures.refused) assert.deepEqual(refusalOf(parseChord, row[0]), row);
  for (const row of fixtures.refusedNumerals) assert.deepEqual(refusalOf(readRoman, row[0]), row);
});

test("roman numerals read in every key as they read in Python, and back", () => {
  assert.ok(fixtures.numerals.length > 5000);
  for (const row of fixtures.numerals) {
    const chord = parseRoman(row.text, row.key);
    const sound = [symbolOf(chord), rootClass(chord), bassClass(chord), chord.intervals];
    const where = `${row.text} in ${row.key}`;
    assert.deepEqual(sound, [row.symbol, row.root, row.bass, row.intervals], where);
    assert.equal(romanText(readRoman(row.text)), row.roman);
    assert.equal(romanOf(chord, row.key), row.back, where);
  }
});

test("keys spell their notes and name functions as in Python", () => {
  for (const [text, names] of Object.entries(fixtures.keys)) {
    assert.deepEqual(noteNames(parseKey(text)), names);
    assert.equal(keyText(parseKey(text)), text);
  }
  for (const [text, key, expected] of fixtures.functions) {
    assert.equal(functionOf(parseKey(key), parseChord(text)), expected, `${text} in ${key}`);
  }
});

test("the palette and its variations are those of Python", () => {
  for (const [key, tiles] of Object.entries(fixtures.palettes)) {
    assert.deepEqual(paletteFor(key).map((tile) => [tile.text, tile.kind, tile.role]), tiles);
  }
  for (const [text, how, key, expected] of fixtures.variations) {
    const variation = VARIATIONS.find((name) => name === how);
    assert.ok(variation !== undefined);
    assert.equal(vary(text, variation, key), expected, `${text} ${how} in ${key}`);
  }
});

test("transposing up and down again keeps the sound; the mask has a bit per interval", () => {
  for (const row of fixtures.chords) {
    const chord = parseChord(row.text);
    const back = transposeChord(transposeChord(chord, 5), -5);
    assert.deepEqual([rootClass(back), bassClass(back)], [row.root, row.bass], row.text);
    const bits = row.intervals.reduce((sum, interval) => sum + 2 ** interval, 0);
    assert.equal(intervalMask(chord), bits);
  }
});

test("a cell holds letters or numerals, and nothing else", () => {
  assert.equal(symbolOf(parseChordOrRoman("bVII", "C major")), "Bb");
  assert.equal(symbolOf(parseChordOrRoman("Bb", "C major")), "Bb");
  assert.throws(() => parseChordOrRoman("x", "C major"), /neither a chord nor a roman numeral/);
});
