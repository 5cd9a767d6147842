/** The document as one immutable value: a pure reading of the Y types, equal to Python's. */

import * as Y from "yjs";

import { compareTexts } from "../core/order.js";
import type { Entities } from "../core/song_store.js";
import { LAST_TICK, LOCKS_PER_SONG, MAP_POINTS, PADS, SEED_RANGE } from "../gen/limits.js";
import type { Block, Lock, Loop, Return, Segment, Song, Stem, Tempo } from "../gen/models.js";
import { INNER, MUSIC, rootMap, type EntityRoot, type Stored } from "./layout.js";
import { MOST, PLACES, readChannelSettings, READERS, readLanes, readSegmentAgain } from "./read_entity.js";
import { readLoop, readLoopAgain } from "./read_loop.js";
import * as repair from "./repair.js";

type ById<T> = ReadonlyMap<string, T>;

/** What was read of one root map of entities, and what has changed there since. */
class Shelf<T extends { readonly id: string }> {
  /** All entities, by id. */
  all: ById<T> = new Map();
  /** Changed entities, each with the changed keys of its large inner map; null: read all of it. */
  readonly stale = new Map<string, Set<string> | null>();

  constructor(
    private readonly stored: Stored,
    private readonly read: (id: string, stored: Stored) => T,
    private readonly readAgain: (before: T, stored: Stored, keys: ReadonlySet<string>) => T,
  ) {
    for (const id of stored.keys()) this.stale.set(id, null);
  }

  /** Reads what has changed. Whatever has not stays the same object, also the whole. */
  refresh(): ById<T> {
    if (this.stale.size === 0) return this.all;
    const next = new Map(this.all);
    for (const [id, keys] of this.stale) {
      const stored = this.stored.get(id);
      const before = this.all.get(id);
      if (!(stored instanceof Y.Map)) next.delete(id);
      else if (before === undefined || keys === null) next.set(id, this.read(id, stored));
      else next.set(id, this.readAgain(before, stored, keys));
    }
    this.stale.clear();
    this.all = next;
    return next;
  }
}

type Shelves = { readonly [K in keyof Entities]: Shelf<Entities[K]> };

/** The large inner maps, which are read again key by key. */
const DETAILS: Readonly<Partial<Record<EntityRoot, string>>> = { loops: "steps", segments: "notes" };

