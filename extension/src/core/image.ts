/**
 * The score image of a loop that plays alone, word for word equal to Python's
 * `cellissimo.engine.image`, and what of a loop goes into any image.
 */

import { KIND_INSTRUMENT, KIND_MASTER } from "../gen/image.js";
import { MASTER, ROWS_PER_LOOP, STEPS_PER_LOOP } from "../gen/limits.js";
import type { Loop, Step, Value } from "../gen/models.js";
import { chordRecords, type ChordRecord } from "./image_chords.js";
import type { LoopRevision } from "./loop_store.js";
import { rowNames, soundOfRow } from "./rows.js";
import { Score, type Overlay, type ScoreImage } from "./score.js";
import { parseMeter, type Meter } from "./tempo_map.js";

/** The index of a row's strip by the row's name. */
export type Strips = ReadonlyMap<string, number>;

interface StepRecord {
  readonly strip: number;
  readonly cell: number;
  readonly step: Step;
}

/** What a loop plays, for its strips. */
interface Content {
  readonly steps: readonly StepRecord[];
  readonly chords: readonly ChordRecord[];
}

/** The image of one pass of a loop. */
export function scoreImage(revision: LoopRevision): ScoreImage {
  return loopScore(revision).image();
}

/** What the image of a loop is made from; `change` may change what it plays. */
export function loopScore(
  { loop, context }: LoopRevision, overlay?: Overlay,
  change = (content: Content): Content => content,
): Score {
  const meter = parseMeter(loop.meter ?? context.meter);
  const score = new Score(meter.ticksPerBar * loop.bars, context.seed ?? 0, [], overlay);
  const bus = score.addStrip("", KIND_MASTER, -1, settingsOf(loop, MASTER), {}) ?? 0;
  const strips = addRows(score, loop, bus, "");
  score.add("tempos", 0, loop.tempo ?? context.tempo, 0);
  score.add("meters", 0, meter.ticksPerBar, meter.ticksPerBeat);
  const span = score.add("spans", 0, score.length, 0, 0, 0, 0, 0);
  const content = change(contentOf(loop, strips));
  score.add("placements", addContent(score, loop, bus, content, meter), span, 0);
  return score;
}

/** The image of a loop in which one step sounds, at once, over the chord of its cell. */
export function auditionImage(revision: LoopRevision, row: string, cell: number): ScoreImage {
  const strip = rowNames(revision.loop).slice(0, ROWS_PER_LOOP).indexOf(row) + 1;
  return loopScore(revision, undefined, ({ steps, chords }) => {
    const step = steps.find((record) => record.strip === strip && record.cell === cell)?.step;
    const chord = chords.findLast((record) => record.cell <= cell);
    return {
      steps: step ? [{ strip, cell: 0, step: { ...step, probability: 1, offset: 0 } }] : [],
      chords: chord ? [{ ...chord, cell: 0 }] : [],
    };
  }).image();
}

/** Adds a strip for each row of a loop, which feeds `bus`. */
export function addRows(score: Score, loop: Loop, bus: number, prefix: string): Strips {
  const strips = new Map<string, number>();
  for (const row of rowNames(loop).slice(0, ROWS_PER_LOOP)) {
    const patch = soundOfRow(loop, row)?.patch ?? {};
    const settings = settingsOf(loop, row);
    const strip = score.addStrip(`${prefix}${row}`, KIND_INSTRUMENT, bus, settings, patch, row);
    if (strip !== null) strips.set(row, strip);
  }
  return strips;
}

/** The settings of one row of a loop, or of its master, by `section.parameter`. */
export function settingsOf(loop: Loop, target: string): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  const start = `${target}.`;
  for (const [key, value] of loop.settings) {
    if (key.startsWith(start)) found.set(key.slice(start.length), value);
  }
  return found;
}

/** Adds what a loop plays in bars of `meter`, and gives the index of its record. */
export function addLoop(
  score: Score, loop: Loop, bus: number, strips: Strips, meter: Meter,
): number {
  return addContent(score, loop, bus, contentOf(loop, strips), meter);
}

function contentOf(loop: Loop, strips: Strips): Content {
  return { steps: stepRecords(loop, strips), chords: chordRecords(loop) };
}

function addContent(
  score: Score, loop: Loop, bus: number, { steps, chords }: Content, meter: Meter,
): number {
  const bar = meter.ticksPerBar;
  const cell = Math.floor(bar / loop.steps_per_bar);
  const index = score.add("loops", bus, bar * loop.bars, cell, bar);
  for (const { strip, cell, step } of steps) {
    const { velocity, pitch, duration, probability, offset } = step;
    score.add(
      "steps", index, strip, cell, velocity, pitch ?? -1, duration ?? 0, probability, offset,
    );
  }
  for (const { cell, root, bass, intervals } of chords) {
    score.add("chords", index, cell, root, bass, intervals);
  }
  return index;
}

/** Steps that can sound, by strip and cell. */
function stepRecords(loop: Loop, strips: Strips): readonly StepRecord[] {
  const cells = loop.bars * loop.steps_per_bar;
  const records: StepRecord[] = [];
  for (const [key, step] of loop.steps) {
    const slash = key.indexOf("/");
    const cell = Number(key.slice(slash + 1));
    const strip = strips.get(key.slice(0, slash));
    if (strip !== undefined && cell < cells) records.push({ strip, cell, step });
  }
  const sorted = records.toSorted((a, b) => a.strip - b.strip || a.cell - b.cell);
  return sorted.slice(0, STEPS_PER_LOOP);
}
