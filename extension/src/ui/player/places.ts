/** Bars, markers and speeds: the places that a player knows, and the next of them. Pure. */

import { SPEEDS, type Deck, type Region } from "../../core/deck.js";

type Known = Pick<Deck, "marks" | "bars" | "duration">;

/** The shortest region. */
export const LEAST_REGION = 0.02;

/** The nearest bar or marker within reach, or the time itself. */
export function snapped(deck: Known, seconds: number, reach: number): number {
  const places = [0, deck.duration, ...deck.bars, ...deck.marks.map(([at]) => at)];
  let best = seconds;
  let least = reach;
  for (const place of places) {
    const distance = Math.abs(place - seconds);
    if (distance < least) [best, least] = [place, distance];
  }
  return Math.min(Math.max(best, 0), deck.duration);
}

/** The bar that sounds at a time, counted from 1; null where none are known. */
export function barAt(bars: readonly number[], seconds: number): number | null {
  const bar = bars.findLastIndex((start) => start <= seconds + 1e-6);
  return bar < 0 ? null : bar + 1;
}

/** The name of the last marker before a time. */
export function markAt(deck: Known, seconds: number): string {
  return deck.marks.findLast(([at]) => at <= seconds + 1e-6)?.[1] ?? "";
}

/** The next marker, or bar where there are no markers, in a direction. */
export function nextPlace(deck: Known, from: number, way: 1 | -1): number {
  const places = deck.marks.length > 0 ? deck.marks.map(([at]) => at) : deck.bars;
  const all = [0, ...places, deck.duration].toSorted((a, b) => a - b);
  const found = way > 0 ? all.find((at) => at > from + 0.05) : all.findLast((at) => at < from - 0.3);
  return found ?? (way > 0 ? deck.duration : 0);
}

/** A region with one end moved: the ends stay in order and apart. */
export function withEnd(region: Region | null, which: 0 | 1, at: number, duration: number): Region {
  const [start, end] = region ?? (which === 0 ? [at, duration] : [0, at]);
  if (which === 0) return [Math.min(at, duration - LEAST_REGION), at < end - LEAST_REGION ? end : duration];
  return [at > start + LEAST_REGION ? start : 0, Math.max(at, LEAST_REGION)];
}

const STEPS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed that people practise at. */
export function nextSpeed(speed: number, way: 1 | -1): number {
  const next = way > 0 ? STEPS.find((step) => step > speed + 1e-3) : STEPS.findLast((step) => step < speed - 1e-3);
  return next ?? (way > 0 ? SPEEDS.high : SPEEDS.low);
}
