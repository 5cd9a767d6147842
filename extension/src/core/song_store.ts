/** What a view of a song reads and does; the shared document stands behind it. */

import type {
  Block, Lock, Marker, Note, Point, Return, Section, Segment, Song, Stem, Tempo, Value,
} from "../gen/models.js";
import type { LoopEdit, LoopStore } from "./loop_store.js";

/** One immutable revision of a song. The same revision is the same object. */
export interface SongRevision {
  readonly song: Song;
}

/** The entities of a song that are maps by id, and what each is. */
export interface Entities {
  readonly blocks: Block;
  readonly stems: Stem;
  readonly returns: Return;
  readonly segments: Segment;
  readonly sections: Section;
  readonly markers: Marker;
}

/** Whose strip, settings and automation are meant. */
export type Channel =
  | { readonly kind: "stem" | "return"; readonly id: string }
  | { readonly kind: "master" };

/** The fields of an entity that are one plain value: its inner maps have edits of their own. */
export type Fields<K extends keyof Entities> = Partial<
  Omit<Entities[K], "id" | "settings" | "sends" | "lanes" | "notes">
>;

/** Changes of a song. All of them, done within one `gesture`, are one undo step. */
export interface SongEdit {
  setName(name: string): void;
  setKey(key: string): void;
  /** Null removes the tempo; the one at tick 0 stays. */
  setTempo(tick: number, tempo: Tempo | null): void;
  setMeter(tick: number, meter: string | null): void;
  setPad(pad: number, loop: string | null): void;
  /** Closes what a lock names to all who may not lock, or opens it. */
  setLock(lock: Lock, closed: boolean): void;
  /**
   * Makes an entity with a fresh id, which it gives back. A pattern segment gets a loop of its own:
   * a copy of the one it names in `loop`, or an empty one.
   */
  add<K extends keyof Entities>(kind: K, entity: Omit<Entities[K], "id">): string;
  set<K extends keyof Entities>(kind: K, id: string, fields: Fields<K>): void;
  /** Removes an entity; a stem goes with its segments, a pattern segment with its loop. */
  remove(kind: keyof Entities, id: string): void;
  /** `key` is "section.parameter"; null goes back to the default. */
  setSetting(channel: Channel, key: string, value: Value | null): void;
  /** 0 removes the send. */
  setSend(stem: string, to: string, level: number): void;
  /** `key` is "section.parameter"; null removes the point. */
  setPoint(channel: Channel, key: string, tick: number, point: Point | null): void;
  /** `id` null makes a note with a fresh id; gives the note's id. */
  setNote(segment: string, id: string | null, note: Note | null): string;
  /** Copies a loop under a fresh id, which it gives back. */
  copyLoop(id: string, name: string): string;
  removeLoop(id: string): void;
  /** Changes within a loop of the song. */
  loop(id: string): LoopEdit;
}

/** A gesture under way. */
export interface SongGesture {
  readonly edit: SongEdit;
  /** Does many edits as one change; `revision` follows when it is done. */
  together?(change: () => void): void;
  /** `code` is the line of Python that does the same, with the song in a variable `song`. */
  end(code: string): void;
}

/** The song as a view sees it. */
export interface SongStore {
  readonly revision: SongRevision;
  subscribe(changed: (revision: SongRevision) => void, signal: AbortSignal): void;
  gesture(): SongGesture;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly editable: boolean;
  /** False where what is locked may not be changed; true unless told. */
  readonly opensLocks?: boolean;
  /** Calls back where an edit was left undone, as what it changes is locked. */
  onLocked?(heard: (lock: Lock) => void, signal: AbortSignal): void;
  /** A store of one loop of this song, for a loop's view. */
  loop(id: string): LoopStore;
}
