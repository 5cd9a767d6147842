/** Keeps a replica and the document in the kernel alike, over the comm of a widget. */

import { news, question, receive } from "../crdt/frames.js";
import type { Replica } from "../crdt/replica.js";
import { bytesOf, tell, type Held, type LiveModel, type Message } from "./model.js";

/** Links until the signal ends it. `held` came before anybody listened. */
export function link(
  model: LiveModel,
  replica: Replica,
  held: readonly Held[],
  signal: AbortSignal,
): void {
  const send = (frame: Uint8Array, gesture = ""): void => {
    tell(() => model.send({ kind: "frame", gesture }, undefined, [frame.slice().buffer]));
  };
  const heard = (message: Message, buffers: DataView[]): void => {
    const [buffer] = buffers;
    if (message.kind !== "frame" || buffer === undefined) return;
    const answer = receive(replica, bytesOf(buffer));
    if (answer !== null) send(answer);
  };
  replica.apply(bytesOf(model.get("_state")));
  for (const message of held) heard(...message);
  model.on("msg:custom", heard);
  signal.addEventListener("abort", () => model.off("msg:custom", heard));
  replica.sendTo((update, gesture) => send(news(update), gesture), signal);
  send(question(replica));
}
