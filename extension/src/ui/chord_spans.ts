/** The chords of a loop as stretches of cells, and what moving their ends changes. */

import type { Loop } from "../gen/models.js";

/** A chord from its cell to the next chord or to the end of the loop. */
export interface Span {
  readonly cell: number;
  readonly end: number;
  readonly symbol: string;
}

/** One change of a chord: null removes it from the cell. */
export type ChordChange = readonly [cell: number, symbol: string | null];

export const NO_CHORD = "N.C.";

/** The loop's chords in order. */
export function spansOf(loop: Loop): readonly Span[] {
  const cells = loop.bars * loop.steps_per_bar;
  const starts = [...loop.chords.keys()].filter((cell) => cell < cells).sort((a, b) => a - b);
  return starts.map((cell, index) => ({
    cell,
    end: starts[index + 1] ?? cells,
    symbol: loop.chords.get(cell) ?? NO_CHORD,
  }));
}

/** The chord that sounds on a cell. */
export function spanAt(spans: readonly Span[], cell: number): Span | null {
  return spans.find((span) => span.cell <= cell && cell < span.end) ?? null;
}

/** Takes a chord to another cell; what stood there gives way. */
export function moveChord(spans: readonly Span[], from: number, to: number): readonly ChordChange[] {
  const span = spans.find((each) => each.cell === from);
  if (span === undefined || from === to) return [];
  return [[from, null], [to, span.symbol]];
}

/**
 * Lets a chord end at another cell: the next chord begins there, those in between give way, and
 * after the last one there is no chord.
 */
export function moveEnd(spans: readonly Span[], cell: number, end: number, cells: number): readonly ChordChange[] {
  const span = spans.find((each) => each.cell === cell);
  if (span === undefined || end <= cell || end === span.end) return [];
  const passed = spans.filter((each) => each.cell > cell && each.cell < end);
  const next = spans.find((each) => each.cell === span.end);
  const covering = end > span.end ? passed.at(-1) : next;
  const changes: ChordChange[] = passed.map((each) => [each.cell, null]);
  if (end < span.end && next !== undefined) changes.push([next.cell, null]);
  if (end < cells && !spans.some((each) => each.cell === end)) {
    changes.push([end, covering?.symbol ?? NO_CHORD]);
  }
  return changes;
}

/** A progression over the whole loop: each chord has an equal share of the cells. */
export function spread(symbols: readonly string[], cells: number): readonly ChordChange[] {
  const share = cells / symbols.length;
  return symbols.map((symbol, index) => [Math.round(index * share), symbol]);
}
