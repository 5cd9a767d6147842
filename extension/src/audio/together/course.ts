/** The way of what all play: where it is at each frame, counted from where it began. */

import { isSong } from "../../core/performance.js";
import type { Playable } from "../../core/player.js";
import { songLength } from "../../core/song_image.js";
import { parseMeter, TempoMap } from "../../core/tempo_map.js";
import type { Tempo } from "../../gen/models.js";
import { SAMPLE_RATE } from "../engine.js";
import type { Region } from "../messages.js";

/** Ticks of a sixteenth: what changes, changes on one. */
const SIXTEENTH = 240;

/** The engine mixes so many frames at once: what changes, changes between two such blocks. */
const QUANTUM = 128;

/** Ticks that are tried until one lies between two blocks of the engine. */
const TRIED = 1200;

/** As little of a tick is no tick past a place. */
const NEAR = 0.01;

/** What decides the way through a piece of music. */
export interface Time {
  readonly tempo: TempoMap;
  readonly length: number;
  readonly region: Region;
}

/** A place in it; `rounds` counts how often it has gone round. */
export interface Place {
  readonly tick: number;
  readonly rounds: number;
}

interface Leg extends Place {
  /** From where on, in frames. */
  readonly frame: number;
  readonly time: Time;
  readonly first: number;
  readonly last: number;
  readonly looping: boolean;
  /** Frames from tick 0 to `first`, and from there to `last`. */
  readonly before: number;
  readonly frames: number;
}

/** The time of a playable as the engine has it, whose tempos are of single precision. */
export function timeOf({ revision }: Playable, region: Region): Time {
  const tempos = new Map<number, Tempo>();
  if (isSong(revision)) {
    for (const [tick, { bpm, ramp }] of revision.song.tempos) {
      tempos.set(tick, { bpm: Math.fround(bpm), ramp });
    }
    return { tempo: new TempoMap(tempos), length: songLength(revision.song), region };
  }
  const { loop, context } = revision;
  tempos.set(0, { bpm: Math.fround(loop.tempo ?? context.tempo), ramp: false });
  const { ticksPerBar } = parseMeter(loop.meter ?? context.meter);
  // A loop goes round in its whole.
  const length = ticksPerBar * loop.bars;
  return { tempo: new TempoMap(tempos), length, region: region ?? [0, length] };
}

/** Whether two times lead the same way. */
export function isSameTime(one: Time, other: Time): boolean {
  const ends = (time: Time): readonly number[] => [time.length, ...(time.region ?? [])];
  return one.tempo.equals(other.tempo) && String(ends(one)) === String(ends(other));
}

/** From frame 0 on, leg by leg. */
export class Course {
  #legs: readonly Leg[];

  constructor(time: Time, from: Place) {
    this.#legs = [legOf(0, time, from)];
  }

  /** The place at a frame; null where it is over. */
  placeAt(frame: number): Place | null {
    const leg = this.#legAt(frame);
    const passed = framesTo(leg, leg.tick) + frame - leg.frame;
    const turns = leg.looping ? Math.floor(passed / leg.frames) : 0;
    if (!leg.looping && passed >= leg.frames) return null;
    const seconds = (leg.before + passed - turns * leg.frames) / SAMPLE_RATE;
    return { tick: leg.time.tempo.exactTickAt(seconds), rounds: leg.rounds + turns };
  }

  /** The time that holds at a frame. */
  timeAt(frame: number): Time {
    return this.#legAt(frame).time;
  }

  /** Goes on in another time from a frame on, at the place where it is. */
  change(frame: number, time: Time): void {
    const place = this.placeAt(frame);
    if (place !== null) this.move(frame, time, place);
  }

  /** Goes on from another place. */
  move(frame: number, time: Time, place: Place): void {
    const before = this.#legs.filter((leg) => leg.frame < frame);
    this.#legs = [...before, legOf(frame, time, place)];
  }

  /**
   * The frame at which a change is taken that may be heard from `frame` on: that of the first
   * sixteenth from there, or rather the last edge of the engine's blocks before it.
   */
  edgeAfter(frame: number): number {
    const place = this.placeAt(Math.max(frame, 0));
    if (frame <= 0 || place === null) return Math.max(0, edge(frame));
    const leg = this.#legAt(frame);
    const next = Math.ceil((place.tick - NEAR) / SIXTEENTH) * SIXTEENTH;
    const to = Math.min(next, leg.last);
    return edge(frame + framesTo(leg, to) - framesTo(leg, place.tick) + NEAR);
  }

  /**
   * Where to fall in from `frame` on: a whole tick, on an edge of the engine's blocks where there
   * is one, so that this engine and the others move what moves at the same frames.
   */
  entryAfter(frame: number): (Place & { readonly frame: number }) | null {
    const place = this.placeAt(frame);
    if (place === null) return null;
    const leg = this.#legAt(frame);
    const base = frame - framesTo(leg, place.tick);
    const entries = Array.from({ length: TRIED }, (_, at) => {
      const tick = Math.ceil(place.tick) + at;
      return { tick, rounds: place.rounds, frame: Math.round(base + framesTo(leg, tick)) };
    }).filter(({ tick }) => tick < leg.last);
    const inTurn = entries.find((entry) => entry.frame % QUANTUM === 0) ?? entries[0];
    if (inTurn !== undefined || !leg.looping) return inTurn ?? null;
    return this.entryAfter(base + leg.frames + 1);
  }

  /** Frames by which a place lies ahead of where it should be at a frame; null where it is over. */
  ahead(tick: number, frame: number): number | null {
    const place = this.placeAt(frame);
    if (place === null) return null;
    const leg = this.#legAt(frame);
    const apart = framesTo(leg, tick) - framesTo(leg, place.tick);
    return leg.looping ? apart - Math.round(apart / leg.frames) * leg.frames : apart;
  }

  /** Frames between a frame and the nearest at which another leg begins. */
  toNearestTurn(frame: number): number {
    const turns = this.#legs.slice(1).map((leg) => Math.abs(leg.frame - frame));
    return Math.min(Infinity, ...turns);
  }

  #legAt(frame: number): Leg {
    const leg = this.#legs.findLast((one) => one.frame <= frame) ?? this.#legs[0];
    if (leg === undefined) throw new RangeError("a course has a leg");
    return leg;
  }
}

function legOf(frame: number, time: Time, { tick, rounds }: Place): Leg {
  const [start, end] = time.region ?? [0, 0];
  const isWhole = Math.min(end, time.length) <= start;
  const [first, last] = isWhole ? [0, time.length] : [start, Math.min(end, time.length)];
  const before = time.tempo.secondsAt(first) * SAMPLE_RATE;
  const frames = time.tempo.secondsAt(last) * SAMPLE_RATE - before;
  const inside = insideOf(tick, first, last, time.length);
  const looping = time.region !== null;
  return { frame, time, first, last, looping, before, frames, tick: inside, rounds };
}

/** As the engine has it: past the whole it counts on, a region is entered at its start. */
function insideOf(tick: number, first: number, last: number, length: number): number {
  if (tick >= first && tick < last) return tick;
  return first > 0 || last < length ? first : tick - Math.floor(tick / length) * length;
}

function framesTo(leg: Leg, tick: number): number {
  return leg.time.tempo.secondsAt(tick) * SAMPLE_RATE - leg.before;
}

function edge(frame: number): number {
  return Math.floor(frame / QUANTUM) * QUANTUM;
}
