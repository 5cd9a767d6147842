/** Chords as the lane, the palette and the editor show them, in the key of the loop. */

import { pitchClasses, rootClass, type Chord } from "../core/chord.js";
import { MODES, functionOf, keyText, makeKey, noteNames, parseKey, spellInKey, type Key } from "../core/key.js";
import { NotationError } from "../core/notation_error.js";
import { PRESETS, VARIATIONS, paletteFor, vary, type Variation } from "../core/palette.js";
import { pitchClass, simpleName } from "../core/pitch.js";
import { canonicalSymbol, isRoman, letterOf, parseChordOrRoman, romanOf } from "../core/roman.js";

export { MODES, PRESETS, paletteFor };

/** What a chord does in its key; "borrowed" is what none of the three says. */
export type Role = "tonic" | "predominant" | "dominant" | "borrowed";

export interface ChordReading {
  readonly letter: string;
  readonly roman: string;
  readonly role: Role;
  /** Pitch class of the root; null for N.C. */
  readonly root: number | null;
  readonly quality: string;
  /** Pitch class of a bass that is not the root. */
  readonly bass: number | null;
  readonly isRoman: boolean;
  readonly tones: readonly string[];
}

export interface Quality {
  readonly suffix: string;
  readonly name: string;
}

/** The qualities that the editor offers as buttons; all others can be typed. */
export const QUALITIES: readonly Quality[] = [
  { suffix: "", name: "major" },
  { suffix: "m", name: "minor" },
  { suffix: "7", name: "dominant seventh" },
  { suffix: "maj7", name: "major seventh" },
  { suffix: "m7", name: "minor seventh" },
  { suffix: "sus2", name: "suspended second" },
  { suffix: "sus4", name: "suspended fourth" },
  { suffix: "6", name: "added sixth" },
  { suffix: "add9", name: "added ninth" },
  { suffix: "maj9", name: "major ninth" },
  { suffix: "m9", name: "minor ninth" },
  { suffix: "dim", name: "diminished" },
  { suffix: "m7b5", name: "half diminished" },
  { suffix: "aug", name: "augmented" },
  { suffix: "5", name: "power chord" },
];

/** The tonics that the header offers. */
export const TONICS = ["C", "C#", "Db", "D", "Eb", "E", "F", "F#", "Gb", "G", "Ab", "A", "Bb", "B"] as const;

function keyOf(text: string): Key {
  try {
    return parseKey(text);
  } catch {
    return makeKey("C", "major");
  }
}

/** The chord that a text writes, or null where it cannot be read. */
export function readChord(symbol: string, keyName: string): ChordReading | null {
  const key = keyOf(keyName);
  try {
    return readingOf(parseChordOrRoman(symbol, key), symbol, key);
  } catch (error) {
    if (error instanceof NotationError || error instanceof RangeError) return null;
    throw error;
  }
}

function readingOf(chord: Chord, symbol: string, key: Key): ChordReading {
  const role = functionOf(key, chord);
  const root = rootClass(chord);
  const bass = chord.bass === null || chord.bass === chord.root ? null : pitchClass(chord.bass);
  return {
    letter: letterOf(symbol, key),
    roman: root === null ? "" : romanOf(chord, key),
    role: role === "other" ? "borrowed" : role,
    root,
    quality: chord.quality,
    bass,
    isRoman: isRoman(symbol),
    tones: root === null ? [] : pitchClasses(chord).map((tone) => toneName(tone, chord, key)),
  };
}

function toneName(tone: number, chord: Chord, key: Key): string {
  const degree = key.scale.indexOf(tone);
  return noteNames(key)[degree] ?? simpleName(tone, chord.root ?? "");
}

/** Why a text is no chord, and what would be one. */
export function whyUnread(symbol: string, keyName: string): string {
  try {
    parseChordOrRoman(symbol, keyOf(keyName));
    return "";
  } catch (error) {
    return error instanceof NotationError ? `${error.problem}. ${error.cure}` : String(error);
  }
}

/** The spelling that a loop stores. The text must be one that reads. */
export function storedSymbol(symbol: string): string {
  return canonicalSymbol(symbol);
}

/** The twelve pitch classes from C up, named as the key names them. */
export function rootNames(keyName: string): readonly string[] {
  const key = keyOf(keyName);
  const flat = noteNames(key).some((name) => name.includes("b")) || key.tonic === "C";
  return Array.from({ length: 12 }, (_, tone) => {
    const degree = key.scale.indexOf(tone);
    return degree >= 0 ? spellInKey(key, tone, degree + 1) : simpleName(tone, flat ? "Bb" : "F#");
  });
}

/** The letter symbol of a root, a quality and a bass given as pitch classes. */
export function writeChord(root: number, suffix: string, bass: number | null, keyName: string): string {
  const names = rootNames(keyName);
  const below = bass === null || bass === root ? "" : `/${names[bass] ?? "C"}`;
  return canonicalSymbol(`${names[root] ?? "C"}${suffix}${below}`);
}

/** The same chord as a roman numeral, which follows the key, or null. */
export function asRoman(symbol: string, keyName: string): string | null {
  return readChord(symbol, keyName)?.roman ?? null;
}

/** The same chord in letters, or null. */
export function asLetter(symbol: string, keyName: string): string | null {
  return readChord(symbol, keyName)?.letter ?? null;
}

/** The chord with a variation of the palette; null where it cannot take it. */
export function varied(symbol: string, variation: string, keyName: string): string | null {
  if (!VARIATIONS.some((known) => known === variation)) return null;
  try {
    return vary(symbol, variation as Variation, keyOf(keyName));
  } catch (error) {
    if (error instanceof NotationError || error instanceof RangeError) return null;
    throw error;
  }
}

/** Tonic and mode of a key's name. */
export function splitKey(keyName: string): { readonly tonic: string; readonly mode: string } {
  const { tonic, mode } = keyOf(keyName);
  return { tonic, mode };
}

/** The canonical name of a key. */
export function joinKey(tonic: string, mode: string): string {
  return keyText(makeKey(tonic, mode));
}
