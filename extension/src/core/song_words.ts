/** What one song has that another has not, in words: what a change would have done. */

import type { Song } from "../gen/models.js";

const VALUES = { name: "the name", key: "the key", seed: "the seed of chance" } as const;
const MAPS = {
  tempos: "the tempo", meters: "the meter", pads: "the pads", master: "the master",
  lanes: "the automation of the master",
} as const;
const ENTITIES = {
  loops: "loop", stems: "stem", segments: "segment", blocks: "block", returns: "return",
  sections: "section", markers: "marker",
} as const;
const DETAILS = ["steps", "notes", "chords"] as const;

/** More than so many things are counted, not named. */
const MOST_NAMED = 4;

/** What has no name is called by what it is. */
type Entity = Song[keyof typeof ENTITIES] extends ReadonlyMap<string, infer E> ? E : never;

/** “the tempo 120 → 133, 3 notes of the segment Verse, the new stem Bass”; empty where both are alike. */
export function wordsOf(before: Song, after: Song): string {
  const found: string[] = [];
  for (const [field, word] of pairs(VALUES)) {
    if (before[field] !== after[field]) found.push(word + turn(before[field], after[field]));
  }
  for (const [field, word] of pairs(MAPS)) {
    if (!isSame(before[field], after[field])) found.push(word + onlyTurn(before[field], after[field]));
  }
  for (const [field, word] of pairs(ENTITIES)) {
    const old: ReadonlyMap<string, Entity> = before[field];
    found.push(...differences(word, old, after[field]));
  }
  const more = found.length - MOST_NAMED;
  return [...found.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

function differences(
  word: string, before: ReadonlyMap<string, Entity>, after: ReadonlyMap<string, Entity>,
): string[] {
  const found: string[] = [];
  for (const [id, entity] of after) {
    const old = before.get(id);
    if (old === undefined) found.push(`the new ${called(word, entity)}`);
    else if (!isSame(old, entity)) found.push(`${detail(old, entity)}the ${called(word, old)}${setting(old, entity)}`);
  }
  for (const [id, entity] of before) {
    if (!after.has(id)) found.push(`the ${called(word, entity)}, which was deleted`);
  }
  return found;
}

function called(word: string, entity: Entity): string {
  return "name" in entity ? `${word} ${entity.name}`.trim() : word;
}

/** “3 notes of ”, where nothing else has changed. */
function detail(before: Entity, after: Entity): string {
  const [old, now] = [before, after] as unknown as [Fields, Fields];
  const changed = Object.keys(now).filter((key) => !isSame(old[key], now[key]));
  const [field = ""] = changed;
  const [from, to] = [old[field], now[field]];
  if (changed.length > 1 || !isDetail(field) || !(from instanceof Map && to instanceof Map)) return "";
  const count = changedKeys(from, to).length;
  return `${count} ${count === 1 ? field.slice(0, -1) : field} of `;
}

/** “: name Keys → Piano” or “: amp.level → 0.5”, where nothing else has changed. */
function setting(before: Entity, after: Entity): string {
  const [old, now] = [before, after] as unknown as [Fields, Fields];
  const [field = "", ...others] = Object.keys(now).filter((key) => !isSame(old[key], now[key]));
  const [from, to] = [old[field], now[field]];
  if (others.length > 0 || isDetail(field)) return "";
  if (!(from instanceof Map && to instanceof Map)) return named(field.replaceAll("_", " "), turn(from, to));
  const [key, ...more] = changedKeys(from, to);
  return more.length > 0 ? "" : named(String(key), turn(from.get(key), to.get(key)));
}

function named(name: string, turned: string): string {
  return turned === "" ? "" : `: ${name}${turned}`;
}

/** The turn of the one value that has changed; nothing where there are more. */
function onlyTurn(before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): string {
  const [key, ...more] = changedKeys(before, after);
  return more.length > 0 ? "" : turn(before.get(key), after.get(key));
}

function changedKeys(one: ReadonlyMap<unknown, unknown>, other: ReadonlyMap<unknown, unknown>): readonly unknown[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((key) => !isSame(one.get(key), other.get(key)));
}

/** “ 120 → 133”; empty where a value cannot be said in a word. */
function turn(from: unknown, to: unknown): string {
  const [old, now] = [word(from), word(to)];
  if (old === null || now === null || now === "") return "";
  return old === "" ? ` \u2192 ${now}` : ` ${old} \u2192 ${now}`;
}

function word(value: unknown): string | null {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value.length > 40 ? null : value;
  const { bpm, ramp } = value as { bpm?: unknown; ramp?: unknown };
  return typeof bpm === "number" && ramp === false ? word(bpm) : null;
}

type Fields = Readonly<Record<string, unknown>>;

function isDetail(field: string): boolean {
  return DETAILS.some((name) => name === field);
}

/** Whether two values of a song say the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (one instanceof Map && other instanceof Map) {
    return one.size === other.size && [...one].every(([key, value]) => isSame(value, other.get(key)));
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [mine, theirs] = [one, other] as Record<string, unknown>[];
  const keys = Object.keys({ ...mine, ...theirs });
  return keys.every((key) => isSame(mine?.[key], theirs?.[key]));
}

function pairs<T extends object>(table: T): [keyof T, T[keyof T]][] {
  return Object.entries(table) as [keyof T, T[keyof T]][];
}
