/** The line to a room, as those see it who speak over it: frames by kind, out and in. */

/** The kinds of frames (crdt/WIRE.md). */
export const KIND = {
  sync: 0, presence: 1, askPresence: 3, hello: 100, edit: 101, kept: 102, refused: 103,
  changes: 104, cursor: 105, clock: 106, transport: 107, news: 108, command: 109,
} as const;

export type Kind = (typeof KIND)[keyof typeof KIND];

/** A line that may be cut and come back. */
export interface RoomLine {
  readonly isOpen: boolean;
  /** Sends the body of one frame; false where the line is cut, and nothing was sent. */
  send(kind: Kind, body: Uint8Array): boolean;
  /** Calls back for each frame of a kind, in order; `at` is `performance.now()` at its arrival. */
  on(kind: Kind, heard: (body: Uint8Array, at: number) => void, signal: AbortSignal): void;
  /** Calls back when the room has answered HELLO, and when the line is cut. */
  subscribe(changed: (isOpen: boolean) => void, signal: AbortSignal): void;
}

/** The room's time at which an edit is kept: its stamp decides when all hear it. */
export interface Stamps {
  /** Calls back for each batch of edits, others' and one's own, in the order of the journal. */
  onStamp(heard: (stamp: number, seq: number) => void, signal: AbortSignal): void;
  /** Whether edits of one's own are on their way. */
  readonly isWaiting: boolean;
}
