/** Loops as the tests of both languages write them down. */

import type { LoopRevision } from "../src/core/loop_store.js";
import type { Loop, Step, Value } from "../src/gen/models.js";

/** A revision as JSON: maps are objects. */
export type RevisionJson = {
  readonly context: LoopRevision["context"];
  readonly loop: Omit<Loop, "chords" | "steps" | "settings"> & {
    readonly chords: Readonly<Record<string, string>>;
    readonly steps: Readonly<Record<string, Step>>;
    readonly settings: Readonly<Record<string, Value>>;
  };
};

export function readRevision({ loop, context }: RevisionJson): LoopRevision {
  const chords = Object.entries(loop.chords).map(([cell, text]) => [Number(cell), text] as const);
  return {
    context,
    loop: {
      ...loop,
      chords: new Map(chords),
      steps: new Map(Object.entries(loop.steps)),
      settings: new Map(Object.entries(loop.settings)),
    },
  };
}
