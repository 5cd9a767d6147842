/**
 * A plain client of the y-websocket provider for the tests of Python: `node yjs_client.mjs <server>
 * <room> <ticket>`. Each line of its input is JSON that it does; each line of its output is what it
 * has seen: `{"people": {client: state}}` whenever that changes, `{"name": …}` of the song.
 */

import { createInterface } from "node:readline";

import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

const [server, room, ticket] = process.argv.slice(2);
const doc = new Y.Doc();
const provider = new WebsocketProvider(server, room, doc, {
  params: { ticket }, WebSocketPolyfill: WebSocket, disableBc: true,
});
const { awareness } = provider;
const print = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

const song = doc.getMap("song");
song.observe(() => print({ name: song.get("name") ?? null }));
awareness.on("change", () => {
  const others = [...awareness.getStates()].filter(([client]) => client !== awareness.clientID);
  print({ people: Object.fromEntries(others), me: awareness.getLocalState() });
});
provider.on("sync", (isSynced) => print({ synced: isSynced, client: awareness.clientID }));

const todo = {
  state: (state) => awareness.setLocalState(state),
  name: (name) => song.set("name", name),
  speakFor: ([client, clock, state]) => {
    awareness.states.set(client, state);
    awareness.meta.set(client, { clock, lastUpdated: Date.now() });
    awareness.emit("update", [{ added: [], updated: [client], removed: [] }, "local"]);
  },
  end: () => { provider.destroy(); process.exit(0); },
};
for await (const line of createInterface({ input: process.stdin })) {
  for (const [what, value] of Object.entries(JSON.parse(line))) todo[what](value);
}
