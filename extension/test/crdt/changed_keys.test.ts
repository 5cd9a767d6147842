import assert from "node:assert/strict";
import { test } from "node:test";

import * as Y from "yjs";

import { rootMap } from "../../src/crdt/layout.js";
import { Replica } from "../../src/crdt/replica.js";

function replica(): Replica {
  const doc = new Y.Doc();
  const stem = new Y.Map<unknown>();
  doc.getMap("stems").set("s1", stem);
  stem.set("name", "Bass");
  stem.set("settings", new Y.Map<unknown>([["amp.level", 0.5]]));
  const made = new Replica();
  made.apply(Y.encodeStateAsUpdate(doc));
  return made;
}

test("a gesture tells the keys that it wrote, and undo none", () => {
  const made = replica();
  const told: [string, string[][]][] = [];
  made.onWrote((gesture, keys) => told.push([gesture, keys]), new AbortController().signal);
  const stem = rootMap(made.doc, "stems").get("s1") as Y.Map<unknown>;
  made.transact("1.1", () => {
    stem.set("name", "Low");
    (stem.get("settings") as Y.Map<unknown>).delete("amp.level");
    rootMap(made.doc, "stems").set("s2", new Y.Map([["settings", new Y.Map([["pan", 1]])]]));
  });
  made.endGesture();
  made.undo();
  const [[gesture, keys] = ["", []], ...more] = told;
  assert.equal("1.1", gesture);
  assert.deepEqual([["stems", "s1", "name"], ["stems", "s1", "settings", "amp.level"], ["stems", "s2"]],
    keys.toSorted((one, other) => one.join("/").localeCompare(other.join("/"))));
  assert.deepEqual([], more);
});

test("what others do is nobody's gesture here", () => {
  const made = replica();
  const told: string[] = [];
  made.onWrote((gesture) => told.push(gesture), new AbortController().signal);
  const other = new Y.Doc();
  Y.applyUpdate(other, made.missing());
  other.getMap("song").set("name", "Night");
  made.apply(Y.encodeStateAsUpdate(other));
  assert.deepEqual([], told);
});