/** Reads the document again only where it changed: the rest is shared with the value before. */
export class SongReader {
  readonly #doc: Y.Doc;
  readonly #loops: Shelf<Loop>;
  readonly #shelves: Shelves;
  readonly #derived = new Map<string, Derived>();
  #song: Song | null = null;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#loops = new Shelf(rootMap(doc, "loops"), readLoop, readLoopAgain);
    const shelf = <K extends keyof Entities>(root: K): Shelf<Entities[K]> =>
      new Shelf(rootMap(doc, root), READERS[root], (before, stored) => READERS[root](before.id, stored));
    this.#shelves = {
      blocks: shelf("blocks"),
      stems: shelf("stems"),
      returns: shelf("returns"),
      segments: new Shelf(rootMap(doc, "segments"), READERS.segments, readSegmentAgain),
      sections: shelf("sections"),
      markers: shelf("markers"),
    };
    for (const root of [...MUSIC, "meta"] as const) {
      rootMap(doc, root).observeDeep((events) => this.#forget(root, events));
    }
  }

  /** What the document says; the same object until it changes. */
  song(): Song {
    return (this.#song ??= this.#putTogether());
  }

  #forget(root: string, events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void {
    this.#song = null;
    if (!isEntityRoot(root)) return void this.#derived.delete(root);
    const { stale } = root === "loops" ? this.#loops : this.#shelves[root];
    for (const event of events) {
      if (!(event instanceof Y.YMapEvent)) continue;
      const [id, inner] = event.path.map(String);
      if (id === undefined) for (const key of event.keysChanged) stale.set(String(key), null);
      else if (inner === undefined) {
        const isMap = [...event.keysChanged].some((key) => isInner(root, key));
        note(stale, id, isMap ? null : []);
      } else note(stale, id, inner === DETAILS[root] ? event.keysChanged : []);
    }
  }

  #putTogether(): Song {
    const [meta, song] = [this.#root("meta"), this.#root("song")];
    const loops = this.#loops.refresh();
    const returns = this.#inOrder("returns");
    const stems = this.#derive("sends", [this.#inOrder("stems"), returns], withSends);
    const segments = this.#derive("playable", [this.#inOrder("segments"), stems, loops], playable);
    const free = this.#derive("free", [loops, segments], freeLoops);
    return {
      id: repair.text(meta.get("id"), "unknown"),
      name: repair.text(song.get("name"), "Untitled"),
      kind: meta.get("kind") === "loop" ? "loop" : "song",
      key: repair.key(song.get("key")),
      seed: repair.whole(song.get("seed"), SEED_RANGE, 0),
      tempos: this.#derive("tempo", [], () => readTempos(this.#root("tempo"))),
      meters: this.#derive("meter", [], () => readMeters(this.#root("meter"))),
      loops,
      pads: this.#derive("pads", [free], (there) => readPads(this.#root("pads"), there)),
      blocks: this.#derive("blocksOf", [this.#inOrder("blocks"), free], ofLoops),
      stems,
      returns,
      segments,
      sections: this.#inOrder("sections"),
      markers: this.#inOrder("markers"),
      master: this.#derive("master", [], () => {
        return readChannelSettings(this.#root("master"), "master");
      }),
      lanes: this.#derive("lanes", [], () => readLanes(this.#root("lanes"))),
      locks: this.#derive("locks", [stems, loops], (...there: readonly [ById<Stem>, ById<Loop>]) => {
        return readLocks(this.#root("locks"), ...there);
      }),
    };
  }

  #root(name: (typeof MUSIC)[number] | "meta"): Stored {
    return rootMap(this.#doc, name);
  }

  #inOrder<K extends keyof Entities>(root: K): ById<Entities[K]> {
    const shelf: Shelf<Entities[K]> = this.#shelves[root];
    return this.#derive(root, [shelf.refresh()], (all) => {
      const place = PLACES[root];
      const listed = [...all.values()].sort((a, b) => place(a, b) || compareTexts(a.id, b.id));
      return new Map(listed.slice(0, MOST[root]).map((entity) => [entity.id, entity]));
    });
  }

  /**
   * What follows from values: made again only where one of them is another object than before,
   * and the same object as before where it holds the same.
   */
  #derive<From extends readonly unknown[], V, K>(
    name: string, from: From, make: (...from: From) => ReadonlyMap<K, V>,
  ): ReadonlyMap<K, V> {
    const held = this.#derived.get(name);
    const before = held?.made as ReadonlyMap<K, V> | undefined;
    if (before !== undefined && from.every((value, place) => value === held?.from[place])) {
      return before;
    }
    const now = make(...from);
    const made = before !== undefined && holdsSame(before, now) ? before : now;
    this.#derived.set(name, { from, made });
    return made;
  }
}

interface Derived {
  readonly from: readonly unknown[];
  readonly made: unknown;
}

/** Whether two maps hold the same objects in the same order. */
function holdsSame<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean {
  if (one.size !== other.size) return false;
  const entries = other.entries();
  for (const [key, value] of one) {
    const [otherKey, otherValue] = entries.next().value ?? [];
    if (key !== otherKey || value !== otherValue) return false;
  }
  return true;
}

function isEntityRoot(root: string): root is EntityRoot {
  return Object.hasOwn(INNER, root);
}

function isInner(root: EntityRoot, key: unknown): boolean {
  return INNER[root].some((name) => name === key);
}

