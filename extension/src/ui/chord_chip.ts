/** One chord on the lane: letters, roman numeral, and the letter and shape of its function. */

import type { Span } from "./chord_spans.js";
import { h, setAttribute, setText } from "./dom.js";
import { sayCell, sayLength, type Geometry } from "./geometry.js";
import type { ChordReading, Role } from "./harmony.js";

export interface Chip {
  readonly element: HTMLButtonElement;
  update(span: Span, reading: ChordReading | null, geometry: Geometry): void;
}

/** The letter that stands for a harmonic function, so that colour never speaks alone. */
export const ROLE_LETTERS: Readonly<Record<Role, string>> = {
  tonic: "T",
  predominant: "S",
  dominant: "D",
  borrowed: "B",
};

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  tonic: "tonic: at home",
  predominant: "subdominant: on the way",
  dominant: "dominant: wants home",
  borrowed: "borrowed: a colour from elsewhere",
};

/** ♭ and ♯ as musicians write them. */
export function pretty(symbol: string): string {
  return symbol.replace(/(?<=[A-G])b/g, "\u266d").replace(/b(?=[ivIV0-9])/g, "\u266d").replaceAll("#", "\u266f");
}

/** "chord Am7 vi7, tonic: at home, bar 3, beat 1, 1 bar" */
export function labelOfChord(span: Span, reading: ChordReading | null, geometry: Geometry): string {
  const place = `${sayCell(geometry, span.cell)}, ${sayLength(geometry, span.end - span.cell)}`;
  if (reading === null) return `chord ${span.symbol}, not understood, ${place}`;
  if (reading.root === null) return `no chord, ${place}`;
  return `chord ${pretty(reading.letter)} ${pretty(reading.roman)}, ${ROLE_WORDS[reading.role]}, ${place}`;
}

export function createChip(cell: number): Chip {
  const badge = h("span", { class: "cm-role", "aria-hidden": "true" });
  const letter = h("span", { class: "cm-letter" });
  const roman = h("span", { class: "cm-roman" });
  const words = h("span", { class: "cm-chip-words" }, badge, letter, " ", roman);
  const end = h("span", { class: "cm-chip-end", "aria-hidden": "true" });
  const element = h("button", { class: "cm-chip", type: "button", tabindex: -1, "data-cell": cell }, words, end);
  return {
    element,
    update(span: Span, reading: ChordReading | null, geometry: Geometry): void {
      element.style.setProperty("--cm-start", String(span.cell));
      element.style.setProperty("--cm-length", String(span.end - span.cell));
      setAttribute(element, "data-role", reading === null ? "unread" : reading.root === null ? "none" : reading.role);
      setAttribute(element, "data-short", span.end - span.cell < geometry.stepsPerBar / 2);
      setAttribute(element, "aria-label", labelOfChord(span, reading, geometry));
      setAttribute(element, "title", reading === null ? `${span.symbol} is not understood` : ROLE_WORDS[reading.role]);
      setAttribute(badge, "data-letter", reading === null ? "?" : ROLE_LETTERS[reading.role]);
      setText(letter, pretty(reading?.letter ?? span.symbol));
      setText(roman, pretty(reading?.roman ?? ""));
    },
  };
}
