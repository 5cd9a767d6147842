/** Changes of a song, written into the document. */

import * as Y from "yjs";

import type { LoopEdit } from "../core/loop_store.js";
import type { Channel, Entities, Fields, SongEdit } from "../core/song_store.js";
import { BAR_COUNTS } from "../gen/limits.js";
import { lockKey } from "../core/locks.js";
import type { Lock, Note, Point, Segment, Tempo, Value } from "../gen/models.js";
import {
  entityMap, innerMap, makeEntity, pointKey, put, rootMap, storedField, storedKey,
  storedNote, storedPoint, storedTempo, type EntityRoot, type Stored,
} from "./layout.js";
import { StoredLoopEdit, type DocHolder, type Write } from "./loop_edit.js";

const BAR = 3840;

export class StoredSongEdit implements SongEdit {
  constructor(
    private readonly held: DocHolder,
    private readonly write: Write,
  ) {}

  private get doc(): Y.Doc {
    return this.held.doc;
  }

  setName(name: string): void {
    this.write(() => put(rootMap(this.doc, "song"), "name", name));
  }

  setKey(key: string): void {
    this.write(() => put(rootMap(this.doc, "song"), "key", key));
  }

  setTempo(tick: number, tempo: Tempo | null): void {
    if (tick === 0 && tempo === null) return;
    const stored = tempo === null ? null : storedTempo(tempo);
    this.write(() => put(rootMap(this.doc, "tempo"), String(tick), stored));
  }

  setMeter(tick: number, meter: string | null): void {
    if (tick === 0 && meter === null) return;
    this.write(() => put(rootMap(this.doc, "meter"), String(tick), meter));
  }

  setPad(pad: number, loop: string | null): void {
    this.write(() => put(rootMap(this.doc, "pads"), String(pad), loop));
  }

  setLock(lock: Lock, closed: boolean): void {
    this.write(() => put(rootMap(this.doc, "locks"), lockKey(lock), closed ? true : null));
  }

  add<K extends keyof Entities>(kind: K, entity: Omit<Entities[K], "id">): string {
    const id = newId();
    this.write(() => {
      const made = makeEntity(this.doc, kind, id);
      for (const [field, value] of Object.entries(entity)) this.fill(kind, made, field, value);
      if (kind === "segments") this.addOwnLoop(id, entity as unknown as Omit<Segment, "id">);
    });
    return id;
  }

  set<K extends keyof Entities>(kind: K, id: string, fields: Fields<K>): void {
    const stored = entityMap(this.doc, kind, id);
    if (stored === null) return;
    this.write(() => {
      for (const [field, value] of Object.entries(fields)) {
        put(stored, storedKey(field), storedField(kind, field, value));
      }
    });
  }

  remove(kind: keyof Entities, id: string): void {
    this.write(() => this.removeEntity(kind, id));
  }

  setSetting(channel: Channel, key: string, value: Value | null): void {
    const stored = this.ofChannel(channel, "settings");
    if (stored !== null) this.write(() => put(stored, key, value));
  }

  setSend(stem: string, to: string, level: number): void {
    const stored = this.inner("stems", stem, "sends");
    if (stored !== null) this.write(() => put(stored, to, level > 0 ? level : null));
  }

  setPoint(channel: Channel, key: string, tick: number, point: Point | null): void {
    const stored = this.ofChannel(channel, "lanes");
    const value = point === null ? null : storedPoint(point);
    if (stored !== null) this.write(() => put(stored, pointKey(key, tick), value));
  }

  setNote(segment: string, id: string | null, note: Note | null): string {
    const key = id ?? newId();
    const stored = this.inner("segments", segment, "notes");
    const value = note === null ? null : storedNote(note);
    if (stored !== null) this.write(() => put(stored, key, value));
    return key;
  }

  copyLoop(id: string, name: string): string {
    const copy = newId();
    this.write(() => {
      if (this.copyLoopTo(id, copy)) entityMap(this.doc, "loops", copy)?.set("name", name);
    });
    return copy;
  }

