/** What a view of a loop reads and does; the shared document stands behind it. */

import type { Loop, Step, Value } from "../gen/models.js";

/** What a loop takes from its song where it has no value of its own. */
export interface Context {
  readonly tempo: number;
  readonly meter: string;
  /** The seed of chance; 0 unless said. */
  readonly seed?: number;
}

/** One immutable revision of a loop. The same revision is the same object. */
export interface LoopRevision {
  readonly loop: Loop;
  readonly context: Context;
}

/** Fields of a loop that are one plain value. */
export type LoopFields = Pick<
  Loop,
  "name" | "bars" | "steps_per_bar" | "key" | "tempo" | "meter" | "color"
>;

/** Changes of a loop. All of them, done within one `gesture`, are one undo step. */
export interface LoopEdit {
  setStep(row: string, cell: number, step: Step | null): void;
  /** A symbol as written, "Am7" or "vi"; null removes the chord from the cell. */
  setChord(cell: number, symbol: string | null): void;
  /** `key` is "target.section.parameter"; null goes back to the default. */
  setSetting(key: string, value: Value | null): void;
  setField<K extends keyof LoopFields>(field: K, value: LoopFields[K]): void;
}

/** The loop as a view sees it. */
export interface LoopStore {
  readonly revision: LoopRevision;
  /** Calls back after each change, whoever made it; ends with the signal. */
  subscribe(changed: (revision: LoopRevision) => void, signal: AbortSignal): void;
  /**
   * Begins a gesture such as a click, a drag or a key press. Edits apply at once; the undo step
   * ends with `end`. `code` is the line of Python that does the same, shown to who wants it.
   */
  gesture(): Gesture;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** False where nothing can be edited: a saved notebook without its kernel. */
  readonly editable: boolean;
  /** Why nothing can be edited where something could be elsewhere; null for no such reason. */
  readonly closed?: string | null;
}

/** A gesture under way. */
export interface Gesture {
  readonly edit: LoopEdit;
  /** Does many edits as one change; `revision` follows when it is done. */
  together?(change: () => void): void;
  end(code: string): void;
}
