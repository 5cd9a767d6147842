/** What of a song is locked, and to what that reaches. */

import type { Lock, Song } from "../gen/models.js";

/** The key under which a lock is stored. */
export function lockKey({ kind, of, start, end }: Lock): string {
  return kind === "bars" ? `bars/${start}/${end}` : `${kind}/${of}`;
}

export function stemLock(id: string): Lock {
  return { kind: "stem", of: id, start: 0, end: 0 };
}

export function loopLock(id: string): Lock {
  return { kind: "loop", of: id, start: 0, end: 0 };
}

export function barsLock(start: number, end: number): Lock {
  return { kind: "bars", of: "", start, end };
}

/** The lock of a stem; null where there is none. */
export function lockOfStem(song: Song, stem: string): Lock | null {
  return song.locks.get(`stem/${stem}`) ?? null;
}

/** The lock of bars into which a stretch reaches. */
export function lockOfStretch(song: Song, start: number, end: number): Lock | null {
  for (const lock of song.locks.values()) {
    if (lock.kind === "bars" && start < lock.end && lock.start < end) return lock;
  }
  return null;
}

/** The lock of a loop: its own, or that of a stem or of bars in which it plays [GATE-17]. */
export function lockOfLoop(song: Song, loop: string): Lock | null {
  const own = song.locks.get(`loop/${loop}`);
  if (own !== undefined || song.locks.size === 0) return own ?? null;
  for (const { id, kind, stem, loop: played, start, length } of song.segments.values()) {
    if ((kind === "pattern" ? id : kind === "loop" ? played : null) !== loop) continue;
    const lock = lockOfStem(song, stem) ?? lockOfStretch(song, start, start + length);
    if (lock !== null) return lock;
  }
  for (const { loop: played, start, length } of song.blocks.values()) {
    const lock = played === loop ? lockOfStretch(song, start, start + length) : null;
    if (lock !== null) return lock;
  }
  return null;
}
