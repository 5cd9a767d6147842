/**
 * The score image of a loop: the flat binary form that the engine plays, word for word equal to
 * Python's `cellissimo.engine.image`. `gen/image.ts` says what each word means.
 */

import { CHORD, HEADER, MAGIC, STEP, VERSION } from "../gen/image.js";
import { MASTER, ROWS_PER_LOOP, STEPS_PER_LOOP } from "../gen/limits.js";
import type { Loop, Step, Value } from "../gen/models.js";
import { ENGINE_PARAMETERS, PARAMETERS, type Parameter } from "../gen/parameters.js";
import { chordRecords, type ChordRecord } from "./image_chords.js";
import { Words } from "./image_words.js";
import type { LoopRevision } from "./loop_store.js";
import { rowNames, soundOfRow } from "./rows.js";
import { parseNoteValue } from "./time.js";

/** A score image, and the names of its strips after the master's. */
export interface ScoreImage {
  readonly image: Uint8Array;
  readonly rows: readonly string[];
}

interface StepRecord {
  readonly strip: number;
  readonly cell: number;
  readonly step: Step;
}

/** Everything an image says beside its settings. */
interface Score {
  readonly loop: Loop;
  readonly rows: readonly string[];
  readonly barTicks: number;
  readonly tempo: number;
  readonly steps: readonly StepRecord[];
  readonly chords: readonly ChordRecord[];
}

const SEED = 0;
const QUARTER = 960;
const BY_KEY = new Map(PARAMETERS.map((parameter) => [parameter.key, parameter]));
const ENGINE = ENGINE_PARAMETERS.flatMap((key) => BY_KEY.get(key) ?? []);

/** The image of a whole loop. */
export function scoreImage(revision: LoopRevision): ScoreImage {
  const score = scoreOf(revision);
  return { image: encode(score), rows: score.rows };
}

/** The image of a loop in which one step sounds, at once, over the chord of its cell. */
export function auditionImage(revision: LoopRevision, row: string, cell: number): ScoreImage {
  const score = scoreOf(revision);
  const strip = score.rows.indexOf(row) + 1;
  const step = score.steps.find((record) => record.strip === strip && record.cell === cell)?.step;
  const chord = score.chords.findLast((record) => record.cell <= cell);
  const steps = step ? [{ strip, cell: 0, step: { ...step, probability: 1, offset: 0 } }] : [];
  const chords = chord ? [{ ...chord, cell: 0 }] : [];
  return { image: encode({ ...score, steps, chords }), rows: score.rows };
}

function scoreOf({ loop, context }: LoopRevision): Score {
  const rows = rowNames(loop).slice(0, ROWS_PER_LOOP);
  const [beats = 4, unit = 4] = (loop.meter ?? context.meter).split("/").map(Number);
  return {
    loop,
    rows,
    barTicks: (beats * 4 * QUARTER) / unit,
    tempo: loop.tempo ?? context.tempo,
    steps: stepRecords(loop, rows),
    chords: chordRecords(loop),
  };
}

/** Steps that can sound, by strip and cell. */
function stepRecords(loop: Loop, rows: readonly string[]): readonly StepRecord[] {
  const cells = loop.bars * loop.steps_per_bar;
  const records: StepRecord[] = [];
  for (const [key, step] of loop.steps) {
    const slash = key.indexOf("/");
    const cell = Number(key.slice(slash + 1));
    const strip = rows.indexOf(key.slice(0, slash)) + 1;
    if (strip > 0 && cell < cells) records.push({ strip, cell, step });
  }
  const sorted = records.toSorted((a, b) => a.strip - b.strip || a.cell - b.cell);
  return sorted.slice(0, STEPS_PER_LOOP);
}

function encode(score: Score): Uint8Array {
  const { loop, rows, steps, chords } = score;
  const words = new Words();
  writeHeader(words, score);
  writeStrip(words, 0, masterValue(loop));
  for (const row of rows) writeStrip(words, identity(row), rowValue(loop, row));
  for (const record of steps) writeStep(words, record);
  for (const record of chords) writeChord(words, record);
  return words.bytes();
}

function writeHeader(words: Words, score: Score): void {
  const { loop, rows, barTicks, tempo, steps, chords } = score;
  const strips = rows.length + 1;
  words.int(MAGIC);
  words.int(VERSION);
  words.int(
    HEADER.length +
      strips * (1 + ENGINE.length) +
      steps.length * STEP.length +
      chords.length * CHORD.length,
  );
  words.int(strips);
  words.int(steps.length);
  words.int(chords.length);
  words.int(ENGINE.length);
  words.int(barTicks * loop.bars);
  words.int(Math.floor(barTicks / loop.steps_per_bar));
  words.int(barTicks);
  words.float(tempo);
  words.int(SEED);
}

function writeStrip(words: Words, id: number, value: (parameter: Parameter) => number): void {
  words.int(id);
  for (const parameter of ENGINE) words.float(value(parameter));
}

function writeStep(words: Words, { strip, cell, step }: StepRecord): void {
  words.int(strip);
  words.int(cell);
  words.int(step.velocity);
  words.float(step.pitch ?? -1);
  words.int(step.duration ?? 0);
  words.float(step.probability);
  words.int(step.offset);
}

function writeChord(words: Words, chord: ChordRecord): void {
  words.int(chord.cell);
  words.int(chord.root);
  words.int(chord.bass);
  words.int(chord.intervals);
}

function masterValue(loop: Loop): (parameter: Parameter) => number {
  return (parameter) => {
    const set = loop.settings.get(`${MASTER}.${parameter.key}`);
    return engineValue(parameter, set ?? parameter.default);
  };
}

/** As set, or else as the sound's patch says, or else the default. */
function rowValue(loop: Loop, row: string): (parameter: Parameter) => number {
  const patch = soundOfRow(loop, row)?.patch ?? {};
  return (parameter) => {
    const set = loop.settings.get(`${row}.${parameter.key}`);
    return engineValue(parameter, set ?? patch[parameter.key] ?? parameter.default);
  };
}

/** The float that the engine reads for a value of a document or of a patch. */
function engineValue(parameter: Parameter, value: Value): number {
  if (parameter.kind === "choice") return parameter.choices.indexOf(String(value));
  if (parameter.kind === "time" && typeof value === "string") return -(parseNoteValue(value) ?? 0);
  return Number(value);
}

/** FNV-1a of the name, 32 bits, as a signed word. */
function identity(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}
