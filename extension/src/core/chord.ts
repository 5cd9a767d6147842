/** Chord symbols, read by the grammar and the tables of notation/chord_symbols.py. */

import { CHORD_TABLES } from "../gen/chord_tables.js";
import { NotationError } from "./notation_error.js";
import { letterIndex, modulo, pitchClass, simpleName, spelledOn } from "./pitch.js";

/** A chord; the fields mean what they mean in Python. Root and bass are null for N.C. */
export interface Chord {
  readonly root: string | null;
  readonly quality: string;
  readonly intervals: readonly number[];
  readonly bass: string | null;
  readonly alternative: Chord | null;
  readonly optional: boolean;
}

/** A quality as it reads: its canonical spelling and its intervals. */
export interface Quality {
  readonly name: string;
  readonly intervals: readonly number[];
}

export const NO_CHORD: Chord = {
  root: null, quality: "", intervals: [], bass: null, alternative: null, optional: false,
};
export const CURE =
  'Write a root A … G and a quality such as m7, maj7, 7b9, sus4, dim, m7b5: "F#m7b5", "C/E".';

const NOTE = "[A-G](?:##|#|x|bb|b)?";
const SHAPE = new RegExp(
  `^(?<root>${NOTE})(?<quality>.*?)(?:/(?<bass>${NOTE}))?(?<other>\\([A-G].*\\))?$`, "s",
);
const twoReadings = new Map(Object.entries(CHORD_TABLES.twoReadings));
const INTERVALS: readonly number[] = Array.from({ length: 24 }, (_, index) => index);
const stems = new Map(Object.entries(CHORD_TABLES.stemSpellings));
const modifiers = new Map(Object.entries(CHORD_TABLES.modifierSpellings));
const rules = new Map(Object.entries(CHORD_TABLES.modifiers));
const rewrites = new Map(Object.entries(CHORD_TABLES.rewrites));
const lookalikes = new Map(Object.entries(CHORD_TABLES.lookalikes));
const longestStem = Math.max(...[...stems.keys()].map((text) => text.length));
const longestModifier = Math.max(...[...modifiers.keys()].map((text) => text.length));

/** The text with characters that stand for others replaced: ♭ by b, △ by Δ. */
export function plainText(text: string): string {
  return [...text.trim()].map((character) => lookalikes.get(character) ?? character).join("");
}

/** True for the spellings of N.C. */
export function isNoChord(text: string): boolean {
  return CHORD_TABLES.noChord.includes(text.trim());
}

/** The chord that a symbol names. Throws NotationError. */
export function parseChord(text: string): Chord {
  if (isNoChord(text)) return NO_CHORD;
  const plain = plainText(text);
  if (plain.startsWith("(") && plain.endsWith(")")) {
    return { ...parseSymbol(plain.slice(1, -1), text, 1, true), optional: true };
  }
  return parseSymbol(plain, text, 0, true);
}

function parseSymbol(plain: string, text: string, offset: number, main: boolean): Chord {
  const groups = SHAPE.exec(plain)?.groups;
  if (groups === undefined) throw new NotationError(noRoot(plain), text, offset + 1, CURE);
  const written = groups["root"] ?? "";
  const quality = groups["quality"] ?? "";
  const other = groups["other"];
  if (written.length === 3 && /^[0-689]/.test(quality)) {
    const cure = `Write ${written}(${quality}) or ${written.slice(0, 2)}(${written[2]}${quality}).`;
    throw new NotationError(`'${written}${quality}' reads in two ways`, text, offset + 1, cure);
  }
  const read = moved(() => parseQuality(quality), text, offset + written.length);
  const root = written.replace("x", "##");
  return {
    root,
    quality: read.name,
    intervals: read.intervals,
    bass: (groups["bass"] ?? written).replace("x", "##"),
    alternative: other === undefined
      ? null
      : parseOther(other.slice(1, -1), text, offset + plain.length - other.length + 1, main),
    optional: false,
  };
}

function parseOther(plain: string, text: string, offset: number, main: boolean): Chord {
  if (!main || /\([A-G]/.test(plain)) {
    throw new NotationError("An alternative has an alternative", text, offset + 1, "Keep one.");
  }
  return parseSymbol(plain, text, offset, false);
}

function moved(read: () => Quality, text: string, offset: number): Quality {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    throw new NotationError(error.problem, text, offset + error.column, error.cure);
  }
}

function noRoot(plain: string): string {
  if (plain === "") return "There is no chord";
  const first = plain.charAt(0);
  return "abcdefg".includes(first)
    ? `A chord root is a capital letter, '${first}' is not`
    : `No chord begins with '${first}'`;
}

/** Canonical quality and intervals of what follows a root. Throws NotationError. */
export function parseQuality(text: string): Quality {
  const cure = twoReadings.get(text);
  if (cure !== undefined) {
    throw new NotationError(`'${text}' reads in more than one way`, text, 1, cure);
  }
  const inside = /^\((.+)\)$/s.exec(text)?.[1];
  const whole = inside !== undefined && (stems.has(inside) || /^\d/.test(inside)) ? inside : text;
  const spelling = longest(whole, 0, stems, longestStem) ?? "";
  const [stem, implied] = stems.get(spelling) ?? ["", []];
  return build(stem, [...implied, ...readModifiers(whole, spelling.length)], text);
}

function longest(
  text: string, start: number, table: ReadonlyMap<string, unknown>, limit: number,
): string | null {
  for (let size = Math.min(limit, text.length - start); size > 0; size -= 1) {
    const piece = text.slice(start, start + size);
    if (table.has(piece)) return piece;
  }
  return null;
}

