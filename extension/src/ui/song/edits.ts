/** What can be done to blocks and segments, each as one gesture with its line of Python. Pure. */

import type { SongEdit } from "../../core/song_store.js";
import type { Loop, Note, Segment } from "../../gen/models.js";
import { joinLines, python } from "../code_lines.js";
import { turnOf, type Arrangement, type Item, type Track } from "./arrangement.js";
import { barNumber, barWord, barsBetween, forEachLine, itemRef, loopRef, stemRef } from "./song_lines.js";
import { sayPlace, saySpan } from "./words.js";
import type { Zone } from "./viewport.js";

/** One gesture, ready to be done. `apply` gives the keys of the items that it leaves selected. */
export interface Deed {
  readonly code: string;
  readonly said: string;
  apply(edit: SongEdit): readonly string[];
}

const FRAMES_PER_SECOND = 48000;

/** How far items may go: not before the beginning, and blocks and segments stay among their own. */
export function heldShift(arrangement: Arrangement, items: readonly Item[], ticks: number, tracks: number): { ticks: number; tracks: number } {
  const first = Math.min(...items.map((item) => item.start));
  const fits = items.every((item) => {
    const from = arrangement.tracks[item.track];
    return arrangement.tracks[item.track + tracks]?.kind === from?.kind;
  });
  return { ticks: Math.max(0 - first, ticks), tracks: fits ? tracks : 0 };
}

/** Moves items by ticks and tracks. */
export function moveItems(arrangement: Arrangement, items: readonly Item[], ticks: number, tracks: number): Deed {
  const { song, meter } = arrangement;
  const moves = ticks === 0 ? "" : forEachLine(items.map((item) => [itemRef(song, item), barNumber(meter, item.start + ticks)]),
    (name, bar) => `${name}.move(bar=${bar})`);
  // The track first: a move in time may change an item's place in its list.
  const tracked = tracks === 0 ? [] : items.map((item) => trackLine(arrangement, item, tracks));
  return {
    code: joinLines(tracks === 0 ? [moves] : oneByOne(arrangement, items, ticks, tracked)),
    said: sayMoved(arrangement, items, ticks, tracks),
    apply: (edit) => {
      for (const item of items) {
        const to = arrangement.tracks[item.track + tracks];
        if (to !== undefined) place(edit, item, item.start + ticks, to);
      }
      return items.map((item) => item.key);
    },
  };
}

/** `.lane = 1` or `.stem = song.stems["Keys"]` */
function trackLine(arrangement: Arrangement, item: Item, tracks: number): string {
  const to = arrangement.tracks[item.track + tracks];
  return to?.kind === "stem" ? `stem = ${stemRef(arrangement.song, to.stem?.id ?? "")}` : `lane = ${to?.lane ?? 0}`;
}

/** Each item under a name of its own, since its place in its list changes on the way. */
function oneByOne(arrangement: Arrangement, items: readonly Item[], ticks: number, tracked: readonly string[]): readonly string[] {
  const { song, meter } = arrangement;
  const found = items.map((item, at) => `part${items.length === 1 ? "" : at + 1} = ${itemRef(song, item)}`);
  const acts = items.flatMap((item, at) => {
    const name = `part${items.length === 1 ? "" : at + 1}`;
    return [`${name}.${tracked[at] ?? ""}`, ...(ticks === 0 ? [] : [`${name}.move(${barWord(meter, item.start + ticks)})`])];
  });
  return [...found, ...acts];
}

function place(edit: SongEdit, item: Item, start: number, to: Track): void {
  if (item.kind === "blocks") edit.set("blocks", item.id, { start, lane: to.lane });
  else edit.set("segments", item.id, { start, stem: to.stem?.id ?? "" });
}

function sayMoved(arrangement: Arrangement, items: readonly Item[], ticks: number, tracks: number): string {
  const [item] = items;
  if (item === undefined) return "";
  const where = arrangement.tracks[item.track + tracks]?.name ?? "";
  const name = items.length === 1 ? item.name : `${items.length} items`;
  return `${name} at ${sayPlace(arrangement.meter, item.start + ticks)}${tracks === 0 ? "" : `, ${where}`}`;
}

/** Where an edge may go: an item keeps `least` ticks, and audio and notes their beginning and end. */
export function heldEdge(arrangement: Arrangement, item: Item, zone: Zone, tick: number, least: number): number {
  if (zone === "start") {
    const earliest = item.start - spare(arrangement, item);
    return Math.max(0, earliest, Math.min(tick, item.start + item.length - least));
  }
  return Math.min(Math.max(tick, item.start + least), latestEnd(arrangement, item));
}

