/** The bundle that all widgets of a page share: one connection for each kind of widget. */

import { page } from "../audio/page.js";
import { LoopConnection } from "./loop.js";
import type { AnyModel, Bundle, Connection, Held, Kind, Message, Model, SongModel } from "./model.js";
import { PlayerConnection, type PlayerModel } from "./player.js";
import { SongConnection } from "./song.js";

type Connect = Bundle["connect"];

/** Another kind of widget joins here: its connection, by the name that its `_kind` says. */
const CONNECTIONS: Readonly<Partial<Record<Kind, Connect>>> = {
  loop: (model, held, signal) => new LoopConnection(model as Model, held as Held<Message>[], signal),
  song: (model, held, signal) =>
    new SongConnection(model as SongModel, held as Held<Message>[], signal),
  player: (model, _, signal) => new PlayerConnection(model as PlayerModel, signal),
};

/** Connects one widget's model to what it shows. */
export function connect(
  model: AnyModel,
  held: Parameters<Connect>[1],
  signal: AbortSignal,
): Connection {
  const kind = model.get("_kind") ?? "loop";
  const connection = CONNECTIONS[kind];
  if (connection === undefined) throw new Error(`this bundle shows no ${kind}; reload the page`);
  return connection(model, held, signal);
}

export { joinRoom } from "../rooms/join.js";
export { page };
export { showRoom, showSong } from "./room_views.js";
