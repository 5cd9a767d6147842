/** The frames of a room's websocket (WIRE.md): bytes as values, and values as bytes. */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

import type { Cursor } from "../core/room.js";
import { KIND, type Kind } from "../core/room_link.js";

/** Bytes that are no frame of a room. */
export class WireError extends Error {}

export const STATE = 0;
export const ANSWER = 1;
export const UPDATE = 2;

const KINDS: ReadonlySet<number> = new Set(Object.values(KIND));
const POINTED = ["gone", "grid", "timeline", "roll", "text", "code"] as const;

export interface Frame {
  readonly kind: Kind;
  readonly body: Uint8Array;
}

/** A frame's kind, and what follows it. */
export function parted(bytes: Uint8Array): Frame {
  return reading(bytes, (from) => {
    const kind = decoding.readVarUint(from);
    if (!KINDS.has(kind)) throw new WireError(`a frame is of kind ${kind}, which is unknown here`);
    return { kind: kind as Kind, body: decoding.readTailAsUint8Array(from) };
  });
}

export function frame(kind: Kind, body: Uint8Array): Uint8Array {
  return written((to) => {
    encoding.writeVarUint(to, kind);
    encoding.writeUint8Array(to, body);
  });
}

// -- what a page says ------------------------------------------------------------------------------

export function syncBody(step: number, content: Uint8Array): Uint8Array {
  return written((to) => {
    encoding.writeVarUint(to, step);
    encoding.writeVarUint8Array(to, content);
  });
}

export function editBody(number: number, update: Uint8Array): Uint8Array {
  return written((to) => {
    encoding.writeVarUint(to, number);
    encoding.writeVarUint8Array(to, update);
  });
}

export function bytesBody(content: Uint8Array): Uint8Array {
  return written((to) => encoding.writeVarUint8Array(to, content));
}

export function jsonBody(said: object): Uint8Array {
  return written((to) => encoding.writeVarString(to, JSON.stringify(said)));
}

export function probeBody(number: number): Uint8Array {
  return written((to) => encoding.writeVarUint(to, number));
}

/** The body of a CURSOR of one's own, in whole numbers from 0 on; null points nowhere. */
export function cursorBody(cursor: Cursor | null): Uint8Array {
  const { kind, a, b } = cursor ?? { kind: "gone", a: 0, b: 0 };
  return bytesBody(
    written((to) => {
      encoding.writeVarUint(to, POINTED.indexOf(kind));
      for (const number of [a, b]) encoding.writeVarUint(to, Math.max(0, Math.round(number)));
    }),
  );
}

// -- what a room says ------------------------------------------------------------------------------

export interface Sync {
  readonly step: number;
  readonly content: Uint8Array;
}

export function readSync(body: Uint8Array): Sync {
  return reading(body, (from) => {
    const step = decoding.readVarUint(from);
    if (step > UPDATE) throw new WireError(`a SYNC frame has step ${step}; the steps are 0, 1 and 2`);
    return { step, content: decoding.readVarUint8Array(from) };
  });
}

export interface Kept {
  readonly number: number;
  readonly seq: number;
  readonly stamp: number;
}

export function readKept(body: Uint8Array): Kept {
  return reading(body, (from) => {
    const number = decoding.readVarUint(from);
    return { number, seq: decoding.readVarUint(from), stamp: decoding.readFloat64(from) };
  });
}

export interface Refused {
  readonly number: number;
  readonly error: Readonly<Record<string, unknown>>;
}

export function readRefused(body: Uint8Array): Refused {
  return reading(body, (from) => {
    return { number: decoding.readVarUint(from), error: parse(decoding.readVarString(from)) };
  });
}

export interface Changes {
  readonly seq: number;
  readonly stamp: number;
  readonly updates: readonly Uint8Array[];
}

export function readChanges(body: Uint8Array): Changes {
  return reading(body, (from) => {
    const seq = decoding.readVarUint(from);
    const stamp = decoding.readFloat64(from);
    return { seq, stamp, updates: many(from, () => decoding.readVarUint8Array(from)) };
  });
}

/** Where sessions point; null: nowhere any more. */
export function readCursors(body: Uint8Array): readonly (readonly [number, Cursor | null])[] {
  return reading(body, readPointed).map(([session, bytes]) => [session, reading(bytes, readCursor)]);
}

function readPointed(from: decoding.Decoder): (readonly [number, Uint8Array])[] {
  return many(from, () => [decoding.readVarUint(from), decoding.readVarUint8Array(from)]);
}

function readCursor(from: decoding.Decoder): Cursor | null {
  const kind = POINTED[decoding.readVarUint(from)] ?? "gone";
  const [a, b] = [decoding.readVarUint(from), decoding.readVarUint(from)];
  return kind === "gone" ? null : { kind, a, b };
}

export function readBytes(body: Uint8Array): Uint8Array {
  return reading(body, (from) => decoding.readVarUint8Array(from));
}

export function readJson(body: Uint8Array): Readonly<Record<string, unknown>> {
  return reading(body, (from) => parse(decoding.readVarString(from)));
}

/** The number of a probe, and the room's time in milliseconds when it came in. */
export function readTime(body: Uint8Array): { readonly probe: number; readonly time: number } {
  return reading(body, (from) => {
    return { probe: decoding.readVarUint(from), time: decoding.readFloat64(from) };
  });
}

// -- bytes -----------------------------------------------------------------------------------------

function written(write: (to: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** Reads to the last byte. */
function reading<T>(bytes: Uint8Array, read: (from: decoding.Decoder) => T): T {
  const decoder = decoding.createDecoder(bytes);
  try {
    const found = read(decoder);
    if (decoding.hasContent(decoder)) throw new WireError("a frame goes on behind its end");
    return found;
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError("a frame is cut off, or holds no number where one stands", { cause: error });
  }
}

/** So many things as a number says. */
function many<T>(from: decoding.Decoder, read: () => T): T[] {
  const count = decoding.readVarUint(from);
  if (count > from.arr.length - from.pos) throw new WireError(`${count} things are announced`);
  return Array.from({ length: count }, read);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  const found: unknown = tried(text);
  if (typeof found === "object" && found !== null && !Array.isArray(found)) {
    return found as Record<string, unknown>;
  }
  throw new WireError("a frame holds a text that is no JSON object");
}

function tried(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
