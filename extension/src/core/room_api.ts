/** What a room keeps in lists: what was said in it, what was done, and what the song was before. */

import type { Anchor } from "../gen/rest.js";
import type { SongRevision } from "./song_store.js";
import type { News, RoomPerson } from "./room.js";

/** Who said or did something; they may be gone by now. */
export type Author = Pick<RoomPerson, "name" | "color"> & { readonly id: string };

export interface ChatLine {
  readonly id: string;
  /** Lines count 1, 2, 3 … in their room. */
  readonly number: number;
  readonly author: Author;
  /** Times are ISO texts. */
  readonly at: string;
  readonly text: string;
  /** Where in the song it points; null points nowhere. */
  readonly tick: number | null;
}

/** Newest first, with more behind it. */
export interface Newest<T> {
  readonly items: readonly T[];
  /** What to ask with for what came before; null where that is all. */
  readonly before: string | null;
}

/** What a comment is on: a place of the song, and the thing there that it goes along with. */
export interface CommentPlace {
  /** "song", "bar", "stem", "segment", "note", "loop", "step" and others of their kind. */
  readonly kind: string;
  /** The id of the thing that it is on, or "". */
  readonly of: string;
  /** The cell of a loop's step; null elsewhere. */
  readonly cell: number | null;
  /** The tick at which it stands now; null where it has none. */
  readonly tick: number | null;
  /** "bar 5", "note C4 of Bass, bar 3"; of what is gone, as it was called last. */
  readonly words: string;
  /** What it was on has been deleted. */
  readonly isGone: boolean;
}

export interface Reply {
  readonly id: string;
  /** Comments and answers count 1, 2, 3 … in their room. */
  readonly number: number;
  readonly author: Author;
  readonly at: string;
  readonly text: string;
}

export interface Comment extends Reply {
  readonly place: CommentPlace;
  /** What it stands on, to find its place again as the song changes; null where it is not known. */
  readonly anchor: Anchor | null;
  readonly isResolved: boolean;
  /** It is gone, and its answers have stayed. */
  readonly isRemoved: boolean;
  readonly replies: readonly Reply[];
}

/** Where a new comment goes. */
export type CommentTarget =
  | { readonly kind: "song" }
  | { readonly kind: "bar" | "tick"; readonly tick: number }
  | { readonly kind: "stem" | "segment" | "loop" | "block" | "section"; readonly id: string }
  | { readonly kind: "note"; readonly id: string; readonly segment: string }
  | { readonly kind: "step"; readonly id: string; readonly row: string; readonly cell: number };

/** One thing that somebody did, in words. */
export interface Happening {
  readonly id: string;
  readonly author: Author | null;
  readonly at: string;
  readonly words: string;
  readonly seq: number;
}

/** What others did since one was here last. */
export interface Away {
  readonly edits: number;
  readonly messages: number;
  readonly comments: number;
  readonly people: readonly Author[];
  /** Newest first. */
  readonly revisions: readonly PastRevision[];
}

/** What somebody wrote of what is there: 0 … 1. */
export interface ContributionShare {
  readonly author: Author;
  readonly edits: number;
  readonly share: number;
}

/** Edits of one person that belong together. */
export interface PastRevision {
  readonly seq: number;
  readonly fromSeq: number;
  readonly at: string;
  readonly author: Author | null;
  readonly words: string;
  readonly version: string | null;
}

/** Newest first. */
export interface PastList {
  readonly items: readonly PastRevision[];
  readonly hasMore: boolean;
}

export interface PastVersion {
  readonly id: string;
  readonly seq: number;
  readonly name: string;
  readonly isAutomatic: boolean;
  readonly author: Author | null;
  readonly at: string;
}

export interface Difference {
  readonly words: string;
  readonly changes: readonly { readonly where: string; readonly text: string; readonly bars: readonly number[] }[];
}

/** The whole, one stem of it, or bars `from` … `to`, counted from 1. */
export type Part =
  | { readonly kind: "whole" }
  | { readonly kind: "stem"; readonly stem: string }
  | { readonly kind: "bars"; readonly from: number; readonly to: number };

/** Two people set one field within a few seconds. */
export interface Conflict {
  readonly id: string;
  /** The map of the document that holds the field, and its key there (schema/SPEC.md, "Layout"). */
  readonly path: readonly string[];
  readonly key: string;
  /** "The tempo at bar 1" */
  readonly words: string;
  readonly other: Author;
  /** As the document stores them; null is removed. */
  readonly mine: unknown;
  readonly theirs: unknown;
  /** Which of them the document says now. */
  readonly stands: "mine" | "theirs";
  /** Both want the same now, or the field is gone. */
  readonly isSettled: boolean;
}

/** Rejects with `RoomError`. */
export interface RoomApi {
  messages(before: string | null): Promise<Newest<ChatLine>>;
  say(text: string, tick: number | null): Promise<void>;
  /** The line that news of the kind "chat" tells of. */
  lineOf(news: News): ChatLine | null;
  /** What news of the kind "conflict" tells of, where it is about something of one's own. */
  conflictOf(news: News): Conflict | null;
  comments(): Promise<readonly Comment[]>;
  comment(text: string, target: CommentTarget): Promise<void>;
  reply(comment: string, text: string): Promise<void>;
  resolve(comment: string, isResolved: boolean): Promise<void>;
  removeComment(id: string): Promise<void>;
  activity(before: string | null): Promise<Newest<Happening>>;
  /** What others did while one was away; null where nothing happened, or it was read. */
  readonly away: Away | null;
  onAway(heard: () => void, signal: AbortSignal): void;
  dropAway(): void;
  contributions(): Promise<readonly ContributionShare[]>;
  revisions(before: number | null): Promise<PastList>;
  versions(): Promise<readonly PastVersion[]>;
  /** Keeps a revision, or the present one, under a name. */
  nameVersion(name: string, seq: number | null): Promise<void>;
  /** With the song as it is now, where `to` is null. */
  compare(from: number, to: number | null): Promise<Difference>;
  songAt(seq: number): Promise<SongRevision>;
  restore(seq: number, part: Part): Promise<void>;
}
