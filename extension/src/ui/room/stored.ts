/** Changes of single fields by where the document stores them (schema/SPEC.md, "Layout"). Pure. */

import type { LoopFields } from "../../core/loop_store.js";
import type { Channel, Entities, Fields, SongEdit } from "../../core/song_store.js";
import type { Conflict } from "../../core/room_api.js";
import type { Loop, Note, Step, Value } from "../../gen/models.js";

const CAMEL: Readonly<Record<string, string>> = {
  fadeIn: "fade_in", fadeOut: "fade_out", fadeInCurve: "fade_in_curve", fadeOutCurve: "fade_out_curve",
  stepsPerBar: "steps_per_bar",
};

const fieldOf = (key: string): string => CAMEL[key] ?? key;

/** Lets a field say a stored value; what cannot be said by an edit is left as it is. */
export function writeStored(edit: SongEdit, path: readonly string[], key: string, value: unknown): void {
  const [root = "", id = "", inner] = path;
  if (path.length === 1) writeRoot(edit, root, key, value);
  else if (root === "loops") writeLoop(edit, id, inner, key, value);
  else if (inner === undefined) edit.set(root as keyof Entities, id, { [fieldOf(key)]: value } as Fields<keyof Entities>);
  else if (inner === "settings") edit.setSetting(channelOf(root, id), key, value as Value | null);
  else if (inner === "sends") edit.setSend(id, key, Number(value ?? 0));
  else if (inner === "notes") edit.setNote(id, key, noteOf(value));
}

function channelOf(root: string, id: string): Channel {
  return { kind: root === "returns" ? "return" : "stem", id };
}

function writeRoot(edit: SongEdit, root: string, key: string, value: unknown): void {
  if (root === "song" && key === "name") edit.setName(String(value ?? ""));
  else if (root === "song" && key === "key") edit.setKey(String(value ?? ""));
  else if (root === "tempo") edit.setTempo(Number(key), tempoOf(value));
  else if (root === "meter") edit.setMeter(Number(key), value === null ? null : String(value));
  else if (root === "pads") edit.setPad(Number(key), value === null ? null : String(value));
  else if (root === "master") edit.setSetting({ kind: "master" }, key, value as Value | null);
}

function writeLoop(edit: SongEdit, id: string, inner: string | undefined, key: string, value: unknown): void {
  const loop = edit.loop(id);
  if (inner === "settings") loop.setSetting(key, value as Value | null);
  else if (inner === "chords") loop.setChord(Number(key), value === null ? null : String(value));
  else if (inner === "steps") {
    const slash = key.lastIndexOf("/");
    loop.setStep(key.slice(0, slash), Number(key.slice(slash + 1)), stepOf(value));
  } else if (inner === undefined) {
    loop.setField(fieldOf(key) as keyof LoopFields, value as Loop[keyof LoopFields] as never);
  }
}

function tempoOf(value: unknown): { bpm: number; ramp: boolean } | null {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? { bpm: Number(value[0]), ramp: true } : { bpm: Number(value), ramp: false };
}

function noteOf(value: unknown): Note | null {
  if (!Array.isArray(value)) return null;
  const [start = 0, duration = 0, pitch = 0, velocity = 0] = value.map(Number);
  return { start, duration, pitch, velocity };
}

function stepOf(value: unknown): Step | null {
  if (!Array.isArray(value)) return null;
  const [velocity, pitch = null, duration = null, probability = 1, offset = 0] = value as (number | null)[];
  return { velocity: Number(velocity), pitch, duration, probability: probability ?? 1, offset: offset ?? 0 };
}

/** A stored value in a few words: "97", "nothing", "louder, 100". */
export function valueWords({ path, key }: Pick<Conflict, "path" | "key">, value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  const inner = path[2];
  if (path[0] === "tempo") return `${tempoOf(value)?.bpm ?? ""} BPM`;
  if (inner === "steps" && Array.isArray(value)) return `velocity ${value[0]}`;
  if (inner === "notes" && Array.isArray(value)) return `a note at ${value[0]}`;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  return typeof value === "string" ? short(value) : `another ${key}`;
}

function short(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}\u2026` : text;
}