/** Remembers that keys of an entity have changed; null: all of it. */
function note(
  stale: Map<string, Set<string> | null>, id: string, keys: Iterable<unknown> | null,
): void {
  const held = stale.get(id);
  if (held === null) return;
  stale.set(id, keys === null ? null : new Set([...(held ?? []), ...[...keys].map(String)]));
}

/** The segments whose stem is there, and the loop they play [DOC-13]. */
function playable(
  segments: ById<Segment>, stems: ById<Stem>, loops: ById<Loop>,
): ById<Segment> {
  return filtered(segments, ({ id, kind, stem, loop }) => {
    const needed = kind === "pattern" ? id : kind === "loop" ? loop ?? "" : null;
    return stems.has(stem) && (needed === null || loops.has(needed));
  });
}

/** The loops that are no pattern segment's own. */
function freeLoops(loops: ById<Loop>, segments: ById<Segment>): ById<Loop> {
  return filtered(loops, ({ id }) => segments.get(id)?.kind !== "pattern");
}

function ofLoops(blocks: ById<Block>, loops: ById<Loop>): ById<Block> {
  return filtered(blocks, ({ loop }) => loops.has(loop));
}

/** The stems without sends to returns that are not there [DOC-13]. */
function withSends(stems: ById<Stem>, returns: ById<Return>): ById<Stem> {
  const isThere = (stem: Stem): boolean => [...stem.sends.keys()].every((to) => returns.has(to));
  if ([...stems.values()].every(isThere)) return stems;
  return new Map(
    [...stems].map(([id, stem]) => {
      const sends = new Map([...stem.sends].filter(([to]) => returns.has(to)));
      return [id, isThere(stem) ? stem : { ...stem, sends }];
    }),
  );
}

function filtered<T>(all: ById<T>, keep: (entity: T) => boolean): ById<T> {
  const kept = [...all].filter(([, entity]) => keep(entity));
  return kept.length === all.size ? all : new Map(kept);
}

/** What stands under ticks or pads, by number; of equal numbers the last key counts. */
function points(stored: Stored): readonly (readonly [number, unknown])[] {
  const found: [number, string, unknown][] = [];
  for (const [key, value] of stored.entries()) {
    const tick = repair.cell(key, LAST_TICK);
    if (tick !== null) found.push([tick, key, value]);
  }
  found.sort((a, b) => a[0] - b[0] || compareTexts(a[1], b[1]));
  return found.slice(0, MAP_POINTS).map(([tick, , value]) => [tick, value]);
}

function readTempos(stored: Stored): Map<number, Tempo> {
  const found = points(stored).map(([tick, value]) => [tick, repair.tempo(value)] as const);
  return new Map([[0, { bpm: 120, ramp: false }], ...found]);
}

function readMeters(stored: Stored): Map<number, string> {
  const meters = new Map([[0, "4/4"]]);
  for (const [tick, value] of points(stored)) {
    const meter = repair.meter(value);
    if (meter !== null) meters.set(tick, meter);
  }
  return meters;
}

function readPads(stored: Stored, loops: ById<Loop>): Map<number, string> {
  const pads = new Map<number, string>();
  for (const [pad, loop] of points(stored)) {
    if (pad < PADS && typeof loop === "string" && loops.has(loop)) pads.set(pad, loop);
  }
  return pads;
}

/** The locks of what is there [DOC-13] [DOC-17]. */
function readLocks(stored: Stored, stems: ById<Stem>, loops: ById<Loop>): ById<Lock> {
  const found = new Map<string, Lock>();
  for (const key of [...stored.keys()].sort(compareTexts)) {
    const lock = stored.get(key) === true ? repair.lock(key) : null;
    if (lock === null || found.size === LOCKS_PER_SONG) continue;
    if (lock.kind === "bars" || (lock.kind === "stem" ? stems : loops).has(lock.of)) {
      found.set(key, lock);
    }
  }
  return found;
}
