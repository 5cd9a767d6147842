/** What views see of a room: who is there, how well it is reached, and what is said in it. */

import type { Action, Role } from "../gen/policy.js";
import type { SharedTransport } from "./shared_transport.js";

/**
 * `joining`: on the way in. `live`: edits reach the room, and are kept. `slow`: they wait for more
 * than two seconds. `offline`: they are kept here until the room is reached again. `read-only`: the
 * room is reached, and nothing may be edited. `refused`: an edit was not taken and lies in a draft.
 * `closed`: the right to be here is gone.
 */
export type LinkState =
  | "joining" | "live" | "slow" | "offline" | "read-only" | "refused" | "closed";

export interface RoomPerson {
  readonly id: string;
  readonly name: string;
  /** A CSS colour that the server gave, the same for everybody. */
  readonly color: string;
  readonly kind: "user" | "guest";
}

export type Via = "page" | "jam" | "kernel" | "other";

/** Somebody's presence; one person may be here several times. */
export interface Participant {
  readonly session: number;
  readonly isMe: boolean;
  readonly person: RoomPerson;
  readonly role: Role | null;
  readonly via: Via;
  readonly activity: "editing" | "listening" | "idle";
  /** What they look at: "song", "loop:<id>", "roll:<segment id>", "text:<id>", or "". */
  readonly place: string;
  readonly cursor: Cursor | null;
}

/** Where somebody points: numbers mean what the place makes of them. */
export interface Cursor {
  /** `grid`: row, cell. `timeline`: lane, tick. `roll`: pitch, tick. `text`: from, to. */
  readonly kind: "grid" | "timeline" | "roll" | "text" | "code";
  readonly a: number;
  readonly b: number;
}

/** What can be told of; the answer to a command holds the revision at which it became true. */
export type News = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** A change that was not taken, kept for its author. */
export interface Draft {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: string;
  readonly cure: string;
  /** What it would have changed, in words. */
  readonly words: string;
}

/** A line of chat that the room is not known to have heard. */
export interface WaitingLine {
  readonly id: string;
  readonly text: string;
  readonly tick: number | null;
  /** Whether it lies in this browser, and so outlives the page. */
  readonly isKept: boolean;
  /** Why the room did not take it; null while it waits. */
  readonly refusal: string | null;
}

/** What is measured of the link. */
export interface LinkFigures {
  /** Milliseconds there and back; null before the first probe. */
  readonly roundTrip: number | null;
  /** Bytes a second over the last ten seconds. */
  readonly sent: number;
  readonly received: number;
  /** Edits that are not on the server's disk yet. */
  readonly unsaved: number;
}

export type RoomTopic = "state" | "people" | "cursors" | "drafts" | "figures" | "rights" | "waiting";

/** One page's seat in a room. */
export interface Room {
  readonly piece: string;
  /** How the piece is called; "" until its music is there. */
  readonly name: string;
  readonly state: LinkState;
  /** One sentence about the state, with what to do, where there is something to say. */
  readonly reason: string;
  readonly me: Participant | null;
  readonly participants: readonly Participant[];
  readonly role: Role | null;
  readonly may: ReadonlySet<Action>;
  readonly figures: LinkFigures;
  readonly drafts: readonly Draft[];
  /** In the order in which they were written. */
  readonly waiting: readonly WaitingLine[];
  /** The document's revision as of the last frame. */
  readonly seq: number;
  readonly transport: SharedTransport;
  subscribe(topic: RoomTopic, changed: () => void, signal: AbortSignal): void;
  onNews(heard: (news: News) => void, signal: AbortSignal): void;
  /** Says where one looks and points; what is said more often than is sent is passed over. */
  setPlace(place: string): void;
  point(cursor: Cursor | null): void;
  setActivity(activity: Participant["activity"]): void;
  /**
   * Does a named command; `id` is made here, so that it is done once however often it is sent.
   * Rejects with the server's error (`RoomError`).
   */
  command<T>(name: string, body: object): Promise<{ readonly seq: number; readonly value: T }>;
  /** The draft's song as a fork of one's own; gives the new piece's id. */
  forkDraft(id: string): Promise<string>;
  dropDraft(id: string): void;
  /** Forgets a line that was not taken, or is not to be sent any more. */
  dropWaiting(id: string): void;
  /** Tries to come in again now. */
  retry(): void;
}

/** What the room answered instead. */
export class RoomError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly cure: string,
  ) {
    super(message);
  }
}
