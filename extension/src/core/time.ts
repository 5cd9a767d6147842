/** Note values, as Python's domain/ticks.py reads them. */

const TICKS_PER_WHOLE = 3840;
const NOTE_VALUE = /^(1|2|4|8|16|32|64)(n\.|n|t)$/;
const BARS = /^([1-9][0-9]{0,2})m$/;

/** Ticks of "8n", "8n.", "8t" or "1m" (a bar of 4/4); null for other texts. */
export function parseNoteValue(text: string): number | null {
  const bars = BARS.exec(text.trim());
  if (bars !== null) return Number(bars[1]) * TICKS_PER_WHOLE;
  const match = NOTE_VALUE.exec(text.trim());
  if (match === null) return null;
  const plain = TICKS_PER_WHOLE / Number(match[1]);
  if (match[2] === "n.") return (plain * 3) / 2;
  return match[2] === "t" ? Math.floor((plain * 2) / 3) : plain;
}

/** The nearest whole number; halves to the even one, as Python's `round`. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
