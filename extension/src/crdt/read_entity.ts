/** Stems, segments, blocks and their like as immutable values: a pure reading of stored maps. */

import { compareTexts } from "../core/order.js";
import { sortedByText } from "../core/score.js";
import type { Entities } from "../core/song_store.js";
import * as limits from "../gen/limits.js";
import type {
  Block, Marker, Note, Point, Return, Section, Segment, Stem, Value,
} from "../gen/models.js";
import { innerMap, type Stored } from "./layout.js";
import { entriesOf } from "./read_loop.js";
import * as repair from "./repair.js";

const TICKS = [0, limits.LAST_TICK] as const;
const LENGTHS = [1, limits.LAST_TICK] as const;

type Reader<T> = (id: string, stored: Stored) => T;

const readBlock: Reader<Block> = (id, stored) => ({
  id,
  loop: repair.nameOf(stored.get("loop")) ?? "",
  start: repair.whole(stored.get("start"), TICKS, 0),
  length: repair.whole(stored.get("length"), LENGTHS, 3840),
  lane: repair.whole(stored.get("lane"), [0, limits.LANES - 1], 0),
});

const readSection: Reader<Section> = (id, stored) => ({
  id,
  name: repair.text(stored.get("name"), "Section"),
  start: repair.whole(stored.get("start"), TICKS, 0),
  length: repair.whole(stored.get("length"), LENGTHS, 3840),
  color: repair.color(stored.get("color")),
});

const readMarker: Reader<Marker> = (id, stored) => ({
  id,
  name: repair.text(stored.get("name"), "Marker"),
  tick: repair.whole(stored.get("tick"), TICKS, 0),
});

/** A stem; sends to returns that are not there are still in it. */
const readStem: Reader<Stem> = (id, stored) => {
  const channel = stored.get("channel");
  return {
    ...readReturn(id, stored),
    name: repair.text(stored.get("name"), "Stem"),
    channel: channel == null ? null : repair.whole(channel, [1, 16], 1),
    frozen: repair.frozen(stored.get("frozen")),
    sends: readSends(stored),
  };
};

const readReturn: Reader<Return> = (id, stored) => ({
  id,
  name: repair.text(stored.get("name"), "Return"),
  color: repair.color(stored.get("color")),
  order: repair.order(stored.get("order")),
  settings: readChannelSettings(innerMap(stored, "settings"), "stem"),
  lanes: readLanes(innerMap(stored, "lanes")),
});

function readSends(stored: Stored): Map<string, number> {
  const sends = new Map<string, number>();
  for (const [to, value] of entriesOf(stored, "sends")) {
    const level = repair.clamped(value, [0, 1], 0);
    if (level > 0) sends.set(to, level);
  }
  return sends;
}

/** The settings of a stem, a return or the master. */
export function readChannelSettings(
  stored: Stored | null, target: "stem" | "master",
): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const [key, raw] of stored?.entries() ?? []) {
    const value = repair.setting(`${target}.${key}`, raw);
    if (value !== null) found.set(key, value);
  }
  return found;
}

/** Automation by parameter and tick; a lane past its limit of points loses its last. */
export function readLanes(stored: Stored | null): Stem["lanes"] {
  const lanes = new Map<string, Map<number, Point>>();
  for (const [key, value] of sortedByText(new Map(stored?.entries() ?? []))) {
    const place = repair.pointKey(key);
    const point = place === null ? null : repair.point(place.parameter, value);
    if (place === null || point === null) continue;
    const lane = lanes.get(place.parameter.key) ?? new Map<number, Point>();
    lanes.set(place.parameter.key, lane.set(place.tick, point));
  }
  return new Map([...lanes].map(([key, points]) => [key, inTime(points)]));
}

function inTime(points: ReadonlyMap<number, Point>): Map<number, Point> {
  return new Map([...points].sort(([a], [b]) => a - b).slice(0, limits.POINTS_PER_LANE));
}

