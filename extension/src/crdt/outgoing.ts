/** Edits on their way to a room: kept here first, then sent, and remembered until they are kept there. */

import * as Y from "yjs";

import { NO_COPY, type KeptEdit, type LocalCopy } from "./local_copy.js";

/** An update that tells nothing. */
const EMPTY = new Uint8Array([0, 0]);

/** What was done without the room goes out in pieces of about so many bytes. */
const PIECE_BYTES = 1_000_000;

interface Edit {
  readonly update: Uint8Array;
  /** Where it lies in this browser. */
  readonly keys: number[];
  /** How many changes it holds. */
  readonly count: number;
  readonly since: number;
  /** Its number on the line; 0 while it was not sent over the one that is open. */
  number: number;
  /** Whether it was kept here, or cannot be. */
  isWritten: boolean;
  isGone: boolean;
}

export interface Pace {
  later(callback: () => void, wait: number): () => void;
  now(): number;
}

export class Outgoing {
  #fresh: Uint8Array[] = [];
  #freshSince = 0;
  #edits: Edit[] = [];
  #done: number[] = [];
  #copy: LocalCopy = NO_COPY;
  #isOpen = false;
  #isPaced = false;
  #number = 0;

  constructor(
    private readonly pace: Pace,
    private readonly paceMs: number,
    private readonly send: (edit: { readonly number: number; readonly update: Uint8Array }) => boolean,
    private readonly changed: () => void,
    /** The founding of the document that is edited. */
    private readonly epoch: () => string,
  ) {}

  /** Changes that the room is not known to have. */
  get count(): number {
    return this.#edits.reduce((sum, { count }) => sum + count, this.#fresh.length);
  }

  /** What is on its way. */
  get updates(): readonly Uint8Array[] {
    return this.#edits.map(({ update }) => update);
  }

  /** When the one was made that has waited longest. */
  get since(): number | null {
    return this.#edits[0]?.since ?? (this.#fresh.length > 0 ? this.#freshSince : null);
  }

  /** A change of this page. The first goes at once, the ones behind it together. */
  add(update: Uint8Array): void {
    if (this.#fresh.length === 0) this.#freshSince = this.pace.now();
    this.#fresh.push(update);
    this.#pump();
    this.changed();
  }

  /** What else the room lacks; it lies elsewhere already. */
  include(update: Uint8Array): void {
    if (!isEmpty(update)) this.#edits.push(this.#edit(update, [], 1, true));
  }

  /** Edits that were kept here by an earlier page: they go before those of this one. */
  load(kept: readonly KeptEdit[]): void {
    this.#edits.unshift(...kept.map(({ update, key }) => this.#edit(update, [key], 1, true)));
    this.#sendAll();
    this.changed();
  }

  /** Keeps what waits, and what comes, in a copy. */
  keepIn(copy: LocalCopy): void {
    this.#copy = copy;
    for (const edit of this.#edits) if (edit.isWritten && edit.keys.length === 0) void this.#write(edit);
  }

  /** The line is open; the room has seen what its `state` says. */
  open(state: Uint8Array): void {
    this.#isOpen = true;
    this.#number = 0;
    const written = this.#edits.filter((edit) => edit.isWritten);
    const others = this.#edits.filter((edit) => !edit.isWritten);
    this.#edits = [...pieces(written).flatMap((piece) => this.#trimmed(piece, state)), ...others];
    this.#sendAll();
    this.changed();
  }

  cut(): void {
    this.#isOpen = false;
    for (const edit of this.#edits) edit.number = 0;
  }

  /** All up to a number are on the room's disk. */
  kept(number: number): void {
    const isKept = (edit: Edit): boolean => edit.number > 0 && edit.number <= number;
    this.#end(this.#edits.filter(isKept));
  }

  /** Takes out what has a number from this one on, or none, and what was not sent. */
  takeFrom(number: number): { readonly updates: readonly Uint8Array[]; readonly keys: readonly number[] } {
    this.#bundle();
    const all = this.#edits;
    const keys = all.flatMap((edit) => edit.keys);
    this.#end(all);
    this.#done = this.#done.filter((key) => !keys.includes(key));
    const refused = all.filter((edit) => edit.number === 0 || edit.number >= number);
    return { updates: refused.map(({ update }) => update), keys };
  }

  /** Forgets all of it; what lies in this browser stays there. */
  clear(): void {
    this.#fresh = [];
    this.#end(this.#edits);
    this.#done = [];
  }

  /** Keys of edits that the room has. */
  takeKept(): readonly number[] {
    return this.#done.splice(0);
  }

  /** Keeps at once what was done last. */
  flush(): void {
    const edit = this.#bundle();
    if (edit !== null) void this.#write(edit);
  }

  #pump(): void {
    if (this.#isPaced || this.#fresh.length === 0) return;
    this.#isPaced = true;
    this.pace.later(() => {
      this.#isPaced = false;
      this.#pump();
    }, this.paceMs);
    this.flush();
  }

  #bundle(): Edit | null {
    const fresh = this.#fresh.splice(0);
    if (fresh.length === 0) return null;
    const edit = this.#edit(merged(fresh), [], fresh.length, false);
    this.#edits.push(edit);
    return edit;
  }

  #edit(update: Uint8Array, keys: number[], count: number, isWritten: boolean): Edit {
    const since = isWritten ? this.pace.now() : this.#freshSince;
    return { update, keys, count, since, number: 0, isWritten, isGone: false };
  }

  async #write(edit: Edit): Promise<void> {
    const key = await this.#copy.keepEdit(edit.update, this.epoch());
    if (key !== null) (edit.isGone ? this.#done : edit.keys).push(key);
    edit.isWritten = true;
    this.#sendAll();
  }

  /** In the order in which they were made; one that is not written yet holds up those behind it. */
  #sendAll(): void {
    for (const edit of this.#edits) {
      if (!this.#isOpen || !edit.isWritten) return;
      if (edit.number > 0) continue;
      if (!this.send({ number: this.#number + 1, update: edit.update })) return;
      this.#number += 1;
      edit.number = this.#number;
    }
  }

  /** One edit out of several, without what the room has; none where it has all. */
  #trimmed(edits: readonly Edit[], state: Uint8Array): readonly Edit[] {
    const [first] = edits;
    if (first === undefined) return [];
    const update = Y.diffUpdate(merged(edits.map((edit) => edit.update)), state);
    const keys = edits.flatMap((edit) => edit.keys);
    if (isEmpty(update)) {
      this.#done.push(...keys);
      return [];
    }
    const count = edits.reduce((sum, edit) => sum + edit.count, 0);
    return [{ ...first, update, keys, count, number: 0 }];
  }

  #end(ended: readonly Edit[]): void {
    for (const edit of ended) {
      edit.isGone = true;
      this.#done.push(...edit.keys);
    }
    this.#edits = this.#edits.filter((edit) => !edit.isGone);
  }
}

/** One update out of many. */
export function merged(updates: readonly Uint8Array[]): Uint8Array {
  const [first = EMPTY] = updates;
  return updates.length < 2 ? first : Y.mergeUpdates([...updates]);
}

export function isEmpty(update: Uint8Array): boolean {
  return update.length === 2 && update[0] === 0 && update[1] === 0;
}

function pieces(edits: readonly Edit[]): Edit[][] {
  const found: Edit[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const edit of edits) {
    size += edit.update.length;
    if (size > PIECE_BYTES) found.push([]);
    if (size > PIECE_BYTES) size = edit.update.length;
    found.at(-1)?.push(edit);
  }
  return found;
}
