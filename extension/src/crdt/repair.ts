/** The reading edge: stored values of unknown origin become valid ones, or null [DOC-8]. */

import {
  BAR_COUNTS,
  COLOR_PATTERN,
  MASTER,
  METER_PATTERN,
  NAME_LENGTH,
  PITCH_RANGE,
  ROW_NAME_PATTERN,
  SYMBOL_LENGTH,
  VELOCITY_RANGE,
} from "../gen/limits.js";
import { keyText, parseKey } from "../core/key.js";
import { DEFAULT_COLOR, DEFAULT_KEY, type Step, type Value } from "../gen/models.js";
import { PARAMETERS, type Parameter } from "../gen/parameters.js";
import { parseNoteValue } from "../core/time.js";

const STEP_KEY = new RegExp(`^(${ROW_NAME_PATTERN})/(0|[1-9][0-9]{0,5})$`);
const TARGET = new RegExp(`^${ROW_NAME_PATTERN}$`);
const METER = new RegExp(`^${METER_PATTERN}$`);
const COLOR = new RegExp(`^${COLOR_PATTERN}$`);
const SETTINGS: ReadonlyMap<string, Parameter> = new Map(
  PARAMETERS.filter((p) => p.scope !== "voice").map((p) => [p.key, p]),
);

export function clamped(value: unknown, low: number, high: number, otherwise: number): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return otherwise;
  return Math.min(Math.max(value, low), high);
}

/** Rounds halves to even, as Python does, so that all peers read alike. */
export function whole(value: unknown, low: number, high: number, otherwise: number): number {
  const exact = clamped(value, low, high, otherwise);
  const floor = Math.floor(exact);
  if (exact - floor !== 0.5) return Math.round(exact);
  return floor % 2 === 0 ? floor : floor + 1;
}

export function text(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== ""
    ? Array.from(value).slice(0, NAME_LENGTH).join("")
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
  const valid = typeof value === "string" && value !== "" && Array.from(value).length <= SYMBOL_LENGTH;
  return valid ? value : null;
}

/** The nearest number of bars that a loop may have; the smaller of two that are as near. */
export function bars(value: unknown): number {
  const wanted = clamped(value, 1, 8, 4);
  let best: number = BAR_COUNTS[0];
  for (const count of BAR_COUNTS) {
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
  return row === undefined || row === MASTER || at >= cells ? null : { row, cell: at };
}

export function step(value: unknown): Step | null {
  if (!Array.isArray(value) || value.length < 1 || value.length > 5) return null;
  const [velocity, pitch, duration, probability, offset] = value as unknown[];
  return {
    velocity: whole(velocity, VELOCITY_RANGE[0], VELOCITY_RANGE[1], 100),
    pitch: pitch == null ? null : clamped(pitch, PITCH_RANGE[0], PITCH_RANGE[1], 60),
    duration: duration == null ? null : whole(duration, 1, 1e6, 240),
    probability: clamped(probability, 0, 1, 1),
    offset: whole(offset, -1e6, 1e6, 0),
  };
}

export function setting(key: string, value: unknown): Value | null {
  const dot = key.indexOf(".");
  const target = key.slice(0, dot);
  const parameter = SETTINGS.get(key.slice(dot + 1));
  if (dot < 0 || !TARGET.test(target) || parameter === undefined) return null;
  const onMaster = target === MASTER;
  if (parameter.scope === "row" ? onMaster : parameter.scope === "master" && !onMaster) return null;
  return valueOf(parameter, value);
}

function valueOf(parameter: Parameter, value: unknown): Value | null {
  switch (parameter.kind) {
    case "switch":
      return Boolean(value);
    case "choice":
      return typeof value === "string" && parameter.choices.includes(value) ? value : null;
    case "sound":
      return typeof value === "string" ? value : null;
    case "time":
      if (typeof value === "string") return parseNoteValue(value) === null ? null : value;
      return inRange(parameter, value);
    default:
      return inRange(parameter, value);
  }
}

function inRange(parameter: Parameter, value: unknown): number | null {
  const valid = typeof value === "number" && value >= parameter.low && value <= parameter.high;
  return valid ? value : null;
}