  removeLoop(id: string): void {
    this.write(() => {
      rootMap(this.doc, "loops").delete(id);
      put(rootMap(this.doc, "locks"), `loop/${id}`, null);
      const pads = rootMap(this.doc, "pads");
      for (const [pad, loop] of pads.entries()) if (loop === id) pads.delete(pad);
      for (const kind of ["blocks", "segments"] as const) {
        for (const gone of this.where(kind, "loop", id)) this.removeEntity(kind, gone);
      }
    });
  }

  loop(id: string): LoopEdit {
    return new StoredLoopEdit(this.held, id, this.write);
  }

  private fill(kind: keyof Entities, made: Stored, field: string, value: unknown): void {
    if (!(value instanceof Map)) {
      return put(made, storedKey(field), storedField(kind, field, value));
    }
    const inner = innerMap(made, field);
    for (const [key, content] of inner === null ? [] : storedEntries(field, value)) {
      inner?.set(key, content);
    }
  }

  /** A pattern segment owns a loop with its id: a copy of the one it names, or an empty one. */
  private addOwnLoop(id: string, { kind, name, loop, length }: Omit<Segment, "id">): void {
    if (kind !== "pattern") return;
    entityMap(this.doc, "segments", id)?.delete("loop");
    if (loop !== null && this.copyLoopTo(loop, id)) return;
    const made = makeEntity(this.doc, "loops", id);
    made.set("name", name === "" ? "Pattern" : name);
    made.set("bars", BAR_COUNTS.findLast((bars) => bars * BAR <= length) ?? 1);
    made.set("stepsPerBar", 16);
    put(made, "key", rootMap(this.doc, "song").get("key") ?? null);
  }

  /** Copies a loop with all that stands in it; false where there is none. */
  private copyLoopTo(from: string, to: string): boolean {
    const stored = entityMap(this.doc, "loops", from);
    if (stored === null) return false;
    const copy = makeEntity(this.doc, "loops", to);
    for (const [key, value] of stored.entries()) {
      if (!(value instanceof Y.Map)) copy.set(key, value);
      else for (const [name, held] of value.entries()) innerMap(copy, key)?.set(name, held);
    }
    copy.set("source", from);
    return true;
  }

  private removeEntity(kind: keyof Entities, id: string): void {
    rootMap(this.doc, kind).delete(id);
    if (kind === "segments") rootMap(this.doc, "loops").delete(id);
    if (kind !== "stems") return;
    put(rootMap(this.doc, "locks"), `stem/${id}`, null);
    for (const segment of this.where("segments", "stem", id)) {
      this.removeEntity("segments", segment);
    }
  }

  private where(kind: "blocks" | "segments", field: string, value: string): readonly string[] {
    const found: string[] = [];
    for (const [id, stored] of rootMap(this.doc, kind).entries()) {
      if (stored instanceof Y.Map && stored.get(field) === value) found.push(id);
    }
    return found;
  }

  private inner(root: EntityRoot, id: string, name: string): Stored | null {
    const stored = entityMap(this.doc, root, id);
    return stored === null ? null : innerMap(stored, name);
  }

  private ofChannel(channel: Channel, name: "settings" | "lanes"): Stored | null {
    if (channel.kind === "master") {
      return rootMap(this.doc, name === "settings" ? "master" : "lanes");
    }
    return this.inner(channel.kind === "stem" ? "stems" : "returns", channel.id, name);
  }
}

/** What a map within an entity holds as it is stored. */
function storedEntries(field: string, map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  const entries = [...map] as [string, unknown][];
  if (field === "notes") return entries.map(([id, note]) => [id, storedNote(note as Note)]);
  if (field !== "lanes") return entries;
  return entries.flatMap(([key, points]) => {
    const listed = [...(points as ReadonlyMap<number, Point>)];
    return listed.map(([tick, point]): [string, unknown] => {
      return [pointKey(key, tick), storedPoint(point)];
    });
  });
}

/** A random UUID; also on pages that the browser does not count as secure. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
