/** The reading edge: stored values of unknown origin become valid ones, or null [DOC-8]. */

import { keyText, parseKey } from "../core/key.js";
import { roundHalfEven, parseNoteValue } from "../core/time.js";
import * as limits from "../gen/limits.js";
import {
  DEFAULT_COLOR, DEFAULT_KEY, type Frozen, type Lock, type Note, type Point, type Step, type Tempo, type Value,
} from "../gen/models.js";
import { EFFECTS, PARAMETERS, type Parameter } from "../gen/parameters.js";

const STEP_KEY = new RegExp(`^(${limits.ROW_NAME_PATTERN})/(0|[1-9][0-9]{0,5})$`);
const TARGET = new RegExp(`^${limits.ROW_NAME_PATTERN}$`);
const METER = new RegExp(`^${limits.METER_PATTERN}$`);
const COLOR = new RegExp(`^${limits.COLOR_PATTERN}$`);
const BLOB = new RegExp(`^${limits.BLOB_PATTERN}$`);
const ORDER = new RegExp(`^${limits.ORDER_PATTERN}$`);
const LOCK = new RegExp(`^(?:${limits.LOCK_PATTERN})$`, "u");
const BY_KEY: ReadonlyMap<string, Parameter> = new Map(PARAMETERS.map((p) => [p.key, p]));

/** The kinds of parameters that can move. */
const AUTOMATED: readonly string[] = ["number", "switch", "time", "pitch", "choice"];

type Range = readonly [number, number];

export function clamped(value: unknown, [low, high]: Range, otherwise: number): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return otherwise;
  return Math.min(Math.max(value, low), high);
}

/** A whole number; halves go to the even one, as in Python, so that all peers read alike. */
export function whole(value: unknown, [low, high]: Range, otherwise: number): number {
  return roundHalfEven(clamped(value, [low, high], otherwise));
}

export function text(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== ""
    ? Array.from(value).slice(0, limits.NAME_LENGTH).join("")
    : otherwise;
}

export function meter(value: unknown): string | null {
  return typeof value === "string" && METER.test(value) ? value : null;
}

/** A key as it is spelled canonically, C major where the text names none. */
export function key(value: unknown): string {
  if (typeof value !== "string") return DEFAULT_KEY;
  try {
    return keyText(parseKey(value));
  } catch (error) {
    if (error instanceof RangeError) return DEFAULT_KEY;
    throw error;
  }
}

export function color(value: unknown): string {
  return typeof value === "string" && COLOR.test(value) ? value : DEFAULT_COLOR;
}

/** A chord symbol of a sensible length, or null; whether it reads is said where it sounds. */
export function symbol(value: unknown): string | null {
  const valid = typeof value === "string" && value !== "" && Array.from(value).length <= limits.SYMBOL_LENGTH;
  return valid ? value : null;
}

/** The nearest number of bars that a loop may have; the smaller of two that are as near. */
export function bars(value: unknown): number {
  const wanted = clamped(value, [1, 8], 4);
  let best: number = limits.BAR_COUNTS[0];
  for (const count of limits.BAR_COUNTS) {
    if (Math.abs(count - wanted) < Math.abs(best - wanted)) best = count;
  }
  return best;
}

export function cell(key: string, cells: number): number | null {
  return /^[0-9]+$/.test(key) && Number(key) < cells ? Number(key) : null;
}

/** The key of a step, or null where it is malformed or past the loop [DOC-9]. */
export function stepKey(key: string, cells: number): { row: string; cell: number } | null {
  const found = STEP_KEY.exec(key);
  const row = found?.[1];
  const at = Number(found?.[2]);
  return row === undefined || row === limits.MASTER || at >= cells ? null : { row, cell: at };
}

export function step(value: unknown): Step | null {
  if (!Array.isArray(value) || value.length < 1 || value.length > 5) return null;
  const [velocity, pitch, duration, probability, offset] = value as unknown[];
  return {
    velocity: whole(velocity, limits.VELOCITY_RANGE, 100),
    pitch: pitch == null ? null : clamped(pitch, limits.PITCH_RANGE, 60),
    duration: duration == null ? null : whole(duration, [1, limits.MOST_TICKS], 240),
    probability: clamped(probability, [0, 1], 1),
    offset: whole(offset, [-limits.MOST_TICKS, limits.MOST_TICKS], 0),
  };
}

/** The setting `target.section.parameter` as it may be read, or null where it means nothing. */
export function setting(key: string, value: unknown): Value | null {
  const dot = key.indexOf(".");
  const target = key.slice(0, dot);
  const parameter = BY_KEY.get(key.slice(dot + 1));
  if (dot < 0 || !TARGET.test(target) || parameter === undefined) return null;
  const onMaster = target === limits.MASTER;
  const ofMaster = parameter.scope === "master";
  const ofRow = parameter.scope === "row" || parameter.scope === "voice";
  if ((onMaster && ofRow) || (ofMaster && !onMaster)) return null;
  return valueOf(parameter, value);
}

