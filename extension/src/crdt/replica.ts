/** The page's replica of one document: shared by all views of it, whoever shows them. */

import * as Y from "yjs";

import { changedKeys } from "./changed_keys.js";
import { MUSIC, rootMap } from "./layout.js";
import { SongReader } from "./read.js";

/** Where an update came from that this page has not made. */
export const KERNEL = Symbol("kernel");
export const ROOM = Symbol("room");
export const KEPT_HERE = Symbol("kept here");

export type Source = typeof KERNEL | typeof ROOM | typeof KEPT_HERE;

/** Where an update goes; `gesture` names what belongs to one undo step. */
export type Send = (update: Uint8Array, gesture: string, from: Source | null) => void;

/** Told the keys that a gesture of this page has written, each behind the names of its maps. */
export type Wrote = (gesture: string, keys: string[][]) => void;

/** The gesture of what undo and redo write: to the kernel it is no step of its own. */
const UNDO = "undo";

const SOURCES: ReadonlySet<unknown> = new Set([KERNEL, ROOM, KEPT_HERE]);

export class Replica {
  /** Whether a room's document has taken the kernel's place: the kernel's no longer goes with it. */
  isOfRoom = false;
  private held: Held;
  private isEditable = true;
  private isOpener = true;
  private readonly mine = Symbol("mine");
  private readonly senders = new Map<Send, ReadonlySet<Source>>();
  private readonly observers = new Set<() => void>();
  private readonly scribes = new Set<Wrote>();
  private readonly page = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  private count = 0;
  private gestureName = "";

  constructor() {
    this.held = this.hold(new Y.Doc());
  }

  get doc(): Y.Doc {
    return this.held.doc;
  }

  /** What the document says now. */
  get reader(): SongReader {
    return this.held.reader;
  }

  /** The name of the document's founding; empty where it has none, or there is no document yet. */
  get epoch(): string {
    return epochOf(this.doc);
  }

  get isEmpty(): boolean {
    return rootMap(this.doc, "meta").size === 0;
  }

  /** False where nothing may be edited here. */
  get editable(): boolean {
    return this.isEditable;
  }

  set editable(isEditable: boolean) {
    if (this.isEditable === isEditable) return;
    this.isEditable = isEditable;
    this.tell();
  }

  /** False where what is locked may not be changed here, nor a lock. */
  get opensLocks(): boolean {
    return this.isOpener;
  }

  set opensLocks(isOpener: boolean) {
    if (this.isOpener === isOpener) return;
    this.isOpener = isOpener;
    this.tell();
  }

  /** Takes in what another replica did. */
  apply(update: Uint8Array, from: Source = KERNEL): void {
    Y.applyUpdate(this.doc, update, from);
  }

  /**
   * Shows the document of these updates from now on, as they came from the room or the kernel, and
   * writes under a fresh id; what was there is gone from here. Views and stores live on, undo
   * begins anew.
   */
  become(updates: readonly Uint8Array[], from: typeof ROOM | typeof KERNEL): void {
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, update);
    this.held.undoManager.destroy();
    this.held.doc.destroy();
    this.held = this.hold(doc);
    this.isOfRoom = from === ROOM;
    this.tell();
  }

  /** The replica's state vector, which asks another for what is missing. */
  get state(): Uint8Array {
    return Y.encodeStateVector(this.doc);
  }

  /** What a replica of the given state vector lacks. */
  missing(state?: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc, state);
  }

  /** Sends on what this page does, and what comes from the `others`. */
  sendTo(send: Send, signal: AbortSignal, others: readonly Source[] = []): void {
    this.senders.set(send, new Set(others));
    signal.addEventListener("abort", () => this.senders.delete(send));
  }

  observe(changed: () => void, signal: AbortSignal): void {
    this.observers.add(changed);
    signal.addEventListener("abort", () => this.observers.delete(changed));
  }

  /** Calls back with what gestures of this page write; undo and redo are none. */
  onWrote(wrote: Wrote, signal: AbortSignal): void {
    this.scribes.add(wrote);
    signal.addEventListener("abort", () => this.scribes.delete(wrote));
  }

  beginGesture(): string {
    this.held.undoManager.stopCapturing();
    return this.nextName();
  }

  transact(gesture: string, change: () => void): void {
    this.gestureName = gesture;
    this.doc.transact(change, this.mine);
  }

  endGesture(): void {
    this.held.undoManager.stopCapturing();
  }

  undo(): void {
    this.gestureName = UNDO;
    this.held.undoManager.undo();
  }

  redo(): void {
    this.gestureName = UNDO;
    this.held.undoManager.redo();
  }

  get canUndo(): boolean {
    return this.held.undoManager.canUndo();
  }

  get canRedo(): boolean {
    return this.held.undoManager.canRedo();
  }

  private hold(doc: Y.Doc): Held {
    const scopes = MUSIC.map((name) => rootMap(doc, name));
    const undoManager = new Y.UndoManager(scopes, {
      trackedOrigins: new Set([this.mine]),
      captureTimeout: Number.MAX_SAFE_INTEGER,
    });
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      const from = SOURCES.has(origin) ? (origin as Source) : null;
      for (const [send, others] of this.senders) {
        if (from === null || others.has(from)) send(update, this.gestureName, from);
      }
    });
    doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (transaction.changed.size === 0) return;
      if (transaction.origin === this.mine && this.scribes.size > 0) {
        const keys = changedKeys(transaction);
        this.scribes.forEach((wrote) => wrote(this.gestureName, keys));
      }
      this.tell();
    });
    return { doc, undoManager, reader: new SongReader(doc) };
  }

  private tell(): void {
    this.observers.forEach((changed) => changed());
  }

  private nextName(): string {
    this.count += 1;
    return `${this.page}.${this.count}`;
  }
}

interface Held {
  readonly doc: Y.Doc;
  readonly reader: SongReader;
  readonly undoManager: Y.UndoManager;
}

/** The name of a document's founding [DOC-16]. */
export function epochOf(doc: Y.Doc): string {
  const found = rootMap(doc, "meta").get("epoch");
  return typeof found === "string" ? found : "";
}
