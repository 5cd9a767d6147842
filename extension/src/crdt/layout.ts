/** Where things are in the Y document: schema/SPEC.md, "Layout". */

import * as Y from "yjs";

import type { LoopFields } from "../core/loop_store.js";

export const ROOTS = ["song", "tempo", "meter", "pads", "loops"] as const;

/** The stored key of each field of a loop that is one plain value. */
export const LOOP_FIELDS: Readonly<Record<keyof LoopFields, string>> = {
  name: "name",
  bars: "bars",
  steps_per_bar: "stepsPerBar",
  key: "key",
  tempo: "tempo",
  meter: "meter",
  color: "color",
};

export type Inner = "chords" | "steps" | "settings";

/** A map of the document whose values are read with care: anybody may have written them. */
export type Stored = Y.Map<unknown>;

export function rootMap(doc: Y.Doc, name: (typeof ROOTS)[number]): Stored {
  return doc.getMap(name);
}

export function loopMap(doc: Y.Doc, loopId: string): Stored | null {
  const found = rootMap(doc, "loops").get(loopId);
  return found instanceof Y.Map ? found : null;
}

export function innerMap(loop: Stored, name: Inner): Stored | null {
  const found = loop.get(name);
  return found instanceof Y.Map ? found : null;
}
