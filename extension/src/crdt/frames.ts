/** The frames of the y-protocols sync protocol: what two replicas say to each other. */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

import type { Replica } from "./replica.js";

const SYNC = 0;
const STATE = 0;
const ANSWER = 1;
const UPDATE = 2;

/** Asks another replica for what this one lacks. */
export function question(replica: Replica): Uint8Array {
  return frame(STATE, replica.state);
}

/** Carries one update. */
export function news(update: Uint8Array): Uint8Array {
  return frame(UPDATE, update);
}

/** Takes in a frame; gives the frame to answer with, where one is asked for. */
export function receive(replica: Replica, bytes: Uint8Array): Uint8Array | null {
  const decoder = decoding.createDecoder(bytes);
  if (decoding.readVarUint(decoder) !== SYNC) throw new Error("a frame that is no sync frame");
  const kind = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  if (kind === STATE) return frame(ANSWER, replica.missing(payload));
  replica.apply(payload);
  return null;
}

function frame(kind: number, payload: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}