function readModifiers(text: string, start: number): string[] {
  const found: string[] = [];
  let position = start;
  let inside = false;
  while (position < text.length) {
    const character = text.charAt(position);
    const before = text.charAt(position - 1);
    if (character === "(" && !inside) {
      inside = true;
      position += 1;
    } else if (character === ")" && inside && before !== "(" && before !== ",") {
      inside = false;
      position += 1;
    } else if (character === "," && inside && before !== "(" && before !== ",") {
      position += 1;
    } else {
      const piece = modifierAt(text, position);
      found.push(modifiers.get(piece) ?? piece);
      position += piece.length;
    }
  }
  if (inside) throw new NotationError('"(" is never closed', text, text.length + 1, 'Add ")".');
  return found;
}

function modifierAt(text: string, position: number): string {
  const piece = longest(text, position, modifiers, longestModifier);
  if (piece !== null) return piece;
  const rest = text.slice(position);
  const bass = "After / comes the bass, a note A … G: C/E.";
  const cure = rest.startsWith("/") ? bass : (twoReadings.get(rest) ?? CURE);
  throw new NotationError(`'${rest}' is not understood`, text, position + 1, cure);
}

function build(stem: string, written: readonly string[], text: string): Quality {
  const rest = [...written];
  let name = stem;
  for (const modifier of written) {
    const shorter = rewrites.get(`${name} ${modifier}`);
    if (shorter === undefined || !rest.includes(modifier)) continue;
    name = shorter[0];
    rest.splice(rest.indexOf(modifier), 1);
    rest.push(...shorter[1]);
  }
  const order = CHORD_TABLES.modifierOrder;
  rest.sort((one, two) => order.indexOf(one) - order.indexOf(two));
  const tones = alteredTones(name, rest, text);
  const tail = rest.join("");
  const printed = name === "" && /^[b#]/.test(tail) ? `(${tail})` : name + tail;
  return { name: printed, intervals: INTERVALS.filter((interval) => tones.has(interval)) };
}

function alteredTones(stem: string, names: readonly string[], text: string): Set<number> {
  const base = CHORD_TABLES.stems[stem] ?? [];
  const tones = new Set(base);
  const refuse = (problem: string, cure: string): never => {
    throw new NotationError(problem, text, 1, cure);
  };
  if (new Set(names).size < names.length) {
    refuse(`'${text}' says the same thing twice`, "Say it once.");
  }
  for (const name of names) {
    const rule = rules.get(name) ?? { needs: [], removes: [], adds: [] };
    if (rule.adds.length + rule.removes.length === 0) {
      refuse(`'${name}' cannot follow '${stem}'`, "Write maj7 or m(maj7).");
    }
    if (!rule.needs.every((need) => base.includes(need))) {
      refuse(`'${name}' has nothing to change in '${stem || "a triad"}'`, needCure(name));
    }
    const top = base.at(-1) ?? 0;
    if (top > 12 && rule.removes.includes(top)) {
      const cure = `Write the altered note on a smaller chord, as in 7${name}.`;
      refuse(`'${name}' contradicts the '${stem}' before it`, cure);
    }
    rule.removes.forEach((tone) => tones.delete(tone));
  }
  for (const name of names) {
    const adds = rules.get(name)?.adds ?? [];
    if (adds.some((tone) => tones.has(tone))) {
      refuse(`'${name}' is already in the chord`, `Leave ${name} out of '${text}'.`);
    }
    adds.forEach((tone) => tones.add(tone));
  }
  return tones;
}

function needCure(name: string): string {
  if (name.startsWith("sus")) {
    return "A sus chord has no third: leave the m out, or write sus4, 7sus4, 9sus4, 13sus4.";
  }
  if (name === "alt") return "Write 7alt.";
  return "The fifth is already altered or left out: write it once.";
}

/** Canonical spelling, which reads back to an equal chord. */
export function symbolOf(chord: Chord): string {
  let text = "N.C.";
  if (chord.root !== null) {
    const wrap = chord.root.length > 2 && /^\d/.test(chord.quality);
    text = chord.root + (wrap ? `(${chord.quality})` : chord.quality);
    if (chord.bass !== chord.root) text += `/${chord.bass}`;
  }
  if (chord.alternative !== null) text += `(${symbolOf(chord.alternative)})`;
  return chord.optional ? `(${text})` : text;
}

/** Pitch class of the root, null for N.C. */
export function rootClass(chord: Chord): number | null {
  return chord.root === null ? null : pitchClass(chord.root);
}

/** Pitch class of the lowest note, null for N.C. */
export function bassClass(chord: Chord): number | null {
  return chord.bass === null ? null : pitchClass(chord.bass);
}

/** Pitch classes of the chord tones from the root up, each once. */
export function pitchClasses(chord: Chord): readonly number[] {
  const root = rootClass(chord) ?? 0;
  return [...new Set(chord.intervals.map((interval) => modulo(root + interval, 12)))];
}

/** Intervals as bits: bit i is set when the note i semitones above the root is in the chord. */
export function intervalMask(chord: Chord): number {
  return chord.intervals.reduce((mask, interval) => mask | (1 << interval), 0);
}

/** The chord moved by semitones; flats stay flats, sharps stay sharps. */
export function transposeChord(chord: Chord, semitones: number): Chord {
  if (chord.root === null || chord.bass === null || semitones % 12 === 0) return chord;
  const root = simpleName(pitchClass(chord.root) + semitones, chord.root);
  const steps = letterIndex(chord.bass) - letterIndex(chord.root);
  const wanted = modulo(pitchClass(chord.bass) + semitones, 12);
  const bass = spelledOn(letterIndex(root) + steps, wanted) ?? simpleName(wanted, root);
  const other = chord.alternative;
  return { ...chord, root, bass, alternative: other && transposeChord(other, semitones) };
}