/** The ticks by which an item's beginning can go back: what it has before its offset. */
function spare(arrangement: Arrangement, item: Item): number {
  const { segment } = item;
  if (segment === null || segment.kind === "loop" || segment.kind === "pattern") return Infinity;
  if (segment.kind === "midi") return segment.offset;
  const { tempo } = arrangement;
  const seconds = tempo.secondsAt(item.start) - segment.offset / FRAMES_PER_SECOND;
  return item.start - tempo.tickAt(Math.max(0, seconds));
}

function latestEnd(arrangement: Arrangement, item: Item): number {
  const { segment } = item;
  if (segment === null || segment.kind !== "audio" || segment.frames === 0) return Infinity;
  const seconds = (segment.frames - segment.offset) / FRAMES_PER_SECOND;
  return arrangement.tempo.tickAt(arrangement.tempo.secondsAt(item.start) + seconds);
}

/** Where a segment's content begins after its start has moved to a tick. */
export function offsetAt(arrangement: Arrangement, item: Item, tick: number): number {
  const { segment, turn } = item;
  if (segment === null) return 0;
  if (segment.kind === "audio") {
    const { tempo } = arrangement;
    const seconds = tempo.secondsAt(tick) - tempo.secondsAt(item.start);
    return Math.max(0, Math.round(segment.offset + seconds * FRAMES_PER_SECOND));
  }
  const offset = segment.offset + tick - item.start;
  return turn > 0 ? ((offset % turn) + turn) % turn : Math.max(0, offset);
}

/** Moves an item's beginning or end to a tick. */
export function resizeItem(arrangement: Arrangement, item: Item, zone: Zone, tick: number): Deed {
  const start = zone === "start" ? tick : item.start;
  const length = item.start + item.length - start + (zone === "end" ? tick - item.start - item.length : 0);
  const { song, meter } = arrangement;
  const bars = barsBetween(meter, start, length);
  const trimmed = item.segment === null ? "" : `; part.offset = ${offsetAt(arrangement, item, start)}`;
  return {
    code: zone === "end" ? `${itemRef(song, item)}.bars = ${bars}`
      : `part = ${itemRef(song, item)}; part.move(${barWord(meter, start)}); part.bars = ${bars}${trimmed}`,
    said: `${item.name}, ${saySpan(meter, start, length)}`,
    apply: (edit) => {
      if (item.kind === "blocks") edit.set("blocks", item.id, { start, length });
      else if (zone === "start") edit.set("segments", item.id, { start, length, offset: offsetAt(arrangement, item, tick) });
      else edit.set("segments", item.id, { length });
      return [item.key];
    },
  };
}

/** Copies items, `ticks` later and `tracks` lower. */
export function duplicateItems(arrangement: Arrangement, items: readonly Item[], ticks: number, tracks: number): Deed {
  const { song, meter } = arrangement;
  const follows = tracks === 0 && items.every((item) => item.length === ticks);
  const lines = tracks === 0
    ? [forEachLine(items.map((item) => [itemRef(song, item), barNumber(meter, item.start + ticks)]),
      (name, bar) => (follows && items.length === 1 ? `${name}.duplicate()` : `${name}.duplicate().move(bar=${bar})`))]
    : items.map((item) => `part = ${itemRef(song, item)}.duplicate(); part.move(${barWord(meter, item.start + ticks)}); part.${trackLine(arrangement, item, tracks)}`);
  const name = items.length === 1 ? (items[0]?.name ?? "") : `${items.length} items`;
  return {
    code: joinLines(lines),
    said: `${name} duplicated`,
    apply: (edit) => items.flatMap((item) => copyOf(arrangement, item, ticks, tracks, edit)),
  };
}

function copyOf(arrangement: Arrangement, item: Item, ticks: number, tracks: number, edit: SongEdit): readonly string[] {
  const to = arrangement.tracks[item.track + tracks];
  const start = item.start + ticks;
  if (item.block !== null) {
    const { loop, length } = item.block;
    return [`blocks/${edit.add("blocks", { loop, length, start, lane: to?.lane ?? 0 })}`];
  }
  if (item.segment === null) return [];
  const stem = to?.stem?.id ?? item.segment.stem;
  return [`segments/${addSegment(edit, item.segment, { start, stem })}`];
}

/** A copy of a segment; a pattern gets a copy of its loop, so that both live on by themselves. */
function addSegment(edit: SongEdit, segment: Segment, more: Partial<Segment>): string {
  const { id, ...fields } = segment;
  const loop = segment.kind === "pattern" ? id : segment.loop;
  return edit.add("segments", { ...fields, loop, ...more });
}

/** The stretch that items fill: what a duplicate moves on by. */
export function extent(items: readonly Item[]): number {
  const start = Math.min(...items.map((item) => item.start));
  return Math.max(...items.map((item) => item.start + item.length)) - start;
}

