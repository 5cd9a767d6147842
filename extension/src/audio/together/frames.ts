/** The frames of a room that are about time (crdt/WIRE.md): written, and read strictly. */

import type { TransportState } from "../../core/shared_transport.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** What the room says is played, as it comes; `number` counts its states. */
export interface RoomTransport extends TransportState {
  readonly number: number;
  /** How often it had gone round before `tick`. */
  readonly rounds: number;
}

/** What a leader does. */
export type Deed =
  | {
      readonly do: "play"; readonly tick: number; readonly of: string;
      readonly region: readonly [number, number] | null;
    }
  | { readonly do: "stop" | "lead" }
  | { readonly do: "seek"; readonly tick: number }
  | { readonly do: "pass"; readonly to: number }
  /** Says where what plays is, after its tempo has changed; nothing is heard of it. */
  | { readonly do: "mark"; readonly tick: number; readonly rounds: number; readonly at: number };

/** The body of CLOCK: the number of a probe. */
export function probeFrame(probe: number): Uint8Array {
  return Uint8Array.from(varuint(probe));
}

/** A probe's number, and the room's time in milliseconds; null where the body is none. */
export function readClock(body: Uint8Array): readonly [probe: number, time: number] | null {
  const [probe, at] = readVaruint(body);
  if (at < 0 || body.length !== at + 8) return null;
  return [probe, new DataView(body.buffer, body.byteOffset).getFloat64(at)];
}

/** The body of TRANSPORT. */
export function deedFrame(deed: Deed): Uint8Array {
  const text = encoder.encode(JSON.stringify(deed));
  return Uint8Array.from([...varuint(text.length), ...text]);
}

/** A JSON object in a body; null where it is none. */
export function readJson(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  const [length, at] = readVaruint(body);
  if (at < 0 || body.length !== at + length) return null;
  try {
    const value: unknown = JSON.parse(decoder.decode(body.subarray(at)));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** A state of the transport; null where it is none. */
export function readTransport(value: unknown): RoomTransport | null {
  if (!isRecord(value)) return null;
  const { leader = null, playing, of, tick, at, region = null, number = 0, rounds = 0 } = value;
  const numbers = [tick, at, number, rounds].every((one) => Number.isFinite(one));
  const isWhole = numbers && typeof playing === "boolean" && typeof of === "string";
  if (!isWhole || !(leader === null || Number.isInteger(leader))) return null;
  if (!(region === null || isPair(region))) return null;
  return { leader, playing, of, tick, at, region, number, rounds } as RoomTransport;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((one) => Number.isFinite(one));
}

function varuint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** The number and where it ends; an end below 0 where there is none. */
function readVaruint(body: Uint8Array): readonly [value: number, end: number] {
  let value = 0;
  for (let at = 0; at < Math.min(body.length, 7); at += 1) {
    const byte = body[at] ?? 0;
    value += (byte & 127) * 128 ** at;
    if (byte < 128) return [value, at + 1];
  }
  return [0, -1];
}
