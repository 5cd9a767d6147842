/** A song kept in memory: what the tests of the song's view stand on. */

import { lockKey } from "../../src/core/locks.js";
import type { LoopEdit, LoopRevision, LoopStore } from "../../src/core/loop_store.js";
import type { Channel, Entities, Fields, SongEdit, SongGesture, SongRevision, SongStore } from "../../src/core/song_store.js";
import type { Loop, Segment, Song } from "../../src/gen/models.js";

export const EMPTY_SONG: Song = {
  id: "song", name: "Evening", kind: "song", key: "C major", seed: 0,
  tempos: new Map([[0, { bpm: 120, ramp: false }]]), meters: new Map([[0, "4/4"]]),
  loops: new Map(), pads: new Map(), blocks: new Map(), stems: new Map(), returns: new Map(),
  segments: new Map(), sections: new Map(), markers: new Map(), master: new Map(), lanes: new Map(),
  locks: new Map(),
};

function changed<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | null): ReadonlyMap<K, V> {
  const next = new Map(map);
  if (value === null) next.delete(key);
  else next.set(key, value);
  return next;
}

type Kept = { readonly id: string };

export class MemorySongStore implements SongStore {
  /** The lines of Python of the gestures, in order. */
  readonly codes: string[] = [];
  revision: SongRevision;
  private readonly listeners = new Set<(revision: SongRevision) => void>();
  private readonly past: SongRevision[] = [];
  private readonly future: SongRevision[] = [];
  private made = 0;

  constructor(song: Song, readonly editable = true) {
    this.revision = { song };
  }

