/** Copies of pieces in the browser's own database: by server, person and piece. */

import { KEPT_SONGS } from "../core/kept_here.js";
import { NOTHING_KEPT, type KeptCommand, type KeptDraft, type KeptEdit, type KeptPiece, type LocalCopy } from "./local_copy.js";

const VERSION = 2;

/** Larger documents are not kept here: the room has them. */
const MOST_DOCUMENT = 20_000_000;

/** Pieces of which nothing waits. */
const MOST_PIECES = 40;

/** Whose copy of what it is. */
export interface Place {
  /** The address of the server. */
  readonly base: string;
  readonly person: string;
  readonly piece: string;
}

interface PieceRow {
  readonly place: string;
  readonly document: Uint8Array;
  readonly epoch: string;
  readonly seq: number;
  readonly usedAt: number;
}

interface EditRow {
  readonly key?: number;
  readonly place: string;
  readonly update: Uint8Array;
  readonly epoch: string;
}

type DraftRow = KeptDraft & { readonly place: string };
type CommandRow = KeptCommand & { readonly place: string };

export class BrowserCopies {
  private constructor(
    private readonly database: IDBDatabase,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {}

  /** The copies of this browser; null where it keeps none, as in some private windows. */
  static async open(factory: IDBFactory, now: () => number): Promise<BrowserCopies | null> {
    try {
      const asked = factory.open(KEPT_SONGS, VERSION);
      asked.onupgradeneeded = ({ oldVersion }) => build(asked.result, oldVersion);
      const database = await done(asked);
      database.onversionchange = () => database.close();
      return new BrowserCopies(database, now);
    } catch {
      return null;
    }
  }

  /** Who was let in last at a server from here; null where nobody was. */
  async whoWasHere(base: string): Promise<string | null> {
    let found: string | null = null;
    await attempt(this.database, async ({ people }) => {
      const row: unknown = await done(people.get(base));
      found = typeof row === "string" ? row : null;
    });
    return found;
  }

  async noteWhoIsHere(base: string, person: string): Promise<void> {
    await attempt(this.database, ({ people }) => people.put(person, base));
  }

  copy({ base, person, piece }: Place): LocalCopy {
    return new PieceCopy(this.database, JSON.stringify([base, person, piece]), this.now);
  }

  close(): void {
    this.database.close();
  }
}

const STORES = ["people", "pieces", "edits", "drafts", "commands"] as const;

type Stores = Readonly<Record<(typeof STORES)[number], IDBObjectStore>>;

class PieceCopy implements LocalCopy {
  constructor(
    private readonly database: IDBDatabase,
    private readonly place: string,
    private readonly now: () => number,
  ) {}

  async load(): Promise<KeptPiece> {
    let found = NOTHING_KEPT;
    await attempt(this.database, async ({ pieces, edits, drafts, commands }) => {
      const row = await done<PieceRow | undefined>(pieces.get(this.place));
      const rows = await done<EditRow[]>(edits.index("place").getAll(this.place));
      const kept = await done<DraftRow[]>(drafts.index("place").getAll(this.place));
      const said = await done<CommandRow[]>(commands.index("place").getAll(this.place));
      found = {
        ...NOTHING_KEPT,
        ...(row === undefined ? {} : { document: row.document, epoch: row.epoch, seq: row.seq }),
        edits: rows.filter((edit): edit is EditRow & KeptEdit => edit.key !== undefined),
        drafts: kept.toSorted((one, other) => one.at - other.at),
        commands: said.toSorted((one, other) => one.at - other.at),
      };
    });
    return found;
  }

  async keepEdit(update: Uint8Array, epoch: string): Promise<number | null> {
    let asked: IDBRequest<IDBValidKey> | null = null;
    const isKept = await attempt(this.database, ({ edits }) => {
      asked = edits.add({ place: this.place, update, epoch } satisfies EditRow);
    });
    return isKept && asked !== null ? ((asked as IDBRequest<IDBValidKey>).result as number) : null;
  }

  async settle(document: Uint8Array, epoch: string, seq: number, keys: readonly number[]): Promise<void> {
    await attempt(this.database, async ({ pieces, edits, drafts, commands }) => {
      const row = { place: this.place, document, epoch, seq, usedAt: this.now() } satisfies PieceRow;
      if (document.length > MOST_DOCUMENT) pieces.delete(this.place);
      else pieces.put(row);
      for (const key of keys) edits.delete(key);
      await makeRoom(pieces, [edits, drafts, commands]);
    });
  }

  async setAside(draft: KeptDraft | null, keys: readonly number[]): Promise<void> {
    await attempt(this.database, ({ drafts, edits, pieces }) => {
      if (draft !== null) drafts.put(this.rowOf(draft));
      for (const key of keys) edits.delete(key);
      pieces.delete(this.place);
    });
  }

  async putDraft(draft: KeptDraft): Promise<void> {
    await attempt(this.database, ({ drafts }) => drafts.put(this.rowOf(draft)));
  }

  async dropDraft(id: string): Promise<void> {
    await attempt(this.database, ({ drafts }) => drafts.delete(id));
  }

  async keepCommand(command: KeptCommand): Promise<boolean> {
    return attempt(this.database, ({ commands }) => commands.put({ ...command, place: this.place } satisfies CommandRow));
  }

  async dropCommand(id: string): Promise<void> {
    await attempt(this.database, ({ commands }) => commands.delete(id));
  }

  private rowOf(draft: KeptDraft): DraftRow {
    const isLarge = draft.document.length > MOST_DOCUMENT;
    return { ...draft, place: this.place, document: isLarge ? new Uint8Array(0) : draft.document };
  }
}

/** Of the pieces with nothing that waits, those that were used longest ago go. */
async function makeRoom(pieces: IDBObjectStore, waiting: readonly IDBObjectStore[]): Promise<void> {
  if ((await done(pieces.count())) <= MOST_PIECES) return;
  for (const place of await done(pieces.index("usedAt").getAllKeys(null, 4))) {
    const counts = await Promise.all(waiting.map((store) => done(store.index("place").count(place))));
    if (counts.every((count) => count === 0)) pieces.delete(place);
  }
}

/** Does what the browser lets it, whole or not at all; whether it did. */
async function attempt(database: IDBDatabase, act: (stores: Stores) => unknown): Promise<boolean> {
  try {
    const stores = storesOf(database);
    await Promise.all([finished(stores.pieces.transaction), act(stores)]);
    return true;
  } catch {
    // A full disk keeps less, and stops nobody's work: the room has what counts, and what waits for
    // it is in memory too.
    return false;
  }
}

function build(database: IDBDatabase, old: number): void {
  database.createObjectStore("commands", { keyPath: "id" }).createIndex("place", "place");
  if (old > 0) return;
  database.createObjectStore("people");
  database.createObjectStore("pieces", { keyPath: "place" }).createIndex("usedAt", "usedAt");
  const edits = database.createObjectStore("edits", { keyPath: "key", autoIncrement: true });
  const drafts = database.createObjectStore("drafts", { keyPath: "id" });
  for (const store of [edits, drafts]) store.createIndex("place", "place");
}

function storesOf(database: IDBDatabase): Stores {
  const transaction = database.transaction(STORES, "readwrite");
  const stores = STORES.map((name) => [name, transaction.objectStore(name)]);
  return Object.fromEntries(stores) as Stores;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database failed"));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (): void => reject(transaction.error ?? new Error("the browser's database failed"));
    transaction.oncomplete = () => resolve();
    transaction.onabort = failed;
    transaction.onerror = failed;
  });
}
