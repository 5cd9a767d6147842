/**
 * An awareness of y-protocols for the tests of Python. In: JSON `{"update": base64, "said":
 * {client: state}}`. Out: what the update told (`states`, `clocks`), and an update that says `said`.
 */

import { readFileSync } from "node:fs";

import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";

const { update, said } = JSON.parse(readFileSync(0, "utf8"));

const reader = new Awareness(new Y.Doc());
const own = reader.clientID;
applyAwarenessUpdate(reader, Buffer.from(update, "base64"), "room");
const states = Object.fromEntries([...reader.states].filter(([client]) => client !== own));
const clocks = Object.fromEntries(
  [...reader.meta].filter(([client]) => client !== own).map(([client, held]) => [client, held.clock]),
);

const writer = new Awareness(new Y.Doc());
for (const [client, state] of Object.entries(said)) {
  if (state !== null) writer.states.set(Number(client), state);
  writer.meta.set(Number(client), { clock: 300, lastUpdated: 0 });
}
const written = encodeAwarenessUpdate(writer, Object.keys(said).map(Number));

process.stdout.write(
  JSON.stringify({ states, clocks, update: Buffer.from(written).toString("base64") }),
);
process.exit(0);
