/**
 * Replicas of Yjs that do what they are told, one line of JSON after the other: `{"do", "peer", …}`
 * is answered by one line. `edit` sets keys of a loop's steps (null removes one) and gives the
 * update; `apply` takes updates in; `state` and `missing` are what the sync protocol asks for.
 */

import { createInterface } from "node:readline";

import * as Y from "yjs";

const docs = new Map();

function act({ do: what, peer, ...given }) {
  if (what === "new") {
    const doc = new Y.Doc();
    doc.clientID = given.client;
    docs.set(peer, doc);
    return {};
  }
  const doc = docs.get(peer);
  switch (what) {
    case "apply":
      for (const update of given.updates) Y.applyUpdate(doc, Buffer.from(update, "base64"));
      return {};
    case "edit": {
      const updates = [];
      const heard = (update) => updates.push(update);
      doc.on("update", heard);
      doc.transact(() => set(doc, given));
      doc.off("update", heard);
      return { updates: updates.map(base64) };
    }
    case "state":
      return { state: base64(Y.encodeStateVector(doc)) };
    case "missing":
      return { update: base64(Y.encodeStateAsUpdate(doc, Buffer.from(given.state, "base64"))) };
    default:
      throw new Error(`nothing is called ${what}`);
  }
}

function set(doc, { loop, keys }) {
  const steps = doc.getMap("loops").get(loop)?.get("steps");
  if (steps === undefined) return;
  for (const [key, value] of Object.entries(keys)) {
    if (value === null) steps.delete(key);
    else steps.set(key, value);
  }
}

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(act(JSON.parse(line)))}\n`);
}
