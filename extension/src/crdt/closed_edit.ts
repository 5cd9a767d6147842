/** Edits of a song by somebody who may not lock: what is locked stays as it is [GATE-15 … 18]. */

import { lockOfLoop, lockOfStem, lockOfStretch } from "../core/locks.js";
import type { Channel, Entities, SongEdit } from "../core/song_store.js";
import type { Lock, Note, Segment, Song } from "../gen/models.js";

/** What has a place in the song. */
type Placed = Partial<Record<"start" | "length" | "tick", number>> & { readonly stem?: string };

/** `edit`, where nothing that it would do is locked; else `refused` is told of the lock. */
export function keepingLocks(edit: SongEdit, song: () => Song, refused: (lock: Lock) => void): SongEdit {
  const open = (lock: Lock | null): boolean => {
    if (lock !== null) refused(lock);
    return lock === null;
  };
  const strip = (channel: Channel): Lock | null => (channel.kind === "stem" ? lockOfStem(song(), channel.id) : null);
  return {
    setName: (name) => edit.setName(name),
    setKey: (key) => edit.setKey(key),
    setTempo: (tick, tempo) => void (open(lockOfPoint(song(), song().tempos, tick)) && edit.setTempo(tick, tempo)),
    setMeter: (tick, meter) => void (open(lockOfPoint(song(), song().meters, tick)) && edit.setMeter(tick, meter)),
    setPad: (pad, loop) => edit.setPad(pad, loop),
    setLock: (lock) => refused(lock),
    add: (kind, entity) => (open(lockOfThing(song(), entity as Placed)) ? edit.add(kind, entity) : ""),
    set(kind, id, fields): void {
      const held = song()[kind].get(id) as (Entities[typeof kind] & Placed) | undefined;
      const lock = held === undefined ? null : lockOfEntity(song(), kind, held)
        ?? lockOfThing(song(), { ...held, ...fields } as Placed);
      if (open(lock)) edit.set(kind, id, fields);
    },
    remove(kind, id): void {
      const held = song()[kind].get(id);
      if (open(held === undefined ? null : lockOfRemoval(song(), kind, held))) edit.remove(kind, id);
    },
    setSetting: (channel, key, value) => void (open(strip(channel)) && edit.setSetting(channel, key, value)),
    setSend: (stem, to, level) => void (open(lockOfStem(song(), stem)) && edit.setSend(stem, to, level)),
    setPoint(channel, key, tick, point): void {
      if (open(strip(channel) ?? lockOfStretch(song(), tick, tick + 1))) edit.setPoint(channel, key, tick, point);
    },
    setNote(segment, id, note): string {
      const held = song().segments.get(segment);
      const before = id === null ? undefined : held?.notes.get(id);
      const lock = held === undefined ? null : lockOfNote(song(), held, before ?? null) ?? lockOfNote(song(), held, note);
      return open(lock) ? edit.setNote(segment, id, note) : (id ?? "");
    },
    copyLoop: (id, name) => edit.copyLoop(id, name),
    removeLoop: (id) => void (open(lockOfLoop(song(), id)) && edit.removeLoop(id)),
    loop: (id) => {
      const loop = edit.loop(id);
      const isOpen = (): boolean => open(lockOfLoop(song(), id));
      return {
        setStep: (row, cell, step) => void (isOpen() && loop.setStep(row, cell, step)),
        setChord: (cell, symbol) => void (isOpen() && loop.setChord(cell, symbol)),
        setSetting: (key, value) => void (isOpen() && loop.setSetting(key, value)),
        setField: (field, value) => void (isOpen() && loop.setField(field, value)),
      };
    },
  };
}

/** A tempo or meter holds up to the next one, and a ramp begins at the one before. */
function lockOfPoint(song: Song, points: ReadonlyMap<number, unknown>, tick: number): Lock | null {
  const ticks = [...points.keys()].toSorted((a, b) => a - b);
  const next = ticks.find((one) => one > tick) ?? Number.MAX_SAFE_INTEGER;
  const before = ticks.findLast((one) => one < tick);
  const ramps = before !== undefined && song.tempos.get(before)?.ramp === true;
  return lockOfStretch(song, ramps ? before : tick, next);
}

function lockOfThing(song: Song, { start, length, tick, stem }: Placed): Lock | null {
  const own = stem === undefined ? null : lockOfStem(song, stem);
  if (tick !== undefined) return own ?? lockOfStretch(song, tick, tick + 1);
  return own ?? (start === undefined || length === undefined ? null : lockOfStretch(song, start, start + length));
}

function lockOfEntity(song: Song, kind: keyof Entities, held: { readonly id: string } & Placed): Lock | null {
  return kind === "stems" ? lockOfStem(song, held.id) : lockOfThing(song, held);
}

/** A stem takes its segments along, and a return what is sent to it. */
function lockOfRemoval(song: Song, kind: keyof Entities, held: { readonly id: string } & Placed): Lock | null {
  const own = lockOfEntity(song, kind, held);
  if (own !== null || (kind !== "stems" && kind !== "returns")) return own;
  if (kind === "returns") {
    const sending = [...song.stems.values()].filter((stem) => stem.sends.has(held.id));
    return sending.map((stem) => lockOfStem(song, stem.id)).find((lock) => lock !== null) ?? null;
  }
  const segments = [...song.segments.values()].filter((segment) => segment.stem === held.id);
  return segments.map((segment) => lockOfThing(song, segment)).find((lock) => lock !== null) ?? null;
}

function lockOfNote(song: Song, segment: Segment, note: Note | null): Lock | null {
  const own = lockOfStem(song, segment.stem);
  if (own !== null || note === null) return own;
  const start = segment.start + note.start - segment.offset;
  const end = Math.min(start + note.duration, segment.start + segment.length);
  return lockOfStretch(song, Math.max(start, segment.start), end);
}
