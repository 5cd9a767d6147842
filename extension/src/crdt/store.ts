/** A loop of the page's replica, as views read and change it. */

import type { Gesture, LoopRevision, LoopStore } from "../core/loop_store.js";
import { lockOfLoop } from "../core/locks.js";
import type { Lock, Song } from "../gen/models.js";
import { StoredLoopEdit } from "./loop_edit.js";
import type { Replica } from "./replica.js";

export class ReplicaLoopStore implements LoopStore {
  private latest: LoopRevision;
  private wasEditable: boolean;

  constructor(
    private readonly replica: Replica,
    private readonly loopId: string,
    /** Told the line of Python that does what a finished gesture did. */
    private readonly said: (code: string) => void,
  ) {
    const first = revisionOf(replica.reader.song(), loopId);
    if (first === null) throw new Error(`the document holds no loop ${loopId}`);
    this.latest = first;
    this.wasEditable = replica.editable;
  }

  /**
   * The loop as it is; as it was last, where it has been removed. Another object also where editing
   * has become possible, or impossible: views show it.
   */
  get revision(): LoopRevision {
    const now = revisionOf(this.replica.reader.song(), this.loopId) ?? { ...this.latest };
    const { editable } = this;
    if (editable !== this.wasEditable || !isSame(now, this.latest)) this.latest = now;
    this.wasEditable = editable;
    return this.latest;
  }

  get editable(): boolean {
    return this.replica.editable && (this.replica.opensLocks || this.lock === null);
  }

  get closed(): string | null {
    const isClosed = this.replica.editable && !this.editable;
    return isClosed ? "This loop is locked. Ask an admin or the owner to open the lock." : null;
  }

  /** What keeps the loop closed to those who may not lock. */
  private get lock(): Lock | null {
    return lockOfLoop(this.replica.reader.song(), this.loopId);
  }

  subscribe(changed: (revision: LoopRevision) => void, signal: AbortSignal): void {
    this.replica.observe(() => changed(this.revision), signal);
  }

  gesture(): Gesture {
    const name = this.replica.beginGesture();
    const write = (change: () => void): void => this.replica.transact(name, change);
    return {
      edit: new StoredLoopEdit(this.replica, this.loopId, write),
      together: (change) => this.replica.transact(name, change),
      end: (code) => {
        this.replica.endGesture();
        this.said(code);
      },
    };
  }

  undo(): void {
    this.replica.undo();
  }

  redo(): void {
    this.replica.redo();
  }

  get canUndo(): boolean {
    return this.replica.canUndo;
  }

  get canRedo(): boolean {
    return this.replica.canRedo;
  }
}

/** What a song says of one of its loops, or null where it has no such loop. */
export function revisionOf(song: Song, loopId: string): LoopRevision | null {
  const loop = song.loops.get(loopId);
  if (loop === undefined) return null;
  const tempo = song.tempos.get(0)?.bpm ?? 120;
  return { loop, context: { tempo, meter: song.meters.get(0) ?? "4/4", seed: song.seed } };
}

function isSame(one: LoopRevision, other: LoopRevision): boolean {
  const [a, b] = [one.context, other.context];
  const isSameContext = a.tempo === b.tempo && a.meter === b.meter && a.seed === b.seed;
  return one.loop === other.loop && isSameContext;
}
