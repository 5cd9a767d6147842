/** The rooms in which this page sits: one seat for each piece, whoever asked for it first. */

import type { Room } from "./room.js";

const CHANGED = "changed";

interface Held {
  readonly room: Room;
  readonly leave: () => void;
  users: number;
}

/** All bundles of a page see the same rooms. */
interface Shared {
  readonly held: Map<string, Held>;
  readonly news: EventTarget;
}

const KEY = Symbol.for("cellissimo.rooms");
const page = globalThis as { [KEY]?: Shared };

function shared(): Shared {
  return (page[KEY] ??= { held: new Map(), news: new EventTarget() });
}

/** The rooms of the page, those that were entered first at the front. */
export function roomsOfPage(): readonly Room[] {
  return [...shared().held.values()].map(({ room }) => room);
}

/** The page's seat in the room of a piece; null where it has none. */
export function roomOf(piece: string): Room | null {
  return shared().held.get(piece)?.room ?? null;
}

/** Calls back when the page has entered or left a room, until the signal ends it. */
export function onRooms(changed: () => void, signal: AbortSignal): void {
  shared().news.addEventListener(CHANGED, changed, { signal });
}

/**
 * The page's seat in the room of a piece, made where there is none. It is left when the signals of
 * all who asked for it have ended.
 */
export function shareRoom<R extends Room>(
  piece: string, enter: (signal: AbortSignal) => R, signal: AbortSignal,
): R {
  const { held, news } = shared();
  let seat = held.get(piece);
  if (seat === undefined) {
    const controller = new AbortController();
    seat = { room: enter(controller.signal), leave: () => controller.abort(), users: 0 };
    held.set(piece, seat);
    news.dispatchEvent(new Event(CHANGED));
  }
  const mine = seat;
  mine.users += 1;
  signal.addEventListener("abort", () => {
    mine.users -= 1;
    if (mine.users > 0) return;
    held.delete(piece);
    mine.leave();
    news.dispatchEvent(new Event(CHANGED));
  }, { once: true });
  return mine.room as R;
}
