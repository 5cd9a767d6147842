/** What the shared transport sees of a seat in a room. */

import type { TransportSeat } from "../audio/together/conductor.js";
import type { Seat } from "./seat.js";

export function transportSeatOf(seat: Seat, { line, stamps }: Pick<TransportSeat, "line" | "stamps">): TransportSeat {
  return {
    line,
    stamps,
    get session() {
      return seat.me?.session ?? null;
    },
    get mayLead() {
      return seat.may.has("room.lead");
    },
    playable: (of) => seat.playables.of(of),
    owns: (id) => seat.playables.owns(id),
  };
}
