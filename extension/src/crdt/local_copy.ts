/** What a page keeps of a piece on its own machine, so that nothing is lost without the room. */

import type { Draft } from "../core/room.js";

/** An edit that no room is known to have; its key is the place where it lies. */
export interface KeptEdit {
  readonly key: number;
  readonly update: Uint8Array;
  /** The founding of the document that it goes on with. */
  readonly epoch: string;
}

/** A command that no room is known to have done; under its id it is done once, however often it is sent. */
export interface KeptCommand {
  readonly id: string;
  readonly name: string;
  readonly body: object;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A draft, with what was refused and the whole song with it. */
export interface KeptDraft extends Draft {
  readonly update: Uint8Array;
  readonly document: Uint8Array;
}

export interface KeptPiece {
  /** The document as it was last in step with the room; null where there is none. */
  readonly document: Uint8Array | null;
  readonly epoch: string;
  readonly seq: number;
  readonly edits: readonly KeptEdit[];
  readonly drafts: readonly KeptDraft[];
  /** Oldest first. */
  readonly commands: readonly KeptCommand[];
}

/** The copy of one piece, for one person at one server. */
export interface LocalCopy {
  load(): Promise<KeptPiece>;
  /** Keeps an edit; null where nothing can be kept here. */
  keepEdit(update: Uint8Array, epoch: string): Promise<number | null>;
  /** The document as it is now takes the place of what was kept, and of these edits. */
  settle(document: Uint8Array, epoch: string, seq: number, keys: readonly number[]): Promise<void>;
  /** A draft comes, and the edits that it holds and the document that held them go. */
  setAside(draft: KeptDraft | null, keys: readonly number[]): Promise<void>;
  putDraft(draft: KeptDraft): Promise<void>;
  dropDraft(id: string): Promise<void>;
  /** Keeps a command; false where nothing can be kept here. */
  keepCommand(command: KeptCommand): Promise<boolean>;
  dropCommand(id: string): Promise<void>;
}

export const NOTHING_KEPT: KeptPiece = { document: null, epoch: "", seq: 0, edits: [], drafts: [], commands: [] };

/** Keeps nothing: on a computer of several people, or where the browser has no room for it. */
export const NO_COPY: LocalCopy = {
  load: () => Promise.resolve(NOTHING_KEPT),
  keepEdit: () => Promise.resolve(null),
  settle: () => Promise.resolve(),
  setAside: () => Promise.resolve(),
  putDraft: () => Promise.resolve(),
  dropDraft: () => Promise.resolve(),
  keepCommand: () => Promise.resolve(false),
  dropCommand: () => Promise.resolve(),
};