function valueOf(parameter: Parameter, value: unknown): Value | null {
  switch (parameter.kind) {
    case "switch":
      return value === true || value === 1 ? true : value === false || value === 0 ? false : null;
    case "choice":
      return typeof value === "string" && parameter.choices.includes(value) ? value : null;
    case "sound":
      return typeof value === "string" ? value : null;
    case "chain":
      return chain(value);
    case "time":
      return typeof value === "string" ? noteValue(value) : inside(parameter, value);
    default:
      return inside(parameter, value);
  }
}

function noteValue(value: string): string | null {
  const canonical = value.trim().toLowerCase();
  return parseNoteValue(canonical) === null ? null : canonical;
}

function inside(parameter: Parameter, value: unknown): number | null {
  const valid = typeof value === "number" && value >= parameter.low && value <= parameter.high;
  return valid ? value : null;
}

/** An order of effects, "eq>comp>reverb", from such a text or from a list of their names. */
function chain(value: unknown): string | null {
  const given: unknown = typeof value === "string" ? value.trim().split(/[>,\s]+/) : value;
  if (!Array.isArray(given)) return null;
  const names: readonly unknown[] = given;
  const known = names.every((name) => EFFECTS.some((effect) => effect === name));
  return known && new Set(names).size === names.length ? names.join(">") : null;
}

/** A tempo, stored as a number or as `[number, "ramp"]`. */
export function tempo(value: unknown): Tempo {
  const ramp = Array.isArray(value) && value.length === 2 && value[1] === "ramp";
  const bpm: unknown = ramp ? value[0] : value;
  return { bpm: clamped(bpm, limits.TEMPO_RANGE, 120), ramp };
}

/** The id of another entity, or null. */
export function nameOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A word of a fixed set. */
export function oneOf(value: unknown, known: readonly string[], otherwise: string): string {
  return typeof value === "string" && known.includes(value) ? value : otherwise;
}

/** A blob's name, or null. */
export function blob(value: unknown): string | null {
  return typeof value === "string" && BLOB.test(value) ? value : null;
}

/** A fractional key, in the middle where there is none. */
export function order(value: unknown): string {
  return typeof value === "string" && ORDER.test(value) ? value : "V";
}

/** A stem's samples, stored as `[blob, frames, fingerprint]`, or null. */
export function frozen(value: unknown): Frozen | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [name, frames, fingerprint] = value as unknown[];
  const kept = blob(name);
  const isCounted = typeof frames === "number" || typeof frames === "boolean";
  if (kept === null || !isCounted || typeof fingerprint !== "string") return null;
  return { blob: kept, frames: whole(frames, [0, limits.MOST_FRAMES], 0), fingerprint };
}

/** The note that a stored list means, or null where it is no list of four numbers. */
export function note(value: unknown): Note | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const numbers: readonly unknown[] = value;
  if (!numbers.every((part) => typeof part === "number")) return null;
  const [start, duration, pitch, velocity] = numbers;
  return {
    start: whole(start, [0, limits.LAST_TICK], 0),
    duration: whole(duration, [1, limits.LAST_TICK], 240),
    pitch: clamped(pitch, limits.PITCH_RANGE, 60),
    velocity: whole(velocity, limits.VELOCITY_RANGE, 100),
  };
}

/** Parameter and tick of an automation point's key, or null where it names no such. */
export function pointKey(key: string): { parameter: Parameter; tick: number } | null {
  const slash = key.indexOf("/");
  const parameter = BY_KEY.get(key.slice(0, slash));
  const tick = cell(key.slice(slash + 1), limits.LAST_TICK);
  if (slash < 0 || parameter === undefined || tick === null) return null;
  return AUTOMATED.includes(parameter.kind) ? { parameter, tick } : null;
}

/** The automation point that a stored list means, in its parameter's range, or null. */
export function point(parameter: Parameter, value: unknown): Point | null {
  if (!Array.isArray(value) || value.length < 1 || value.length > 2) return null;
  const [height, curve] = value as unknown[];
  if (typeof height !== "number" || !Number.isFinite(height)) return null;
  const range = [parameter.low, parameter.high] as const;
  const inside = clamped(height, range, 0);
  // Nothing is between two choices.
  if (parameter.kind === "choice") return { value: Math.floor(inside), curve: "hold" };
  return { value: inside, curve: oneOf(curve, limits.CURVES, "linear") };
}

/** The lock of a key; null where the key is of none [DOC-17]. */
export function lock(key: string): Lock | null {
  if (!LOCK.test(key)) return null;
  const [kind = "", ...closed] = key.split("/");
  if (kind !== "bars") return { kind, of: closed.join("/"), start: 0, end: 0 };
  const [start = 0, end = 0] = closed.map(Number);
  return start < end && end <= limits.LAST_TICK ? { kind, of: "", start, end } : null;
}
