/** One loop of the document as an immutable value; also when only some of its steps changed. */

import { compareTexts } from "../core/order.js";
import { STEPS_PER_BAR, STEPS_PER_LOOP, TEMPO_RANGE } from "../gen/limits.js";
import type { Loop, Step, Value } from "../gen/models.js";
import { innerMap, type Inner, type Stored } from "./layout.js";
import * as repair from "./repair.js";

/** One loop from its stored map. */
export function readLoop(id: string, stored: Stored): Loop {
  const { bars, perBar } = grid(stored);
  return loop(id, stored, readSteps(stored, bars * perBar));
}

/** What `readLoop` gives, when of the steps only those of `keys` may have changed. */
export function readLoopAgain(before: Loop, stored: Stored, keys: ReadonlySet<string>): Loop {
  const { bars, perBar } = grid(stored);
  const written = innerMap(stored, "steps")?.size ?? 0;
  const isFull = Math.max(written, before.steps.size + 1) > STEPS_PER_LOOP;
  if (isFull || bars * perBar !== before.bars * before.steps_per_bar) {
    return readLoop(before.id, stored);
  }
  return loop(before.id, stored, stepsAgain(before, stored, keys));
}

function grid(stored: Stored): { readonly bars: number; readonly perBar: number } {
  return {
    bars: repair.bars(stored.get("bars")),
    perBar: repair.whole(stored.get("stepsPerBar"), STEPS_PER_BAR, 16),
  };
}

function loop(id: string, stored: Stored, steps: ReadonlyMap<string, Step>): Loop {
  const { bars, perBar } = grid(stored);
  const tempo = stored.get("tempo");
  return {
    id,
    name: repair.text(stored.get("name"), "Loop"),
    bars,
    steps_per_bar: perBar,
    key: repair.key(stored.get("key")),
    tempo: tempo == null ? null : repair.clamped(tempo, TEMPO_RANGE, 120),
    meter: repair.meter(stored.get("meter")),
    color: repair.color(stored.get("color")),
    source: repair.text(stored.get("source"), "") || null,
    chords: readChords(stored, bars * perBar),
    steps,
    settings: readSettings(stored),
  };
}

/** What stands in a map within an entity. */
export function entriesOf(stored: Stored, name: Inner): Iterable<[string, unknown]> {
  return innerMap(stored, name)?.entries() ?? [];
}

function readChords(stored: Stored, cells: number): Map<number, string> {
  const found: [number, string][] = [];
  for (const [key, value] of entriesOf(stored, "chords")) {
    const cell = repair.cell(key, cells);
    const symbol = repair.symbol(value);
    if (cell !== null && symbol !== null) found.push([cell, symbol]);
  }
  return new Map(found.sort((a, b) => a[0] - b[0] || compareTexts(a[1], b[1])));
}

function readSteps(stored: Stored, cells: number): Map<string, Step> {
  const found: { row: string; cell: number; entry: [string, Step] }[] = [];
  for (const [key, value] of entriesOf(stored, "steps")) {
    const place = repair.stepKey(key, cells);
    const step = place === null ? null : repair.step(value);
    if (place !== null && step !== null) found.push({ ...place, entry: [key, step] });
  }
  if (found.length > STEPS_PER_LOOP) {
    found.sort((a, b) => compareTexts(a.row, b.row) || a.cell - b.cell);
  }
  return new Map(found.slice(0, STEPS_PER_LOOP).map(({ entry }) => entry));
}

function stepsAgain(
  before: Loop, stored: Stored, keys: ReadonlySet<string>,
): ReadonlyMap<string, Step> {
  if (keys.size === 0) return before.steps;
  const steps = new Map(before.steps);
  const written = innerMap(stored, "steps");
  for (const key of keys) {
    const place = repair.stepKey(key, before.bars * before.steps_per_bar);
    const step = place === null ? null : repair.step(written?.get(key));
    if (step === null) steps.delete(key);
    else steps.set(key, step);
  }
  return steps;
}

function readSettings(stored: Stored): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const [key, raw] of entriesOf(stored, "settings")) {
    const value = repair.setting(key, raw);
    if (value !== null) found.set(key, value);
  }
  return found;
}
