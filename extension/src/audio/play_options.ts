/** What options of playing mean. */

import type { PlayOptions } from "../core/player.js";

/** The tick to begin at: in the region, or else in the song, or else at its start. */
export function startOf({ from, region = null }: PlayOptions, length: number): number {
  const wanted = from ?? region?.[0] ?? 0;
  return wanted >= 0 && wanted < length ? wanted : 0;
}

/** Whether two regions are the same stretch, or both the whole. */
export function isSameRegion(one: PlayOptions["region"], other: PlayOptions["region"]): boolean {
  return (one?.[0] ?? null) === (other?.[0] ?? null) && (one?.[1] ?? null) === (other?.[1] ?? null);
}
