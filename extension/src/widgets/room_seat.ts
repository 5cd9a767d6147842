/** A seat in a room as views take it: with its lists, and a way to the whole room. */

import { ReplicaSongStore } from "../crdt/song_store.js";
import { RoomLists } from "../rooms/lists.js";
import type { Access } from "../rooms/rest.js";
import type { Seat } from "../rooms/seat.js";
import type { RoomSeat } from "../ui/room/room_scene.js";
import type { RoomTie } from "./room_tie.js";

/** Where a front end that has a place for rooms leaves a way to show one. */
const OPENER = Symbol.for("cellissimo.openRoom");

type Open = (piece: string, title: string) => void;

const seats = new WeakMap<Seat, RoomSeat>();

/** The seat for views; those of one seat share its lists. */
export function seatFor(seat: Seat, access: Access): RoomSeat {
  const known = seats.get(seat);
  if (known !== undefined) return known;
  const song = new ReplicaSongStore(seat.replica, () => undefined);
  const made = { room: seat, song, api: new RoomLists(seat, access, new AbortController().signal), openRoom: openerOf(seat) };
  seats.set(seat, made);
  return made;
}

/** The seat of a widget's piece, once it has a room; it is waited for no longer than the signal. */
export function seating(tie: RoomTie, signal: AbortSignal): Promise<RoomSeat | null> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (tie.seat !== null && tie.access !== null) resolve(seatFor(tie.seat, tie.access));
    };
    tie.subscribe(look, signal);
    signal.addEventListener("abort", () => resolve(null), { once: true });
    look();
  });
}

function openerOf(seat: Seat): (() => void) | null {
  const open = (globalThis as { [OPENER]?: Open })[OPENER];
  return open === undefined ? null : () => open(seat.piece, seat.name);
}
