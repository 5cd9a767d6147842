/** A loop of the page's replica, as views read and change it. */


import type {
  Gesture,
  LoopEdit,
  LoopFields,
  LoopRevision,
  LoopStore,
} from "../core/loop_store.js";
import type { Step, Value } from "../gen/models.js";
import { innerMap, LOOP_FIELDS, loopMap, type Inner, type Stored } from "./layout.js";
import { readRevision } from "./read.js";
import type { Replica } from "./replica.js";

export class ReplicaLoopStore implements LoopStore {
  private latest: LoopRevision;

  constructor(
    private readonly replica: Replica,
    private readonly loopId: string,
    /** Told the line of Python that does what a finished gesture did. */
    private readonly said: (code: string) => void,
  ) {
    const first = readRevision(replica.doc, loopId);
    if (first === null) throw new Error(`the document holds no loop ${loopId}`);
    this.latest = first;
  }

  get revision(): LoopRevision {
    return this.latest;
  }

  get editable(): boolean {
    return true;
  }

  subscribe(changed: (revision: LoopRevision) => void, signal: AbortSignal): void {
    this.replica.observe(() => {
      this.latest = readRevision(this.replica.doc, this.loopId) ?? this.latest;
      changed(this.latest);
    }, signal);
  }

  gesture(): Gesture {
    const name = this.replica.beginGesture();
    const edit = (change: (loop: Stored) => void): void => {
      const loop = loopMap(this.replica.doc, this.loopId);
      if (loop !== null) this.replica.transact(name, () => change(loop));
    };
    return {
      edit: new StoredLoopEdit(edit),
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

class StoredLoopEdit implements LoopEdit {
  constructor(private readonly change: (write: (loop: Stored) => void) => void) {}

  setStep(row: string, cell: number, step: Step | null): void {
    this.putInner("steps", `${row}/${cell}`, step === null ? null : storedStep(step));
  }

  setChord(cell: number, symbol: string | null): void {
    this.putInner("chords", String(cell), symbol);
  }

  setSetting(key: string, value: Value | null): void {
    this.putInner("settings", key, value);
  }

  setField<K extends keyof LoopFields>(field: K, value: LoopFields[K]): void {
    this.change((loop) => put(loop, LOOP_FIELDS[field], value));
  }

  private putInner(name: Inner, key: string, value: unknown): void {
    this.change((loop) => {
      const inner = innerMap(loop, name);
      if (inner !== null) put(inner, key, value);
    });
  }
}

/** Writes only what differs, so that an edit carries no more than the change. */
function put(stored: Stored, key: string, value: unknown): void {
  if (value === null) {
    if (stored.has(key)) stored.delete(key);
  } else if (JSON.stringify(stored.get(key)) !== JSON.stringify(value)) {
    stored.set(key, value);
  }
}

/** The step as `[velocity, pitch, duration, probability, offset]`, defaults left off [DOC-3]. */
export function storedStep(step: Step): (number | null)[] {
  const values = [step.pitch, step.duration, step.probability, step.offset];
  const defaults = [null, null, 1, 0];
  while (values.length > 0 && values.at(-1) === defaults[values.length - 1]) values.pop();
  return [step.velocity, ...values];
}
