/** Changes of one loop, written into the document. */

import type * as Y from "yjs";

import type { LoopEdit, LoopFields } from "../core/loop_store.js";
import type { Step, Value } from "../gen/models.js";
import { entityMap, innerMap, LOOP_FIELDS, put, storedStep, type Stored } from "./layout.js";

/** Does a change within one transaction. */
export type Write = (change: () => void) => void;

/** What holds the document: another one in the middle of a gesture, where a room asks for that. */
export interface DocHolder {
  readonly doc: Y.Doc;
}

export class StoredLoopEdit implements LoopEdit {
  constructor(
    private readonly held: DocHolder,
    private readonly loopId: string,
    private readonly write: Write,
  ) {}

  private get doc(): Y.Doc {
    return this.held.doc;
  }

  setStep(row: string, cell: number, step: Step | null): void {
    this.put("steps", `${row}/${cell}`, step === null ? null : storedStep(step));
  }

  setChord(cell: number, symbol: string | null): void {
    this.put("chords", String(cell), symbol);
  }

  setSetting(key: string, value: Value | null): void {
    this.put("settings", key, value);
  }

  setField<K extends keyof LoopFields>(field: K, value: LoopFields[K]): void {
    this.change((loop) => put(loop, LOOP_FIELDS[field], value));
  }

  private put(name: "steps" | "chords" | "settings", key: string, value: unknown): void {
    this.change((loop) => {
      const inner = innerMap(loop, name);
      if (inner !== null) put(inner, key, value);
    });
  }

  private change(change: (loop: Stored) => void): void {
    const loop = entityMap(this.doc, "loops", this.loopId);
    if (loop !== null) this.write(() => change(loop));
  }
}
