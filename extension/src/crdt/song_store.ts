/** The song of the page's replica, as views read and change it. */

import type { LoopStore } from "../core/loop_store.js";
import type { SongGesture, SongRevision, SongStore } from "../core/song_store.js";
import type { Lock, Song } from "../gen/models.js";
import { keepingLocks } from "./closed_edit.js";
import type { Replica } from "./replica.js";
import { StoredSongEdit } from "./song_edit.js";
import { ReplicaLoopStore } from "./store.js";

export class ReplicaSongStore implements SongStore {
  private latest: SongRevision;
  private rights = "";
  private readonly lockHeard = new Set<(lock: Lock) => void>();
  private readonly loops = new Map<string, LoopStore>();

  constructor(
    private readonly replica: Replica,
    /** Told the line of Python that does what a finished gesture did. */
    private readonly said: (code: string) => void,
  ) {
    this.latest = { song: replica.reader.song() };
  }

  /** Another object also where editing has become possible, or impossible: views show it. */
  get revision(): SongRevision {
    const song = this.replica.reader.song();
    const rights = `${this.replica.editable} ${this.replica.opensLocks}`;
    if (song !== this.latest.song || rights !== this.rights) this.latest = { song };
    this.rights = rights;
    return this.latest;
  }

  get editable(): boolean {
    return this.replica.editable;
  }

  get opensLocks(): boolean {
    return this.replica.opensLocks;
  }

  onLocked(heard: (lock: Lock) => void, signal: AbortSignal): void {
    this.lockHeard.add(heard);
    signal.addEventListener("abort", () => this.lockHeard.delete(heard));
  }

  subscribe(changed: (revision: SongRevision) => void, signal: AbortSignal): void {
    this.replica.observe(() => changed(this.revision), signal);
  }

  gesture(): SongGesture {
    const name = this.replica.beginGesture();
    const edit = new StoredSongEdit(this.replica, (change) => this.replica.transact(name, change));
    const song = (): Song => this.replica.reader.song();
    const refused = (lock: Lock): void => this.lockHeard.forEach((heard) => heard(lock));
    return {
      edit: this.opensLocks ? edit : keepingLocks(edit, song, refused),
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
