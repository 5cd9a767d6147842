/**
 * A replica in another language, for tests: reads one JSON command a line, answers each by one.
 * Commands: {apply: base64}, {edit: [verb, ...arguments]}, {song: [verb, ...arguments]},
 * {reset: true}, {undo: true}. Whole songs are told where {whole: true} asks for them.
 */

import * as readline from "node:readline";

import type { LoopFields } from "../../src/core/loop_store.js";
import type { SongEdit } from "../../src/core/song_store.js";
import { Replica } from "../../src/crdt/replica.js";
import { ReplicaSongStore } from "../../src/crdt/song_store.js";
import { ReplicaLoopStore } from "../../src/crdt/store.js";
import type { Step, Value } from "../../src/gen/models.js";

interface Command {
  apply?: string;
  loop: string;
  edit?: Edit[];
  song?: [keyof SongEdit, ...unknown[]][];
  reset?: boolean;
  undo?: boolean;
  whole?: boolean;
}

type Edit =
  | ["step", string, number, Step | null]
  | ["chord", number, string | null]
  | ["setting", string, Value | null]
  | ["field", keyof LoopFields, never];

const sent: string[] = [];
let replica = fresh();

function fresh(): Replica {
  const made = new Replica();
  made.sendTo((update) => sent.push(Buffer.from(update).toString("base64")), neverEnds());
  return made;
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line) as Command;
  if (command.reset === true) replica = fresh();
  if (command.apply !== undefined) replica.apply(Buffer.from(command.apply, "base64"));
  if (command.edit !== undefined) edit(command.loop, command.edit);
  const made = command.song === undefined ? [] : editSong(command.song);
  if (command.undo === true) replica.undo();
  const updates = sent.splice(0);
  const song = replica.reader.song();
  const whole = command.whole === true ? { song: plain(song) } : {};
  console.log(JSON.stringify({ updates, made, loop: plain(song.loops.get(command.loop)), ...whole }));
});

function edit(loopId: string, edits: Edit[]): void {
  const gesture = new ReplicaLoopStore(replica, loopId, () => {}).gesture();
  for (const change of edits) {
    if (change[0] === "step") gesture.edit.setStep(change[1], change[2], change[3]);
    if (change[0] === "chord") gesture.edit.setChord(change[1], change[2]);
    if (change[0] === "setting") gesture.edit.setSetting(change[1], change[2]);
    if (change[0] === "field") gesture.edit.setField(change[1], change[2]);
  }
  gesture.end("");
}

/** Does the verbs as one gesture; gives what each gave back. */
function editSong(edits: [keyof SongEdit, ...unknown[]][]): unknown[] {
  const gesture = new ReplicaSongStore(replica, () => {}).gesture();
  const made = edits.map(([verb, ...values]) => {
    const act = gesture.edit[verb].bind(gesture.edit) as (...values: unknown[]) => unknown;
    return act(...values.map(revived)) ?? null;
  });
  gesture.end("");
  return made;
}

/** Objects marked as maps become maps. */
function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, revived(held)] as const);
  const [first] = entries;
  if (first?.[0] !== "map") return Object.fromEntries(entries);
  const pairs = Object.entries((value as { map: object }).map);
  return new Map(pairs.map(([key, held]) => [/^\d+$/.test(key) ? Number(key) : key, revived(held)]));
}

/** Maps as objects, all the way down. */
function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, held]) => [String(key), plain(held)]));
  }
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]));
}

function neverEnds(): AbortSignal {
  return new AbortController().signal;
}
