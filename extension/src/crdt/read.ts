/** The document as immutable values: a pure reading of the Y types, equal to Python's. */

import type * as Y from "yjs";

import type { Context, LoopRevision } from "../core/loop_store.js";
import { STEPS_PER_BAR, TEMPO_RANGE } from "../gen/limits.js";
import type { Loop, Step, Value } from "../gen/models.js";
import { innerMap, loopMap, rootMap, type Inner, type Stored } from "./layout.js";
import * as repair from "./repair.js";

/** What the document says of a loop now, or null where it has no such loop. */
export function readRevision(doc: Y.Doc, loopId: string): LoopRevision | null {
  const stored = loopMap(doc, loopId);
  return stored === null ? null : { loop: readLoop(loopId, stored), context: readContext(doc) };
}

function readContext(doc: Y.Doc): Context {
  const tempo = rootMap(doc, "tempo").get("0");
  return {
    tempo: repair.clamped(tempo, TEMPO_RANGE[0], TEMPO_RANGE[1], 120),
    meter: repair.meter(rootMap(doc, "meter").get("0")) ?? "4/4",
  };
}

function readLoop(id: string, stored: Stored): Loop {
  const bars = repair.bars(stored.get("bars"));
  const perBar = repair.whole(stored.get("stepsPerBar"), STEPS_PER_BAR[0], STEPS_PER_BAR[1], 16);
  const tempo = stored.get("tempo");
  const source = stored.get("source");
  return {
    id,
    name: repair.text(stored.get("name"), "Loop"),
    bars,
    steps_per_bar: perBar,
    key: repair.key(stored.get("key")),
    tempo: tempo == null ? null : repair.clamped(tempo, TEMPO_RANGE[0], TEMPO_RANGE[1], 120),
    meter: repair.meter(stored.get("meter")),
    color: repair.color(stored.get("color")),
    source: repair.text(source, "") || null,
    chords: readChords(stored, bars * perBar),
    steps: readSteps(stored, bars * perBar),
    settings: readSettings(stored),
  };
}

function entries(stored: Stored, name: Inner): Iterable<[string, unknown]> {
  return innerMap(stored, name)?.entries() ?? [];
}

function readChords(stored: Stored, cells: number): Map<number, string> {
  const found: [number, string][] = [];
  for (const [key, value] of entries(stored, "chords")) {
    const cell = repair.cell(key, cells);
    const symbol = repair.symbol(value);
    if (cell !== null && symbol !== null) found.push([cell, symbol]);
  }
  return new Map(found.sort((a, b) => a[0] - b[0]));
}

function readSteps(stored: Stored, cells: number): Map<string, Step> {
  const found = new Map<string, Step>();
  for (const [key, value] of entries(stored, "steps")) {
    const step = repair.stepKey(key, cells) === null ? null : repair.step(value);
    if (step !== null) found.set(key, step);
  }
  return found;
}

function readSettings(stored: Stored): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const [key, raw] of entries(stored, "settings")) {
    const value = repair.setting(key, raw);
    if (value !== null) found.set(key, value);
  }
  return found;
}
