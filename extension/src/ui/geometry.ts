/** Where cells, beats and bars of a loop lie, and how they are said. */

import type { LoopRevision } from "../core/loop_store.js";

const TICKS_PER_QUARTER = 960;

export interface Geometry {
  readonly bars: number;
  readonly stepsPerBar: number;
  readonly cells: number;
  readonly cellsPerBeat: number;
  readonly ticksPerBar: number;
}

/** The grid of one revision; equal values for equal lengths, meters and resolutions. */
export function geometryOf(revision: LoopRevision): Geometry {
  const { loop, context } = revision;
  const [numerator, denominator] = readMeter(loop.meter ?? context.meter);
  return {
    bars: loop.bars,
    stepsPerBar: loop.steps_per_bar,
    cells: loop.bars * loop.steps_per_bar,
    cellsPerBeat: beatLength(loop.steps_per_bar, numerator, denominator),
    ticksPerBar: (TICKS_PER_QUARTER * 4 * numerator) / denominator,
  };
}

function readMeter(meter: string): readonly [number, number] {
  const [numerator, denominator] = meter.split("/").map(Number);
  return numerator && denominator ? [numerator, denominator] : [4, 4];
}

/** Cells a beat: three eighths make one in compound meters; one bar where nothing divides. */
function beatLength(stepsPerBar: number, numerator: number, denominator: number): number {
  const compound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
  const cells = stepsPerBar / (compound ? numerator / 3 : numerator);
  return Number.isInteger(cells) ? cells : stepsPerBar;
}

export function sameGeometry(a: Geometry, b: Geometry): boolean {
  return (
    a.bars === b.bars &&
    a.stepsPerBar === b.stepsPerBar &&
    a.cellsPerBeat === b.cellsPerBeat &&
    a.ticksPerBar === b.ticksPerBar
  );
}

/** The place of a tick on the grid in cells, with its fraction; wraps at the loop's end. */
export function placeOfTick(geometry: Geometry, tick: number): number {
  const place = (tick * geometry.stepsPerBar) / geometry.ticksPerBar;
  return ((place % geometry.cells) + geometry.cells) % geometry.cells;
}

/** "bar 1, beat 2" for the first cell of a beat, "bar 1, beat 2, step 3" for the others. */
export function sayCell(geometry: Geometry, cell: number): string {
  const bar = Math.floor(cell / geometry.stepsPerBar) + 1;
  const inBar = cell % geometry.stepsPerBar;
  const beat = Math.floor(inBar / geometry.cellsPerBeat) + 1;
  const step = (inBar % geometry.cellsPerBeat) + 1;
  return step === 1 ? `bar ${bar}, beat ${beat}` : `bar ${bar}, beat ${beat}, step ${step}`;
}

/** "1 bar", "2 beats", "3 cells": a number of cells in the largest unit that fits. */
export function sayLength(geometry: Geometry, cells: number): string {
  const units: readonly (readonly [string, number])[] = [
    ["bar", geometry.stepsPerBar],
    ["beat", geometry.cellsPerBeat],
  ];
  for (const [unit, size] of units) {
    if (cells % size === 0) return plural(cells / size, unit);
  }
  return plural(cells, "cell");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first cell of the beat that a place lies in, within the loop. */
export function snapToBeat(geometry: Geometry, place: number): number {
  const beat = Math.floor(place / geometry.cellsPerBeat) * geometry.cellsPerBeat;
  return Math.max(0, Math.min(geometry.cells - geometry.cellsPerBeat, beat));
}

/** Cells shown at once: the longest stretch whose cells are at least `least` pixels wide. */
export function fitCells(geometry: Geometry, width: number, least: number): number {
  const stretches = [8, 4, 2, 1].map((bars) => bars * geometry.stepsPerBar);
  const beats = geometry.stepsPerBar / geometry.cellsPerBeat;
  if (beats % 2 === 0) stretches.push(geometry.stepsPerBar / 2);
  stretches.push(geometry.cellsPerBeat);
  for (const cells of stretches) {
    if (cells <= geometry.cells && width / cells >= least) return cells;
  }
  return Math.max(1, Math.min(geometry.cellsPerBeat, Math.floor(width / least)));
}
