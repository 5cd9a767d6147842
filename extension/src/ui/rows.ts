/** The rows of a loop as the grid shows them, and the settings that hold for each. */

import { rowNames, soundNamed, soundOfRow } from "../core/rows.js";
import { MASTER } from "../gen/limits.js";
import type { Loop, Value } from "../gen/models.js";
import { PARAMETERS } from "../gen/parameters.js";
import { SOUNDS, type Sound } from "../gen/sounds.js";

export type Category = Sound["category"];

export interface Row {
  readonly name: string;
  readonly sound: Sound | null;
  /** False for a row that is offered and not yet part of the loop. */
  readonly used: boolean;
}

/** What an empty loop offers: a small band. */
const OFFERED = [
  "synth-lead",
  "synth-pad",
  "synth-pluck",
  "drum-kick",
  "drum-snare",
  "drum-hihat",
  "drum-clap",
  "bass-sub",
];

/**
 * Rows in the order of the sound library, then of their names: those in use, those added by
 * hand, and, where there are `offers` and nothing else plays their sound, those offered.
 */
export function rowsOf(loop: Loop, added: ReadonlySet<string>, offers = true): readonly Row[] {
  const used = new Set(rowNames(loop));
  const names = new Set([...used, ...added]);
  const heard = new Set([...names].map((name) => soundOfRow(loop, name)?.id));
  for (const id of offers ? OFFERED : []) {
    if (!heard.has(id) && soundNamed(id) !== null) names.add(id);
  }
  const rows = [...names].map((name) => ({
    name,
    sound: soundOfRow(loop, name),
    used: used.has(name),
  }));
  return rows.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function rank(row: Row): number {
  const place = row.sound === null ? -1 : SOUNDS.indexOf(row.sound);
  return place < 0 ? SOUNDS.length : place;
}

/** The value a setting has: as set, or else the patch's, or else the default. */
export function valueOf(loop: Loop, target: string, key: string): Value {
  const set = loop.settings.get(`${target}.${key}`);
  if (set !== undefined) return set;
  const patch = target === MASTER ? null : soundOfRow(loop, target)?.patch;
  return patch?.[key] ?? PARAMETERS.find((parameter) => parameter.key === key)?.default ?? 0;
}

/** The value as a number; switches count 1 and 0, and words fall back. */
export function numberOf(loop: Loop, target: string, key: string, fallback = 0): number {
  const value = valueOf(loop, target, key);
  const number = Number(value);
  return Number.isFinite(number) ? number : fallback;
}

export function isMuted(loop: Loop, name: string): boolean {
  return valueOf(loop, name, "amp.mute") === true;
}

export function isSoloed(loop: Loop, name: string): boolean {
  return valueOf(loop, name, "amp.solo") === true;
}

/** Whether a row can be heard beside the others: mute wins over solo. */
export function isAudible(loop: Loop, name: string, anySolo: boolean): boolean {
  return !isMuted(loop, name) && (!anySolo || isSoloed(loop, name));
}

/** Whether any row is soloed. */
export function hasSolo(loop: Loop): boolean {
  for (const [key, value] of loop.settings) {
    if (value === true && key.endsWith(".amp.solo")) return true;
  }
  return false;
}

/** "kick" for "drum-kick": the name without its category, for a narrow head. */
export function shortName(name: string): string {
  return name.replace(/^(synth|drum|bass|fx)-/, "");
}
