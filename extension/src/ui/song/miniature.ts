/** The small pictures inside items: steps, notes, waves and fades as numbers. Pure. */

import { rowNames, soundOfRow } from "../../core/rows.js";
import type { Loop, Note } from "../../gen/models.js";

/** A mark in a field of width 1 (one turn of a loop) and height 1. */
export interface Mark {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
  /** 0 … 1: a louder mark is drawn stronger. */
  readonly strength: number;
}

const loops = new WeakMap<Loop, readonly Mark[]>();
const notes = new WeakMap<ReadonlyMap<string, Note>, NoteField>();

/** The steps of a loop, one line for each row in use. Kept by revision. */
export function loopMarks(loop: Loop): readonly Mark[] {
  const known = loops.get(loop);
  if (known !== undefined) return known;
  const cells = loop.bars * loop.steps_per_bar;
  const names = rowNames(loop).filter((name) => soundOfRow(loop, name) !== null || hasSteps(loop, name));
  const lines = new Map(names.map((name, line) => [name, line]));
  const height = 1 / Math.max(3, names.length);
  const top = (1 - names.length * height) / 2;
  const marks: Mark[] = [];
  for (const [key, step] of loop.steps) {
    const cut = key.indexOf("/");
    const cell = Number(key.slice(cut + 1));
    const line = lines.get(key.slice(0, cut));
    if (line === undefined || cell >= cells) continue;
    marks.push({ x: cell / cells, width: 1 / cells, y: top + line * height, height, strength: step.velocity / 127 });
  }
  loops.set(loop, marks);
  return marks;
}

function hasSteps(loop: Loop, name: string): boolean {
  for (const key of loop.steps.keys()) if (key.startsWith(`${name}/`)) return true;
  return false;
}

/** Notes sorted by start: ticks within the segment, and their height 0 (low) … 1. */
export interface NoteField {
  readonly count: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** The pitch's place between the lowest and the highest, 0 … 1. */
  readonly heights: Float32Array;
  readonly strengths: Float32Array;
  /** How many semitones the field spans, at least an octave. */
  readonly span: number;
  /** The longest note, so that a search knows how far to look back. */
  readonly longest: number;
}

/** A segment's notes as arrays. Kept by revision. *Cost*: O(n log n) once. */
export function noteField(found: ReadonlyMap<string, Note>): NoteField {
  const known = notes.get(found);
  if (known !== undefined) return known;
  const sorted = [...found.values()].toSorted((a, b) => a.start - b.start);
  const pitches = sorted.map((note) => note.pitch);
  const low = pitches.reduce((least, pitch) => Math.min(least, pitch), 127);
  const high = pitches.reduce((most, pitch) => Math.max(most, pitch), 0);
  const span = Math.max(12, high - low + 1);
  const field: NoteField = {
    count: sorted.length,
    starts: Float64Array.from(sorted, (note) => note.start),
    ends: Float64Array.from(sorted, (note) => note.start + note.duration),
    heights: Float32Array.from(sorted, (note) => (note.pitch - low + (span - (high - low + 1)) / 2) / span),
    strengths: Float32Array.from(sorted, (note) => note.velocity / 127),
    span,
    longest: sorted.reduce((most, note) => Math.max(most, note.duration), 0),
  };
  notes.set(found, field);
  return field;
}

/** The first note that may still sound at a tick. */
export function firstNoteAt(field: NoteField, tick: number): number {
  let [low, high] = [0, field.count];
  const from = tick - field.longest;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((field.starts[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Peaks of a blob: the lowest and highest sample of each `framesPerPeak` frames, −1 … 1. */
export interface Peaks {
  readonly framesPerPeak: number;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** The extremes between two frames; silence where there are no peaks. */
export function extremes(peaks: Peaks, from: number, to: number): readonly [number, number] {
  const first = Math.max(0, Math.floor(from / peaks.framesPerPeak));
  const last = Math.min(peaks.low.length - 1, Math.max(first, Math.ceil(to / peaks.framesPerPeak) - 1));
  let [low, high] = [0, 0];
  for (let at = first; at <= last; at += 1) {
    low = Math.min(low, peaks.low[at] ?? 0);
    high = Math.max(high, peaks.high[at] ?? 0);
  }
  return [low, high];
}

/** The gain of a fade at a place 0 … 1 of it. */
export function fadeGain(curve: string, at: number): number {
  const held = Math.max(0, Math.min(1, at));
  if (curve === "equal-power") return Math.sin((held * Math.PI) / 2);
  return curve === "s-curve" ? held * held * (3 - 2 * held) : held;
}

/** The colour of what nobody chose: one of twelve that keep apart. */
export const COLORS: readonly string[] = [
  "#5b8def", "#f2994a", "#9b51e0", "#27ae60", "#eb5757", "#2d9cdb",
  "#f2c94c", "#bb6bd9", "#219653", "#e86fa6", "#56b6a9", "#8f9bb3",
];

/** The name of a colour of the set, for those who do not see it. */
export const COLOR_NAMES: readonly string[] = [
  "blue", "orange", "violet", "green", "red", "sky",
  "yellow", "lilac", "forest", "pink", "teal", "slate",
];

/** The colour that fewest of `used` have. */
export function freshColor(used: readonly string[]): string {
  const counts = COLORS.map((color) => used.filter((other) => other === color).length);
  return COLORS[counts.indexOf(Math.min(...counts))] ?? "#5b8def";
}
