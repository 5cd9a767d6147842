/** Keys: scale, spelling, and what a chord does in them. The twin of domain/key.py. */

import { CHORD_TABLES } from "../gen/chord_tables.js";
import { bassClass, pitchClasses, rootClass, type Chord } from "./chord.js";
import { letterIndex, modulo, pitchClass, simpleName, spelledOn } from "./pitch.js";

export type HarmonicFunction = "tonic" | "predominant" | "dominant" | "other";

/** A tonic and a mode, with the seven pitch classes of its scale from the tonic up. */
export interface Key {
  readonly tonic: string;
  readonly mode: string;
  readonly tonicClass: number;
  readonly scale: readonly number[];
}

export const MODES: readonly string[] = Object.keys(CHORD_TABLES.modes);

/** The key of a tonic and a mode. Throws RangeError for no key. */
export function makeKey(tonic: string, mode: string): Key {
  const steps = CHORD_TABLES.modes[mode];
  if (steps === undefined) {
    throw new RangeError(`"${mode}" is not a known mode. Choose one of: ${MODES.join(", ")}.`);
  }
  const tonicClass = pitchClass(tonic);
  return { tonic, mode, tonicClass, scale: steps.map((step) => modulo(tonicClass + step, 12)) };
}

/** The key that a text names: "C major", "F#m", "D dorian". Throws RangeError for no key. */
export function parseKey(text: string): Key {
  const words = text.trim().replaceAll("♭", "b").replaceAll("♯", "#");
  const size = /^.[b#]/.test(words) ? 2 : 1;
  const tonic = words.charAt(0).toUpperCase() + words.slice(1, size);
  const written = words.slice(size).trim().split(/\s+/).join(" ");
  const named = written === "M" ? written : written.toLowerCase();
  const mode = Object.hasOwn(CHORD_TABLES.modeSpellings, named)
    ? CHORD_TABLES.modeSpellings[named] ?? named
    : named;
  if (!/^[A-G]/.test(tonic) || !MODES.includes(mode)) {
    throw new RangeError(
      `"${text}" is not a key. Write a note name and one of ${MODES.join(", ")}: "C major".`,
    );
  }
  return makeKey(tonic, mode);
}

/** Canonical text: "C major". */
export function keyText(key: Key): string {
  return `${key.tonic} ${key.mode}`;
}

/** Name of a pitch class as a form of a degree 1 … 7, never with a double accidental. */
export function spellInKey(key: Key, wanted: number, degree: number): string {
  return spelledOn(letterIndex(key.tonic) + degree - 1, wanted) ?? simpleName(wanted, key.tonic);
}

/** The seven notes of the key as it spells them. */
export function noteNames(key: Key): readonly string[] {
  return key.scale.map((wanted, index) => spellInKey(key, wanted, index + 1));
}

/** True when every tone of the chord, its bass included, is in the scale. */
export function keyHas(key: Key, chord: Chord): boolean {
  const bass = bassClass(chord);
  const tones = bass === null ? pitchClasses(chord) : [...pitchClasses(chord), bass];
  return tones.every((tone) => key.scale.includes(tone));
}

/** What a chord does in a key; the rules stand in domain/key.py. */
export function functionOf(key: Key, chord: Chord): HarmonicFunction {
  const root = rootClass(chord);
  if (root === null) return "other";
  const above = modulo(root - key.tonicClass, 12);
  const has = (interval: number): boolean => chord.intervals.includes(interval);
  if (above === 7 && (has(4) || has(10)) && !has(3)) return "dominant";
  if (above === 11 && has(6) && has(3)) return "dominant";
  const degree = key.scale.indexOf(root) + 1;
  const triad = chord.intervals.filter((step) => step < 9).map((step) => modulo(root + step, 12));
  if (degree === 0 || !triad.every((tone) => key.scale.includes(tone))) return "other";
  if (degree === 6 && above === 8) return "predominant";
  if (degree === 7 && above === 10) return key.mode === "minor" ? "dominant" : "other";
  return asFunction(CHORD_TABLES.functions[degree - 1]);
}

function asFunction(name: string | undefined): HarmonicFunction {
  return name === "tonic" || name === "predominant" || name === "dominant" ? name : "other";
}
