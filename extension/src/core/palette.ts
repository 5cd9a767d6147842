/** The chord palette in a key, and its variations. The twin of notation/palette.py. */

import { CHORD_TABLES, type PaletteTile } from "../gen/chord_tables.js";
import { bassClass, parseQuality, pitchClasses, rootClass, symbolOf, type Chord } from "./chord.js";
import { functionOf, noteNames, type Key } from "./key.js";
import { modulo, simpleName } from "./pitch.js";
import {
  asKey, isLowerQuality, isRoman, parseChordOrRoman, readRoman, romanOf, romanText,
} from "./roman.js";

export const VARIATIONS = ["sus", "dim", "+7"] as const;
export type Variation = (typeof VARIATIONS)[number];
export const PRESETS = CHORD_TABLES.presets;

/** The palette's tiles in a key: as named in major, the key's own chords in other modes. */
export function paletteFor(key: Key | string): readonly PaletteTile[] {
  const home = asKey(key);
  if (home.mode === "major") return CHORD_TABLES.palette;
  const tiles = [1, 2, 3, 4, 5, 6, 7].map((degree) => tileOf(degree, home));
  return [...tiles, ...CHORD_TABLES.palette.filter((tile) => tile.kind === "variation")];
}

function tileOf(degree: number, key: Key): PaletteTile {
  const chord = triadOn(degree, key);
  const says = `degree ${degree} of the key`;
  return { text: romanOf(chord, key), kind: "chord", role: functionOf(key, chord), says };
}

/** The triad that a key builds on a degree 1 … 7. */
export function triadOn(degree: number, key: Key): Chord {
  const root = key.scale[degree - 1] ?? 0;
  const third = modulo((key.scale[(degree + 1) % 7] ?? 0) - root, 12);
  const fifth = modulo((key.scale[(degree + 3) % 7] ?? 0) - root, 12);
  const row = CHORD_TABLES.triads.find((triad) => triad[0] === third && triad[1] === fifth);
  const { name, intervals } = parseQuality(row?.[2] ?? "");
  const note = noteNames(key)[degree - 1] ?? key.tonic;
  return { root: note, quality: name, intervals, bass: note, alternative: null, optional: false };
}

/** The chord of a cell with a variation; a roman numeral stays roman. Throws for N.C. */
export function vary(text: string, variation: Variation, key: Key | string): string {
  const home = asKey(key);
  const chord = parseChordOrRoman(text, home);
  const { name, intervals } = parseQuality(variedQuality(chord, variation, home));
  const varied = withMovedBass(chord, { ...chord, quality: name, intervals });
  if (!isRoman(text)) return symbolOf(varied);
  const written = readRoman(text);
  if (written.target === null || written.inversion > 0) return romanOf(varied, home);
  const numeral = { ...written.numeral, isLower: isLowerQuality(name) };
  return romanText({ ...written, numeral, quality: name, intervals });
}

function withMovedBass(before: Chord, after: Chord): Chord {
  const bass = bassClass(before);
  const tone = bass === null ? -1 : pitchClasses(before).indexOf(bass);
  const moved = pitchClasses(after)[tone];
  if (before.bass === before.root || moved === undefined || after.root === null) return after;
  return { ...after, bass: simpleName(moved, after.root) };
}

function variedQuality(chord: Chord, variation: Variation, key: Key): string {
  const root = rootClass(chord);
  if (root === null) {
    throw new RangeError("N.C. has nothing to vary. Put a chord on the cell first.");
  }
  const has = (interval: number): boolean => chord.intervals.includes(interval);
  if (variation === "dim") return has(10) || has(11) || chord.quality === "dim7" ? "dim7" : "dim";
  if (variation === "sus") return suspended(chord);
  const row = Object.hasOwn(CHORD_TABLES.sevenths, chord.quality)
    ? CHORD_TABLES.sevenths[chord.quality]
    : undefined;
  const steps = chord.quality === "dim" ? [10, 9, 11] : [10, 11];
  const step = steps.find((choice) => key.scale.includes(modulo(root + choice, 12))) ?? 10;
  return row?.[String(step)] ?? chord.quality;
}

function suspended(chord: Chord): string {
  if (chord.quality.includes("sus")) return chord.quality;
  if (chord.intervals.includes(11)) return "maj7sus4";
  if (!chord.intervals.includes(10)) return "sus4";
  return chord.intervals.includes(14) ? "9sus4" : "7sus4";
}
