/** The outline of a sound as a path. Pure. */

import type { Outline } from "../../gen/rest.js";

/** A sound at full level reaches this far to both sides. */
export const HALF = 50;

/** Silence is as thick as this, to both sides. */
const THIN = 1.2;

/** A closed path through the highs and back through the lows, as tall as ±50 for ±1. */
export function outline(peaks: Pick<Outline, "low" | "high">, columns: number): string {
  const tops: string[] = [];
  const bottoms: string[] = [];
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor((column * peaks.high.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * peaks.high.length) / columns));
    const high = Math.max(0, ...peaks.high.slice(from, to)) * HALF;
    const low = Math.min(0, ...peaks.low.slice(from, to)) * HALF;
    tops.push(`${column} ${(-Math.max(high, THIN)).toFixed(1)}`);
    bottoms.unshift(`${column} ${Math.max(-low, THIN).toFixed(1)}`);
  }
  return `M${[...tops, ...bottoms].join("L")}Z`;
}
