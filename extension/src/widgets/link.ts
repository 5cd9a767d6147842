/** Keeps a replica and the document in the kernel alike, over the comm of a widget. */

import { news, question, receive } from "../crdt/frames.js";
import { KERNEL, ROOM, type Replica } from "../crdt/replica.js";
import { bytesOf, documentOf, tell, type Held, type LiveModel, type Message } from "./model.js";
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
  const isTied = (): boolean => !tie.carries && !replica.isOfRoom;
  const send = (frame: Uint8Array, gesture = ""): void => {
    tell(() => model.send({ kind: "frame", gesture }, undefined, [frame.slice().buffer]));
  };
  const heard = (message: Message, buffers: DataView[]): void => {
    const [buffer] = buffers;
    if (message.kind !== "frame" || buffer === undefined || !isTied()) return;
    const answer = receive(replica, bytesOf(buffer));
    if (answer !== null) send(answer);
  };
  if (isTied()) replica.apply(bytesOf(model.get("_state")));
  for (const message of held) heard(...message);
  listen(model, "msg:custom", heard, signal);
  replica.sendTo((update, gesture, from) => {
    if (isTied() && (from !== ROOM || tie.bridges)) send(news(update), gesture);
  }, signal, [ROOM]);
  // The kernel hears of it by the room: that it was done here makes it a step of the kernel's undo.
  replica.onWrote((gesture, keys) => {
    if (tie.carries) tell(() => model.send({ kind: "claim", gesture, keys }));
  }, signal);
  followKernel(model, replica, tie, () => send(question(replica)), signal);
  if (isTied()) send(question(replica));
}

/** The kernel has another replica of the same document, or has left the room: the page follows. */
function followKernel(
  model: LiveModel, replica: Replica, tie: RoomTie, ask: () => void, signal: AbortSignal,
): void {
  const document = documentOf(model);
  listen(model, "change:_document_id", () => {
    if (documentOf(model) !== document || tie.carries) return;
    replica.become([bytesOf(model.get("_state"))], KERNEL);
  }, signal);
  tie.subscribe(() => {
    if (tie.seat !== null) return;
    replica.isOfRoom = false;
    ask();
  }, signal);
}

function listen(
  model: LiveModel, event: "change:_document_id" | "msg:custom",
  heard: (message: Message, buffers: DataView[]) => void, signal: AbortSignal,
): void {
  model.on(event as "msg:custom", heard);
  signal.addEventListener("abort", () => model.off(event, heard));
}