  subscribe(listener: (revision: SongRevision) => void, signal: AbortSignal): void {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  gesture(): SongGesture {
    const before = this.revision;
    return {
      edit: this.edit(),
      end: (code) => {
        this.codes.push(code);
        this.past.push(before);
        this.future.length = 0;
        for (const listener of this.listeners) listener(this.revision);
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

  loop(id: string): LoopStore {
    return new LoopOfSong(this, id);
  }

  /** The loop and what it takes from the song. */
  loopRevision(id: string): LoopRevision {
    const { song } = this.revision;
    const loop = song.loops.get(id);
    if (loop === undefined) throw new Error(`no loop ${id}`);
    return { loop, context: { tempo: song.tempos.get(0)?.bpm ?? 120, meter: song.meters.get(0) ?? "4/4" } };
  }

  private get song(): Song {
    return this.revision.song;
  }

  private fresh(): string {
    this.made += 1;
    return `new-${this.made}`;
  }

  private write(more: Partial<Song>): void {
    this.show({ song: { ...this.song, ...more } });
  }

  private writeLoop(id: string, more: Partial<Loop>): void {
    const loop = this.song.loops.get(id);
    if (loop !== undefined) this.write({ loops: changed(this.song.loops, id, { ...loop, ...more }) });
  }

  private edit(): SongEdit {
    const all = (kind: keyof Entities): ReadonlyMap<string, Kept> => this.song[kind];
    return {
      setName: (name) => this.write({ name }),
      setKey: (key) => this.write({ key }),
      setTempo: (tick, tempo) => this.write({ tempos: changed(this.song.tempos, tick, tempo) }),
      setMeter: (tick, meter) => this.write({ meters: changed(this.song.meters, tick, meter) }),
      setPad: (pad, loop) => this.write({ pads: changed(this.song.pads, pad, loop) }),
      setLock: (lock, closed) => {
        this.write({ locks: changed(this.song.locks, lockKey(lock), closed ? lock : null) });
      },
      add: (kind, entity) => {
        const id = this.fresh();
        this.write({ [kind]: changed(all(kind), id, { ...entity, id }) });
        const { kind: held, loop: source } = entity as Partial<Segment>;
        const loop = held === "pattern" ? this.song.loops.get(source ?? "") : undefined;
        if (loop !== undefined) this.write({ loops: changed(this.song.loops, id, { ...loop, id }) });
        return id;
      },
      set: <K extends keyof Entities>(kind: K, id: string, fields: Fields<K>) => {
        const found = all(kind).get(id);
        if (found !== undefined) this.write({ [kind]: changed(all(kind), id, { ...found, ...fields }) });
      },
      remove: (kind, id) => this.write({ [kind]: changed(all(kind), id, null) }),
      setSetting: (channel, key, value) => this.writeChannel(channel, (settings) => changed(settings, key, value)),
      setSend: (stem, to, level) => {
        const found = this.song.stems.get(stem);
        if (found === undefined) return;
        const sends = changed(found.sends, to, level === 0 ? null : level);
        this.write({ stems: changed(this.song.stems, stem, { ...found, sends }) });
      },
      setPoint: () => { throw new Error("the view sets no points"); },
      setNote: (segment, id, note) => {
        const found = this.song.segments.get(segment);
        const key = id ?? this.fresh();
        if (found !== undefined) this.write({ segments: changed(this.song.segments, segment, { ...found, notes: changed(found.notes, key, note) }) });
        return key;
      },
      copyLoop: (id, name) => {
        const loop = this.song.loops.get(id);
        const made = this.fresh();
        if (loop !== undefined) this.write({ loops: changed(this.song.loops, made, { ...loop, id: made, name, source: id }) });
        return made;
      },
      removeLoop: (id) => this.write({ loops: changed(this.song.loops, id, null) }),
      loop: (id) => this.loopEdit(id),
    };
  }

  private writeChannel(channel: Channel, change: (settings: Song["master"]) => Song["master"]): void {
    if (channel.kind === "master") return this.write({ master: change(this.song.master) });
    if (channel.kind === "stem") {
      const stem = this.song.stems.get(channel.id);
      if (stem !== undefined) this.write({ stems: changed(this.song.stems, stem.id, { ...stem, settings: change(stem.settings) }) });
      return;
    }
    const bus = this.song.returns.get(channel.id);
    if (bus !== undefined) this.write({ returns: changed(this.song.returns, bus.id, { ...bus, settings: change(bus.settings) }) });
  }

  private loopEdit(id: string): LoopEdit {
    const loop = (): Loop => this.loopRevision(id).loop;
    return {
      setStep: (row, cell, step) => this.writeLoop(id, { steps: changed(loop().steps, `${row}/${cell}`, step) }),
      setChord: (cell, symbol) => this.writeLoop(id, { chords: changed(loop().chords, cell, symbol) }),
      setSetting: (key, value) => this.writeLoop(id, { settings: changed(loop().settings, key, value) }),
      setField: (field, value) => this.writeLoop(id, { [field]: value }),
    };
  }

  private travel(from: SongRevision[], to: SongRevision[]): void {
    const revision = from.pop();
    if (revision === undefined) return;
    to.push(this.revision);
    this.show(revision);
  }

  private show(revision: SongRevision): void {
    this.revision = revision;
    for (const listener of this.listeners) listener(revision);
  }
}

/** One loop of the song as a store of its own: gestures and undo are the song's. */
class LoopOfSong implements LoopStore {
  private known: { readonly song: Song; readonly revision: LoopRevision } | null = null;

  constructor(private readonly song: MemorySongStore, private readonly id: string) {}

  get revision(): LoopRevision {
    const { song } = this.song.revision;
    if (this.known?.song !== song) this.known = { song, revision: this.song.loopRevision(this.id) };
    return this.known.revision;
  }

  get editable(): boolean {
    return this.song.editable;
  }

  get canUndo(): boolean {
    return this.song.canUndo;
  }

  get canRedo(): boolean {
    return this.song.canRedo;
  }

  subscribe(listener: (revision: LoopRevision) => void, signal: AbortSignal): void {
    this.song.subscribe(({ song }) => {
      if (song.loops.has(this.id)) listener(this.revision);
    }, signal);
  }

  gesture(): ReturnType<LoopStore["gesture"]> {
    const gesture = this.song.gesture();
    return { edit: gesture.edit.loop(this.id), end: (code) => gesture.end(code) };
  }

  undo(): void {
    this.song.undo();
  }

  redo(): void {
    this.song.redo();
  }
}
