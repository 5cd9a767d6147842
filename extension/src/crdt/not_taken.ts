/** Why a room has not taken an edit, in words, and what can be done. */

import type { Refused } from "./wire.js";

interface Why {
  readonly reason: string;
  readonly cure: string;
}

const TOO_LARGE = { reason: "This change is too large for the room.", cure: "Make it in smaller steps." };

/** A room, or the server before it, closes with these where something cannot be taken. */
const BY_CODE: Readonly<Record<number, Why>> = {
  4403: {
    reason: "You may not make this change.",
    cure: "Ask the owner for the right to it, or keep it as a fork of your own.",
  },
  4409: {
    reason: "The song was founded anew, or this is another copy of it.",
    cure: "Make the change again in the song as it is now.",
  },
  1009: TOO_LARGE,
  4413: TOO_LARGE,
};

export const OTHER_FOUNDING: Why = {
  reason: "What this browser kept belongs to another founding of the song.",
  cure: "Copy it to a fork of your own, or discard it.",
};

export const LOADED_ANEW: Why = {
  reason: "The song was loaded anew while you edited it.",
  cure: "Make the change again.",
};

/** Null where the code says nothing of an edit; `said` stood with it. */
export function whyNotTaken(code: number, said: string, refused: Refused | null): Why | null {
  const usual = BY_CODE[code];
  if (usual === undefined) return null;
  const error = refused?.error ?? {};
  const reason = [error["message"], said, usual.reason].find(isText) ?? "";
  return { reason, cure: [error["cure"], usual.cure].find(isText) ?? "" };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
