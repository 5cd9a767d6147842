/** Loops as the tests of both languages write them down. */

import type { LoopRevision } from "../src/core/loop_store.js";
import type { Loop, Step, Value } from "../src/gen/models.js";

/** A loop as JSON: maps are objects. */
export type LoopJson = Omit<Loop, "chords" | "steps" | "settings"> & {
  readonly chords: Readonly<Record<string, string>>;
  readonly steps: Readonly<Record<string, Step>>;
  readonly settings: Readonly<Record<string, Value>>;
};

/** A revision as JSON. */
export type RevisionJson = {
  readonly context: LoopRevision["context"];
  readonly loop: LoopJson;
};

export function readRevision({ loop, context }: RevisionJson): LoopRevision {
  return { context, loop: readLoop(loop) };
}

export function readLoop(loop: LoopJson): Loop {
  const chords = Object.entries(loop.chords).map(([cell, text]) => [Number(cell), text] as const);
  return {
    ...loop,
    chords: new Map(chords),
    steps: new Map(Object.entries(loop.steps)),
    settings: new Map(Object.entries(loop.settings)),
  };
}
