import assert from "node:assert/strict";
import { test } from "node:test";

import { barsLock, lockOfLoop, loopLock, stemLock } from "../../src/core/locks.js";
import { Replica } from "../../src/crdt/replica.js";
import { ReplicaSongStore } from "../../src/crdt/song_store.js";
import type { Lock } from "../../src/gen/models.js";

const BAR = 3840;
const NONE = new Map<never, never>();

/** A song with two stems, whose first bars and first stem's lock are as told. */
function song(...locks: readonly ((stem: string) => Lock)[]): { store: ReplicaSongStore; replica: Replica; bass: string; lead: string; long: string; heard: Lock[] } {
  const replica = new Replica();
  const store = new ReplicaSongStore(replica, () => {});
  const heard: Lock[] = [];
  store.onLocked((lock) => heard.push(lock), new AbortController().signal);
  const { edit, end } = store.gesture();
  const stem = { color: "#5b8def", order: "V", channel: null, frozen: null, settings: NONE, sends: NONE, lanes: NONE };
  const bass = edit.add("stems", { ...stem, name: "Bass" });
  const lead = edit.add("stems", { ...stem, name: "Lead", order: "W" });
  const long = edit.add("segments", segment(lead, 0, 8 * BAR));
  edit.setNote(long, "n", { start: 0, duration: 480, pitch: 60, velocity: 100 });
  for (const lock of locks) edit.setLock(lock(bass), true);
  end("");
  replica.opensLocks = false;
  return { store, replica, bass, lead, long, heard };
}

function segment(stem: string, start: number, length: number) {
  return {
    stem, kind: "midi", start, length, name: "", offset: 0, gain: 0, fade_in: 0, fade_out: 0,
    fade_in_curve: "linear", fade_out_curve: "linear", loop: null, blob: null, frames: 0, notes: NONE,
  };
}

test("[GATE-16] a locked stem stays as it is for those who may not lock, and says why", () => {
  const { store, bass, lead, heard } = song(stemLock);
  const before = store.revision.song;
  const { edit } = store.gesture();
  edit.setSetting({ kind: "stem", id: bass }, "amp.mute", true);
  edit.set("stems", bass, { name: "Sub" });
  edit.add("segments", segment(bass, 0, BAR));
  edit.remove("stems", bass);
  edit.setLock(stemLock(bass), false);
  assert.equal(heard.length, 5);
  assert.equal(store.revision.song, before);
  edit.setSetting({ kind: "stem", id: lead }, "amp.mute", true);
  assert.equal(heard.length, 5);
  assert.equal(store.revision.song.stems.get(lead)?.settings.get("amp.mute"), true);
});

test("[GATE-18] locked bars keep what sounds in them, and nothing behind them", () => {
  const { store, long, lead, heard } = song(() => barsLock(0, 2 * BAR));
  const { edit } = store.gesture();
  edit.setNote(long, "n", null);
  edit.setNote(long, null, { start: 2 * BAR - 1, duration: 2, pitch: 60, velocity: 100 });
  edit.set("segments", long, { start: BAR });
  edit.setTempo(0, { bpm: 90, ramp: false });
  edit.setTempo(BAR, { bpm: 90, ramp: false });
  edit.remove("stems", lead);
  assert.equal(heard.length, 6);
  assert.equal(edit.setNote(long, "m", { start: 2 * BAR, duration: 2, pitch: 60, velocity: 100 }), "m");
  edit.setTempo(2 * BAR, { bpm: 90, ramp: false });
  assert.equal(heard.length, 6);
  assert.deepEqual([...store.revision.song.segments.get(long)?.notes.keys() ?? []].toSorted(), ["m", "n"]);
});

test("[GATE-17] a locked loop cannot be edited in its own view by those who may not lock", () => {
  const { store, replica, bass } = song();
  replica.opensLocks = true;
  const { edit } = store.gesture();
  const pattern = edit.add("segments", { ...segment(bass, 0, BAR), kind: "pattern" });
  edit.setLock(loopLock(pattern), true);
  assert.equal(store.loop(pattern).editable, true);
  replica.opensLocks = false;
  assert.equal(store.loop(pattern).editable, false);
  assert.deepEqual(lockOfLoop(store.revision.song, pattern), loopLock(pattern));
});

test("[DOC-17] a stem takes its lock along, and undo brings both back", () => {
  const { store, replica, bass } = song(stemLock);
  replica.opensLocks = true;
  const { edit, end } = store.gesture();
  edit.remove("stems", bass);
  end("");
  assert.equal(store.revision.song.locks.size, 0);
  store.undo();
  assert.deepEqual([...store.revision.song.locks.keys()], [`stem/${bass}`]);
});
