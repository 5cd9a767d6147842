/** Where a comment stands as the song changes: the twin of notation/anchors.py. */

import type { Anchor, Witness } from "../gen/rest.js";
import type { Loop, Segment, Song } from "../gen/models.js";
import { MeterMap, parseMeter } from "./tempo_map.js";

/** Its tick, null for nowhere; where it was seen last, if what it stood on is gone. */
export interface Place {
  readonly tick: number | null;
  readonly isGone: boolean;
}

/** Where an anchor is in a song now, or that what it stood on is gone. */
export function placeOf(song: Song, anchor: Anchor): Place {
  switch (anchor.kind) {
    case "note":
      return found(anchor, noteTick(song, anchor.id, anchor.within));
    case "segment":
    case "block":
    case "section":
      return found(anchor, startOf(song, anchor.kind, anchor.id));
    case "loop":
    case "step":
    case "row":
      return loopPlace(song, anchor);
    case "stem":
      return song.stems.has(anchor.id) ? timelinePlace(song, anchor) : gone(anchor);
    case "bar":
    case "tick":
      return timelinePlace(song, anchor);
    default:
      return at(anchor.tick);
  }
}

function at(tick: number | null): Place {
  return { tick, isGone: false };
}

function gone(anchor: Anchor): Place {
  return { tick: anchor.tick, isGone: true };
}

function found(anchor: Anchor, tick: number | undefined): Place {
  return tick === undefined ? gone(anchor) : at(tick);
}

/** Where most of what stood there went; of several as many, the first. */
function timelinePlace(song: Song, anchor: Anchor): Place {
  const votes = new Map<number, number>();
  for (const witness of anchor.witnesses) {
    const tick = saidBy(song, witness);
    if (tick !== undefined) votes.set(tick, (votes.get(tick) ?? 0) + 1);
  }
  if (anchor.witnesses.length > 0 && votes.size === 0 && anchor.kind !== "stem") return gone(anchor);
  if (votes.size === 0 || anchor.tick === null) return at(anchor.tick);
  const most = Math.max(...votes.values());
  const [first = 0] = [...votes].find(([, count]) => count === most) ?? [];
  const tick = Math.max(first, 0);
  return at(anchor.kind === "bar" ? barLine(song, tick) : tick);
}

function saidBy(song: Song, { kind, id, within, offset }: Witness): number | undefined {
  const start = kind === "note" ? noteTick(song, id, within) : startOf(song, kind, id);
  return start === undefined ? undefined : start + offset;
}

/** The nearest beginning of a bar; of two as near, the earlier. */
function barLine(song: Song, tick: number): number {
  const grid = new MeterMap(song.meters);
  const { bar, ticks } = grid.barAt(tick);
  const [start, after] = [tick - ticks, grid.tickOf(bar + 1)];
  return tick - start <= after - tick ? start : after;
}

function startOf(song: Song, kind: string, id: string): number | undefined {
  if (kind === "segment") return song.segments.get(id)?.start;
  return (kind === "block" ? song.blocks : song.sections).get(id)?.start;
}

/**
 * Where a note is, also where its segment was cut and it went along with the other half. Copies of
 * a segment have notes of the same ids: of several, none is the one that is meant.
 */
function noteTick(song: Song, id: string, within: string): number | undefined {
  const home = soundsIn(song.segments.get(within), id);
  if (home !== undefined) return home;
  const others = [...song.segments.values()].filter(({ notes }) => notes.has(id));
  return others.length === 1 ? soundsIn(others[0], id) : undefined;
}

function soundsIn(segment: Segment | undefined, id: string): number | undefined {
  const note = segment?.notes.get(id);
  return segment && note ? segment.start + note.start - segment.offset : undefined;
}

function loopPlace(song: Song, anchor: Anchor): Place {
  const loop = song.loops.get(anchor.id);
  if (loop === undefined || !isIn(loop, anchor)) return gone(anchor);
  const blocks = [...song.blocks.values()].filter((block) => block.loop === loop.id);
  const segments = [...song.segments.values()].filter(
    (segment) => (segment.kind === "pattern" ? segment.id : segment.loop) === loop.id,
  );
  const starts = [...blocks, ...segments].map(({ start }) => start);
  if (starts.length === 0) return at(null);
  const start = Math.min(...starts);
  if (anchor.kind !== "step") return at(start);
  const meter = loop.meter ? parseMeter(loop.meter) : new MeterMap(song.meters).meterAt(start);
  const ticks = loop.bars * meter.ticksPerBar;
  return at(start + Math.floor((anchor.cell * ticks) / (loop.bars * loop.steps_per_bar)));
}

function isIn(loop: Loop, { kind, row, cell }: Anchor): boolean {
  if (kind === "step") return loop.steps.has(`${row}/${cell}`);
  if (kind !== "row") return true;
  const keys = [...loop.steps.keys()].map((key) => key.split("/")[0]);
  return keys.includes(row) || [...loop.settings.keys()].some((key) => key.split(".")[0] === row);
}
