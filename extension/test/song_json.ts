/** Songs as the tests of both languages write them down. */

import type { Loop, Return, Segment, Song, Stem } from "../src/gen/models.js";
import { readLoop, type LoopJson } from "./loop_json.js";

type Entries<T> = Readonly<Record<string, T>>;

/** An entity as JSON: the named maps are objects. */
type Json<T, Maps extends keyof T> = Omit<T, Maps> & {
  readonly [K in Maps]: T[K] extends ReadonlyMap<infer _Key, infer V> ? Entries<V> : never;
};

type LanesJson = { readonly lanes: Entries<Entries<{ value: number; curve: string }>> };
type StemJson = Omit<Json<Stem, "settings" | "sends">, "lanes"> & LanesJson;
type ReturnJson = Omit<Json<Return, "settings">, "lanes"> & LanesJson;
type SegmentJson = Json<Segment, "notes">;

type Plain = "id" | "name" | "kind" | "key" | "seed";
type Flat = "tempos" | "meters" | "pads" | "blocks" | "sections" | "markers" | "master" | "locks";

/** A song as JSON: all maps are objects. */
export type SongJson = Pick<Song, Plain> &
  Pick<Json<Song, Flat>, Flat> &
  LanesJson & {
    readonly loops: Entries<LoopJson>;
    readonly stems: Entries<StemJson>;
    readonly returns: Entries<ReturnJson>;
    readonly segments: Entries<SegmentJson>;
  };

export function readSong(json: SongJson): Song {
  return {
    ...json,
    tempos: byNumber(json.tempos),
    meters: byNumber(json.meters),
    pads: byNumber(json.pads),
    loops: mapped(json.loops, (loop): Loop => readLoop(loop)),
    blocks: byText(json.blocks),
    stems: mapped(json.stems, (stem): Stem => ({
      ...stem, settings: byText(stem.settings), sends: byText(stem.sends), lanes: lanes(stem),
    })),
    returns: mapped(json.returns, (bus): Return => ({
      ...bus, settings: byText(bus.settings), lanes: lanes(bus),
    })),
    segments: mapped(json.segments, (segment): Segment => ({
      ...segment, notes: byText(segment.notes),
    })),
    sections: byText(json.sections),
    markers: byText(json.markers),
    master: byText(json.master),
    lanes: lanes(json),
    locks: byText(json.locks),
  };
}

function byText<T>(entries: Entries<T>): Map<string, T> {
  return new Map(Object.entries(entries));
}

function byNumber<T>(entries: Entries<T>): Map<number, T> {
  return new Map(Object.entries(entries).map(([key, value]) => [Number(key), value]));
}

function mapped<T, U>(entries: Entries<T>, read: (value: T) => U): Map<string, U> {
  return new Map(Object.entries(entries).map(([key, value]) => [key, read(value)]));
}

function lanes(json: LanesJson): Stem["lanes"] {
  return mapped(json.lanes, byNumber);
}

/** A song in which there is nothing. */
export function emptySong(): Song {
  return {
    id: "song", name: "Song", kind: "song", key: "C major", seed: 0,
    tempos: new Map([[0, { bpm: 120, ramp: false }]]), meters: new Map([[0, "4/4"]]),
    loops: new Map(), pads: new Map(), blocks: new Map(), stems: new Map(), returns: new Map(),
    segments: new Map(), sections: new Map(), markers: new Map(), master: new Map(),
    lanes: new Map(), locks: new Map(),
  };
}
