/** Roman numerals, read by the grammar of notation/roman_numerals.py. */

import { CHORD_TABLES } from "../gen/chord_tables.js";
import {
  CURE as LETTER_CURE, NO_CHORD, bassClass, isNoChord, parseChord, parseQuality, pitchClasses,
  plainText, rootClass, symbolOf, type Chord, type Quality,
} from "./chord.js";
import { makeKey, parseKey, spellInKey, type Key } from "./key.js";
import { NotationError } from "./notation_error.js";
import { letterIndex, modulo, pitchClass, simpleName, spelledOn } from "./pitch.js";

/** A degree 1 … 7, the accidental before it ("", "b" or "#"), and its case. */
export interface Numeral {
  readonly accidental: string;
  readonly degree: number;
  readonly isLower: boolean;
}

/** A roman numeral as it was meant, before any key. */
export interface RomanChord {
  readonly numeral: Numeral;
  readonly quality: string;
  readonly intervals: readonly number[];
  readonly inversion: number;
  readonly target: Numeral | null;
  readonly bassDegree: string;
  readonly alternative: RomanChord | null;
  readonly optional: boolean;
}

const NUMERALS = "I II III IV V VI VII".split(" ");
const NUMERAL = "[b#]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)";
const ROMAN = new RegExp(
  `^(?<numeral>${NUMERAL})(?<quality>.*?)(?:/(?<target>${NUMERAL})|/\\^(?<degree>[b#]?[1-7]))?` +
    `(?<other>\\(${NUMERAL}.*\\))?$`, "s",
);
const BEGINS = new RegExp(`^\\(?${NUMERAL}`);
const FIGURES = Object.keys(CHORD_TABLES.figures).join("|");
const FIGURED = new RegExp(`^(°|o|dim|ø|\\+|aug|)(${FIGURES})$`);
const AS_WRITTEN = /^(?:m(?!a[j79])|-|°|o|0|ø|dim|5)/;
const TRIADS = new Set(["", "m", "dim", "aug"]);
const SEVENTHS = new Set(["7", "m7", "dim7", "m7b5"]);
const TRIAD_FIGURES = ["", "6", "64"];
const SEVENTH_FIGURES = ["7", "65", "43", "42"];
const CURE =
  'Write a numeral I … VII or i … vii and a quality: "I", "vi7", "bVII", "vii°", "V7/V".';
const BASS_CURE =
  "Write the bass as a degree of the key, as in I/^3, the inversion as in I6, " +
  "or the key the chord is borrowed from, as in V/V.";

/** True when the text begins as a roman numeral does. No chord symbol begins so. */
export function isRoman(text: string): boolean {
  return BEGINS.test(plainText(text));
}

/** The roman numeral that a text writes. Throws NotationError. */
export function readRoman(text: string): RomanChord {
  const plain = plainText(text);
  if (plain.startsWith("(") && plain.endsWith(")")) {
    return { ...read(plain.slice(1, -1), text, 1, true), optional: true };
  }
  return read(plain, text, 0, true);
}

function read(plain: string, text: string, offset: number, main: boolean): RomanChord {
  const groups = ROMAN.exec(plain)?.groups;
  if (groups === undefined) {
    throw new NotationError(`'${plain}' is not a roman numeral`, text, offset + 1, CURE);
  }
  const written = groups["numeral"] ?? "";
  const numeral = readNumeral(written);
  const start = offset + written.length;
  const figured = readFigures(groups["quality"] ?? "", text, start);
  const quality = readQuality(figured.quality, text, start, numeral.isLower);
  const { target, degree, other } = groups;
  if (figured.inversion > 0 && degree !== undefined) {
    throw new NotationError("Two basses are given", text, start + 1, "Keep the figures or the /^.");
  }
  if (other !== undefined && !main) {
    throw new NotationError("An alternative has an alternative", text, offset, "Keep one.");
  }
  return {
    numeral, quality: quality.name, intervals: quality.intervals, inversion: figured.inversion,
    target: target === undefined ? null : readNumeral(target),
    bassDegree: degree ?? "",
    alternative: other === undefined
      ? null
      : read(other.slice(1, -1), text, offset + plain.length - other.length + 1, false),
    optional: false,
  };
}

