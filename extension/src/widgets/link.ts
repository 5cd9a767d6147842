/** Keeps a replica and the document in the kernel alike, over the comm of a widget. */

import { news, question, receive } from "../crdt/frames.js";
import { ROOM, type Replica } from "../crdt/replica.js";
import { bytesOf, tell, type Held, type LiveModel, type Message } from "./model.js";
import type { RoomTie } from "./room_tie.js";

/**
 * Links until the signal ends it. `held` came before anybody listened. The comm is silent where the
 * room carries the music, and where the room's document has taken the place of the kernel's.
 */
export function link(
  model: LiveModel,
  replica: Replica,
  tie: RoomTie,
  held: readonly Held[],
  signal: AbortSignal,
): void {
  let { generation } = replica;
  const isTied = (): boolean => !tie.carries && replica.generation === generation;
  const send = (frame: Uint8Array, gesture = ""): void => {
    tell(() => model.send({ kind: "frame", gesture }, undefined, [frame.slice().buffer]));
  };
  const heard = (message: Message, buffers: DataView[]): void => {
    const [buffer] = buffers;
    if (message.kind !== "frame" || buffer === undefined || !isTied()) return;
    const answer = receive(replica, bytesOf(buffer));
    if (answer !== null) send(answer);
  };
  if (generation === 0) replica.apply(bytesOf(model.get("_state")));
  for (const message of held) heard(...message);
  model.on("msg:custom", heard);
  signal.addEventListener("abort", () => model.off("msg:custom", heard));
  replica.sendTo((update, gesture, from) => {
    if (isTied() && (from !== ROOM || tie.bridges)) send(news(update), gesture);
  }, signal, [ROOM]);
  tie.subscribe(() => {
    if (tie.seat !== null) return;
    generation = replica.generation;
    send(question(replica));
  }, signal);
  if (isTied()) send(question(replica));
}
