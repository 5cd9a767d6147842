/**
 * A replica in another language, for tests: reads one JSON command a line, answers each by one.
 * Commands: {apply: base64}, {edit: [verb, ...arguments]}, {reset: true}, {undo: true}.
 */

import * as readline from "node:readline";

import type { LoopFields } from "../../src/core/loop_store.js";
import { readRevision } from "../../src/crdt/read.js";
import { Replica } from "../../src/crdt/replica.js";
import { ReplicaLoopStore } from "../../src/crdt/store.js";
import type { Step, Value } from "../../src/gen/models.js";

interface Command {
  apply?: string;
  loop: string;
  edit?: Edit[];
  reset?: boolean;
  undo?: boolean;
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
  if (command.undo === true) replica.undo();
  const updates = sent.splice(0);
  console.log(JSON.stringify({ updates, loop: plain(command.loop) }));
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

function plain(loopId: string): object | null {
  const revision = readRevision(replica.doc, loopId);
  if (revision === null) return null;
  const { chords, steps, settings, ...fields } = revision.loop;
  return {
    ...fields,
    chords: Object.fromEntries(chords),
    steps: Object.fromEntries(steps),
    settings: Object.fromEntries(settings),
  };
}

function neverEnds(): AbortSignal {
  return new AbortController().signal;
}
