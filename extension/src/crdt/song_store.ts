/** The song of the page's replica, as views read and change it. */

import type { LoopStore } from "../core/loop_store.js";
import type { SongGesture, SongRevision, SongStore } from "../core/song_store.js";
import type { Replica } from "./replica.js";
import { StoredSongEdit } from "./song_edit.js";
import { ReplicaLoopStore } from "./store.js";

export class ReplicaSongStore implements SongStore {
  private latest: SongRevision;
  private wasEditable: boolean;
  private readonly loops = new Map<string, LoopStore>();

  constructor(
    private readonly replica: Replica,
    /** Told the line of Python that does what a finished gesture did. */
    private readonly said: (code: string) => void,
  ) {
    this.latest = { song: replica.reader.song() };
    this.wasEditable = replica.editable;
  }

  /** Another object also where editing has become possible, or impossible: views show it. */
  get revision(): SongRevision {
    const song = this.replica.reader.song();
    const { editable } = this.replica;
    if (song !== this.latest.song || editable !== this.wasEditable) this.latest = { song };
    this.wasEditable = editable;
    return this.latest;
  }

  get editable(): boolean {
    return this.replica.editable;
  }

  subscribe(changed: (revision: SongRevision) => void, signal: AbortSignal): void {
    this.replica.observe(() => changed(this.revision), signal);
  }

  gesture(): SongGesture {
    const name = this.replica.beginGesture();
    return {
      edit: new StoredSongEdit(this.replica, (change) => this.replica.transact(name, change)),
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

  loop(id: string): LoopStore {
    const store = this.loops.get(id) ?? new ReplicaLoopStore(this.replica, id, this.said);
    this.loops.set(id, store);
    return store;
  }
}
