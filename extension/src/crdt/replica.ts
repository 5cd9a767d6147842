/** The page's replica of one document: shared by all views of it, whoever shows them. */

import * as Y from "yjs";

import { MUSIC, rootMap } from "./layout.js";
import { SongReader } from "./read.js";

/** Where an update of this page goes; `gesture` names what belongs to one undo step. */
export type Send = (update: Uint8Array, gesture: string) => void;

const REMOTE = Symbol("remote");

/** The gesture of what undo and redo write: to the kernel it is no step of its own. */
const UNDO = "undo";

export class Replica {
  readonly doc = new Y.Doc();
  /** What the document says now. */
  readonly reader = new SongReader(this.doc);
  private readonly mine = Symbol("mine");
  private readonly undoManager: Y.UndoManager;
  private readonly senders = new Set<Send>();
  private readonly observers = new Set<() => void>();
  private readonly page = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  private count = 0;
  private gestureName = "";

  constructor() {
    const scopes = MUSIC.map((name) => rootMap(this.doc, name));
    this.undoManager = new Y.UndoManager(scopes, {
      trackedOrigins: new Set([this.mine]),
      captureTimeout: Number.MAX_SAFE_INTEGER,
    });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== REMOTE) this.senders.forEach((send) => send(update, this.gestureName));
    });
    this.doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (transaction.changed.size > 0) this.observers.forEach((changed) => changed());
    });
  }

  /** Takes in what another replica did. */
  apply(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, REMOTE);
  }

  /** The replica's state vector, which asks another for what is missing. */
  get state(): Uint8Array {
    return Y.encodeStateVector(this.doc);
  }

  /** What a replica of the given state vector lacks. */
  missing(state: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc, state);
  }

  sendTo(send: Send, signal: AbortSignal): void {
    this.senders.add(send);
    signal.addEventListener("abort", () => this.senders.delete(send));
  }

  observe(changed: () => void, signal: AbortSignal): void {
    this.observers.add(changed);
    signal.addEventListener("abort", () => this.observers.delete(changed));
  }

  beginGesture(): string {
    this.undoManager.stopCapturing();
    return this.nextName();
  }

  transact(gesture: string, change: () => void): void {
    this.gestureName = gesture;
    this.doc.transact(change, this.mine);
  }

  endGesture(): void {
    this.undoManager.stopCapturing();
  }

  undo(): void {
    this.gestureName = UNDO;
    this.undoManager.undo();
  }

  redo(): void {
    this.gestureName = UNDO;
    this.undoManager.redo();
  }

  get canUndo(): boolean {
    return this.undoManager.canUndo();
  }

  get canRedo(): boolean {
    return this.undoManager.canRedo();
  }

  private nextName(): string {
    this.count += 1;
    return `${this.page}.${this.count}`;
  }
}
