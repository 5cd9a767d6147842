/** How a view takes its seat in a room. */

import type { Sounding } from "../scene.js";
import type { RoomScene, RoomSeat } from "./room_scene.js";

/** The room of a view, at once or later; null where it has none. */
export type Seating = RoomSeat | Promise<RoomSeat | null> | null;

/** Who plays for themselves listens. */
export function followPlaying(view: Pick<Sounding, "player" | "playable" | "signal">, scene: RoomScene): void {
  let was = false;
  view.player.subscribe(() => {
    const isPlaying = view.player.stateOf(view.playable().id) === "playing";
    if (isPlaying !== was) scene.room.setActivity(isPlaying ? "listening" : "idle");
    was = isPlaying;
  }, view.signal);
}

/** A seat may come later than its view. */
export function whenSeated(
  seat: Seating | undefined, signal: AbortSignal, join: (seat: RoomSeat) => void,
): void {
  if (seat === null || seat === undefined) return;
  if (!(seat instanceof Promise)) return join(seat);
  void seat.then((found) => {
    if (found !== null && !signal.aborted) join(found);
  });
}
