import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { Replica } from "../../src/crdt/replica.js";

/** An update of Yjs's first format: one client's operation at `song.<key>`, with this content. */
function anUpdate(client: number, key: string, info: number, content: readonly number[]): Uint8Array {
  const word = (text: string): number[] => [text.length, ...Buffer.from(text)];
  return Uint8Array.from([1, 1, client, 0, info | 32, 1, ...word("song"), ...word(key), ...content, 0]);
}

test("a document holds maps: lists, texts and XML are refused, and nothing of their update is taken", () => {
  const replica = new Replica();
  replica.apply(anUpdate(7, "maps", 7, [1]));
  const before = replica.state;
  for (const type of [0, 2, 3, 4, 5, 6]) {
    assert.throws(() => replica.apply(anUpdate(8, "else", 7, [type, 0])), /maps only/);
  }
  assert.deepEqual(before, replica.state);
  assert.deepEqual({ maps: {} }, replica.doc.getMap("song").toJSON());
});

test("a value beside maps is taken as it is", () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, anUpdate(7, "name", 8, [1, 119, 2, 72, 105]));
  assert.deepEqual({ name: "Hi" }, doc.getMap("song").toJSON());
});
