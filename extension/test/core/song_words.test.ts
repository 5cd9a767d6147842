import assert from "node:assert/strict";
import { test } from "node:test";

import * as Y from "yjs";

import { wordsOf } from "../../src/core/song_words.js";
import { updateToward } from "../../src/crdt/toward.js";
import { Replica } from "../../src/crdt/replica.js";
import { ReplicaSongStore } from "../../src/crdt/song_store.js";
import type { SongEdit } from "../../src/core/song_store.js";
import type { Song, Stem } from "../../src/gen/models.js";

const STEM: Omit<Stem, "id"> = {
  name: "Keys", color: "#123456", order: "V", channel: null, frozen: null, settings: new Map(),
  sends: new Map(), lanes: new Map(),
};

/** A song before and after an edit, and what both are called. */
function edited(edit: (edit: SongEdit) => void, first: (edit: SongEdit) => void = () => {}) {
  const replica = new Replica();
  const store = new ReplicaSongStore(replica, () => {});
  const change = (by: (edit: SongEdit) => void): Song => {
    const gesture = store.gesture();
    by(gesture.edit);
    gesture.end("");
    return store.revision.song;
  };
  const before = change(first);
  const document = replica.missing();
  return { before, document, after: change(edit), wanted: replica.missing() };
}

test("what a change would have done is said in words", () => {
  let keys = "";
  const cases: [words: string, edit: (edit: SongEdit) => void][] = [
    ["", () => {}],
    ["the name Untitled \u2192 Other", (edit) => edit.setName("Other")],
    ["the key C major \u2192 D minor", (edit) => edit.setKey("D minor")],
    ["the tempo 120 \u2192 99, the meter 4/4 \u2192 3/4", (edit) => {
      edit.setTempo(0, { bpm: 99, ramp: false });
      edit.setMeter(0, "3/4");
    }],
    ["the new stem Bass", (edit) => void edit.add("stems", { ...STEM, name: "Bass" })],
    ["the stem Keys: amp.level \u2192 0.5", (edit) => edit.setSetting({ kind: "stem", id: keys }, "amp.level", 0.5)],
    ["the stem Keys", (edit) => edit.set("stems", keys, { name: "Piano", color: "#abcdef" })],
    ["the stem Keys: name Keys \u2192 Piano", (edit) => edit.set("stems", keys, { name: "Piano" })],
    ["the stem Keys, which was deleted", (edit) => edit.remove("stems", keys)],
  ];
  for (const [words, edit] of cases) {
    const { before, after } = edited(edit, (first) => void (keys = first.add("stems", STEM)));
    assert.equal(words, wordsOf(before, after));
  }
});

test("of many things the first are named, and the rest are counted; details are counted too", () => {
  let [id, loop] = ["", ""];
  const many = edited((edit) => {
    for (const name of ["A", "B", "C", "D", "E", "F"]) edit.add("markers", { name, tick: 0 });
  });
  assert.match(wordsOf(many.before, many.after), /, and 2 more$/);
  const steps = edited(
    (edit) => edit.loop(loop).setStep("kick", 3, { velocity: 90, pitch: null, duration: null, probability: 1, offset: 0 }),
    (edit) => {
      id = edit.add("stems", STEM);
      loop = edit.add("segments", {
        stem: id, kind: "pattern", start: 0, length: 3840, name: "Verse", offset: 0, gain: 0, fade_in: 0,
        fade_out: 0, fade_in_curve: "linear", fade_out_curve: "linear", loop: null, blob: null, frames: 0, notes: new Map(),
      });
    },
  );
  assert.equal("1 step of the loop Verse", wordsOf(steps.before, steps.after));
});

test("a document comes to say what another says by the smallest difference", () => {
  let id = "";
  const { document, wanted, after } = edited(
    (edit) => {
      edit.setTempo(0, { bpm: 77, ramp: false });
      edit.set("stems", id, { name: "Piano" });
      edit.setSetting({ kind: "stem", id }, "amp.level", 0.5);
      edit.add("markers", { name: "Here", tick: 960 });
    },
    (edit) => {
      id = edit.add("stems", STEM);
      edit.add("markers", { name: "Gone", tick: 0 });
    },
  );
  const replica = new Replica();
  replica.apply(document);
  const update = updateToward(document, wanted);
  replica.apply(update);
  assert.deepEqual(after, replica.reader.song());
  assert.deepEqual([], Y.decodeUpdate(updateToward(wanted, wanted)).structs);
});
