import assert from "node:assert/strict";
import { test } from "node:test";

import type { SongRevision } from "../../src/core/song_store.js";
import { Replica } from "../../src/crdt/replica.js";
import { ReplicaSongStore } from "../../src/crdt/song_store.js";
import type { Note, Segment, Stem } from "../../src/gen/models.js";

const STEM: Omit<Stem, "id"> = {
  name: "Keys", color: "#123456", order: "V", channel: null, frozen: null, settings: new Map(),
  sends: new Map(), lanes: new Map(),
};

function notes(count: number): Map<string, Note> {
  const made = Array.from({ length: count }, (_, at): [string, Note] => {
    return [`n${at}`, { start: at * 10, duration: 10, pitch: 60, velocity: 100 }];
  });
  return new Map(made);
}

function segment(stem: string, changes: Partial<Segment> = {}): Omit<Segment, "id"> {
  return {
    stem, kind: "midi", start: 0, length: 3840, name: "", offset: 0, gain: 0, fade_in: 0,
    fade_out: 0, fade_in_curve: "linear", fade_out_curve: "linear", loop: null, blob: null,
    frames: 0, notes: new Map(), ...changes,
  };
}

/** A song with a stem that has two segments, one of them large. */
function bench() {
  const replica = new Replica();
  const said: string[] = [];
  const store = new ReplicaSongStore(replica, (code) => said.push(code));
  const { edit, end } = store.gesture();
  const stem = edit.add("stems", STEM);
  const large = edit.add("segments", segment(stem, { notes: notes(10_000) }));
  const small = edit.add("segments", segment(stem, { start: 3840, notes: notes(3) }));
  const pattern = edit.add("segments", segment(stem, { kind: "pattern", start: 7680 }));
  end("made");
  return { replica, store, said, stem, large, small, pattern };
}

test("an edit reads anew only what it changed; the rest are the same objects", () => {
  const { store, stem, large, small, pattern } = bench();
  const before = store.revision.song;
  store.gesture().edit.setNote(small, "n1", { start: 7, duration: 1, pitch: 61, velocity: 1 });
  const after = store.revision.song;
  assert.equal(7, after.segments.get(small)?.notes.get("n1")?.start);
  assert.equal(before.segments.get(large), after.segments.get(large));
  const [one, other] = [before.segments.get(small)?.notes, after.segments.get(small)?.notes];
  assert.equal(one?.get("n2"), other?.get("n2"));
  for (const same of ["stems", "loops", "blocks", "returns", "tempos", "pads"] as const) {
    assert.equal(before[same], after[same], same);
  }
  store.gesture().edit.loop(pattern).setStep("kick", 0, null);
  assert.equal(after, store.revision.song);
  store.gesture().edit.setSetting({ kind: "stem", id: stem }, "amp.level", 0.5);
  assert.equal(after.segments, store.revision.song.segments);
});

test("the same revision is the same object, and a change of nothing makes none", () => {
  const { store, small } = bench();
  const { revision } = store;
  assert.equal(revision, store.revision);
  const heard: SongRevision[] = [];
  store.subscribe((newer) => heard.push(newer), new AbortController().signal);
  const gesture = store.gesture();
  gesture.edit.set("segments", small, { start: 3840, gain: 0 });
  gesture.edit.setSend("nobody", "nowhere", 0.5);
  gesture.end("");
  assert.deepEqual([], heard);
  gesture.edit.set("segments", small, { gain: -3 });
  assert.deepEqual([store.revision], heard);
});

test("a gesture is one undo step over all that it changed, and tells its line of Python", () => {
  const { store, said, stem, small } = bench();
  const before = store.revision.song;
  const gesture = store.gesture();
  gesture.edit.setTempo(960, { bpm: 99, ramp: true });
  gesture.edit.set("stems", stem, { name: "Other" });
  gesture.edit.setPoint({ kind: "master" }, "amp.level", 0, { value: 0.5, curve: "hold" });
  gesture.edit.remove("segments", small);
  gesture.end("song.tempos[960] = 99");
  const after = store.revision.song;
  assert.deepEqual([true, false], [store.canUndo, store.canRedo]);
  store.undo();
  assert.deepEqual(before, store.revision.song);
  store.redo();
  assert.deepEqual(after, store.revision.song);
  assert.deepEqual(["made", "song.tempos[960] = 99"], said);
});

test("a removed stem comes back whole, with its segments, their notes and their loop", () => {
  const { store, stem } = bench();
  const before = store.revision.song;
  const gesture = store.gesture();
  gesture.edit.remove("stems", stem);
  gesture.end("");
  const gone = store.revision.song;
  assert.deepEqual([0, 0, 0], [gone.stems.size, gone.segments.size, gone.loops.size]);
  store.undo();
  assert.deepEqual(before, store.revision.song);
});

test("an entity that is given whole is read back as it was given", () => {
  const { store, stem } = bench();
  const { edit } = store.gesture();
  const hall = edit.add("returns", {
    name: "Hall", color: "#abcdef", order: "k", settings: new Map([["reverb.mix", 1]]),
    lanes: new Map([["reverb.mix", new Map([[960, { value: 0.5, curve: "hold" }]])]]),
  });
  const given: Omit<Stem, "id"> = {
    ...STEM, channel: 10, settings: new Map([["chain.order", "reverb>eq"]]),
    frozen: { blob: "ab".repeat(32), frames: 99, fingerprint: "f" }, sends: new Map([[hall, 0.25]]),
    lanes: new Map([["pan.pan", new Map([[0, { value: -1, curve: "linear" }]])]]),
  };
  const id = edit.add("stems", given);
  assert.deepEqual({ ...given, id }, { ...store.revision.song.stems.get(id) });
  const faded = segment(stem, { name: "Take", fade_in: 20, fade_out_curve: "s-curve", gain: -2 });
  const other = edit.add("segments", faded);
  assert.deepEqual({ ...faded, id: other }, { ...store.revision.song.segments.get(other) });
});

test("a store of one loop of the song follows the song's tempo, and edits the song", () => {
  const { store, pattern } = bench();
  const loop = store.loop(pattern);
  assert.equal(loop, store.loop(pattern));
  const before = loop.revision;
  store.gesture().edit.setTempo(0, { bpm: 77, ramp: false });
  assert.deepEqual([120, 77], [before.context.tempo, loop.revision.context.tempo]);
  const step = { velocity: 90, pitch: null, duration: null, probability: 1, offset: 0 };
  const gesture = loop.gesture();
  gesture.edit.setStep("kick", 3, step);
  gesture.end("");
  assert.deepEqual(step, store.revision.song.loops.get(pattern)?.steps.get("kick/3"));
  store.undo();
  assert.equal(0, store.revision.song.loops.get(pattern)?.steps.size);
});

test("many edits done together are one change, told once and undone at once", () => {
  const { store, replica, small } = bench();
  const [heard, sent]: [SongRevision[], Uint8Array[]] = [[], []];
  store.subscribe((newer) => heard.push(newer), new AbortController().signal);
  replica.sendTo((update) => sent.push(update), new AbortController().signal);
  const before = store.revision.song;
  const gesture = store.gesture();
  gesture.together?.(() => {
    for (let at = 0; at < 500; at += 1) {
      gesture.edit.setNote(small, null, { start: at, duration: 1, pitch: 60, velocity: 1 });
    }
  });
  gesture.end("");
  assert.deepEqual([1, 1], [heard.length, sent.length]);
  assert.equal(503, store.revision.song.segments.get(small)?.notes.size);
  store.undo();
  assert.deepEqual(before, store.revision.song);
});