const readSegment: Reader<Segment> = (id, stored) => segment(id, stored, readNotes(stored));

/** What `readSegment` gives, when of the notes only those of `keys` may have changed. */
export function readSegmentAgain(
  before: Segment, stored: Stored, keys: ReadonlySet<string>,
): Segment {
  const written = innerMap(stored, "notes");
  if (Math.max(written?.size ?? 0, before.notes.size + 1) > limits.NOTES_PER_SEGMENT) {
    return readSegment(before.id, stored);
  }
  if (keys.size === 0) return segment(before.id, stored, before.notes);
  const notes = new Map(before.notes);
  for (const key of keys) {
    const note = repair.note(written?.get(key));
    if (note === null) notes.delete(key);
    else notes.set(key, note);
  }
  return segment(before.id, stored, notes);
}

function readNotes(stored: Stored): Map<string, Note> {
  const found: [string, Note][] = [];
  for (const [key, value] of entriesOf(stored, "notes")) {
    const note = repair.note(value);
    if (note !== null) found.push([key, note]);
  }
  if (found.length > limits.NOTES_PER_SEGMENT) found.sort(([a], [b]) => compareTexts(a, b));
  return new Map(found.slice(0, limits.NOTES_PER_SEGMENT));
}

function segment(id: string, stored: Stored, notes: ReadonlyMap<string, Note>): Segment {
  const kind = repair.oneOf(stored.get("kind"), limits.SEGMENT_KINDS, "midi");
  const offsets = [0, kind === "audio" ? limits.MOST_FRAMES : limits.LAST_TICK] as const;
  return {
    id,
    stem: repair.nameOf(stored.get("stem")) ?? "",
    kind,
    start: repair.whole(stored.get("start"), TICKS, 0),
    length: repair.whole(stored.get("length"), LENGTHS, 3840),
    name: repair.text(stored.get("name"), ""),
    offset: repair.whole(stored.get("offset"), offsets, 0),
    gain: repair.clamped(stored.get("gain"), limits.GAIN_RANGE, 0),
    fade_in: repair.clamped(stored.get("fadeIn"), limits.FADE_RANGE, 0),
    fade_out: repair.clamped(stored.get("fadeOut"), limits.FADE_RANGE, 0),
    fade_in_curve: repair.oneOf(stored.get("fadeInCurve"), limits.FADE_CURVES, "linear"),
    fade_out_curve: repair.oneOf(stored.get("fadeOutCurve"), limits.FADE_CURVES, "linear"),
    loop: repair.nameOf(stored.get("loop")),
    blob: repair.blob(stored.get("blob")),
    frames: repair.whole(stored.get("frames"), [0, limits.MOST_FRAMES], 0),
    notes,
  };
}

/** How the entities of each root map are read. */
export const READERS: { readonly [K in keyof Entities]: Reader<Entities[K]> } = {
  blocks: readBlock,
  stems: readStem,
  returns: readReturn,
  segments: readSegment,
  sections: readSection,
  markers: readMarker,
};

/** Which of two entities stands first; equals are told apart by their ids. */
export const PLACES: { readonly [K in keyof Entities]: (a: Entities[K], b: Entities[K]) => number } = {
  blocks: (a, b) => a.start - b.start || a.lane - b.lane,
  stems: (a, b) => compareTexts(a.order, b.order),
  returns: (a, b) => compareTexts(a.order, b.order),
  segments: (a, b) => a.start - b.start,
  sections: (a, b) => a.start - b.start,
  markers: (a, b) => a.tick - b.tick,
};

/** How many entities of each root map are read, in their order. */
export const MOST: Readonly<Record<keyof Entities, number>> = {
  blocks: limits.BLOCKS_PER_SONG,
  stems: limits.STEMS_PER_SONG,
  returns: limits.RETURNS_PER_SONG,
  segments: limits.SEGMENTS_PER_SONG,
  sections: limits.SECTIONS_PER_SONG,
  markers: limits.SECTIONS_PER_SONG,
};
