/** The line of Python that does the same as a gesture. */

import type { Loop, Step, Value } from "../gen/models.js";
import { faceOf } from "./velocity.js";

/** A Python literal. */
export function python(value: Value | null): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quoted(value);
  return String(Math.round(value * 10000) / 10000);
}

function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

const row = (name: string): string => `loop[${quoted(name)}]`;

/** `loop["drum-kick"].set(4, velocity=0.8)`, with whatever else the step says. */
export function setStepLine(name: string, cell: number, step: Step): string {
  const words = [String(cell), `velocity=${python(faceOf(step.velocity))}`];
  if (step.pitch !== null) words.push(`note=${python(step.pitch)}`);
  if (step.duration !== null) words.push(`duration=${step.duration}`);
  if (step.probability !== 1) words.push(`probability=${python(step.probability)}`);
  if (step.offset !== 0) words.push(`offset=${step.offset}`);
  return `${row(name)}.set(${words.join(", ")})`;
}

/** `loop["drum-kick"].remove(4)` */
export function removeStepLine(name: string, cell: number): string {
  return `${row(name)}.remove(${cell})`;
}

/** `loop["drum-kick"].level = 0.8` */
export function rowFieldLine(name: string, field: string, value: Value): string {
  return `${row(name)}.${field} = ${python(value)}`;
}

/** `loop.tempo = 96` */
export function loopFieldLine(field: string, value: Value | null): string {
  return `loop.${field} = ${python(value)}`;
}

/** `loop.set("drum-kick.filter.freq", 800)` */
export function settingLine(key: string, value: Value | null): string {
  return `loop.set(${quoted(key)}, ${python(value)})`;
}

/** `loop.chords[16] = "Am7"`, or `del loop.chords[16]` */
export function chordLine(cell: number, symbol: string | null): string {
  const place = `loop.chords[${cell}]`;
  return symbol === null ? `del ${place}` : `${place} = ${quoted(symbol)}`;
}

/** `loop["drum-kick"].clear()` */
export function clearLine(name: string): string {
  return `${row(name)}.clear()`;
}

/** Several lines as one that can be pasted. */
export function joinLines(lines: readonly string[]): string {
  return lines.join("; ");
}

const LETTERS: ReadonlyMap<number, string> = new Map([
  [127, "X"],
  [100, "x"],
  [50, "o"],
]);

/** The row's steps as letters, or null where letters cannot say them all. */
export function patternOf(loop: Loop, name: string): string | null {
  const cells = loop.bars * loop.steps_per_bar;
  let letters = "";
  for (let cell = 0; cell < cells; cell += 1) {
    const letter = letterOf(loop.steps.get(`${name}/${cell}`));
    if (letter === null) return null;
    letters += letter;
  }
  return letters;
}

function letterOf(step: Step | undefined): string | null {
  if (step === undefined) return ".";
  const plain =
    step.pitch === null && step.duration === null && step.probability === 1 && step.offset === 0;
  return plain ? (LETTERS.get(step.velocity) ?? null) : null;
}

/** `loop["drum-kick"] = "x...x..."`, or null where letters cannot say the row. */
export function patternLine(loop: Loop, name: string): string | null {
  const letters = patternOf(loop, name);
  return letters === null ? null : `${row(name)} = ${quoted(turnOf(letters, loop.steps_per_bar))}`;
}

/** The fewest bars that, repeated, make the whole pattern. */
function turnOf(letters: string, stepsPerBar: number): string {
  for (let length = stepsPerBar; length < letters.length; length *= 2) {
    if (letters.slice(0, length).repeat(letters.length / length) === letters) return letters.slice(0, length);
  }
  return letters;
}

/** One change of a step: null removes it. */
export type StepChange = readonly [row: string, cell: number, step: Step | null];

/**
 * The line of a stroke: one change as a call, more on one row as its pattern, and where
 * letters do not reach, as several calls.
 */
export function strokeLine(loop: Loop, changes: readonly StepChange[]): string {
  const calls = changes.map(([name, cell, step]) =>
    step === null ? removeStepLine(name, cell) : setStepLine(name, cell, step),
  );
  if (calls.length < 2) return calls.join("");
  const names = [...new Set(changes.map(([name]) => name))];
  const patterns = names.map((name) => patternLine(loop, name));
  return joinLines(patterns.every((line) => line !== null) ? (patterns as string[]) : calls);
}
