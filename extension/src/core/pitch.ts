/** Names of pitch classes: "C" is 0, "Bb" is 10. The twin of domain/pitch.py. */

const LETTERS = "CDEFGAB";
const LETTER_CLASSES: readonly number[] = [0, 2, 4, 5, 7, 9, 11];
const ACCIDENTALS: ReadonlyMap<string, number> = new Map([
  ["", 0], ["b", -1], ["bb", -2], ["#", 1], ["##", 2], ["x", 2],
]);
const ACCIDENTAL_TEXT: readonly string[] = ["bb", "b", "", "#", "##"];
const SHARP_NAMES = "C C# D D# E F F# G G# A A# B".split(" ");
const FLAT_NAMES = "C Db D Eb E F Gb G Ab A Bb B".split(" ");
const PLAIN_NAMES = "C Db D Eb E F F# G Ab A Bb B".split(" ");

/** The remainder that is never negative. */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** Pitch class 0 … 11 of a note name without octave. Throws RangeError for no name. */
export function pitchClass(name: string): number {
  const letter = LETTER_CLASSES[LETTERS.indexOf(name.charAt(0))];
  const accidental = ACCIDENTALS.get(name.slice(1));
  if (name === "" || letter === undefined || accidental === undefined) {
    const cure = 'Write a letter A … G, then b or #: "Eb".';
    throw new RangeError(`"${name}" is not a note name. ${cure}`);
  }
  return modulo(letter + accidental, 12);
}

/** Index 0 (C) … 6 (B) of the letter of a note name. */
export function letterIndex(name: string): number {
  return LETTERS.indexOf(name.charAt(0));
}

/** Name of a pitch class on a letter with at most one accidental, null when it needs more. */
export function spelledOn(letter: number, wanted: number): string | null {
  const index = modulo(letter, 7);
  const offset = modulo(wanted - (LETTER_CLASSES[index] ?? 0) + 6, 12) - 6;
  const accidental = Math.abs(offset) > 1 ? undefined : ACCIDENTAL_TEXT[offset + 2];
  return accidental === undefined ? null : LETTERS.charAt(index) + accidental;
}

/** Name of a pitch class, with a flat or a sharp as `like` has one. */
export function simpleName(wanted: number, like = ""): string {
  const kind = like.slice(1);
  const names = kind.includes("b") ? FLAT_NAMES : /[#x]/.test(kind) ? SHARP_NAMES : PLAIN_NAMES;
  return names[modulo(wanted, 12)] ?? "C";
}
