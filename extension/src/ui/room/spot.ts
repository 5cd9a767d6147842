/** Where the views of one room stand: who speaks of a bar takes it from here, and goes there. */

import type { Room } from "../../core/room.js";
import type { CommentTarget } from "../../core/room_api.js";

/** Shared by all views of a room in the page. */
export interface Spot {
  /** The tick that the views stand at. */
  tick: number;
  /** What is selected there, and how it is called; null where nothing is. */
  selected: { readonly target: CommentTarget; readonly words: string } | null;
  /** Shows a place in every view. */
  go(tick: number): void;
  /** Opens a comment wherever comments are shown. */
  openComment(id: string): void;
  /** Begins a comment wherever comments are written. */
  begin(target: CommentTarget, words: string): void;
  on<K extends keyof SpotEvents>(kind: K, heard: (event: SpotEvents[K]) => void, signal: AbortSignal): void;
  /** Says that `tick` or `selected` is another. */
  moved(): void;
}

export interface SpotEvents {
  readonly go: number;
  readonly moved: null;
  readonly comment: string;
  readonly begin: { readonly target: CommentTarget; readonly words: string };
}

const spots = new WeakMap<Room, Spot>();

/** The spot of a room. */
export function spotOf(room: Room): Spot {
  const known = spots.get(room) ?? createSpot();
  spots.set(room, known);
  return known;
}

function createSpot(): Spot {
  const events = new EventTarget();
  const tell = (kind: keyof SpotEvents, detail: unknown): void =>
    void events.dispatchEvent(new CustomEvent(kind, { detail }));
  return {
    tick: 0,
    selected: null,
    go: (tick) => tell("go", tick),
    openComment: (id) => tell("comment", id),
    begin: (target, words) => tell("begin", { target, words }),
    on: (kind, heard, signal) =>
      events.addEventListener(kind, (event) => heard((event as CustomEvent).detail), { signal }),
    moved: () => tell("moved", null),
  };
}
