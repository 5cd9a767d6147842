/** Lets one document say what another says, by the smallest difference. */

import * as Y from "yjs";

import { innerMap, MUSIC, put, rootMap, type Stored } from "./layout.js";

/** The update by which `document` says of its music what `wanted` says. */
export function updateToward(document: Uint8Array, wanted: Uint8Array): Uint8Array {
  const [doc, goal] = [document, wanted].map((bytes) => {
    const made = new Y.Doc();
    Y.applyUpdate(made, bytes);
    return made;
  }) as [Y.Doc, Y.Doc];
  const before = Y.encodeStateVector(doc);
  doc.transact(() => {
    for (const root of MUSIC) follow(rootMap(doc, root), rootMap(goal, root));
  });
  return Y.encodeStateAsUpdate(doc, before);
}

function follow(stored: Stored, wanted: Stored): void {
  for (const key of stored.keys()) if (!wanted.has(key)) stored.delete(key);
  for (const [key, value] of wanted.entries()) {
    const inner = innerMap(stored, key);
    if (!(value instanceof Y.Map)) put(stored, key, value);
    else if (inner === null) stored.set(key, value.clone());
    else follow(inner, value);
  }
}
