/** Stores of what is only shown: one revision for ever, and no edits. */

import type { Gesture, LoopRevision, LoopStore } from "../core/loop_store.js";
import type { SongGesture, SongRevision, SongStore } from "../core/song_store.js";

/** What is said to whoever tries to change what is only shown. */
export const REFUSAL = "This page only shows. Make it yours to change it.";

/** An edit of what is only shown. */
export class RefusedEdit extends Error {
  constructor() {
    super(REFUSAL);
  }
}

class Still<R> {
  readonly editable = false;
  readonly canUndo = false;
  readonly canRedo = false;

  constructor(readonly revision: R) {}

  /** Nothing ever changes. */
  subscribe(): void {}

  undo(): void {}

  redo(): void {}
}

/** A loop that stays as it is. */
export class StillLoop extends Still<LoopRevision> implements LoopStore {
  gesture(): Gesture {
    throw new RefusedEdit();
  }
}

/** A song that stays as it is. */
export class StillSong extends Still<SongRevision> implements SongStore {
  gesture(): SongGesture {
    throw new RefusedEdit();
  }

  loop(id: string): LoopStore {
    return new StillLoop(loopRevision(this.revision, id));
  }
}

/** One loop of a document with what it takes from its song. */
export function loopRevision({ song }: SongRevision, id: string): LoopRevision {
  const loop = song.loops.get(id);
  if (loop === undefined) throw new Error(`the document holds no loop ${id}`);
  const tempo = song.tempos.get(0)?.bpm ?? 120;
  return { loop, context: { tempo, meter: song.meters.get(0) ?? "4/4", seed: song.seed } };
}
