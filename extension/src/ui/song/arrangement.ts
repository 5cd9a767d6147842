/** What one revision of a song puts where: tracks, items, maps of time. Pure. */

import { compareTexts, inOrder } from "../../core/order.js";
import { MeterMap, TempoMap, parseMeter } from "../../core/tempo_map.js";
import { LANES, MASTER } from "../../gen/limits.js";
import type { Block, Loop, Segment, Song, Stem } from "../../gen/models.js";

/** A line of the timeline: a lane of blocks, or a stem. */
export interface Track {
  readonly kind: "lane" | "stem";
  /** "lane/0" or "stem/<id>" */
  readonly key: string;
  readonly name: string;
  readonly lane: number;
  readonly stem: Stem | null;
  readonly items: readonly Item[];
}

/** A block or a segment, as the timeline shows it. */
export interface Item {
  readonly kind: "blocks" | "segments";
  readonly id: string;
  /** "blocks/<id>" or "segments/<id>" */
  readonly key: string;
  /** The place of its track. */
  readonly track: number;
  readonly start: number;
  readonly length: number;
  readonly name: string;
  readonly color: string;
  /** What it repeats, and how long one turn of that is; null where it repeats nothing. */
  readonly loop: Loop | null;
  readonly turn: number;
  readonly segment: Segment | null;
  readonly block: Block | null;
}

export interface Arrangement {
  readonly song: Song;
  readonly tempo: TempoMap;
  readonly meter: MeterMap;
  readonly tracks: readonly Track[];
  readonly items: ReadonlyMap<string, Item>;
  /** The tick behind the last block or segment; at least one bar [DOC-28]. */
  readonly end: number;
  /** Blocks in the order of the timeline. */
  readonly blocks: readonly Block[];
}

/** The arrangement of a song. *Cost*: O(blocks and segments). */
export function arrangementOf(song: Song): Arrangement {
  const meter = new MeterMap(song.meters);
  const blocks = blocksOf(song);
  const lanes = lanesOf(song, blocks, meter);
  const placed = [...lanes, ...stemsOf(song, meter, lanes.length)];
  const items = new Map(placed.flatMap((track) => track.items.map((item) => [item.key, item] as const)));
  const end = Math.max(meter.tickOf(2), ...[...items.values()].map((item) => item.start + item.length));
  return { song, tempo: new TempoMap(song.tempos), meter, tracks: placed, items, end, blocks };
}

/** The blocks of a song by start, then lane, then id. */
export function blocksOf(song: Song): readonly Block[] {
  return [...song.blocks.values()].filter((block) => song.loops.has(block.loop)).toSorted(
    (a, b) => a.start - b.start || a.lane - b.lane || compareTexts(a.id, b.id),
  );
}

/** The segments of a stem by start, then id. */
export function segmentsOf(song: Song, stem: string): readonly Segment[] {
  return [...song.segments.values()].filter((segment) => segment.stem === stem).toSorted(
    (a, b) => a.start - b.start || compareTexts(a.id, b.id),
  );
}

/** The ticks of one turn of a loop that begins at a tick [DOC-26]. */
export function turnOf(loop: Loop, meter: MeterMap, start: number): number {
  const own = loop.meter === null ? meter.meterAt(start) : parseMeter(loop.meter);
  return own.ticksPerBar * loop.bars;
}

/** The lanes in use, and one more to put things on. */
function lanesOf(song: Song, blocks: readonly Block[], meter: MeterMap): readonly Track[] {
  const last = blocks.reduce((most, block) => Math.max(most, block.lane), -1);
  const count = Math.min(LANES, last + 2);
  return Array.from({ length: count }, (_, lane) => ({
    kind: "lane", key: `lane/${lane}`, name: `Lane ${lane + 1}`, lane, stem: null,
    items: blocks.filter((block) => block.lane === lane).flatMap((block) => blockItem(song, block, meter, lane)),
  }));
}

function blockItem(song: Song, block: Block, meter: MeterMap, track: number): readonly Item[] {
  const loop = song.loops.get(block.loop);
  if (loop === undefined) return [];
  const { id, start, length } = block;
  const turn = turnOf(loop, meter, start);
  return [{
    kind: "blocks", id, key: `blocks/${id}`, track, start, length, name: loop.name,
    color: loop.color, loop, turn, segment: null, block,
  }];
}

function stemsOf(song: Song, meter: MeterMap, first: number): readonly Track[] {
  const byStem = new Map<string, Segment[]>();
  for (const segment of song.segments.values()) {
    const list = byStem.get(segment.stem);
    if (list === undefined) byStem.set(segment.stem, [segment]);
    else list.push(segment);
  }
  return inOrder(song.stems.values()).map((stem, place) => ({
    kind: "stem", key: `stem/${stem.id}`, name: stem.name, lane: 0, stem,
    items: (byStem.get(stem.id) ?? [])
      .toSorted((a, b) => a.start - b.start || compareTexts(a.id, b.id))
      .map((segment) => segmentItem(song, stem, segment, meter, first + place)),
  }));
}

function segmentItem(song: Song, stem: Stem, segment: Segment, meter: MeterMap, track: number): Item {
  const { id, start, length } = segment;
  const loop = loopOfSegment(song, segment);
  const turn = loop === null ? 0 : turnOf(loop, meter, start);
  return {
    kind: "segments", id, key: `segments/${id}`, track, start, length,
    name: segment.name === "" ? (loop?.name ?? stem.name) : segment.name,
    color: stem.color, loop, turn, segment, block: null,
  };
}

/** The loop that a segment repeats; null for notes and audio. */
export function loopOfSegment(song: Song, segment: Segment): Loop | null {
  if (segment.kind === "pattern") return song.loops.get(segment.id) ?? null;
  return segment.kind === "loop" ? (song.loops.get(segment.loop ?? "") ?? null) : null;
}

/** The loops that stand on the timeline, those on pads first, in their order. */
export function placedLoops(song: Song): readonly Loop[] {
  const placed = new Set([...song.blocks.values()].map((block) => block.loop));
  const onPads = [...song.pads].toSorted(([a], [b]) => a - b).map(([, id]) => id);
  const ids = [...new Set([...onPads, ...[...song.loops.keys()].toSorted(compareTexts)])];
  return ids.filter((id) => placed.has(id)).flatMap((id) => song.loops.get(id) ?? []);
}

/** Whether anything is soloed, and so silences the rest [DOC-29]. */
export function hasSolo(song: Song): boolean {
  for (const stem of song.stems.values()) if (stem.settings.get("amp.solo") === true) return true;
  return placedLoops(song).some((loop) => loop.settings.get(`${MASTER}.amp.solo`) === true);
}

/** The last tick that anything reaches, sections and markers too. */
export function lastTick({ song, end }: Arrangement): number {
  const sections = [...song.sections.values()].map((section) => section.start + section.length);
  const markers = [...song.markers.values()].map((marker) => marker.tick);
  return Math.max(end, ...sections, ...markers, ...song.tempos.keys(), ...song.meters.keys());
}
