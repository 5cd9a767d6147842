/** The chords of a loop as the records that the engine reads. */

import type { Loop } from "../gen/models.js";
import { bassClass, intervalMask, rootClass, type Chord } from "./chord.js";
import { parseKey, type Key } from "./key.js";
import { NotationError } from "./notation_error.js";
import { triadOn } from "./palette.js";
import { parseChordOrRoman } from "./roman.js";

/** From this cell on, this chord. `root` is -1 for no chord. */
export interface ChordRecord {
  readonly cell: number;
  readonly root: number;
  readonly bass: number;
  readonly intervals: number;
}

/** Chords by cell; what cannot be read is left out. Without any: the tonic chord of the key. */
export function chordRecords(loop: Loop): readonly ChordRecord[] {
  const key = keyOf(loop);
  const cells = loop.bars * loop.steps_per_bar;
  const records: ChordRecord[] = [];
  for (const [cell, symbol] of loop.chords) {
    const chord = cell < cells ? read(symbol, key) : null;
    if (chord !== null) records.push(record(cell, chord));
  }
  if (records.length === 0) return [record(0, triadOn(1, key))];
  return records.toSorted((a, b) => a.cell - b.cell);
}

function record(cell: number, chord: Chord): ChordRecord {
  return {
    cell,
    root: rootClass(chord) ?? -1,
    bass: bassClass(chord) ?? 0,
    intervals: intervalMask(chord),
  };
}

/** The loop's key; C major where its text names none. */
function keyOf(loop: Loop): Key {
  return unlessUnreadable(() => parseKey(loop.key)) ?? parseKey("C major");
}

function read(symbol: string, key: Key): Chord | null {
  return unlessUnreadable(() => parseChordOrRoman(symbol, key));
}

function unlessUnreadable<T>(reading: () => T): T | null {
  try {
    return reading();
  } catch (error) {
    if (error instanceof NotationError || error instanceof RangeError) return null;
    throw error;
  }
}