function readNumeral(text: string): Numeral {
  const name = text.replace(/^[b#]/, "");
  const accidental = text.slice(0, text.length - name.length);
  const degree = NUMERALS.indexOf(name.toUpperCase()) + 1;
  return { accidental, degree, isLower: name === name.toLowerCase() };
}

function readFigures(
  quality: string, text: string, offset: number,
): { quality: string; inversion: number } {
  const [, prefix = "", figure = ""] = FIGURED.exec(quality) ?? [];
  const meaning = figure === "" ? undefined : CHORD_TABLES.figures[figure];
  if (meaning === undefined) return { quality, inversion: 0 };
  const [kind, inversion] = meaning;
  if ((prefix === "ø" && kind === "") || ((prefix === "+" || prefix === "aug") && kind !== "")) {
    const cure = "Write the bass as a degree: /^3.";
    throw new NotationError(`'${quality}' is no inversion`, text, offset + 1, cure);
  }
  return { quality: prefix + kind, inversion };
}

function readQuality(quality: string, text: string, start: number, isLower: boolean): Quality {
  if (isLower && /^(\+|aug)/.test(quality)) {
    const cure = "Augmented chords are major: write III+; for a minor chord with #5, iii#5.";
    throw new NotationError("A lower-case numeral is a minor chord", text, start + 1, cure);
  }
  const added = isLower && !quality.includes("sus") && !AS_WRITTEN.test(quality) ? "m" : "";
  try {
    return parseQuality(added + quality);
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    const cure = error.cure === LETTER_CURE ? CURE : error.cure;
    const column = start + Math.max(1, error.column - added.length);
    const named = quality.startsWith("/") ? BASS_CURE : cure;
    throw new NotationError(`'${quality}' is not understood`, text, column, named);
  }
}

/** Canonical text of a roman numeral, which reads back to an equal value. */
export function romanText(chord: RomanChord): string {
  let text = numeralText(chord.numeral) + suffixOf(chord);
  if (chord.target !== null) text += `/${numeralText(chord.target)}`;
  if (chord.bassDegree !== "") text += `/^${chord.bassDegree}`;
  if (chord.alternative !== null) text += `(${romanText(chord.alternative)})`;
  return chord.optional ? `(${text})` : text;
}

function numeralText(numeral: Numeral): string {
  const name = NUMERALS[numeral.degree - 1] ?? "I";
  return numeral.accidental + (numeral.isLower ? name.toLowerCase() : name);
}

function suffixOf(chord: RomanChord): string {
  const suffix = qualitySuffix(chord.quality, chord.numeral.isLower);
  if (chord.inversion === 0) return suffix;
  const figures = SEVENTHS.has(chord.quality) ? SEVENTH_FIGURES : TRIAD_FIGURES;
  return suffix.replace(/7$/, "") + (figures[chord.inversion] ?? "");
}

function qualitySuffix(quality: string, isLower: boolean): string {
  const special = Object.hasOwn(CHORD_TABLES.romanSuffixes, quality)
    ? CHORD_TABLES.romanSuffixes[quality]
    : undefined;
  if (special !== undefined && special[1] === isLower) return special[0];
  const minor = isLowerQuality(quality) && !quality.startsWith("dim");
  return isLower && minor ? quality.slice(1) : quality;
}

/** True when a quality is written with a lower-case numeral: minor or diminished. */
export function isLowerQuality(quality: string): boolean {
  return /^(m(?!aj)|dim)/.test(quality);
}

function degreeClass(key: Key, degree: number, accidental: string, raised = false): number {
  const own = modulo((key.scale[degree - 1] ?? 0) - key.tonicClass, 12);
  const major = CHORD_TABLES.modes["major"]?.[degree - 1] ?? 0;
  if (accidental === "b") return modulo(key.tonicClass + major - 1, 12);
  if (accidental === "#") return modulo(key.tonicClass + (own < major ? major : major + 1), 12);
  return modulo(key.tonicClass + (raised ? major : own), 12);
}

function numeralClass(numeral: Numeral, key: Key): number {
  const raised = key.mode === "minor" && numeral.isLower && numeral.degree >= 6;
  return degreeClass(key, numeral.degree, numeral.accidental, raised);
}

function numeralName(numeral: Numeral, key: Key): string {
  return spellInKey(key, numeralClass(numeral, key), numeral.degree);
}

/** The chord that a numeral names in a key. */
export function chordIn(roman: RomanChord, key: Key): Chord {
  const { target } = roman;
  const home = target === null
    ? key
    : makeKey(numeralName(target, key), target.isLower ? "minor" : "major");
  const root = numeralName(roman.numeral, home);
  return {
    root, quality: roman.quality, intervals: roman.intervals, bass: bassName(roman, root, key),
    alternative: roman.alternative && chordIn(roman.alternative, key), optional: roman.optional,
  };
}

function bassName(roman: RomanChord, root: string, key: Key): string {
  if (roman.bassDegree !== "") {
    const degree = Number(roman.bassDegree.at(-1));
    return spellInKey(key, degreeClass(key, degree, roman.bassDegree.slice(0, -1)), degree);
  }
  if (roman.inversion === 0) return root;
  const wanted = modulo(pitchClass(root) + (roman.intervals[roman.inversion] ?? 0), 12);
  return spelledOn(letterIndex(root) + 2 * roman.inversion, wanted) ?? simpleName(wanted, root);
}

/** The chord that a roman numeral names in a key. Throws NotationError. */
export function parseRoman(text: string, key: Key | string): Chord {
  return chordIn(readRoman(text), asKey(key));
}

/** The key itself, or the one that a text names. */
export function asKey(key: Key | string): Key {
  return typeof key === "string" ? parseKey(key) : key;
}

/** The roman numeral of a chord in a key, which reads back to the same sound. */
export function romanOf(chord: Chord, key: Key | string): string {
  return chord.root === null ? "N.C." : romanText(romanChordOf(chord, asKey(key)));
}

function romanChordOf(chord: Chord, key: Key): RomanChord {
  const root = rootClass(chord) ?? 0;
  const bass = bassClass(chord) ?? root;
  const tones = pitchClasses(chord);
  const figured = TRIADS.has(chord.quality) || SEVENTHS.has(chord.quality);
  const inverted = bass !== root && figured && tones.includes(bass);
  const plain = bass === root || inverted ? null : numeralAt(bass, key, null);
  return {
    numeral: numeralAt(root, key, isLowerQuality(chord.quality)),
    quality: chord.quality, intervals: chord.intervals, target: null,
    inversion: inverted ? tones.indexOf(bass) : 0,
    bassDegree: plain === null ? "" : `${plain.accidental}${plain.degree}`,
    alternative: chord.alternative && romanChordOf(chord.alternative, key),
    optional: chord.optional,
  };
}

/** The plainest numeral on a pitch class; with no case, the plainest degree. */
function numeralAt(wanted: number, key: Key, isLower: boolean | null): Numeral {
  const found: Numeral[] = [];
  for (const accidental of ["", "b", "#"]) {
    for (let degree = 1; degree <= 7; degree += 1) {
      const numeral = { accidental, degree, isLower: isLower ?? false };
      if (numeralClass(numeral, key) === wanted) found.push(numeral);
    }
  }
  found.sort((one, two) => plainness(one) - plainness(two));
  return found[0] ?? { accidental: "", degree: 1, isLower: isLower ?? false };
}

function plainness({ accidental, degree }: Numeral): number {
  if (accidental === "") return degree;
  if (accidental === "#") return (degree === 4 ? 10 : 30) + degree;
  return 20 + degree;
}

/** The chord of a cell: a letter symbol, or a numeral read in the key. Throws NotationError. */
export function parseChordOrRoman(text: string, key: Key | string): Chord {
  return isRoman(text) ? parseRoman(text, key) : parseLetters(text);
}

function parseLetters(text: string): Chord {
  if (isNoChord(text)) return NO_CHORD;
  if (/^\(*[A-Ga-g]/.test(text.trim())) return parseChord(text);
  throw new NotationError(
    `'${text}' is neither a chord nor a roman numeral`, text, 1,
    'Write a chord such as "Cmaj7", "F#m", "C/E", a numeral such as "vi", "V7", or "N.C.".',
  );
}

/** Canonical spelling of what was written; a roman numeral stays roman. */
export function canonicalSymbol(text: string): string {
  return isRoman(text) ? romanText(readRoman(text)) : symbolOf(parseLetters(text));
}

/** The chord symbol in letters of a cell's text. */
export function letterOf(text: string, key: Key | string): string {
  return symbolOf(parseChordOrRoman(text, key));
}