export function removeItems(arrangement: Arrangement, items: readonly Item[]): Deed {
  // From the last, so that the places in the lines before stay true.
  const lines = items.toSorted((a, b) => b.start - a.start).map((item) => `${itemRef(arrangement.song, item)}.delete()`);
  const name = items.length === 1 ? (items[0]?.name ?? "") : `${items.length} items`;
  return {
    code: joinLines(lines),
    said: `${name} deleted`,
    apply: (edit) => {
      for (const item of items) edit.remove(item.kind, item.id);
      return [];
    },
  };
}

/** Cuts an item in two; null where it cannot be cut there. A block is cut between two turns. */
export function splitItem(arrangement: Arrangement, item: Item, tick: number): Deed | null {
  const at = item.block === null ? tick : cutOfBlock(item, tick);
  if (at === null || at <= item.start || at >= item.start + item.length) return null;
  const [first, second] = [at - item.start, item.start + item.length - at];
  return {
    code: `${itemRef(arrangement.song, item)}.split(${barWord(arrangement.meter, at)})`,
    said: `${item.name} split at ${sayPlace(arrangement.meter, at)}`,
    apply: (edit) => {
      if (item.block !== null) {
        edit.set("blocks", item.id, { length: first });
        const { loop, lane } = item.block;
        return [`blocks/${edit.add("blocks", { loop, lane, start: at, length: second })}`];
      }
      if (item.segment === null) return [];
      const offset = offsetAt(arrangement, item, at);
      const rest = { start: at, length: second, offset, fade_in: 0, notes: notesFrom(item.segment, offset) };
      const made = addSegment(edit, item.segment, rest);
      edit.set("segments", item.id, { length: first, fade_out: 0 });
      cutNotes(edit, item.segment, offset);
      return [`segments/${made}`];
    },
  };
}

/** The notes that begin or sound behind a cut: those over it begin again there. */
function notesFrom(segment: Segment, cut: number): ReadonlyMap<string, Note> {
  if (segment.kind !== "midi") return segment.notes;
  const rest = [...segment.notes].filter(([, note]) => note.start + note.duration > cut);
  return new Map(rest.map(([id, note]) => {
    const start = Math.max(note.start, cut);
    return [id, { ...note, start, duration: note.start + note.duration - start }];
  }));
}

/** Ends the notes over a cut, and leaves those behind it to the other half. */
function cutNotes(edit: SongEdit, segment: Segment, cut: number): void {
  if (segment.kind !== "midi") return;
  for (const [id, note] of segment.notes) {
    if (note.start >= cut) edit.setNote(segment.id, id, null);
    else if (note.start + note.duration > cut) edit.setNote(segment.id, id, { ...note, duration: cut - note.start });
  }
}

/** The nearest place between two turns of a block's loop. */
function cutOfBlock(item: Item, tick: number): number | null {
  if (item.turn <= 0 || item.length <= item.turn) return null;
  const turns = Math.ceil(item.length / item.turn) - 1;
  const turn = Math.max(1, Math.min(turns, Math.round((tick - item.start) / item.turn)));
  return item.start + turn * item.turn;
}

/** Puts a loop on a lane as a block, or on a stem as a segment. */
export function placeLoop(arrangement: Arrangement, loop: Loop, track: Track, start: number): Deed {
  const { song, meter } = arrangement;
  const length = turnOf(loop, meter, start);
  const reference = loopRef(song, loop);
  const words = `${reference}, ${barWord(meter, start)}`;
  const code = track.stem === null
    ? `song.timeline.add(${words}${track.lane === 0 ? "" : `, lane=${track.lane}`})`
    : `${stemRef(song, track.stem.id)}.add_loop(${words})`;
  return {
    code,
    said: `${loop.name} at ${sayPlace(meter, start)}, ${track.name}`,
    apply: (edit) => {
      if (track.stem === null) return [`blocks/${edit.add("blocks", { loop: loop.id, start, length, lane: track.lane })}`];
      return [`segments/${edit.add("segments", { ...PLAIN, stem: track.stem.id, kind: "loop", loop: loop.id, start, length })}`];
    },
  };
}

const PLAIN: Omit<Segment, "id" | "stem" | "kind" | "start" | "length"> = {
  name: "", offset: 0, gain: 0, fade_in: 0, fade_out: 0, fade_in_curve: "linear",
  fade_out_curve: "linear", loop: null, blob: null, frames: 0, notes: new Map(),
};

/** `song.name = "Evening"` */
export function songFieldLine(field: string, value: string | number): string {
  return `song.${field} = ${python(value)}`;
}
