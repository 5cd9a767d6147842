/** Changes that were not taken, kept for their author until they drop them or fork them. */

import * as Y from "yjs";

import type { Song } from "../gen/models.js";
import { wordsOf } from "../core/song_words.js";
import type { KeptDraft, LocalCopy } from "./local_copy.js";
import { SongReader } from "./read.js";
import type { Replica } from "./replica.js";
import { newId } from "./song_edit.js";

/** Of a piece; older ones than so many go. */
const MOST = 50;

export class Drafts {
  #all: readonly KeptDraft[] = [];

  constructor(
    /** Milliseconds since 1970. */
    private readonly date: () => number,
    private readonly changed: () => void,
  ) {}

  /** Oldest first. */
  get all(): readonly KeptDraft[] {
    return this.#all;
  }

  /** Takes in what was kept; what is here already stays. */
  load(kept: readonly KeptDraft[]): void {
    const ids = new Set(this.#all.map(({ id }) => id));
    this.#show([...kept.filter(({ id }) => !ids.has(id)), ...this.#all]);
  }

  /** A draft of an update that was refused, out of the document that holds it. */
  make(reason: string, cure: string, update: Uint8Array, document: Uint8Array): KeptDraft {
    const draft = { id: newId(), at: this.date(), reason, cure, words: "", update, document };
    this.#show([...this.#all, draft]);
    return draft;
  }

  /**
   * Says what a draft would have changed in the document as it is now, which it goes along with
   * from then on. A draft that does not fit there keeps the document that it came out of.
   */
  complete(draft: KeptDraft, now: Replica): KeptDraft {
    const fitting = laidOver(now.missing(), draft.update);
    const document = fitting ?? draft.document;
    const complete = { ...draft, document, words: wordsOf(now.reader.song(), songOf(document)) };
    this.#show(this.#all.map((one) => (one.id === draft.id ? complete : one)));
    return complete;
  }

  find(id: string): KeptDraft | null {
    return this.#all.find((draft) => draft.id === id) ?? null;
  }

  async drop(id: string, copy: LocalCopy): Promise<void> {
    this.#show(this.#all.filter((draft) => draft.id !== id));
    await copy.dropDraft(id);
  }

  #show(all: readonly KeptDraft[]): void {
    this.#all = all.slice(-MOST);
    this.changed();
  }
}

/** The document with an update laid over it; null where something that it needs is missing. */
function laidOver(document: Uint8Array, update: Uint8Array): Uint8Array | null {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, document);
  Y.applyUpdate(doc, update);
  const { pendingStructs, pendingDs } = doc.store;
  return pendingStructs === null && pendingDs === null ? Y.encodeStateAsUpdate(doc) : null;
}

/** Whether updates can be read at all. */
export function isReadable(updates: readonly Uint8Array[]): boolean {
  const doc = new Y.Doc();
  try {
    for (const update of updates) Y.applyUpdate(doc, update);
    return true;
  } catch {
    return false;
  }
}

function songOf(document: Uint8Array): Song {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, document);
  return new SongReader(doc).song();
}
