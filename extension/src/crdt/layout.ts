/** Where things are in the Y document (schema/SPEC.md, "Layout"), and the stored form of values. */

import * as Y from "yjs";

import type { LoopFields } from "../core/loop_store.js";
import type { Entities } from "../core/song_store.js";
import type { Frozen, Note, Point, Step, Tempo } from "../gen/models.js";

/** The root maps that undo reaches. */
export const MUSIC = [
  "song", "tempo", "meter", "pads", "loops", "blocks", "stems", "returns", "segments", "sections",
  "markers", "master", "lanes", "locks",
] as const;

export type Root = (typeof MUSIC)[number] | "meta";

/** The root maps of entities, each with the maps within its entities. */
export const INNER = {
  loops: ["chords", "steps", "settings"],
  blocks: [],
  stems: ["settings", "sends", "lanes"],
  returns: ["settings", "lanes"],
  segments: ["notes"],
  sections: [],
  markers: [],
} as const satisfies Readonly<Record<keyof Entities | "loops", readonly string[]>>;

export type EntityRoot = keyof typeof INNER;

/** The name of a map within an entity. */
export type Inner = (typeof INNER)[EntityRoot][number];

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

const CAMEL: Readonly<Record<string, string>> = {
  fade_in: "fadeIn",
  fade_out: "fadeOut",
  fade_in_curve: "fadeInCurve",
  fade_out_curve: "fadeOutCurve",
};

/** Fields that are left out where they have this value. */
const LEFT_OUT: Readonly<Record<string, unknown>> = {
  lane: 0, channel: null, frozen: null, offset: 0, gain: 0, fade_in: 0, fade_out: 0,
  fade_in_curve: "linear", fade_out_curve: "linear", loop: null, blob: null, frames: 0,
};

/** A map of the document whose values are read with care: anybody may have written them. */
export type Stored = Y.Map<unknown>;

export function rootMap(doc: Y.Doc, name: Root): Stored {
  return doc.getMap(name);
}

/** The stored map of an entity; null where there is none. */
export function entityMap(doc: Y.Doc, root: EntityRoot, id: string): Stored | null {
  return innerMap(rootMap(doc, root), id);
}

/** The map that stands under a key; null where none does. */
export function innerMap(stored: Stored, key: string): Stored | null {
  const found = stored.get(key);
  return found instanceof Y.Map ? found : null;
}

/** Makes an entity with its inner maps, in the transaction that is open [DOC-2]. */
export function makeEntity(doc: Y.Doc, root: EntityRoot, id: string): Stored {
  const made = new Y.Map<unknown>();
  for (const name of INNER[root]) made.set(name, new Y.Map());
  rootMap(doc, root).set(id, made);
  return made;
}

/** Writes only what differs, so that an edit carries no more than the change; null removes. */
export function put(stored: Stored, key: string, value: unknown): void {
  if (value === null) {
    if (stored.has(key)) stored.delete(key);
  } else if (JSON.stringify(stored.get(key)) !== JSON.stringify(value)) {
    stored.set(key, value);
  }
}

/** The stored key of a plain field of an entity. */
export function storedKey(field: string): string {
  return CAMEL[field] ?? field;
}

/** A field's value as it is stored: null where it is left out, as it has its default. */
export function storedField(root: keyof Entities, field: string, value: unknown): unknown {
  if (value === undefined || value === LEFT_OUT[field]) return null;
  if (root === "segments" && field === "name" && value === "") return null;
  return field === "frozen" ? storedFrozen(value as Frozen) : value;
}

function storedFrozen({ blob, frames, fingerprint }: Frozen): (string | number)[] {
  return [blob, frames, fingerprint];
}

/** The step as `[velocity, pitch, duration, probability, offset]`, defaults left off [DOC-3]. */
export function storedStep(step: Step): (number | null)[] {
  const values = [step.pitch, step.duration, step.probability, step.offset];
  const defaults = [null, null, 1, 0];
  while (values.length > 0 && values.at(-1) === defaults[values.length - 1]) values.pop();
  return [step.velocity, ...values];
}

/** The note as `[start, duration, pitch, velocity]`. */
export function storedNote({ start, duration, pitch, velocity }: Note): number[] {
  return [start, duration, pitch, velocity];
}

/** The tempo as a number, or as `[number, "ramp"]`. */
export function storedTempo({ bpm, ramp }: Tempo): number | (number | string)[] {
  return ramp ? [bpm, "ramp"] : bpm;
}

/** The point as `[value, curve]`; a straight line is not named. */
export function storedPoint({ value, curve }: Point): (number | string)[] {
  return curve === "linear" ? [value] : [value, curve];
}

/** The key of an automation point in its map. */
export function pointKey(key: string, tick: number): string {
  return `${key}/${tick}`;
}
