/** A loop kept in memory, and a player that only takes notes: what a view's tests stand on. */

import type { Gesture, LoopEdit, LoopRevision, LoopStore } from "../../src/core/loop_store.js";
import type { Meters, Playable, PlayOptions, Player, SoundState } from "../../src/core/player.js";
import type { Loop, Step } from "../../src/gen/models.js";

export const EMPTY: Loop = {
  id: "loop", name: "First light", bars: 1, steps_per_bar: 16, key: "C major", tempo: null,
  meter: null, color: "#5b8def", source: null, chords: new Map(), steps: new Map(),
  settings: new Map(),
};

/** A plain step. */
export function stepWith(velocity: number, more: Partial<Step> = {}): Step {
  return { velocity, pitch: null, duration: null, probability: 1, offset: 0, ...more };
}

/** A loop whose rows are written as letters. */
export function loopWith(rows: Readonly<Record<string, string>>, more: Partial<Loop> = {}): Loop {
  const velocities: Readonly<Record<string, number>> = { X: 127, x: 100, o: 50 };
  const steps = new Map<string, Step>();
  for (const [row, letters] of Object.entries(rows)) {
    [...letters].forEach((letter, cell) => {
      const velocity = velocities[letter];
      if (velocity !== undefined) steps.set(`${row}/${cell}`, stepWith(velocity));
    });
  }
  return { ...EMPTY, steps, ...more };
}

export function revisionOf(loop: Loop): LoopRevision {
  return { loop, context: { tempo: 120, meter: "4/4" } };
}

function changed<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | null): ReadonlyMap<K, V> {
  const next = new Map(map);
  if (value === null) next.delete(key);
  else next.set(key, value);
  return next;
}

export class MemoryStore implements LoopStore {
  /** The lines of Python of the gestures, in order. */
  readonly codes: string[] = [];
  revision: LoopRevision;
  private readonly listeners = new Set<(revision: LoopRevision) => void>();
  private readonly past: LoopRevision[] = [];
  private readonly future: LoopRevision[] = [];

  constructor(loop: Loop, readonly editable = true) {
    this.revision = revisionOf(loop);
  }

  subscribe(listener: (revision: LoopRevision) => void, signal: AbortSignal): void {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  gesture(): Gesture {
    const before = this.revision;
    const write = (more: Partial<Loop>): void => this.show(revisionOf({ ...this.revision.loop, ...more }));
    const edit: LoopEdit = {
      setStep: (row, cell, step) => write({ steps: changed(this.revision.loop.steps, `${row}/${cell}`, step) }),
      setChord: (cell, symbol) => write({ chords: changed(this.revision.loop.chords, cell, symbol) }),
      setSetting: (key, value) => write({ settings: changed(this.revision.loop.settings, key, value) }),
      setField: (field, value) => write({ [field]: value }),
    };
    return {
      edit,
      end: (code) => {
        this.codes.push(code);
        this.past.push(before);
        this.future.length = 0;
      },
    };
  }

  undo(): void {
    this.travel(this.past, this.future);
  }

  redo(): void {
    this.travel(this.future, this.past);
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  private travel(from: LoopRevision[], to: LoopRevision[]): void {
    const revision = from.pop();
    if (revision === undefined) return;
    to.push(this.revision);
    this.show(revision);
  }

  private show(revision: LoopRevision): void {
    this.revision = revision;
    for (const listener of this.listeners) listener(revision);
  }
}

export class NotingPlayer implements Player {
  readonly notes: string[] = [];
  state: SoundState = "idle";
  reason = "";
  volume = 1;
  private readonly listeners = new Set<() => void>();

  attach(id: string, signal: AbortSignal): void {
    this.notes.push(`attach ${id}`);
    signal.addEventListener("abort", () => this.notes.push(`leave ${id}`));
  }

  async play(playable: Playable, options: PlayOptions = {}): Promise<void> {
    const how = Object.keys(options).length === 0 ? "" : ` ${JSON.stringify(options)}`;
    this.notes.push(`play ${playable.id}${how}`);
    this.become("playing");
  }

  seek(tick: number): void {
    this.notes.push(`seek ${tick}`);
  }

  setOptions(options: PlayOptions): void {
    this.notes.push(`options ${JSON.stringify(options)}`);
  }

  stop(): void {
    this.notes.push("stop");
    this.become("idle");
  }

  update(playable: Playable): void {
    this.notes.push(`update ${playable.id}`);
  }

  audition(_playable: Playable, row: string, cell: number): void {
    this.notes.push(`audition ${row}/${cell}`);
  }

  stateOf(): SoundState {
    return this.state;
  }

  async unlock(): Promise<void> {
    this.notes.push("unlock");
    this.become("idle");
  }

  subscribe(listener: () => void, signal: AbortSignal): void {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  meters(): Meters | null {
    return null;
  }

  become(state: SoundState, reason = ""): void {
    this.state = state;
    this.reason = reason;
    for (const listener of this.listeners) listener();
  }
}
